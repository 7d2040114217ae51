"""The duties of one line: under a claim or none, and whether a claim would lower them."""

from __future__ import annotations

from typing import Any

from ewtp.core.compiled.compile.outcomes import CLAIMED, NOTHING_MATCHED, SCALAR, TRIED
from ewtp.core.compiled.format.tables import (
    D_SHARE,
    D_TRIED,
    EMPTY_LIST,
    NO_OUTCOME,
    O_DUES,
    O_DUES_END,
    O_FLAGS,
    O_OFFERS,
    O_OFFERS_END,
    O_SETS,
)
from ewtp.core.compiled.format.unknown_bits import COSTLESS, bit_of_refused
from ewtp.core.compiled.kernel.line_state import (
    K_BROAD,
    K_BROADENED,
    K_CUSTOMS,
    K_DUTY_ROW,
    K_HIGH,
    K_LOW,
    K_MODE,
    K_NARROW,
    K_NARROWED,
    K_ORIGIN,
    K_REFUSAL,
    K_UNIT,
    charge,
    of_case,
)
from ewtp.core.compiled.kernel.lookup import find_outcome, list_under, row_of_list
from ewtp.core.compiled.kernel.packed_book import (
    DIRECTORY_CLAIM,
    DIRECTORY_LIST,
    O_SHARE,
    O_TRIED,
    O_UNKNOWNS,
    OFFER_CLAIM,
    get,
    may_claim,
    of_due,
    of_outcome,
)
from ewtp.core.compiled.machine.fixed_point import FAILED, counted, inlined

_bit_of_refused = inlined()(bit_of_refused)
# What the duties of a line come to: amounts, what is open, whether a duty was charged and whether there was none,
# what is known of the claim; of each of the three lists the set of rules behind its charges; and what the trader is to
# be told of the duty, if anything.
(
    R_DUTY,
    R_ADDITIONAL,
    R_UNKNOWNS,
    R_CHARGED,
    R_NOTHING,
    R_KNOWN,
    R_SET,
    R_NARROW_SET,
    R_BROAD_SET,
    R_REFUSAL,
) = range(10)
RESULT_FIELDS = R_REFUSAL + 1
_NO_FEE = 0


