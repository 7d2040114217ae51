"""The loop over lines: the value, entry, lists, outcomes and answer of each, in integers, block by block.

An unsettled line is marked and otherwise unchanged; the scalar path answers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.compiled.kernel import state
from ewtp.core.compiled.kernel.block import BLOCK, WINDOW, order_by_destination
from ewtp.core.compiled.kernel.customs_value import begin_states
from ewtp.core.compiled.kernel.intern_table import intern_sets, intern_unknowns
from ewtp.core.compiled.kernel.lookup import find_lists, find_outcomes
from ewtp.core.compiled.kernel.settlement import settle_lines
from ewtp.core.compiled.kernel.state import get_state
from ewtp.core.compiled.machine.fixed_point import FAILED
from ewtp.core.compiled.machine.jit import jit_no_refcount

if TYPE_CHECKING:
    from ewtp.core.compiled.kernel.work import Run


@jit_no_refcount()
def assess_lines(run: Run) -> None:
    """Answer every line, or mark it for the scalar path."""
    work, lines, results, interned = run.work, run.lines, run.results, run.interned
    states = work.states
    count = lines.day.shape[0]
    for first in range(0, count, WINDOW):
        length = min(WINDOW, count - first)
        order_by_destination(run.window, lines.destination, first, length)
        for start in range(0, length, BLOCK):
            rows = min(BLOCK, length - start)
            begin_states(work, lines, run.window.order, start, rows)
            find_lists(work, lines, run.entries, rows)
            find_outcomes(work, rows)
            settle_lines(work, lines, results, rows)
            intern_unknowns(interned, results.unknowns, states, rows)
            intern_sets(work.book, interned, results.sets, states, rows)
            for row in range(rows):
                line = get_state(states, row * state.WIDTH, state.LINE)
                failed = get_state(states, row * state.WIDTH, state.ENTRY) == FAILED
                results.scalar[line] = failed and not results.refusal[line]
