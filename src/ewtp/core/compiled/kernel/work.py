"""The data that the steps of the kernel share while they answer a table of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.compiled.format import amount_kind, opcode, rule_set
from ewtp.core.compiled.format.kernel_arrays import Interned, Lines, Results
from ewtp.core.compiled.kernel import state
from ewtp.core.compiled.kernel.block import BLOCK, new_window
from ewtp.core.compiled.machine.buffers import empty, full, read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.compiled.format.kernel_arrays import Frames, Quantities
    from ewtp.core.compiled.format.tables import Tables
    from ewtp.core.compiled.kernel.block import Window
    from ewtp.core.compiled.kernel.packed_book import PackedBook

_MOST_COMBINATIONS = 4096
# So few lines have few of the sets of a book: memory that the system clears when it is touched costs less than
# clearing a number for every set.
_FEW_LINES = 4096


class Work(NamedTuple):
    """The data that a step for one line reads and writes; few arrays, because each one costs at every call.

    ``states`` is ``[line of the block, state]`` end to end, ``stack`` that of a duty program.
    """

    book: PackedBook
    frames: Frames
    quantities: Quantities
    states: NDArray[np.int64]
    stack: NDArray[np.int64]


class Run(NamedTuple):
    """Everything about a table of lines; each thread needs its own.

    ``entries`` caches the entry of each code in each schedule (``[code * schedules + schedule]``), -1 where none was
    looked up yet.
    """

    work: Work
    lines: Lines
    window: Window
    entries: NDArray[np.int64]
    results: Results
    interned: Interned


def new_run(book: PackedBook, tables: Tables, frames: Frames, lines: Lines) -> Run:
    """Buffers for the lines of a table, which is neither changed nor copied."""
    count = len(lines.day)
    # Arrow's arrays are read-only, and machine code is specialised to the types of its arguments, so all are read-only.
    quantities = lines.quantities._replace(
        rows=read_only(lines.quantities.rows), sources=read_only(lines.quantities.sources)
    )
    columns = {name: read_only(column) for name, column in lines._asdict().items() if name != "quantities"}
    lines = Lines(**columns, quantities=quantities)
    states = np.zeros(BLOCK * state.WIDTH, np.int64)
    return Run(
        Work(book, frames, quantities, states, np.empty(opcode.DEEPEST_STACK, np.int64)),
        lines,
        new_window(frames.economies),
        full(len(tables.schedule_day) * len(lines.code_key), np.int64, -1),
        _new_results(count),
        _new_interned(int(tables.list_sets[-1]) + 1, count),
    )


def _new_results(count: int) -> Results:
    return Results(
        full((amount_kind.COUNT, count), np.int64),
        full(count, np.int64),
        full((rule_set.COUNT, count), np.int32),
        full(count, np.int32),
        full(count, np.int32),
        full(count, np.bool_),
        full(count, np.bool_),
        full(count, np.int32),
    )


def _new_interned(sets_of_book: int, count: int) -> Interned:
    places = 1 << max(4, (2 * count).bit_length())
    counts = np.ones(rule_set.COUNT + 1, np.int64)
    counts[rule_set.COUNT] = 0
    sets = empty((rule_set.COUNT, count + 1, 4), np.int32)
    # Number 0 is the empty set everywhere.
    sets[:, 0] = 0
    return Interned(
        counts,
        sets,
        np.zeros(sets_of_book, np.int32) if count < _FEW_LINES else full(sets_of_book, np.int32),
        full(places, np.int64),
        empty(places, np.int32),
        np.empty(_MOST_COMBINATIONS, np.int64),
        np.zeros(4 * _MOST_COMBINATIONS, np.int32),
    )
