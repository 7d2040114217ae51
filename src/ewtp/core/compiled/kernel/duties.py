"""The duties of one line, under its own claim or another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.compiled.format import omission, outcome_field, outcome_flag
from ewtp.core.compiled.format.tables import EMPTY_LIST, NO_OUTCOME
from ewtp.core.compiled.format.unknown_bits import bit_of_refused
from ewtp.core.compiled.kernel import state
from ewtp.core.compiled.kernel.charge import FixedPointRounding, compute_charge, find_due
from ewtp.core.compiled.kernel.lookup import find_list_under, find_outcome
from ewtp.core.compiled.kernel.packed_book import find_list_row, get_outcome
from ewtp.core.compiled.kernel.state import get_state
from ewtp.core.compiled.machine.fixed_point import FAILED
from ewtp.core.compiled.machine.jit import jit_inline, jit_no_refcount

if TYPE_CHECKING:
    from ewtp.core.compiled.kernel.work import Work

_bit_of_refused = jit_inline()(bit_of_refused)


class DutyOutcomes(NamedTuple):
    """The outcomes of a line's list of duties and of its two lists of additional duties."""

    duty: int
    narrow: int
    broad: int


class Duties(NamedTuple):
    """The duties of a line in minor units, or ``settled`` as 0 where the scalar path has to compute them.

    ``unknowns`` and ``flags`` are bits. ``charged`` is 1 where there is a duty, ``nothing`` is not 0 where no rule on
    duties matches. Each set has the rules behind the charges of one list, 0 for none. ``refusal``
    is the number of the trader's refusal, 0 for none.
    """

    settled: int
    duty: int
    additional: int
    unknowns: int
    flags: int
    charged: int
    nothing: int
    duty_set: int
    narrow_set: int
    broad_set: int
    refusal: int


class _Additional(NamedTuple):
    """The additional duties of a list: ``amount`` is FAILED where the scalar path has to compute them."""

    amount: int
    unknowns: int
    flags: int
    set: int


_NO_FEE = False
_UNSETTLED = Duties(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
_NO_ADDITIONAL = _Additional(0, 0, 0, 0)
_UNSETTLED_ADDITIONAL = _Additional(FAILED, 0, 0, 0)


@jit_inline()
def compute_duties(work: Work, at: int, outcomes: DutyOutcomes) -> Duties:
    """The duty and the additional duties of three outcomes."""
    book, states, outcome = work.book, work.states, outcomes.duty
    flags = get_outcome(book, outcome, outcome_field.FLAGS)
    if flags & outcome_flag.SCALAR:
        return _UNSETTLED
    nothing = flags & outcome_flag.NOTHING_MATCHED
    unknowns = get_outcome(book, outcome, outcome_field.UNKNOWNS)
    base = get_state(states, at, state.CUSTOMS) * 100
    rounding = FixedPointRounding(get_state(states, at, state.UNIT), get_state(states, at, state.MODE))
    first = get_outcome(book, outcome, outcome_field.DUES)
    duty, charged, refusal = 0, 0, 0
    if first < get_outcome(book, outcome, outcome_field.DUES_END):
        duty = compute_charge(work, at, find_due(book, outcome, first), base, np.int64(FAILED), rounding, _NO_FEE)
        if duty == FAILED:
            return _UNSETTLED
        charged = 1
        if duty < 0:
            unknowns |= _bit_of_refused(duty)
            refusal = get_state(states, at, state.REFUSAL)
            duty, charged = 0, 0
    inherited = duty if charged else FAILED
    additional, narrow_set, broad_set = 0, 0, 0
    # A loop, because the machine code of an inlined step is generated at each call.
    for half in range(2):
        listed = outcomes.broad if half else outcomes.narrow
        part = _compute_additional(work, at, listed, base, inherited, rounding)
        if part.amount == FAILED:
            return _UNSETTLED
        additional += part.amount
        unknowns |= part.unknowns
        flags |= part.flags
        narrow_set, broad_set = (narrow_set, part.set) if half else (part.set, broad_set)
    return Duties(
        1,
        duty,
        additional,
        unknowns,
        flags,
        charged,
        nothing,
        get_outcome(book, outcome, outcome_field.SETS) if charged else 0,
        narrow_set,
        broad_set,
        refusal,
    )


@jit_inline()
def _compute_additional(
    work: Work, at: int, outcome: int, base: int, inherited: int, rounding: FixedPointRounding
) -> _Additional:
    """The additional duties of one of the two lists; ``inherited`` is the duty, FAILED where there is none."""
    if outcome == NO_OUTCOME:
        return _NO_ADDITIONAL
    if outcome == FAILED:
        return _UNSETTLED_ADDITIONAL
    book = work.book
    flags = get_outcome(book, outcome, outcome_field.FLAGS)
    if flags & outcome_flag.SCALAR:
        return _UNSETTLED_ADDITIONAL
    unknowns = get_outcome(book, outcome, outcome_field.UNKNOWNS)
    amount, lacking, charged = 0, 0, 0
    first, end = get_outcome(book, outcome, outcome_field.DUES), get_outcome(book, outcome, outcome_field.DUES_END)
    for number in range(first, end):
        due = find_due(book, outcome, number)
        part = compute_charge(work, at, due, base, inherited, rounding, _NO_FEE)
        if part >= 0:
            if due.omission != omission.TRIED:
                amount += part
                charged |= due.omission
            continue
        if part == FAILED or not due.omission:
            return _UNSETTLED_ADDITIONAL
        unknowns |= _bit_of_refused(part)
        if due.omission != omission.TRIED:
            lacking |= due.omission
    # Rules of one kind are left out together; where only some of them would be, the scalar path decides.
    if lacking & charged:
        return _UNSETTLED_ADDITIONAL
    own = get_outcome(book, outcome, outcome_field.SETS + lacking // omission.INHERITS)
    return _Additional(amount, unknowns, flags, own)


@jit_no_refcount()
def compute_duties_under(work: Work, at: int, claim: int) -> Duties:
    """The duties of a line, which states no claim, under a claim."""
    book, states = work.book, work.states
    duty = FAILED
    lower = find_list_under(
        book, get_state(states, at, state.DIRECTORY), get_state(states, at, state.DIRECTORY_END), claim
    )
    if lower != FAILED:
        duty = find_outcome(work, at, find_list_row(book, lower), claim)
        if not get_outcome(book, duty, outcome_field.FLAGS) & outcome_flag.CLAIMED:
            duty = FAILED
    if duty == FAILED:
        duty = find_outcome(work, at, get_state(states, at, state.DUTY_ROW), claim)
        if duty == FAILED:
            return _UNSETTLED
    narrow = _find_additional(work, at, get_state(states, at, state.NARROW_LIST), claim)
    broad = _find_additional(work, at, get_state(states, at, state.BROAD_LIST), claim)
    return compute_duties(work, at, DutyOutcomes(duty, narrow, broad))


@jit_inline()
def _find_additional(work: Work, at: int, listed: int, claim: int) -> int:
    """The outcome of a list of additional duties under a claim."""
    if listed == EMPTY_LIST:
        return NO_OUTCOME
    return find_outcome(work, at, find_list_row(work.book, listed), claim)
