"""The excises, fees and taxes of one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.compiled.format import (
    charge_base,
    charge_kind,
    due_field,
    entry_exemption,
    frame_field,
    omission,
    outcome_field,
    outcome_flag,
    tax_term,
)
from ewtp.core.compiled.format.kernel_arrays import NO_RATE
from ewtp.core.compiled.format.unknown_bits import unknown_bit
from ewtp.core.compiled.kernel import state
from ewtp.core.compiled.kernel.charge import FixedPointRounding, compute_charge, find_due, take_share
from ewtp.core.compiled.kernel.exchange_rate import FROM_BOOK, find_rate
from ewtp.core.compiled.kernel.packed_book import get_due, get_outcome
from ewtp.core.compiled.kernel.state import get_state
from ewtp.core.compiled.machine.fixed_point import FAILED, FINE, HALF_UP, LARGEST_VALUE, convert_amount, round_units
from ewtp.core.compiled.machine.jit import jit_inline

if TYPE_CHECKING:
    from ewtp.core.compiled.kernel.work import Work

_LARGEST_SUM = 100 * LARGEST_VALUE
_REDUCED = unknown_bit("reduced_rate_possible")


class Levies(NamedTuple):
    """The levies of a line in minor units, or ``settled`` as 0 for the scalar path.

    ``added`` is the sum of the fees that may be owed too, ``spared`` how much lower the taxes are at their lowest
    rates. ``on_duty_paid`` is 1 where the base of a tax includes the duties.
    """

    settled: int
    excise: int | np.int64
    fees: int | np.int64
    taxes: int | np.int64
    added: int | np.int64
    spared: int | np.int64
    on_duty_paid: int


_UNSETTLED = Levies(0, 0, 0, 0, 0, 0, 0)


@jit_inline()
def compute_levies(work: Work, at: int, duty: int, additional: int, not_owed: int) -> Levies:
    """The levies of the line's outcome, given its duties and the bits of the charges that are ``not_owed``."""
    book, states = work.book, work.states
    fields, frame = work.frames.fields, get_state(states, at, state.FRAME)
    outcome, customs = get_state(states, at, state.LEVY_OUTCOME), get_state(states, at, state.CUSTOMS)
    on_customs = FixedPointRounding(get_state(states, at, state.UNIT), get_state(states, at, state.MODE))
    excise: int | np.int64 = np.int64(0)
    fees: int | np.int64 = np.int64(0)
    taxes: int | np.int64 = np.int64(0)
    added: int | np.int64 = np.int64(0)
    spared: int | np.int64 = np.int64(0)
    on_duty_paid = 0
    reduced = get_outcome(book, outcome, outcome_field.TAX_UNKNOWNS) & _REDUCED
    first, end = get_outcome(book, outcome, outcome_field.DUES), get_outcome(book, outcome, outcome_field.DUES_END)
    for number in range(first, end):
        due = find_due(book, outcome, number)
        if due.kind == charge_kind.DUTY:
            # An amount in the place of the duty, which is among the duties already.
            continue
        taxed = due.kind == charge_kind.TAX or due.kind == charge_kind.EXCISE
        if not_owed & (entry_exemption.TAX if taxed else entry_exemption.FEE):
            continue
        base = customs * 100
        if due.base == charge_base.DUTY_PAID:
            if due.kind == charge_kind.EXCISE:
                base = (customs + duty + additional) * 100
            else:
                on_duty_paid = 1
                base = _compute_tax_base(work, at, duty, additional, excise, fees)
        rounding = on_customs
        if taxed:
            rounding = FixedPointRounding(fields[frame, frame_field.TAX_UNIT], fields[frame, frame_field.TAX_MODE])
        part = compute_charge(work, at, due, base, np.int64(FAILED), rounding, due.kind == charge_kind.FEE)
        if part < 0 or max(duty, additional, excise, fees, added) > _LARGEST_SUM:
            return _UNSETTLED
        if due.kind == charge_kind.EXCISE:
            excise += part
        elif due.omission & omission.POSSIBLE:
            added += part
        elif due.kind == charge_kind.FEE:
            fees += part
        else:
            taxes += part
            if reduced:
                share = get_due(book, number, due_field.LEAST)
                if share >= 0:
                    least = take_share(base, share, rounding)
                    if least == FAILED:
                        return _UNSETTLED
                    spared += part - least
    return Levies(1, excise, fees, taxes, added, spared, on_duty_paid)


@jit_inline()
def find_flat_duty(work: Work, at: int) -> int | np.int64:
    """The amount in minor units that a relief of the line puts in the place of the duties, 0 for none; or FAILED."""
    book, states = work.book, work.states
    outcome = get_state(states, at, state.LEVY_OUTCOME)
    if not get_outcome(book, outcome, outcome_field.FLAGS) & outcome_flag.FLAT:
        return np.int64(0)
    first = get_outcome(book, outcome, outcome_field.DUES)
    currency, amount = get_due(book, first, due_field.CURRENCY), get_due(book, first, due_field.MOST)
    if currency == get_state(states, at, state.CURRENCY):
        return round_units(amount, FINE, HALF_UP)
    mantissa, scale = find_rate(work.frames, states, at, currency, FROM_BOOK)
    if mantissa <= NO_RATE or amount % FINE:
        return FAILED
    return convert_amount(amount // FINE, mantissa, scale)


@jit_inline()
def _compute_tax_base(work: Work, at: int, duty: int, additional: int, excise: int, fees: int) -> int:
    """The base of a tax that includes the duties, in hundredths of a minor unit."""
    states, frame = work.states, get_state(work.states, at, state.FRAME)
    factors = work.frames.tax_base
    base = (
        get_state(states, at, state.CUSTOMS) * factors[frame, tax_term.VALUE]
        + duty * factors[frame, tax_term.DUTY]
        + additional * factors[frame, tax_term.ADDITIONAL_DUTY]
        + excise * factors[frame, tax_term.EXCISE]
        + fees * factors[frame, tax_term.FEE]
    )
    if not work.frames.fields[frame, frame_field.CIF]:
        carriage = get_state(states, at, state.FREIGHT) + get_state(states, at, state.INSURANCE)
        base += carriage * factors[frame, tax_term.CARRIAGE]
    return base
