"""Replays of a proposal: by the hub in the background, and those that organisations made on computers of their own."""

from __future__ import annotations

import re
from importlib.metadata import version as installed_version
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from django.db import transaction
from pyarrow import parquet

from ewtp.apps.assessment.actions.compilation import version_compile
from ewtp.apps.batches.actions.assess_job import pin_version
from ewtp.apps.batches.actions.replay_job import change_ready, replay_of, replaying_job
from ewtp.apps.batches.actions.runner import RunOptions, run_batch
from ewtp.apps.batches.reading.version_profile import read_import_profile
from ewtp.apps.jobs.actions.outbox import messages_enqueue
from ewtp.apps.proposals.actions.proposals import proposal_change
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.proposal_text import text_stored
from ewtp.apps.proposals.reading.sentences import DIGEST_INVALID
from ewtp.apps.proposals.store import models
from ewtp.apps.rulebook.reading.changeset_file import ChangesetFile
from ewtp.core.proposals.proposal import Proposal, ReplayRecord
from ewtp.core.proposals.proposal_commands import RecordReplay
from ewtp.core.proposals.sentences import PROPOSAL_UNKNOWN
from ewtp.core.synthetic.generator import synthetic_lines
from ewtp.core.values.actor import system_actor
from ewtp.core.values.canonical_json import canonical_digest
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.parquet.batch_journal import Targets
from ewtp.gateways.parquet.lines import open_lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ewtp.apps.batches.actions.replay_job import Change
    from ewtp.apps.proposals.reading.proposal_text import ProposalText
    from ewtp.core.values.actor import Actor

# The topic of the message that has a worker replay a proposal.
REPLAY_WANTED = "replay_wanted"
# As many synthetic lines as a worker replays within half a minute, drawn with the same seed for every proposal.
LINES, SEED = 20_000, 1
CURRENCY = "USD"
_HUB = system_actor("hub")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_LONGEST_ID = 40


@transaction.atomic
def replay_record(*, proposal: str, given: Mapping[str, str] | None, actor: Actor, now: datetime) -> Proposal | Refusal:
    """Record what an organisation's own replay of the latest version came to, or have the hub make one.

    ``given`` are ``engine``, ``rulebook``, ``data``, ``parameters`` and ``result``; None has the hub replay. Refuses
    with ``digest_invalid``, ``proposal_unknown``, and as ``decide_proposal`` does.
    """
    found = proposal_read(proposal, actor.on_behalf_of)
    if found is None:
        return Refusal(PROPOSAL_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    if given is None:
        messages_enqueue(topic=REPLAY_WANTED, payloads=[{"proposal": proposal}], now=now)
        return found
    for name in ("data", "parameters", "result"):
        if not _DIGEST.match(given[name]):
            return Refusal(DIGEST_INVALID, where=name)
    record = ReplayRecord(
        given["engine"][:_LONGEST_ID],
        given["rulebook"][:_LONGEST_ID],
        found.version.content.changeset,
        given["data"],
        given["parameters"],
        given["result"],
    )
    return proposal_change(proposal=proposal, command=RecordReplay(record), actor=actor, now=now)


def replay_run(*, proposal: str, now: datetime) -> Refusal | None:
    """Replay the latest version over synthetic lines, and store the report under its digest.

    The lines are drawn from the law itself, with one seed for every proposal, so that anybody can draw them again.
    Refuses as ``change_ready`` does, and with ``proposal_unknown``.
    """
    found = _any_stage(proposal)
    if found is None:
        return Refusal(PROPOSAL_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    made = _replayed(text_stored(found.version.content.digest), now)
    if isinstance(made, Refusal):
        return made
    report, record = made
    with transaction.atomic():
        models.ReplayReport.objects.get_or_create(digest=record.result, defaults={"report": report})
        recorded = proposal_change(proposal=proposal, command=RecordReplay(record), actor=_HUB, now=now)
    return recorded if isinstance(recorded, Refusal) else None


def _any_stage(proposal: str) -> Proposal | None:
    row = models.Proposal.objects.filter(id=proposal).values_list("author", flat=True).first()
    return None if row is None else proposal_read(proposal, row)


def _replayed(text: ProposalText, now: datetime) -> tuple[dict[str, Any], ReplayRecord] | Refusal:
    """The report on synthetic lines, and what it was made from."""
    version = pin_version()
    if isinstance(version, Refusal):
        return version
    version_compile(version=version, now=now)
    operations = canonical_digest(text.body)
    change = change_ready(version, ChangesetFile(text.changeset, text.content.changeset, operations))
    if isinstance(change, Refusal):
        return change
    with TemporaryDirectory(prefix="replay-") as folder:
        path = Path(folder)
        written = _write_lines(path / "lines.parquet", now.year)
        report = _report(change, path) if written is None else written
    if isinstance(report, Refusal):
        return report
    record = ReplayRecord(
        engine=f"ewtp {installed_version('ewtp')}",
        rulebook=version.label,
        change=text.content.changeset,
        data=canonical_digest({"lines": LINES, "seed": SEED, "year": now.year, "rulebook": version.digest}),
        parameters=canonical_digest({"currency": CURRENCY}),
        result=canonical_digest(report),
    )
    return report, record


def _write_lines(path: Path, year: int) -> Refusal | None:
    """Synthetic lines of a year, drawn by the assumptions that the program states."""
    profile = read_import_profile(year)
    if isinstance(profile, Refusal):
        return profile
    tables = synthetic_lines(profile, LINES, SEED)
    first = next(tables)
    with parquet.ParquetWriter(path, first.schema) as writer:
        for table in chain([first], tables):
            writer.write_table(table)
    return None


def _report(change: Change, folder: Path) -> dict[str, Any] | Refusal:
    lines = open_lines(folder / "lines.parquet")
    if isinstance(lines, Refusal):
        return lines
    try:
        outcome = run_batch(
            job=replaying_job(change),
            source=lines,
            targets=Targets(folder / "answers.parquet"),
            options=RunOptions(),
            progress=lambda *_: None,
        )
        return outcome if isinstance(outcome, Refusal) else replay_of(outcome, change, lines, CURRENCY).as_json()
    finally:
        lines.close()
