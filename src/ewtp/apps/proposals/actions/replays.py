"""Replays of a proposal: by the installation in the background, and those that organisations made elsewhere."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.batches.actions.direct_replay import (
    LINES_AT_ONCE,
    SCALAR_LINES_AT_ONCE,
    lines_of_table,
    replay_directly,
)
from ewtp.apps.batches.actions.replay_job import IN_CURRENCY, change_ready
from ewtp.apps.batches.reading.version_assessor import version_is_compiled
from ewtp.apps.batches.reading.version_profile import read_import_profile
from ewtp.apps.jobs.actions.outbox import messages_enqueue
from ewtp.apps.proposals.actions.proposals import proposal_change
from ewtp.apps.proposals.reading.electorate import find_kin
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.proposal_text import text_stored
from ewtp.apps.proposals.reading.replay_reports import REPLAY_WANTED, replay_waiting
from ewtp.apps.proposals.reading.sentences import DIGEST_INVALID, REPLAY_RECORD_INVALID
from ewtp.apps.proposals.store import models
from ewtp.apps.rulebook.reading.changeset_file import ChangesetFile
from ewtp.apps.rulebook.reading.sentences import RULEBOOK_EMPTY
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.proposals.proposal_commands import RecordReplay
from ewtp.core.proposals.proposal_decisions import stage_refusal
from ewtp.core.proposals.sentences import PROPOSAL_UNKNOWN
from ewtp.core.rulebook.changeset.changeset import ends_of, find_added_records
from ewtp.core.rulebook.changeset.law_record import record_period
from ewtp.core.synthetic.generator import synthetic_lines
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.apps.batches.actions.direct_replay import ReplayedLines
    from ewtp.apps.batches.reading.replay_record import PublishedReplay
    from ewtp.apps.proposals.reading.proposal_text import ProposalText
    from ewtp.apps.rulebook.actions.publication import CountReport
    from ewtp.core.proposals.proposal import Proposal
    from ewtp.core.replay.recomputation import RepeatableReplay
    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord
    from ewtp.core.values.actor import Actor

_LOG = logging.getLogger("ewtp.replays")
# As many synthetic lines as a worker replays within a minute where nothing is compiled, drawn with the same seed for
# every proposal.
LINES, SEED = 20_000, 1
HUB_ACTOR = system_actor("hub")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
# Longer than any name that the program gives them.
_LONGEST_ID, _LONGEST_ENGINE, _LONGEST_RATES = 40, 80, 40
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_ONE_DAY = timedelta(days=1)


@transaction.atomic
def replay_ask(*, proposal: str, actor: Actor, now: datetime) -> Proposal | Refusal:
    """Have a worker replay the latest version; one that waits for that already does it once.

    Refuses with ``proposal_unknown``, and with ``proposal_stage`` where no replay is recorded any more.
    """
    found = proposal_read(proposal, actor.on_behalf_of)
    if found is None:
        return Refusal(PROPOSAL_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    refused = stage_refusal(found, RecordReplay, now)
    if refused is not None:
        return refused
    waiting = replay_waiting(proposal)
    if waiting is None or waiting.given_up:
        messages_enqueue(topic=REPLAY_WANTED, payloads=[{"proposal": proposal}], now=now)
    return found


def replay_state(*, proposal: str, record: RepeatableReplay, actor: Actor, now: datetime) -> Proposal | Refusal:
    """Record the result of an organisation's own replay of the latest version.

    Refuses with ``digest_invalid`` and ``replay_record_invalid`` where a part cannot be one, and as
    ``decide_proposal`` does.
    """
    recipe = record.recipe
    digests = {**{name: getattr(recipe, name) for name in ("rulebook", "change", "data")}, "result": record.result}
    wrong = [Refusal(DIGEST_INVALID, where=name) for name, text in digests.items() if not _DIGEST.match(text)]
    names = {"engine": (recipe.engine, _LONGEST_ENGINE), "rates": (recipe.rates, _LONGEST_RATES)}
    for where, (text, longest) in names.items():
        if not 0 < len(text) <= longest or not text.isprintable():
            wrong.append(Refusal(REPLAY_RECORD_INVALID, where=where))
    if not _CURRENCY.match(recipe.currency):
        wrong.append(Refusal(REPLAY_RECORD_INVALID, where="currency"))
    if wrong:
        return Refusal.join(wrong)
    command = RecordReplay(record, find_kin(actor.on_behalf_of, now.date()))
    return proposal_change(proposal=proposal, command=command, actor=actor, now=now)


def replay_run(
    *, proposal: str, now: datetime, lines: ReplayedLines | None = None, currency: str = IN_CURRENCY
) -> Refusal | None:
    """Replay the latest version over lines, synthetic ones where none are given, and store the published report.

    Synthetic lines are drawn from the law itself, with one seed for every proposal, so that anybody can draw them
    again. Refuses with ``proposal_unknown`` and ``rulebook_empty``, as ``change_ready`` and ``decide_proposal`` do.
    """
    found = _any_stage(proposal)
    if found is None:
        return Refusal(PROPOSAL_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    refused = stage_refusal(found, RecordReplay, now)
    if refused is not None:
        return refused
    text = text_stored(found.version.content.digest)
    made = replay_compute(text=text, lines=lines, now=now, currency=currency, progress=_Steps(proposal))
    if isinstance(made, Refusal):
        return made
    recorded = replay_publish(proposal=proposal, made=made, now=now)
    return recorded if isinstance(recorded, Refusal) else None


@transaction.atomic
def replay_publish(*, proposal: str, made: PublishedReplay, now: datetime) -> Proposal | Refusal:
    """Record a replay of this installation's own, and keep its report; refuses as ``decide_proposal`` does."""
    models.ReplayReport.objects.get_or_create(digest=made.record.result, defaults={"report": made.report})
    return proposal_change(proposal=proposal, command=RecordReplay(made.record), actor=HUB_ACTOR, now=now)


