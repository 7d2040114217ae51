"""Whether a claim that a line does not make would lower its duties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.compiled.format import outcome_field, outcome_flag
from ewtp.core.compiled.format.unknown_bits import COSTLESS
from ewtp.core.compiled.kernel import segment, state
from ewtp.core.compiled.kernel.duties import compute_duties_under
from ewtp.core.compiled.kernel.lookup import find_outcome
from ewtp.core.compiled.kernel.packed_book import claim_lowers_duty, find_list_row, get_outcome, get_small
from ewtp.core.compiled.kernel.state import get_state
from ewtp.core.compiled.machine.fixed_point import FAILED
from ewtp.core.compiled.machine.jit import jit_inline, jit_no_refcount

if TYPE_CHECKING:
    from ewtp.core.compiled.kernel.work import Work

DUTIES_OPEN, NO_DUTY_HELD, DUTIES_KNOWN = range(3)


@jit_no_refcount()
def has_saving(work: Work, at: int, paid: int, certainty: int) -> int:
    """Whether some claim would lower the duties ``paid``: 1, 0, or FAILED for the scalar path.

    ``certainty`` is DUTIES_OPEN where something unknown leaves these open, NO_DUTY_HELD where that is only the duty on
    the goods, which is not held, and otherwise DUTIES_KNOWN. A claim with an unknown saving counts as lowering them.
    """
    book, states = work.book, work.states
    origin = get_state(states, at, state.ORIGIN)
    for place in range(get_state(states, at, state.DIRECTORY), get_state(states, at, state.DIRECTORY_END)):
        claim = get_small(book, segment.DIRECTORY_CLAIM, place)
        if claim_lowers_duty(book, origin, claim) and brings_lower_duty(work, at, place, claim) == 1:
            found = _saves(work, at, claim, paid, certainty == DUTIES_KNOWN)
            if found:
                return found
    for half in range(2):
        outcome = get_state(states, at, state.BROAD_OUTCOME if half else state.NARROW_OUTCOME)
        first = get_outcome(book, outcome, outcome_field.OFFERS)
        for place in range(first, get_outcome(book, outcome, outcome_field.OFFERS_END)):
            found = _saves(work, at, get_small(book, segment.OFFER_CLAIM, place), paid, certainty != DUTIES_OPEN)
            if found:
                return found
    return 0


@jit_inline()
def brings_lower_duty(work: Work, at: int, place: int, claim: int) -> int:
    """Whether the claim at a place of the directory brings a lower duty in: 1, 0, or FAILED."""
    book = work.book
    listed = get_small(book, segment.DIRECTORY_LIST, place)
    outcome = find_outcome(work, at, find_list_row(book, listed), claim)
    if outcome == FAILED:
        return FAILED
    return 1 if get_outcome(book, outcome, outcome_field.FLAGS) & outcome_flag.CLAIMED else 0


@jit_no_refcount()
def reaches_lower_duty(work: Work, at: int) -> bool:
    """Whether a rule on lower duties reaches the line, on whatever condition; so too where that is too close to say."""
    book = work.book
    for place in range(get_state(work.states, at, state.DIRECTORY), get_state(work.states, at, state.DIRECTORY_END)):
        listed = get_small(book, segment.DIRECTORY_LIST, place)
        outcome = find_outcome(work, at, find_list_row(book, listed), get_small(book, segment.DIRECTORY_CLAIM, place))
        if outcome == FAILED or not get_outcome(book, outcome, outcome_field.FLAGS) & outcome_flag.NOTHING_MATCHED:
            return True
    return False


@jit_no_refcount()
def _saves(work: Work, at: int, claim: int, paid: int, complete: bool) -> int:
    """Whether a claim lowers the duties: 1, 0 or FAILED."""
    under = compute_duties_under(work, at, claim)
    if not under.settled:
        return FAILED
    return 1 if not complete or under.unknowns & ~COSTLESS or paid > under.duty + under.additional else 0
