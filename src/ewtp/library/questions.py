"""The questions that an installation answers, in terms of the apps; loaded once Django is set up."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from django.db import connections
from django.utils import timezone
from pyarrow import parquet

from ewtp.apps.assessment.actions.assessment import assessment_create
from ewtp.apps.batches.actions.assess_job import pin_version
from ewtp.apps.batches.actions.replay_job import (
    change_ready,
    changeset_read,
    columns_refused,
    replay_of,
    run_replay_job,
)
from ewtp.apps.batches.actions.runner import RunOptions, run_batch
from ewtp.apps.batches.reading.version_assessor import version_assessor
from ewtp.apps.markets.reading.finder import markets_find
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.parquet.batch_journal import Targets
from ewtp.gateways.parquet.lines import LinesFile, open_lines
from ewtp.library.arrow_tables import read_table

if TYPE_CHECKING:
    import pyarrow as pa

    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.core.compiled.table.assessor import TableAssessor


def answer_question(question: object) -> dict[str, Any] | Refusal:
    """The answer to a question in the shape of the API, as JSON values; it is kept where the question has ``keep``."""
    body = dict(question) if isinstance(question, Mapping) else question
    stored = assessment_create(body=body, now=timezone.now())
    return stored if isinstance(stored, Refusal) else stored.answer


def find_markets(question: object) -> dict[str, Any] | Refusal:
    """Every destination or every origin, as JSON values."""
    # A value that is not a mapping has none of the fields, and is refused for each of them.
    found = markets_find(question if isinstance(question, Mapping) else {})
    return found if isinstance(found, Refusal) else found.as_json()


def find_version() -> str:
    """The label of the latest version; empty where no rulebook is loaded."""
    latest = latest_version()
    return latest.label if latest else ""


def answer_table(lines: Any) -> pa.Table | Refusal:
    """The answers to a table of lines from the latest version."""
    table = read_table(lines)
    version = table if isinstance(table, Refusal) else pin_version()
    return version if isinstance(version, Refusal) else _assessor(version).assess_table(table)


@lru_cache(maxsize=1)
def _assessor(version: VersionRef) -> TableAssessor:
    return version_assessor(version)


def replay_lines(lines: Any, changeset: Mapping[str, Any] | str | Path) -> tuple[dict[str, Any], pa.Table] | Refusal:
    """The report of a replay, and its table line by line; files on the way are temporary."""
    table = read_table(lines)
    if isinstance(table, Refusal):
        return table
    with tempfile.TemporaryDirectory(prefix="ewtp-replay-") as folder:
        source = Path(folder) / "lines.parquet"
        parquet.write_table(table, source)
        change = changeset
        if not isinstance(change, str | Path):
            written = Path(folder) / "changeset.json"
            written.write_bytes(orjson.dumps(dict(change)))
            change = written
        opened = open_lines(source)
        if isinstance(opened, Refusal):
            return opened
        try:
            return _replay(opened, Path(change), Targets(Path(folder) / "answers.parquet"))
        finally:
            opened.close()


def _replay(lines: LinesFile, changeset: Path, targets: Targets) -> tuple[dict[str, Any], pa.Table] | Refusal:
    proposal = columns_refused(lines) or changeset_read(changeset)
    if isinstance(proposal, Refusal):
        return proposal
    version = pin_version()
    change = version if isinstance(version, Refusal) else change_ready(version, proposal)
    if isinstance(change, Refusal):
        return change
    outcome = run_batch(
        job=run_replay_job(change), source=lines, targets=targets, options=RunOptions(), progress=lambda *_: None
    )
    if isinstance(outcome, Refusal):
        return outcome
    return replay_of(outcome, change, lines).as_json(), parquet.read_table(targets.answers)


def close_connections() -> None:
    """Close every connection of this process to the database."""
    connections.close_all()
