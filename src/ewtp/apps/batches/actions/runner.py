"""Files of lines answered piece by piece: any number of threads, bounded memory, and a kill costs no more than a piece.

A ``Job`` says what is done to a piece; everything else (reading, order, both files, resuming after a kill) is
``run_batch``. To do something else with the same lines, such as comparing two rulebooks, make another ``Job``:

- ``answer`` takes a ``Piece`` and returns an ``Answered``. Its ``table`` has one row for each line, in their order, in
  the columns of ``schema``. A line that cannot be answered has its code and sentence in ``refusal`` and
  ``refusal_message`` (strings, null otherwise): it goes to the side file, the others to TARGET, without these two
  columns and with the line's number. Its ``tally`` is a JSON object (orjson: integers below 64 bits, so sums are
  strings); it is written with the piece, and a resumed run still has those of the pieces before.
- ``merge_tallies`` joins two tallies, in order of the file, beginning with ``empty_tally``.
- ``inputs_digest`` identifies everything that answers depend on, by name. A run resumes only where all is the same.
- ``begin``, where there is one, is called once before the first piece, with the folder in which the run keeps its
  finished pieces; a folder that it makes in there stays until the end, also for a resumed run.

``answer`` is called by several threads at once; ``on_thread_exit`` by each of them before it ends.
"""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Barrier
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import compute

from ewtp.apps.batches.reading.sentences import FILE_UNREADABLE, SOURCE_CHANGED, TARGET_IS_SOURCE
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.parquet.batch_journal import BatchJournal, FinishedPiece, Targets, open_batch_journal
from ewtp.gateways.parquet.lines import LinesFile, LinesTooLargeError, lines_of
from ewtp.gateways.parquet.pieces import Encoded, encode_piece
from ewtp.gateways.parquet.sentences import LINES_UNPACK_TOO_LARGE, TARGET_UNWRITABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Future
    from pathlib import Path

LINES_AT_ONCE = 250_000
_REFUSAL = ("refusal", "refusal_message")
_SIDE = ("line", "code", "message")
Tally = dict[str, Any]


class Piece(NamedTuple):
    """Lines of the file: ``lines`` in the columns of lines, ``columns`` in all of the file's.

    ``first`` is the number of the first one, counted from 0.
    """

    first: int
    lines: pa.Table
    columns: pa.Table


class Answered(NamedTuple):
    """The answers to a piece; the module's docstring says what the table and the tally hold."""

    table: pa.Table
    tally: Tally


@dataclass(frozen=True, slots=True)
class Job:
    """What is done to every piece; the module's docstring says what each field promises."""

    answer: Callable[[Piece], Answered | Refusal]
    schema: pa.Schema
    inputs_digest: Mapping[str, Any]
    merge_tallies: Callable[[Tally, Tally], Tally]
    empty_tally: Tally
    on_thread_exit: Callable[[], None] = lambda: None
    begin: Callable[[Path], Refusal | None] = lambda _journal: None


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a batch is run; the results do not depend on it. ``lines_at_once`` are in memory once for each thread."""

    threads: int = 1
    lines_at_once: int = LINES_AT_ONCE
    restart: bool = False
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """The result of a batch: ``lines`` counts all lines, ``resumed`` those that an earlier run finished."""

    lines: int
    resumed: int
    seconds: float
    tally: Tally


def run_batch(
    *,
    job: Job,
    source: LinesFile,
    targets: Targets,
    options: RunOptions,
    progress: Callable[[str, int, int], None],
) -> BatchOutcome | Refusal:
    """Answer every line of ``source`` into ``targets``.

    Refuses with ``target_is_source``, ``target_unwritable``, ``source_changed``, ``file_unreadable`` (where the file
    breaks off), with what ``open_batch_journal`` refuses, and with whatever ``job.answer`` refuses of a whole piece.
    The pieces finished until then are kept, also where an exception ends the run.
    """
    start = time.monotonic()
    refused = _check_names(source, targets)
    if refused is not None:
        return refused
    inputs_digest = {"the file of lines": source.identity, **job.inputs_digest}
    try:
        journal = open_batch_journal(targets, inputs_digest, restart=options.restart, overwrite=options.overwrite)
        if isinstance(journal, Refusal):
            return journal
        try:
            return _run(_Batch(job, source, journal, options), progress, start)
        finally:
            journal.close()
    except OSError as error:
        where = error.filename or targets.answers
        return Refusal(TARGET_UNWRITABLE, {"path": where, "reason": error.strerror})


def _check_names(source: LinesFile, targets: Targets) -> Refusal | None:
    for path in (targets.answers, targets.refused):
        if path.exists() and path.samefile(source.path):
            return Refusal(TARGET_IS_SOURCE, {"path": path})
    return None


@dataclass(frozen=True, slots=True)
class _Batch:
    job: Job
    source: LinesFile
    journal: BatchJournal
    options: RunOptions


def _run(batch: _Batch, progress: Callable[[str, int, int], None], start: float) -> BatchOutcome | Refusal:
    job, source, journal = batch.job, batch.source, batch.journal
    resumed = journal.lines
    if not journal.whole:
        refused = job.begin(journal.targets.parts)
        if refused is not None:
            return refused
        for piece in _finish_pieces(batch):
            if isinstance(piece, Refusal):
                return piece
            journal.append(piece)
            progress("lines answered", journal.lines, source.rows)
        if source.has_changed():
            return Refusal(SOURCE_CHANGED, {"path": source.path})
    total = job.empty_tally
    for tally in journal.tallies():
        total = job.merge_tallies(total, tally)
    journal.finish(_encode_answers(_answer_schema(job.schema).empty_table()))
    return BatchOutcome(source.rows, resumed, time.monotonic() - start, total)


def _finish_pieces(batch: _Batch) -> Iterator[FinishedPiece | Refusal]:
    """The finished pieces in order; a few more than there are threads are under way."""
    job, source, options = batch.job, batch.source, batch.options
    under_way: deque[Future[FinishedPiece | Refusal]] = deque()
    with _thread_pool(options.threads, job.on_thread_exit) as pool:
        try:
            for piece in _number_pieces(source, batch.journal.lines, options.lines_at_once):
                if isinstance(piece, Refusal):
                    yield piece
                    return
                under_way.append(pool.submit(_finish, job, source, *piece))
                if len(under_way) > options.threads:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            # Pieces that were begun are waited for, the others are dropped.
            for future in under_way:
                future.cancel()


def _number_pieces(source: LinesFile, first: int, size: int) -> Iterator[tuple[int, pa.Table] | Refusal]:
    """The pieces with the number of each one's first line."""
    try:
        for piece in source.pieces(first, size):
            yield first, piece
            first += piece.num_rows
    except LinesTooLargeError:
        yield Refusal(LINES_UNPACK_TOO_LARGE, {"path": source.path})
    except (OSError, pa.ArrowException):
        yield Refusal(FILE_UNREADABLE, {"path": source.path, "line": first})


