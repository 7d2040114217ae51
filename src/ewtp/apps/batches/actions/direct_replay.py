"""A replay without files on the way: lines answered in one thread and counted, and the report as it is published."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from ewtp.apps.batches.actions.replay_job import report_of, run_replay_job
from ewtp.apps.batches.actions.runner import Piece
from ewtp.apps.batches.reading.replay_record import build_published_replay
from ewtp.apps.batches.reading.sentences import FILE_UNREADABLE
from ewtp.core.replay.lines_root import BLOCK
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.parquet.lines import LinesTooLargeError, columns_of_lines, lines_of
from ewtp.gateways.parquet.sentences import LINES_UNPACK_TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ewtp.apps.batches.actions.replay_job import Change
    from ewtp.apps.batches.reading.replay_record import PublishedReplay
    from ewtp.apps.rulebook.actions.publication import CountReport
    from ewtp.gateways.parquet.lines import LinesFile

# Lines that are answered together; few where nothing is compiled, since their law is then in memory.
LINES_AT_ONCE, SCALAR_LINES_AT_ONCE = 50_000, 2_000


@dataclass(frozen=True, slots=True)
class ReplayedLines:
    """Lines to replay: their number, columns and labels, and their rows in pieces of a size, from the first on."""

    schema: pa.Schema
    rows: int
    pieces: Callable[[int], Iterator[pa.Table]]
    name: str = ""


def lines_of_table(table: pa.Table) -> ReplayedLines:
    """The lines of a table in memory."""

    def pieces(size: int) -> Iterator[pa.Table]:
        return (table.slice(first, size) for first in range(0, table.num_rows, size))

    return ReplayedLines(table.schema, table.num_rows, pieces)


def lines_of_file(lines: LinesFile) -> ReplayedLines:
    """The lines of an open file."""
    return ReplayedLines(lines.schema, lines.rows, partial(lines.pieces, 0), str(lines.path))


def replay_directly(
    *, change: Change, lines: ReplayedLines, currency: str, progress: CountReport, at_once: int = LINES_AT_ONCE
) -> PublishedReplay | Refusal:
    """A change replayed over lines, with its record; nothing is stored.

    Refuses as ``columns_of_lines`` does, and with ``file_unreadable`` or ``file_unsafe`` where a file breaks off.
    """
    asked = columns_of_lines(lines.schema)
    if isinstance(asked, Refusal):
        return asked
    job, done = run_replay_job(change), 0
    tally = job.empty_tally
    try:
        for columns in lines.pieces(at_once):
            answered = job.answer(Piece(done, lines_of(columns, asked), columns))
            if isinstance(answered, Refusal):
                return answered
            tally = job.merge_tallies(tally, answered.tally)
            done += columns.num_rows
            progress("lines replayed", done, lines.rows)
        report = report_of(tally, change, lines.schema, lines.rows, currency)
        blocks = lines.pieces(BLOCK)
        return build_published_replay(report, change.version, blocks, change=change.proposal.digest, currency=currency)
    except LinesTooLargeError:
        return Refusal(LINES_UNPACK_TOO_LARGE, {"path": lines.name})
    except (OSError, pa.ArrowException):
        return Refusal(FILE_UNREADABLE, {"path": lines.name, "line": done})
