"""A charge of a line: its program run, bounded where it is a fee, and rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ewtp.core.compiled.format import due_field, outcome_field
from ewtp.core.compiled.kernel import state
from ewtp.core.compiled.kernel.duty_program import NEAR, run_program
from ewtp.core.compiled.kernel.packed_book import get_due, get_outcome
from ewtp.core.compiled.kernel.state import get_state, set_state
from ewtp.core.compiled.machine.fixed_point import DOWN, FAILED, FINE, HALF_UP, LARGEST, POWERS, round_units
from ewtp.core.compiled.machine.jit import jit_inline

if TYPE_CHECKING:
    from ewtp.core.compiled.kernel.packed_book import PackedBook
    from ewtp.core.compiled.kernel.work import Work


class Due(NamedTuple):
    """A charge that is due: its number, and its fields as in ``due_field``.

    ``share`` is -1 for a charge with a program.
    """

    number: int
    share: int
    kind: int
    base: int
    omission: int


class FixedPointRounding(NamedTuple):
    """A rounding in fixed point: the unit in hundred-millionths of a minor unit, and the mode."""

    unit: int
    mode: int


@jit_inline()
def find_due(book: PackedBook, outcome: int, number: int) -> Due:
    """A charge of an outcome; the fields of the first one are in the outcome's own record."""
    if number == get_outcome(book, outcome, outcome_field.DUES):
        return Due(
            number,
            get_outcome(book, outcome, outcome_field.SHARE),
            get_outcome(book, outcome, outcome_field.KIND),
            get_outcome(book, outcome, outcome_field.BASE),
            get_outcome(book, outcome, outcome_field.OMISSION),
        )
    return Due(
        number,
        get_due(book, number, due_field.SHARE),
        get_due(book, number, due_field.KIND),
        get_due(book, number, due_field.BASE),
        get_due(book, number, due_field.OMISSION),
    )


@jit_inline()
def compute_charge(
    work: Work, at: int, due: Due, base: int, inherited: int, rounding: FixedPointRounding, fee: bool
) -> int:
    """One charge in minor units; FAILED for the scalar path, or the reason of a refusal as a number.

    ``base`` counts hundredths of a minor unit; ``inherited`` is the duty in minor units, FAILED where there is none;
    ``fee`` says that it is a fee.
    """
    states = work.states
    set_state(states, at, state.REFUSAL, 0)
    if due.share >= 0:
        if np.float64(base) * np.float64(due.share) > LARGEST:
            return FAILED if fee else _take_large_share(base, due.share, rounding)
        amount = base * due.share
    else:
        set_state(states, at, state.INEXACT, 0)
        amount = run_program(work, at, due.number, base, inherited)
        if amount < 0:
            return amount
        if get_state(states, at, state.INEXACT) and (fee or _is_undecided(amount, rounding)):
            return FAILED
    if fee:
        # The scalar path keeps eight decimals of a fee before it bounds and rounds it.
        step = POWERS[get_state(states, at, state.MINOR)]
        amount = round_units(amount, step, rounding.mode) * step
        amount = _bound_fee(work, at, due.number, amount)
        if amount == FAILED:
            return FAILED
    whole = round_units(amount, rounding.unit, rounding.mode)
    return whole if rounding.unit == FINE else whole * (rounding.unit // FINE)


@jit_inline()
def take_share(base: int, share: int, rounding: FixedPointRounding) -> int:
    """A share of a base that counts hundredths of a minor unit, in minor units; FAILED for the scalar path."""
    if np.float64(base) * np.float64(share) > LARGEST:
        return _take_large_share(base, share, rounding)
    return round_units(base * share, rounding.unit, rounding.mode) * (rounding.unit // FINE)


@jit_inline()
def _take_large_share(base: int, share: int, rounding: FixedPointRounding) -> int:
    """A share of a large base: one no finer than hundredths of a per cent fits without its last two digits."""
    part = share // 100
    if part * 100 != share or np.float64(base) * np.float64(part) > LARGEST:
        return FAILED
    return round_units(base * part, rounding.unit // 100, rounding.mode) * (rounding.unit // FINE)


@jit_inline()
def _is_undecided(amount: int, rounding: FixedPointRounding) -> bool:
    """Whether an amount that was rounded down is too close to where rounding changes its direction."""
    left = amount % rounding.unit
    turn = rounding.unit if rounding.mode == DOWN else rounding.unit // 2
    beyond = 0 if rounding.mode in (HALF_UP, DOWN) else 1
    return turn - NEAR <= left < turn + beyond


@jit_inline()
def _bound_fee(work: Work, at: int, number: int, amount: int) -> int:
    """A fee within its floor and cap; FAILED where these are in another currency."""
    book = work.book
    currency = get_due(book, number, due_field.CURRENCY)
    if currency < 0:
        return amount
    if currency != get_state(work.states, at, state.CURRENCY):
        return FAILED
    least, most = get_due(book, number, due_field.LEAST), get_due(book, number, due_field.MOST)
    if least >= 0 and amount < least:
        return least
    return most if most >= 0 and amount > most else amount