def _finish(job: Job, source: LinesFile, first: int, piece: pa.Table) -> FinishedPiece | Refusal:
    """All the work on a piece, in one thread."""
    answered = job.answer(Piece(first, lines_of(piece, source.asked), piece))
    if isinstance(answered, Refusal):
        return answered
    answers = answered.table
    numbers = pa.array(np.arange(first, first + piece.num_rows, dtype=np.int64))
    rows = answers.drop_columns(list(_REFUSAL)).add_column(0, "line", numbers).cast(_answer_schema(job.schema))
    bad = answers["refusal"].is_valid()
    set_aside = None
    if answers["refusal"].null_count < len(answers):
        columns = [numbers, answers["refusal"], answers["refusal_message"]]
        kept = [name for name in source.schema.names if name not in _SIDE]
        side = pa.table([*columns, *(piece[name] for name in kept)], names=[*_SIDE, *kept]).filter(bad)
        schema = pa.schema([*_SIDE_FIELDS, *(source.schema.field(name) for name in kept)])
        set_aside = encode_piece(
            side.cast(schema), store_schema=True, dictionaries=["code", "message"], deltas=["line"]
        )
        rows = rows.filter(compute.invert(bad))
    return FinishedPiece(piece.num_rows, _encode_answers(rows) if rows.num_rows else None, set_aside, answered.tally)


_SIDE_FIELDS = (
    pa.field("line", pa.int64(), nullable=False),
    pa.field("code", pa.string()),
    pa.field("message", pa.string()),
)


def _answer_schema(schema: pa.Schema) -> pa.Schema:
    fields = [field for field in schema if field.name not in _REFUSAL]
    return pa.schema([pa.field("line", pa.int64(), nullable=False), *fields])


def _encode_answers(rows: pa.Table) -> Encoded:
    """Arrow's own types are left out: an older reader does not know all of them, and Parquet's types suffice."""
    texts = [field.name for field in rows.schema if pa.types.is_dictionary(field.type)]
    return encode_piece(rows, store_schema=False, dictionaries=texts, deltas=["line"])


@contextmanager
def _thread_pool(count: int, on_thread_exit: Callable[[], None]) -> Iterator[ThreadPoolExecutor]:
    """A pool of threads, each of which calls ``on_thread_exit`` before it ends."""
    pool = ThreadPoolExecutor(count, thread_name_prefix="batch")
    # All threads meet first, so that none of them takes the task of another.
    meeting = Barrier(count)

    def leave() -> None:
        meeting.wait()
        on_thread_exit()

    try:
        yield pool
    finally:
        try:
            for _ in range(count):
                pool.submit(leave)
        except BaseException:
            meeting.abort()
            raise
        pool.shutdown()
