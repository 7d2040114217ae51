"""What each line could claim and did not: every claim that would lower its duties, with the duty it would save."""

from __future__ import annotations

from typing import Any

from ewtp.core.compiled.format import basis_field, frame_field, option_field, outcome_field, outcome_flag
from ewtp.core.compiled.format.kernel_arrays import DECIMALS
from ewtp.core.compiled.format.unknown_bits import COSTLESS
from ewtp.core.compiled.kernel import duty_result, segment, state
from ewtp.core.compiled.kernel.blocks import BLOCK, WINDOW, begin_cases, order_as_given
from ewtp.core.compiled.kernel.duties import duties_of, duties_under
from ewtp.core.compiled.kernel.line_state import of_case
from ewtp.core.compiled.kernel.lookup import find_outcome, row_of_list
from ewtp.core.compiled.kernel.loop import find_cases
from ewtp.core.compiled.kernel.packed_book import are_together, get, may_claim, of_outcome
from ewtp.core.compiled.machine.fixed_point import FAILED, POWERS
from ewtp.core.compiled.machine.jit import jit_no_refcount


@jit_no_refcount()
def list_options(
    book: Any, lines: Any, frames: Any, results: Any, entries: Any, scratch: Any, basis: Any, options: Any
) -> int:
    """List the options of lines that the kernel has answered without a claim; how many there are.

    Only as many as ``options`` has room for are written. ``basis``, zeroes, gets what decided each line. A line whose
    options the scalar path has to say is marked in ``results``.
    """
    case = scratch.case
    count = lines.day.shape[0]
    begin_cases(case, count, lines.keys)
    found = 0
    for first in range(0, count, WINDOW):
        many = min(WINDOW, count - first)
        # Options are listed line by line.
        order_as_given(first, many, scratch)
        for start in range(0, many, BLOCK):
            rows = min(BLOCK, many - start)
            find_cases(book, lines, frames, entries, scratch, start, rows)
            for row in range(rows):
                line = first + start + row
                if not (results.scalar[line] or results.refusal[line]):
                    at = row * state.WIDTH
                    found = _list_of_line(book, lines, frames, results, scratch, at, basis, options, found)
    return found


@jit_no_refcount()
def _list_of_line(
    book: Any,
    lines: Any,
    frames: Any,
    results: Any,
    scratch: Any,
    at: int,
    basis: Any,
    options: Any,
    found: int,
) -> int:
    """The options of one case; how many there are of all cases so far."""
    case, stack, now, then = scratch.case, scratch.stack, scratch.now, scratch.then
    quantities, sources = lines.quantities, lines.sources
    line, levied = of_case(case, at, state.LINE), of_case(case, at, state.LEVIED)
    basis[line, basis_field.LEVIES], basis[line, basis_field.LEVIED] = of_case(case, at, state.LEVIES), levied
    if are_together(book, of_case(case, at, state.SOURCE), of_case(case, at, state.TARGET)):
        return found
    basis[line, basis_field.DUTY], basis[line, basis_field.DUTIED] = (
        of_case(case, at, state.DUTY),
        of_case(case, at, state.DUTIED),
    )
    basis[line, basis_field.NARROW], basis[line, basis_field.NARROWED] = (
        of_case(case, at, state.NARROW),
        of_case(case, at, state.NARROWED),
    )
    basis[line, basis_field.BROAD], basis[line, basis_field.BROADENED] = (
        of_case(case, at, state.BROAD),
        of_case(case, at, state.BROADENED),
    )
    dutied, narrowed, widened = (
        basis[line, basis_field.DUTIED],
        basis[line, basis_field.NARROWED],
        basis[line, basis_field.BROADENED],
    )
    duties_of(book, frames, case, at, dutied, narrowed, widened, quantities, sources, stack, now)
    relieved = of_outcome(book, levied, outcome_field.FLAGS) & outcome_flag.RELIEVED
    paid = 0 if relieved else now[duty_result.DUTY] + now[duty_result.ADDITIONAL_DUTY]
    whole = not (of_outcome(book, levied, outcome_field.UNKNOWNS) | now[duty_result.UNKNOWNS]) & ~COSTLESS
    coin = POWERS[DECIMALS - frames.fields[of_case(case, at, state.FRAME), frame_field.MINOR]]
    low, high = of_case(case, at, state.LOW), of_case(case, at, state.HIGH)
    # First the lower duties, then the exemptions that each of the two lists of additional duties offers.
    for part in range(3):
        if part:
            outcome = of_case(case, at, state.NARROWED if part == 1 else state.BROADENED)
            low, high = (
                of_outcome(book, outcome, outcome_field.OFFERS),
                of_outcome(book, outcome, outcome_field.OFFERS_END),
            )
        for place in range(low, high):
            listed = option_field.EXEMPTED
            claim = get(book, segment.OFFER_CLAIM, place) if part else get(book, segment.DIRECTORY_CLAIM, place)
            if not part:
                if not may_claim(book, of_case(case, at, state.ORIGIN), claim):
                    continue
                listed = get(book, segment.DIRECTORY_LIST, place)
                outcome = find_outcome(book, frames, case, at, row_of_list(book, listed), claim)
                if outcome == FAILED:
                    results.scalar[line] = True
                    continue
                if not of_outcome(book, outcome, outcome_field.FLAGS) & outcome_flag.CLAIMED:
                    continue
            if duties_under(book, frames, case, at, claim, quantities, sources, stack, then) == FAILED:
                results.scalar[line] = True
                continue
            saving = option_field.UNCOMPUTED
            if whole and not then[duty_result.UNKNOWNS] & ~COSTLESS:
                saving = (paid - then[duty_result.DUTY] - then[duty_result.ADDITIONAL_DUTY]) * coin
                if saving <= 0:
                    continue
            if found < options.shape[0]:
                options[found, option_field.LINE], options[found, option_field.CLAIM] = line, claim
                options[found, option_field.SAVING], options[found, option_field.LIST] = saving, listed
            found += 1
    return found
