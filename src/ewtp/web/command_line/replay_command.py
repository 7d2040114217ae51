"""``ewtp batch --change``: the same lines under the rulebook, and under the rulebook with a changeset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.apps.batches.actions.replay_job import (
    FIRM_COLUMNS,
    SYNTHETIC,
    change_ready,
    changeset_read,
    columns_refused,
    replay_of,
)
from ewtp.apps.batches.reading.replay_record import build_published_replay, replay_record_read
from ewtp.core.replay.lines_root import BLOCK
from ewtp.core.replay.recomputation import compare_records
from ewtp.core.replay.replay_words import word_replay
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.parquet.lines import open_lines
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.replay_table import print_replay
from ewtp.web.command_line.sentences import PUBLISHED_UNWRITABLE, PUBLISHED_WITHOUT_CHANGE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ewtp.apps.batches.actions.replay_job import Change
    from ewtp.apps.batches.actions.runner import BatchOutcome
    from ewtp.apps.rulebook.reading.changeset_file import ChangesetFile
    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.core.replay.recomputation import RepeatableReplay
    from ewtp.core.replay.report import ReplayReport
    from ewtp.gateways.parquet.batch_journal import Targets
    from ewtp.gateways.parquet.lines import LinesFile


def read_proposal(path: Path, lines: LinesFile, *, as_json: bool) -> ChangesetFile:
    """The changeset in a file; a refusal ends the command."""
    proposal = columns_refused(lines) or changeset_read(path)
    if isinstance(proposal, Refusal):
        refuse(proposal, as_json=as_json)
    return proposal


def ready_change(
    version: VersionRef,
    proposal: ChangesetFile,
    progress: Callable[[str, int, int], None],
    *,
    as_json: bool,
) -> Change:
    """The change on a version of the rulebook; a refusal ends the command."""
    progress("preparing the change", 0, 0)
    change = change_ready(version, proposal)
    if isinstance(change, Refusal):
        refuse(change, as_json=as_json)
    return change


@dataclass(frozen=True, slots=True)
class Publication:
    """What becomes of the report: the file that it is published in, and a record that it is compared with, if any."""

    source: Path
    target: Path | None
    stored: RepeatableReplay | None


def read_record_to_confirm(
    publish: Path | None, confirm: Path | None, change: Path | None, *, as_json: bool
) -> RepeatableReplay | None:
    """The record to compare with, where there is one; a refusal ends the command."""
    if change is None and (publish or confirm):
        refuse(Refusal(PUBLISHED_WITHOUT_CHANGE), as_json=as_json)
    if confirm is None:
        return None
    record = replay_record_read(confirm)
    if isinstance(record, Refusal):
        refuse(record, as_json=as_json)
    return record


def say_replay(
    outcome: BatchOutcome,
    change: Change,
    lines: LinesFile,
    targets: Targets,
    publication: Publication,
    *,
    currency: str,
    as_json: bool,
) -> None:
    """Print the report of the replay, with the changes in one currency too."""
    replay = replay_of(outcome, change, lines, currency)
    told = _publish(replay, change, publication, currency=currency, as_json=as_json)
    refused = replay.counts["refused"]
    done = outcome.lines - outcome.resumed
    run: dict[str, Any] = {
        "resumed": outcome.resumed,
        "seconds": round(outcome.seconds, 2),
        "lines_per_second": round(done / max(outcome.seconds, 1e-9)),
        "answers_file": str(targets.answers),
        "refused_file": str(targets.refused) if refused else None,
        "columns_ignored": [name for name in lines.ignored if name not in {*FIRM_COLUMNS, SYNTHETIC}],
    }
    if as_json:
        summary = [each.as_json() for each in word_replay(replay)]
        say_json({"summary": summary} | replay.as_json() | run | {"record": told})
        return
    print_replay(replay)
    if told is not None:
        say(
            f"Result {told['result']}."
            + (f" The published report is {told['agreement']}." if told["agreement"] else "")
        )
    say(f"{run['seconds']} s, {run['lines_per_second']} lines per second. Line by line: {run['answers_file']}.")
    if run["columns_ignored"]:
        say(f"Columns ignored: {', '.join(run['columns_ignored'])}.")
    if run["refused_file"]:
        say(f"Lines refused either way, with reasons: {run['refused_file']}.")


def _publish(
    replay: ReplayReport, change: Change, publication: Publication, *, currency: str, as_json: bool
) -> dict[str, Any] | None:
    """Write the published report where that was asked for, and compare it; None where neither was."""
    if publication.target is None and publication.stored is None:
        return None
    # The lines were closed with the run, and are read once more for their root.
    lines = open_lines(publication.source)
    if isinstance(lines, Refusal):
        refuse(lines, as_json=as_json)
    try:
        blocks = lines.pieces(0, BLOCK)
        found = build_published_replay(replay, change.version, blocks, change=change.proposal.digest, currency=currency)
    finally:
        lines.close()
    if publication.target is not None:
        try:
            publication.target.write_bytes(orjson.dumps(found.as_json(), option=orjson.OPT_INDENT_2))
        except OSError:
            refuse(Refusal(PUBLISHED_UNWRITABLE, {"path": publication.target}), as_json=as_json)
    told: dict[str, Any] = {**found.record.as_json(), "agreement": None, "differing": []}
    if publication.stored is not None:
        agreement, differing = compare_records(publication.stored, found.record)
        told |= {"agreement": agreement.value, "differing": list(differing)}
    return told
