"""The duties of one line: under a claim or none, and whether a claim would lower them."""

from __future__ import annotations

from typing import Any

from ewtp.core.compiled.format import due_field, omission, outcome_field, outcome_flag
from ewtp.core.compiled.format.tables import EMPTY_LIST, NO_OUTCOME
from ewtp.core.compiled.format.unknown_bits import COSTLESS, bit_of_refused
from ewtp.core.compiled.kernel import duty_result, segment, state
from ewtp.core.compiled.kernel.line_state import charge, of_case
from ewtp.core.compiled.kernel.lookup import find_outcome, list_under, row_of_list
from ewtp.core.compiled.kernel.packed_book import get, may_claim, of_due, of_outcome
from ewtp.core.compiled.machine.fixed_point import FAILED
from ewtp.core.compiled.machine.jit import jit_inline, jit_no_refcount

_bit_of_refused = jit_inline()(bit_of_refused)
_NO_FEE = 0


@jit_inline()
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
    unit, mode = of_case(case, at, state.UNIT), of_case(case, at, state.MODE)
    base = of_case(case, at, state.CUSTOMS) * 100
    flags = of_outcome(book, dutied, outcome_field.FLAGS)
    if flags & outcome_flag.SCALAR:
        return FAILED
    known = flags
    nothing = flags & outcome_flag.NOTHING_MATCHED
    unknowns = of_outcome(book, dutied, outcome_field.UNKNOWNS)
    found[duty_result.REFUSAL] = 0
    duty = 0
    inherited = FAILED
    first = of_outcome(book, dutied, outcome_field.DUES)
    charged = first < of_outcome(book, dutied, outcome_field.DUES_END)
    if charged:
        share = of_outcome(book, dutied, outcome_field.SHARE)
        duty = charge(
            book, frames, case, at, first, share, _NO_FEE, base, FAILED, unit, mode, quantities, sources, stack
        )
        if duty == FAILED:
            return FAILED
        if duty < 0:
            unknowns |= _bit_of_refused(duty)
            found[duty_result.REFUSAL] = of_case(case, at, state.REFUSAL)
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
            flags = of_outcome(book, outcome, outcome_field.FLAGS)
            if flags & outcome_flag.SCALAR:
                return FAILED
            known |= flags
            unknowns |= of_outcome(book, outcome, outcome_field.UNKNOWNS)
            lacking, charged_for = 0, 0
            first = of_outcome(book, outcome, outcome_field.DUES)
            share, tried = (
                of_outcome(book, outcome, outcome_field.SHARE),
                of_outcome(book, outcome, outcome_field.OMISSION),
            )
            for due in range(first, of_outcome(book, outcome, outcome_field.DUES_END)):
                if due > first:
                    share, tried = of_due(book, due, due_field.SHARE), of_due(book, due, due_field.OMISSION)
                part = charge(
                    book, frames, case, at, due, share, _NO_FEE, base, inherited, unit, mode, quantities, sources, stack
                )
                if part >= 0:
                    if tried != omission.TRIED:
                        additional += part
                        charged_for |= tried
                    continue
                if part == FAILED or not tried:
                    return FAILED
                unknowns |= _bit_of_refused(part)
                if tried != omission.TRIED:
                    lacking |= tried
            # Rules of one kind are left out together, or it takes the scalar path to say which are.
            if lacking & charged_for:
                return FAILED
            own = of_outcome(book, outcome, outcome_field.SETS + lacking // 2)
        found[duty_result.NARROW_SET + which] = own
    (
        found[duty_result.DUTY],
        found[duty_result.ADDITIONAL_DUTY],
        found[duty_result.UNKNOWNS],
        found[duty_result.KNOWN],
    ) = duty, additional, unknowns, known
    found[duty_result.CHARGED], found[duty_result.NOTHING] = charged, nothing
    found[duty_result.SET] = of_outcome(book, dutied, outcome_field.SETS) if charged else 0
    return 0


@jit_no_refcount()
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
    lower = list_under(book, of_case(case, at, state.LOW), of_case(case, at, state.HIGH), claim)
    if lower != FAILED:
        dutied = find_outcome(book, frames, case, at, row_of_list(book, lower), claim)
        known = of_outcome(book, dutied, outcome_field.FLAGS)
        if not known & outcome_flag.CLAIMED:
            dutied = FAILED
    if dutied == FAILED:
        dutied = find_outcome(book, frames, case, at, of_case(case, at, state.DUTY_ROW), claim)
        if dutied == FAILED:
            return FAILED
    narrowed, broadened = NO_OUTCOME, NO_OUTCOME
    if of_case(case, at, state.NARROW) != EMPTY_LIST:
        narrowed = find_outcome(book, frames, case, at, row_of_list(book, of_case(case, at, state.NARROW)), claim)
    if of_case(case, at, state.BROAD) != EMPTY_LIST:
        broadened = find_outcome(book, frames, case, at, row_of_list(book, of_case(case, at, state.BROAD)), claim)
    failed = duties_of(book, frames, case, at, dutied, narrowed, broadened, quantities, sources, stack, found)
    found[duty_result.KNOWN] |= known
    return failed


@jit_no_refcount()
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
    origin = of_case(case, at, state.ORIGIN)
    for place in range(of_case(case, at, state.LOW), of_case(case, at, state.HIGH)):
        claim = get(book, segment.DIRECTORY_CLAIM, place)
        if may_claim(book, origin, claim):
            lower = get(book, segment.DIRECTORY_LIST, place)
            outcome = find_outcome(book, frames, case, at, row_of_list(book, lower), claim)
            if of_outcome(book, outcome, outcome_field.FLAGS) & outcome_flag.CLAIMED:
                found = saves(book, frames, case, at, claim, quantities, sources, stack, paid, complete, then)
                if found:
                    return found
    for which in range(2):
        outcome = of_case(case, at, state.BROADENED if which else state.NARROWED)
        for place in range(
            of_outcome(book, outcome, outcome_field.OFFERS), of_outcome(book, outcome, outcome_field.OFFERS_END)
        ):
            claim = get(book, segment.OFFER_CLAIM, place)
            found = saves(book, frames, case, at, claim, quantities, sources, stack, paid, complete, then)
            if found:
                return found
    return 0


@jit_no_refcount()
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
    return (
        1
        if not complete
        or then[duty_result.UNKNOWNS] & ~COSTLESS
        or paid > then[duty_result.DUTY] + then[duty_result.ADDITIONAL_DUTY]
        else 0
    )
