"""The options of each line: every claim that it does not make and that would lower its duties, with the saving."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format import basis_field, frame_field, option_field, outcome_field, outcome_flag
from ewtp.core.compiled.format.kernel_arrays import DECIMALS
from ewtp.core.compiled.format.unknown_bits import COSTLESS
from ewtp.core.compiled.kernel import segment, state
from ewtp.core.compiled.kernel.block import BLOCK, WINDOW, order_as_given
from ewtp.core.compiled.kernel.customs_value import begin_states
from ewtp.core.compiled.kernel.duties import DutyOutcomes, compute_duties, compute_duties_under
from ewtp.core.compiled.kernel.levies import find_flat_duty
from ewtp.core.compiled.kernel.lookup import find_lists, find_outcomes
from ewtp.core.compiled.kernel.packed_book import are_inside, claim_lowers_duty, get_outcome, get_small
from ewtp.core.compiled.kernel.savings import brings_lower_duty
from ewtp.core.compiled.kernel.state import get_state
from ewtp.core.compiled.machine.fixed_point import FAILED, POWERS
from ewtp.core.compiled.machine.jit import jit_inline, jit_no_refcount

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.compiled.format.kernel_arrays import Results
    from ewtp.core.compiled.kernel.work import Run, Work


@jit_no_refcount()
def write_options(run: Run, basis: NDArray[np.int32], options: NDArray[np.int64]) -> int | np.int64:
    """Write the options of lines that the kernel has answered without a claim; returns their number.

    ``options`` is ``[option, option_field]``, filled as far as it has rows. ``basis`` is
    ``[line, basis_field]`` and zero. A line whose options only the scalar path can list is marked in the results.
    """
    results = run.results
    found: int | np.int64 = np.int64(0)
    for first in range(0, run.lines.day.shape[0], WINDOW):
        length = min(WINDOW, run.lines.day.shape[0] - first)
        # Options are listed line by line.
        order_as_given(run.window, first, length)
        for start in range(0, length, BLOCK):
            rows = min(BLOCK, length - start)
            begin_states(run.work, run.lines, run.window.order, start, rows)
            find_lists(run.work, run.lines, run.entries, rows)
            find_outcomes(run.work, rows)
            for row in range(rows):
                line = first + start + row
                if not (results.scalar[line] or results.refusal[line]):
                    at = row * state.WIDTH
                    _write_basis(run.work, at, basis)
                    found = _write_line_options(run.work, results, at, options, found)
    return found


@jit_inline()
def _write_basis(work: Work, at: int, basis: NDArray[np.int32]) -> None:
    """Write the lists and outcomes that decide a line; inside a customs union duties do not."""
    states = work.states
    row = basis[get_state(states, at, state.LINE)]
    row[basis_field.LEVY_LIST] = get_state(states, at, state.LEVY_LIST)
    row[basis_field.LEVY_OUTCOME] = get_state(states, at, state.LEVY_OUTCOME)
    row[basis_field.PAPER_LIST] = get_state(states, at, state.PAPER_LIST)
    row[basis_field.PAPER_OUTCOME] = get_state(states, at, state.PAPER_OUTCOME)
    if not are_inside(work.book, states, at):
        row[basis_field.DUTY_LIST] = get_state(states, at, state.DUTY_LIST)
        row[basis_field.DUTY_OUTCOME] = get_state(states, at, state.DUTY_OUTCOME)
        row[basis_field.NARROW_LIST] = get_state(states, at, state.NARROW_LIST)
        row[basis_field.NARROW_OUTCOME] = get_state(states, at, state.NARROW_OUTCOME)
        row[basis_field.BROAD_LIST] = get_state(states, at, state.BROAD_LIST)
        row[basis_field.BROAD_OUTCOME] = get_state(states, at, state.BROAD_OUTCOME)


@jit_no_refcount()
def _write_line_options(work: Work, results: Results, at: int, options: NDArray[np.int64], found: int) -> int:
    """Write the options of one line; returns the number of options of all lines so far."""
    book, states = work.book, work.states
    if are_inside(book, states, at):
        return found
    paid, is_held = _find_paid(work, at)
    for place in range(get_state(states, at, state.DIRECTORY), get_state(states, at, state.DIRECTORY_END)):
        claim = get_small(book, segment.DIRECTORY_CLAIM, place)
        if claim_lowers_duty(book, get_state(states, at, state.ORIGIN), claim):
            brings = brings_lower_duty(work, at, place, claim)
            if brings == FAILED:
                results.scalar[get_state(states, at, state.LINE)] = True
            elif brings:
                listed = get_small(book, segment.DIRECTORY_LIST, place)
                known = paid if is_held else -1
                found = _add_option(work, results, at, claim, listed, known, options, found)
    # Then the exemptions that each of the two lists of additional duties offers.
    for half in range(2):
        outcome = get_state(states, at, state.BROAD_OUTCOME if half else state.NARROW_OUTCOME)
        first = get_outcome(book, outcome, outcome_field.OFFERS)
        for place in range(first, get_outcome(book, outcome, outcome_field.OFFERS_END)):
            claim = get_small(book, segment.OFFER_CLAIM, place)
            found = _add_option(work, results, at, claim, option_field.EXEMPTED, paid, options, found)
    return found


@jit_inline()
def _find_paid(work: Work, at: int) -> tuple[int, int]:
    """The duties that a line pays, in minor units, or -1 where something unknown leaves them open.

    Then whether a duty on the goods is held: what a lower duty saves is not known where none is.
    """
    book, states = work.book, work.states
    levies = get_state(states, at, state.LEVY_OUTCOME)
    duties = compute_duties(
        work,
        at,
        DutyOutcomes(
            get_state(states, at, state.DUTY_OUTCOME),
            get_state(states, at, state.NARROW_OUTCOME),
            get_state(states, at, state.BROAD_OUTCOME),
        ),
    )
    flags = get_outcome(book, levies, outcome_field.FLAGS)
    if duties.unknowns & ~COSTLESS or flags & outcome_flag.DUTY_OPEN:
        return -1, 1
    if flags & outcome_flag.RELIEVED:
        return find_flat_duty(work, at), 1
    return duties.duty + duties.additional, 0 if duties.nothing else 1


@jit_inline()
def _add_option(
    work: Work, results: Results, at: int, claim: int, listed: int, paid: int, options: NDArray[np.int64], found: int
) -> int:
    """Write an option unless it saves nothing; returns the new number of options."""
    line = get_state(work.states, at, state.LINE)
    under = compute_duties_under(work, at, claim)
    if not under.settled:
        results.scalar[line] = True
        return found
    saving = option_field.UNCOMPUTED
    if paid >= 0 and not under.unknowns & ~COSTLESS:
        minor = work.frames.fields[get_state(work.states, at, state.FRAME), frame_field.MINOR]
        saving = (paid - under.duty - under.additional) * POWERS[DECIMALS - minor]
        if saving <= 0:
            return found
    if found < options.shape[0]:
        options[found, option_field.LINE], options[found, option_field.CLAIM] = line, claim
        options[found, option_field.SAVING], options[found, option_field.LIST] = saving, listed
    return found + 1
