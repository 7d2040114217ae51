"""Files of lines answered piece by piece: any number of threads, bounded memory, and a kill costs no more than a piece.

What is done to a piece is a ``Job``; everything else (reading, order, both files, going on after a kill) is
``run_batch``. To do something else with the same lines, such as comparing two rulebooks, make another ``Job``:

- ``answer`` takes a ``Piece`` and returns an ``Answered``. Its ``table`` has one row for each line, in their order, in
  the columns of ``schema``. A line that cannot be answered has its code and sentence in ``refusal`` and
  ``refusal_message`` (strings, null otherwise): it goes to the side file, the others to TARGET, without these two
  columns and with the line's number. Its ``tally`` is a JSON object (orjson: integers below 64 bits, so sums are
  strings); it is written with the piece, and a resumed run still has those of the pieces before.
- ``add`` joins two tallies, in order of the file; it begins with ``nothing``.
- ``made_from`` holds whatever the answers depend on. A run goes on only where all of it is as it was.

- ``begin``, where there is one, is called once before the first piece, with the folder in which the run keeps what is
  finished; what it leaves there in a folder of its own stays until the end, also for a resumed run.

``answer`` is called by several threads at once; ``leave`` by each of them before it ends.
"""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import compute

from ewtp.apps.batches.reading.sentences import FILE_UNREADABLE, SOURCE_CHANGED, TARGET_IS_SOURCE
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.parquet.batch_journal import BatchJournal, FinishedPiece, Targets, open_batch_journal
from ewtp.gateways.parquet.lines import LinesFile, lines_of
from ewtp.gateways.parquet.pieces import Encoded, encode_piece
from ewtp.gateways.parquet.sentences import TARGET_UNWRITABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
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
    """What came of a piece; the module's text says what the table and the tally hold."""

    table: pa.Table
    tally: Tally


@dataclass(frozen=True, slots=True)
class Job:
    """What is done to every piece; the module's text says what each part promises."""

    answer: Callable[[Piece], Answered | Refusal]
    schema: pa.Schema
    made_from: Mapping[str, Any]
    add: Callable[[Tally, Tally], Tally]
    nothing: Tally
    leave: Callable[[], None] = lambda: None
    begin: Callable[[Path], Refusal | None] = lambda _parts: None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a batch is run; none of it changes what comes out. ``lines_at_once`` are in memory once for each thread."""

    threads: int = 1
    lines_at_once: int = LINES_AT_ONCE
    restart: bool = False
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch came to: ``lines`` in all, of which ``resumed`` were there from an earlier run."""

    lines: int
    resumed: int
    seconds: float
    tally: Tally


def run_batch(
    job: Job,
    source: LinesFile,
    targets: Targets,
    manner: Manner,
    progress: Callable[[str, int, int], None],
) -> Outcome | Refusal:
    """Answer every line of ``source`` into ``targets``.

    Refuses with ``target_is_source``, ``target_unwritable``, ``source_changed``, ``file_unreadable`` (where the file
    breaks off), with what ``open_batch_journal`` refuses, and with whatever ``job.answer`` refuses of a whole piece.
    What was finished until then is kept, also where an exception ends the run.
    """
    start = time.monotonic()
    refused = _check_names(source, targets)
    if refused is not None:
        return refused
    made_from = {"the file of lines": source.identity, **job.made_from}
    try:
        parts = open_batch_journal(targets, made_from, restart=manner.restart, overwrite=manner.overwrite)
        if isinstance(parts, Refusal):
            return parts
        try:
            return _run(_Batch(job, source, parts, manner), progress, start)
        finally:
            parts.close()
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
    parts: BatchJournal
    manner: Manner


def _run(batch: _Batch, progress: Callable[[str, int, int], None], start: float) -> Outcome | Refusal:
    job, source, parts = batch.job, batch.source, batch.parts
    resumed = parts.lines
    if not parts.whole:
        refused = job.begin(parts.targets.parts)
        if refused is not None:
            return refused
        for piece in _finished(batch):
            if isinstance(piece, Refusal):
                return piece
            parts.append(piece)
            progress("lines answered", parts.lines, source.rows)
        if source.changed():
            return Refusal(SOURCE_CHANGED, {"path": source.path})
    total = job.nothing
    for tally in parts.tallies():
        total = job.add(total, tally)
    parts.finish(_encode_answers(_answer_schema(job.schema).empty_table()))
    return Outcome(source.rows, resumed, time.monotonic() - start, total)


def _finished(batch: _Batch) -> Iterator[FinishedPiece | Refusal]:
    """The finished pieces in order; a few more than there are threads are under way."""
    manner = batch.manner
    crew = _Crew(manner.threads, lambda piece: _finish(batch.job, batch.source, *piece), batch.job.leave)
    under_way: deque[Future[FinishedPiece | Refusal]] = deque()
    try:
        for piece in _numbered(batch.source, batch.parts.lines, manner.lines_at_once):
            if isinstance(piece, Refusal):
                yield piece
                return
            under_way.append(crew.give(piece))
            if len(under_way) > manner.threads:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        crew.dismiss()


def _numbered(source: LinesFile, first: int, size: int) -> Iterator[tuple[int, pa.Table] | Refusal]:
    """The pieces with the number of each one's first line."""
    try:
        for piece in source.pieces(first, size):
            yield first, piece
            first += piece.num_rows
    except (OSError, pa.ArrowException):
        yield Refusal(FILE_UNREADABLE, {"path": source.path, "line": first})


def _finish(job: Job, source: LinesFile, first: int, piece: pa.Table) -> FinishedPiece | Refusal:
    """All that is done to a piece, in one thread."""
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
    """Arrow's own types are left out: an older reader does not know all of them, and Parquet's say enough."""
    texts = [field.name for field in rows.schema if pa.types.is_dictionary(field.type)]
    return encode_piece(rows, store_schema=False, dictionaries=texts, deltas=["line"])


class _Crew:
    """Threads that take pieces in order; with one thread the caller does the work itself."""

    def __init__(
        self,
        threads: int,
        work: Callable[[tuple[int, pa.Table]], FinishedPiece | Refusal],
        leave: Callable[[], None],
    ) -> None:
        self._work = work
        self._leave = leave
        self._queue: SimpleQueue[tuple[Future[FinishedPiece | Refusal], tuple[int, pa.Table]] | None] = SimpleQueue()
        self._threads = [
            Thread(target=self._serve, name=f"batch-{place}") for place in range(threads if threads > 1 else 0)
        ]
        for thread in self._threads:
            thread.start()

    def give(self, piece: tuple[int, pa.Table]) -> Future[FinishedPiece | Refusal]:
        """Have the piece worked on."""
        future: Future[FinishedPiece | Refusal] = Future()
        if self._threads:
            self._queue.put((future, piece))
        else:
            future.set_result(self._work(piece))
        return future

    def dismiss(self) -> None:
        """Wait for the pieces that were begun; the others are forgotten."""
        with suppress(Empty):
            while True:
                self._queue.get_nowait()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        try:
            while (given := self._queue.get()) is not None:
                future, piece = given
                try:
                    future.set_result(self._work(piece))
                except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
                    future.set_exception(error)
        finally:
            self._leave()
