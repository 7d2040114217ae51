"""A replay's record: what it was computed of, with digests, and the digest of its published report."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version as installed
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.apps.batches.reading.sentences import PUBLISHED_UNREADABLE
from ewtp.core.assessment.answer import ANSWER_EDITION
from ewtp.core.compiled.format.tables import EDITION
from ewtp.core.replay.lines_root import lines_root
from ewtp.core.replay.published_report import REPORT_EDITION, publish_report
from ewtp.core.replay.recomputation import RepeatableReplay, ReplayRecipe, digest_result, replay_record_from_json
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyarrow as pa

    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.core.replay.report import ReplayReport


@dataclass(frozen=True, slots=True)
class PublishedReplay:
    """A report for everybody with its record."""

    report: dict[str, Any]
    record: RepeatableReplay

    def as_json(self) -> dict[str, Any]:
        """The record's fields, and the report."""
        return {**self.record.as_json(), "report": self.report}


def build_published_replay(
    replay: ReplayReport, version: VersionRef, blocks: Iterable[pa.Table], *, change: str, currency: str
) -> PublishedReplay:
    """The report as it is published; ``change`` is the digest of the changeset, ``blocks`` are the lines once more.

    Each block but the last has ``BLOCK`` lines.
    """
    recipe = ReplayRecipe(
        f"ewtp {installed('ewtp')}, answers {ANSWER_EDITION}, tables {EDITION}, reports {REPORT_EDITION}",
        version.digest,
        installed("currencyconverter"),
        change,
        lines_root(blocks),
        currency,
    )
    report = publish_report(replay)
    return PublishedReplay(report, RepeatableReplay(recipe, digest_result(report)))


def replay_record_read(path: Path) -> RepeatableReplay | Refusal:
    """The record in a file that ``ewtp batch --publish`` wrote; ``published_unreadable`` where it is none.

    A file whose report does not have the digest that it states is refused as well.
    """
    try:
        body = orjson.loads(path.read_bytes())
        record = replay_record_from_json(body)
        stated = digest_result(body["report"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Refusal(PUBLISHED_UNREADABLE, {"path": path})
    return record if stated == record.result else Refusal(PUBLISHED_UNREADABLE, {"path": path})
