"""The duties of one line: under a claim or none, and whether a claim would lower them."""

from __future__ import annotations

from typing import Any

from ewtp.core.compiled.arithmetic import FAILED, counted, inlined
from ewtp.core.compiled.charging import (
    DIRECTORY_CLAIM,
    DIRECTORY_LIST,
    DIRECTORY_START,
    K_CUSTOMS,
    K_LISTS,
    K_MODE,
    K_REFUSAL,
    K_UNIT,
    OFFER_CLAIM,
    charge,
    get,
    of_due,
    of_outcome,
    unknowns_of,
)
from ewtp.core.compiled.finding import find_outcome
from ewtp.core.compiled.layout import (
    NO_CLAIM,
)
from ewtp.core.compiled.lists import Facet
from ewtp.core.compiled.outcomes import (
    CLAIMED,
    NOTHING_MATCHED,
    SCALAR,
    TRIED,
)
from ewtp.core.compiled.tables import (
    D_TRIED,
    EMPTY_LIST,
    O_DUES,
    O_DUES_END,
    O_FLAGS,
    O_OFFERS,
    O_OFFERS_END,
    O_SETS,
)
from ewtp.core.compiled.unknowns import COSTLESS, bit_of_refused

_bit_of_refused = inlined()(bit_of_refused)
# What the duties of a line come to: amounts, what is open, whether a duty was charged and whether there was none,
# what is known of the claim; the list and the set of rules behind the duty, then those behind each list of
# additional duties with its outcome; and what the trader is to be told of the duty, if anything.
(
    R_DUTY,
    R_ADDITIONAL,
    R_UNKNOWNS,
    R_CHARGED,
    R_NOTHING,
    R_KNOWN,
    R_LIST,
    R_SET,
    R_NARROW,
    R_NARROW_SET,
    R_NARROW_OUTCOME,
    R_WIDE,
    R_WIDE_SET,
    R_WIDE_OUTCOME,
    R_REFUSAL,
) = range(15)
DUTY_FIGURES = R_REFUSAL + 1
_DUTY, _NARROW, _BROAD, _LEVIES, _PAPERS, _LOWER = (K_LISTS + int(facet) for facet in Facet)


@counted()
def duties(book: Any, case: Any, claim: int, quantities: Any, sources: Any, stack: Any, found: Any) -> int:
    """The duty and the additional duties of a case under a claim; FAILED where the scalar path has to say.

    Fills in ``found``, a row of figures that the constants above name.
    """
    unit, mode = case[K_UNIT], case[K_MODE]
    base = case[K_CUSTOMS] * 100
    listed = case[_DUTY]
    known = 0
    outcome = FAILED
    if claim != NO_CLAIM and case[_LOWER]:
        lower = list_under(book, case[_LOWER], claim)
        if lower != FAILED:
            outcome = find_outcome(book, case, lower, claim)
            known |= of_outcome(book, outcome, O_FLAGS)
            if of_outcome(book, outcome, O_FLAGS) & CLAIMED:
                listed = lower
            else:
                outcome = FAILED
    if outcome == FAILED:
        outcome = find_outcome(book, case, listed, claim)
        if outcome == FAILED:
            return FAILED
    flags = of_outcome(book, outcome, O_FLAGS)
    known |= flags
    if flags & SCALAR:
        return FAILED
    unknowns = unknowns_of(book, outcome, 0)
    found[R_REFUSAL] = 0
    duty = 0
    inherited = FAILED
    first = of_outcome(book, outcome, O_DUES)
    charged = first < of_outcome(book, outcome, O_DUES_END)
    if charged:
        duty = charge(book, case, first, base, FAILED, unit, mode, quantities, sources, stack)
        if duty == FAILED:
            return FAILED
        if duty < 0:
            unknowns |= _bit_of_refused(duty)
            found[R_REFUSAL] = case[K_REFUSAL]
            charged = False
        inherited = duty if charged else FAILED
        duty = duty if charged else 0
    found[R_CHARGED], found[R_NOTHING] = charged, flags & NOTHING_MATCHED
    found[R_LIST], found[R_SET] = listed, of_outcome(book, outcome, O_SETS) if charged else 0
    additional = 0
    for which in range(2):
        listed = case[_NARROW + which]
        at = R_NARROW + 3 * which
        found[at], found[at + 1], found[at + 2] = listed, 0, 0
        if listed != EMPTY_LIST:
            outcome = find_outcome(book, case, listed, claim)
            if outcome == FAILED or of_outcome(book, outcome, O_FLAGS) & SCALAR:
                return FAILED
            known |= of_outcome(book, outcome, O_FLAGS)
            unknowns |= unknowns_of(book, outcome, 0)
            lacking, charged_for = 0, 0
            for due in range(of_outcome(book, outcome, O_DUES), of_outcome(book, outcome, O_DUES_END)):
                part = charge(book, case, due, base, inherited, unit, mode, quantities, sources, stack)
                tried = of_due(book, due, D_TRIED)
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
            found[at + 1], found[at + 2] = of_outcome(book, outcome, O_SETS + lacking // 2), outcome
    found[R_DUTY], found[R_ADDITIONAL], found[R_UNKNOWNS], found[R_KNOWN] = duty, additional, unknowns, known
    return 0


@inlined()
def list_under(book: Any, directory: int, claim: int) -> int:
    """The list of lower duties that a claim may bring in, FAILED where there is none."""
    low, high = get(book, DIRECTORY_START, directory), get(book, DIRECTORY_START, directory + 1)
    for place in range(low, high):
        if get(book, DIRECTORY_CLAIM, place) == claim:
            return get(book, DIRECTORY_LIST, place)
    return FAILED


@counted()
def has_option(
    book: Any,
    case: Any,
    quantities: Any,
    sources: Any,
    stack: Any,
    now: Any,
    then: Any,
    complete: bool,
) -> int:
    """Whether some claim would lower the duties of a case: 1, 0, or FAILED where the scalar path has to say.

    A claim whose saving cannot be told counts as one that does.
    """
    paid = now[R_DUTY] + now[R_ADDITIONAL]
    lower = case[_LOWER]
    low, high = get(book, DIRECTORY_START, lower), get(book, DIRECTORY_START, lower + 1)
    for place in range(low, high):
        claim = get(book, DIRECTORY_CLAIM, place)
        outcome = find_outcome(book, case, get(book, DIRECTORY_LIST, place), claim)
        if of_outcome(book, outcome, O_FLAGS) & CLAIMED:
            if duties(book, case, claim, quantities, sources, stack, then) == FAILED:
                return FAILED
            if not complete or then[R_UNKNOWNS] & ~COSTLESS or paid > then[R_DUTY] + then[R_ADDITIONAL]:
                return 1
    for which in range(2):
        outcome = now[R_NARROW_OUTCOME + 3 * which]
        for place in range(of_outcome(book, outcome, O_OFFERS), of_outcome(book, outcome, O_OFFERS_END)):
            claim = get(book, OFFER_CLAIM, place)
            if duties(book, case, claim, quantities, sources, stack, then) == FAILED:
                return FAILED
            if not complete or then[R_UNKNOWNS] & ~COSTLESS or paid > then[R_DUTY] + then[R_ADDITIONAL]:
                return 1
    return 0