def replay_compute(
    *, text: ProposalText, lines: ReplayedLines | None, now: datetime, currency: str, progress: CountReport
) -> PublishedReplay | Refusal:
    """A text replayed over lines, synthetic ones where none are given; nothing is stored.

    From the compiled rulebook where it is at hand; otherwise line by line, since compiling takes longer than that.
    """
    latest = latest_version()
    if latest is None:
        return Refusal(RULEBOOK_EMPTY)
    progress("preparing the change", 0, 0)
    scalar = not version_is_compiled(latest.ref)
    change = change_ready(
        latest.ref, ChangesetFile(text.changeset, text.content.changeset, text.content.changeset), scalar=scalar
    )
    if isinstance(change, Refusal):
        return change
    over = lines or _synthetic(replay_year(text.changeset, now), progress)
    if isinstance(over, Refusal):
        return over
    at_once = SCALAR_LINES_AT_ONCE if scalar else LINES_AT_ONCE
    return replay_directly(change=change, lines=over, currency=currency, progress=progress, at_once=at_once)


def replay_year(changeset: Changeset[LawRecord], now: datetime) -> int:
    """The year in which a change begins, or the present one where that is later: its synthetic lines are of it."""
    days = [end.last_day + _ONE_DAY for end in ends_of(changeset) if end.last_day is not None]
    days += [record_period(record).start for record in find_added_records(changeset)]
    return max(now.year, min((day.year for day in days), default=now.year))


def _any_stage(proposal: str) -> Proposal | None:
    row = models.Proposal.objects.filter(id=proposal).values_list("author", flat=True).first()
    return None if row is None else proposal_read(proposal, row)


def _synthetic(year: int, progress: CountReport) -> ReplayedLines | Refusal:
    """Synthetic lines of a year, drawn by the assumptions that the program states."""
    progress("drawing synthetic lines", 0, 0)
    profile = read_import_profile(year)
    if isinstance(profile, Refusal):
        return profile
    return lines_of_table(next(synthetic_lines(profile, LINES, SEED, batch_lines=LINES)))


class _Steps:
    """Logs each step of a replay when it begins."""

    def __init__(self, proposal: str) -> None:
        self._proposal = proposal

    def __call__(self, step: str, done: int, total: int) -> None:
        """Log the step, with how much of it is done where that is known."""
        _LOG.info("replay of %s: %s%s", self._proposal, step, f", {done} of {total}" if total else "")
