"""What each line could claim and did not: every claim that would lower its duties, with the duty it would save."""

from __future__ import annotations

from typing import Any

from ewtp.core.compiled.compile.outcomes import CLAIMED, RELIEVED
from ewtp.core.compiled.format.kernel_arrays import DECIMALS, F_MINOR
from ewtp.core.compiled.format.tables import O_FLAGS, O_OFFERS, O_OFFERS_END
from ewtp.core.compiled.format.unknown_bits import COSTLESS
from ewtp.core.compiled.kernel.blocks import BLOCK, WINDOW, begin_cases, order_as_given
from ewtp.core.compiled.kernel.duties import R_ADDITIONAL, R_DUTY, R_UNKNOWNS, duties_of, duties_under
from ewtp.core.compiled.kernel.line_state import (
    K_BROAD,
    K_BROADENED,
    K_DUTIED,
    K_DUTY,
    K_FRAME,
    K_HIGH,
    K_LEVIED,
    K_LEVIES,
    K_LINE,
    K_LOW,
    K_NARROW,
    K_NARROWED,
    K_ORIGIN,
    K_SOURCE,
    K_TARGET,
    K_WIDTH,
    of_case,
)
from ewtp.core.compiled.kernel.lookup import find_outcome, row_of_list
from ewtp.core.compiled.kernel.loop import find_cases
from ewtp.core.compiled.kernel.packed_book import (
    DIRECTORY_CLAIM,
    DIRECTORY_LIST,
    O_UNKNOWNS,
    OFFER_CLAIM,
    are_together,
    get,
    may_claim,
    of_outcome,
)
from ewtp.core.compiled.machine.fixed_point import FAILED, POWERS, counted

# Columns of an option: its line, the number of the claim, the duty saved in ten-thousandths (NOT_TOLD where that
# cannot be computed), the list of lower duties that the claim brings in (EXEMPTED where it lifts additional duties).
O_LINE, O_CLAIM, O_SAVING, O_LIST = range(4)
OPTION_FIELDS = 4
NOT_TOLD = EXEMPTED = -1
# What a line was decided by: list and outcome of its levies, of its duty, and of both its lists of additional duties.
B_LEVIES, B_LEVIED, B_DUTY, B_DUTIED, B_NARROW, B_NARROWED, B_WIDE, B_WIDENED = range(8)
BASIS_FIELDS = 8


@counted()
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
                    at = row * K_WIDTH
                    found = _list_of_line(book, lines, frames, results, scratch, at, basis, options, found)
    return found


@counted()
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
    line, levied = of_case(case, at, K_LINE), of_case(case, at, K_LEVIED)
    basis[line, B_LEVIES], basis[line, B_LEVIED] = of_case(case, at, K_LEVIES), levied
    if are_together(book, of_case(case, at, K_SOURCE), of_case(case, at, K_TARGET)):
        return found
    basis[line, B_DUTY], basis[line, B_DUTIED] = of_case(case, at, K_DUTY), of_case(case, at, K_DUTIED)
    basis[line, B_NARROW], basis[line, B_NARROWED] = of_case(case, at, K_NARROW), of_case(case, at, K_NARROWED)
    basis[line, B_WIDE], basis[line, B_WIDENED] = of_case(case, at, K_BROAD), of_case(case, at, K_BROADENED)
    dutied, narrowed, widened = basis[line, B_DUTIED], basis[line, B_NARROWED], basis[line, B_WIDENED]
    duties_of(book, frames, case, at, dutied, narrowed, widened, quantities, sources, stack, now)
    relieved = of_outcome(book, levied, O_FLAGS) & RELIEVED
    paid = 0 if relieved else now[R_DUTY] + now[R_ADDITIONAL]
    whole = not (of_outcome(book, levied, O_UNKNOWNS) | now[R_UNKNOWNS]) & ~COSTLESS
    coin = POWERS[DECIMALS - frames.fields[of_case(case, at, K_FRAME), F_MINOR]]
    low, high = of_case(case, at, K_LOW), of_case(case, at, K_HIGH)
    # First the lower duties, then the exemptions that each of the two lists of additional duties offers.
    for part in range(3):
        if part:
            outcome = of_case(case, at, K_NARROWED if part == 1 else K_BROADENED)
            low, high = of_outcome(book, outcome, O_OFFERS), of_outcome(book, outcome, O_OFFERS_END)
        for place in range(low, high):
            listed = EXEMPTED
            claim = get(book, OFFER_CLAIM, place) if part else get(book, DIRECTORY_CLAIM, place)
            if not part:
                if not may_claim(book, of_case(case, at, K_ORIGIN), claim):
                    continue
                listed = get(book, DIRECTORY_LIST, place)
                outcome = find_outcome(book, frames, case, at, row_of_list(book, listed), claim)
                if outcome == FAILED:
                    results.scalar[line] = True
                    continue
                if not of_outcome(book, outcome, O_FLAGS) & CLAIMED:
                    continue
            if duties_under(book, frames, case, at, claim, quantities, sources, stack, then) == FAILED:
                results.scalar[line] = True
                continue
            saving = NOT_TOLD
            if whole and not then[R_UNKNOWNS] & ~COSTLESS:
                saving = (paid - then[R_DUTY] - then[R_ADDITIONAL]) * coin
                if saving <= 0:
                    continue
            if found < options.shape[0]:
                options[found, O_LINE], options[found, O_CLAIM] = line, claim
                options[found, O_SAVING], options[found, O_LIST] = saving, listed
            found += 1
    return found