@inlined()
def duties_of(
    book: Any,
    frames: Any,
    case: Any,
    at: int,
    dutied: int,
    narrowed: int,
    broadened: int,
    quantities: Any,
    sources: Any,
    stack: Any,
    found: Any,
) -> int:
    """The duty and the additional duties that three outcomes lead to; FAILED where the scalar path has to say.

    Fills in ``found``, a row of figures that the constants above name.
    """
    unit, mode = of_case(case, at, K_UNIT), of_case(case, at, K_MODE)
    base = of_case(case, at, K_CUSTOMS) * 100
    flags = of_outcome(book, dutied, O_FLAGS)
    if flags & SCALAR:
        return FAILED
    known = flags
    nothing = flags & NOTHING_MATCHED
    unknowns = of_outcome(book, dutied, O_UNKNOWNS)
    found[R_REFUSAL] = 0
    duty = 0
    inherited = FAILED
    first = of_outcome(book, dutied, O_DUES)
    charged = first < of_outcome(book, dutied, O_DUES_END)
    if charged:
        share = of_outcome(book, dutied, O_SHARE)
        duty = charge(
            book, frames, case, at, first, share, _NO_FEE, base, FAILED, unit, mode, quantities, sources, stack
        )
        if duty == FAILED:
            return FAILED
        if duty < 0:
            unknowns |= _bit_of_refused(duty)
            found[R_REFUSAL] = of_case(case, at, K_REFUSAL)
            charged = False
            duty = 0
        else:
            inherited = duty
    additional = 0
    for which in range(2):
        outcome = broadened if which else narrowed
        if outcome == FAILED:
            return FAILED
        own = 0
        if outcome != NO_OUTCOME:
            flags = of_outcome(book, outcome, O_FLAGS)
            if flags & SCALAR:
                return FAILED
            known |= flags
            unknowns |= of_outcome(book, outcome, O_UNKNOWNS)
            lacking, charged_for = 0, 0
            first = of_outcome(book, outcome, O_DUES)
            share, tried = of_outcome(book, outcome, O_SHARE), of_outcome(book, outcome, O_TRIED)
            for due in range(first, of_outcome(book, outcome, O_DUES_END)):
                if due > first:
                    share, tried = of_due(book, due, D_SHARE), of_due(book, due, D_TRIED)
                part = charge(
                    book, frames, case, at, due, share, _NO_FEE, base, inherited, unit, mode, quantities, sources, stack
                )
                if part >= 0:
                    if tried != TRIED:
                        additional += part
                        charged_for |= tried
                    continue
                if part == FAILED or not tried:
                    return FAILED
                unknowns |= _bit_of_refused(part)
                if tried != TRIED:
                    lacking |= tried
            # Rules of one kind are left out together, or it takes the scalar path to say which are.
            if lacking & charged_for:
                return FAILED
            own = of_outcome(book, outcome, O_SETS + lacking // 2)
        found[R_NARROW_SET + which] = own
    found[R_DUTY], found[R_ADDITIONAL], found[R_UNKNOWNS], found[R_KNOWN] = duty, additional, unknowns, known
    found[R_CHARGED], found[R_NOTHING] = charged, nothing
    found[R_SET] = of_outcome(book, dutied, O_SETS) if charged else 0
    return 0


@counted()
def duties_under(
    book: Any,
    frames: Any,
    case: Any,
    at: int,
    claim: int,
    quantities: Any,
    sources: Any,
    stack: Any,
    found: Any,
) -> int:
    """The duties of a case, which states no claim, under a claim; else as ``duties_of``."""
    dutied = FAILED
    known = 0
    lower = list_under(book, of_case(case, at, K_LOW), of_case(case, at, K_HIGH), claim)
    if lower != FAILED:
        dutied = find_outcome(book, frames, case, at, row_of_list(book, lower), claim)
        known = of_outcome(book, dutied, O_FLAGS)
        if not known & CLAIMED:
            dutied = FAILED
    if dutied == FAILED:
        dutied = find_outcome(book, frames, case, at, of_case(case, at, K_DUTY_ROW), claim)
        if dutied == FAILED:
            return FAILED
    narrowed, broadened = NO_OUTCOME, NO_OUTCOME
    if of_case(case, at, K_NARROW) != EMPTY_LIST:
        narrowed = find_outcome(book, frames, case, at, row_of_list(book, of_case(case, at, K_NARROW)), claim)
    if of_case(case, at, K_BROAD) != EMPTY_LIST:
        broadened = find_outcome(book, frames, case, at, row_of_list(book, of_case(case, at, K_BROAD)), claim)
    failed = duties_of(book, frames, case, at, dutied, narrowed, broadened, quantities, sources, stack, found)
    found[R_KNOWN] |= known
    return failed


@counted()
def has_option(
    book: Any,
    frames: Any,
    case: Any,
    at: int,
    quantities: Any,
    sources: Any,
    stack: Any,
    paid: int,
    complete: bool,
    then: Any,
) -> int:
    """Whether some claim would lower the duties paid of a case: 1, 0, or FAILED where the scalar path has to say.

    A claim whose saving cannot be told counts as one that does.
    """
    origin = of_case(case, at, K_ORIGIN)
    for place in range(of_case(case, at, K_LOW), of_case(case, at, K_HIGH)):
        claim = get(book, DIRECTORY_CLAIM, place)
        if may_claim(book, origin, claim):
            lower = get(book, DIRECTORY_LIST, place)
            outcome = find_outcome(book, frames, case, at, row_of_list(book, lower), claim)
            if of_outcome(book, outcome, O_FLAGS) & CLAIMED:
                found = saves(book, frames, case, at, claim, quantities, sources, stack, paid, complete, then)
                if found:
                    return found
    for which in range(2):
        outcome = of_case(case, at, K_BROADENED if which else K_NARROWED)
        for place in range(of_outcome(book, outcome, O_OFFERS), of_outcome(book, outcome, O_OFFERS_END)):
            claim = get(book, OFFER_CLAIM, place)
            found = saves(book, frames, case, at, claim, quantities, sources, stack, paid, complete, then)
            if found:
                return found
    return 0


@counted()
def saves(
    book: Any,
    frames: Any,
    case: Any,
    at: int,
    claim: int,
    quantities: Any,
    sources: Any,
    stack: Any,
    paid: int,
    complete: bool,
    then: Any,
) -> int:
    """Whether a claim lowers the duties: 1, 0 or FAILED."""
    if duties_under(book, frames, case, at, claim, quantities, sources, stack, then) == FAILED:
        return FAILED
    return 1 if not complete or then[R_UNKNOWNS] & ~COSTLESS or paid > then[R_DUTY] + then[R_ADDITIONAL] else 0
