"""``ewtp batch --change``: the same lines under the rulebook, and under the rulebook with a changeset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.batches.actions.replay_job import (
    FIRM_COLUMNS,
    SYNTHETIC,
    change_ready,
    changeset_read,
    columns_refused,
    replay_of,
)
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.replay_table import print_replay

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ewtp.apps.batches.actions.replay_job import Change
    from ewtp.apps.batches.actions.runner import BatchOutcome
    from ewtp.apps.rulebook.reading.changeset_file import ChangesetFile
    from ewtp.apps.rulebook.reading.versions import VersionRef
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


def say_replay(
    outcome: BatchOutcome, change: Change, lines: LinesFile, targets: Targets, *, currency: str, as_json: bool
) -> None:
    """Print the report of the replay, with the changes in one currency too."""
    replay = replay_of(outcome, change, lines, currency)
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
        say_json(replay.as_json() | run)
        return
    print_replay(replay)
    say(f"{run['seconds']} s, {run['lines_per_second']} lines per second. Line by line: {run['answers_file']}.")
    if run["columns_ignored"]:
        say(f"Columns ignored: {', '.join(run['columns_ignored'])}.")
    if run["refused_file"]:
        say(f"Lines refused either way, with reasons: {run['refused_file']}.")
