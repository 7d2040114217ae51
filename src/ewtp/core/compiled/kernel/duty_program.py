"""The interpreter of duty bytecode: a stack machine over integers, run for a line; see ``opcode`` for its units.

Every computed figure is 0 or more. A negative figure is FAILED, for the scalar path, or a value of
``result_of_refusal``, for a refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format import due_field, instruction_field, opcode
from ewtp.core.compiled.format.kernel_arrays import NO_RATE, NOT_GIVEN, QUANTITY_DECIMALS
from ewtp.core.compiled.format.unknown_bits import result_of_refusal
from ewtp.core.compiled.kernel import segment, state
from ewtp.core.compiled.kernel.exchange_rate import FROM_BOOK, find_rate
from ewtp.core.compiled.kernel.packed_book import get_due, get_large
from ewtp.core.compiled.kernel.quantity import find_quantity
from ewtp.core.compiled.kernel.state import get_state, set_state
from ewtp.core.compiled.machine.epoch_days import day_of_year
from ewtp.core.compiled.machine.fixed_point import FAILED, FINE, LARGEST, POWERS, times_rate
from ewtp.core.compiled.machine.jit import jit_inline, jit_no_refcount

if TYPE_CHECKING:
    from ewtp.core.compiled.kernel.state import States
    from ewtp.core.compiled.kernel.work import Work

# Converted amounts and products of quantities are rounded down to hundred-millionths. Closer than this to one another,
# or to where rounding changes its direction, they do not decide; a larger factor would make them less exact.
NEAR = 4096
_LARGEST_FACTOR = 1000
_MOST_SECOND = 10**10
_ALL_DEGREES = 100 * 10**QUANTITY_DECIMALS
# From the units of a rate by degree times those of a quantity to hundred-millionths of a minor unit.
_DEGREE_SCALE = 10 ** (opcode.DEGREE_RATE_DECIMALS + QUANTITY_DECIMALS) // FINE
_REFUSED_RATE = result_of_refusal("exchange_rate_missing")
_REFUSED_ALTERNATIVE = result_of_refusal("alternative_undetermined")
_REFUSED_INHERITED = result_of_refusal("inherited_duty_missing")
_REFUSED_QUANTITY = result_of_refusal("quantity_missing")


@jit_no_refcount()
def run_program(work: Work, at: int, due: int, base: int, inherited: int) -> int:
    """The amount of a charge in hundred-millionths of a minor unit, or a negative figure.

    ``base`` counts hundredths of a minor unit, ``inherited`` minor units, FAILED where there is no duty to inherit.
    A fact that the trader left out sets the number of the refusal in the state.
    """
    book, states, stack = work.book, work.states, work.stack
    depth = 0
    place, end = get_due(book, due, due_field.PROGRAM), get_due(book, due, due_field.PROGRAM_END)
    while place < end:
        fields = book.at[segment.INSTRUCTION_FIELDS] + place * instruction_field.WIDTH
        operation = book.small[fields + instruction_field.OPERATION]
        figure = get_large(book, segment.INSTRUCTION_FIGURE, place)
        place += 1
        if operation == opcode.WHEN:
            if not _is_in_season(states, at, figure):
                place += book.small[fields + instruction_field.SKIPPED]
        elif operation == opcode.REFUSE:
            set_state(states, at, state.REFUSAL, book.small[fields + instruction_field.REFUSAL])
            return figure
        elif operation == opcode.DIVIDE:
            stack[depth - 1] = _divide(states, at, stack[depth - 1], figure)
        elif operation in (opcode.ADD, opcode.LARGER, opcode.SMALLER, opcode.LESS, opcode.EQUAL):
            depth -= 1
            combined = _combine(states, at, operation, stack[depth - 1], stack[depth])
            if combined < 0:
                return combined
            stack[depth - 1] = combined
        else:
            if operation == opcode.SHARE:
                amount = _multiply(base, figure)
            elif operation == opcode.NOTHING:
                amount = 0
            elif operation == opcode.INHERITED:
                amount = _REFUSED_INHERITED if inherited == FAILED else _multiply(inherited, FINE)
            else:
                amount = _count(work, at, operation, fields, place - 1)
                if operation != opcode.PER_UNIT:
                    # The second quantity is in an instruction of its own.
                    place += 1
            if amount < 0:
                return amount
            stack[depth] = amount
            depth += 1
    return stack[0]


@jit_inline()
def _multiply(one: int, other: int) -> int:
    return FAILED if np.float64(one) * np.float64(other) > LARGEST else one * other


@jit_inline()
def _is_in_season(states: States, at: int, figure: int) -> bool:
    """Whether the line's day is in the part of the year that a condition names."""
    today = day_of_year(get_state(states, at, state.DAY))
    return figure // opcode.SPAN_OF_YEAR <= today <= figure % opcode.SPAN_OF_YEAR


@jit_inline()
def _divide(states: States, at: int, amount: int, figure: int) -> int:
    whole = amount // figure
    if whole * figure != amount:
        set_state(states, at, state.INEXACT, 1)
    return whole


@jit_inline()
def _combine(states: States, at: int, operation: int, first: int, second: int) -> int:
    """The result of an operation on two figures."""
    combined = first
    if operation == opcode.ADD:
        combined = first + second
    elif operation == opcode.LARGER:
        combined = max(first, second)
    elif operation == opcode.SMALLER:
        combined = min(first, second)
    elif operation == opcode.LESS:
        combined = max(first - second, 0)
    elif first != second:
        near = get_state(states, at, state.INEXACT) and abs(first - second) <= NEAR
        return FAILED if near else _REFUSED_ALTERNATIVE
    return FAILED if np.float64(combined) > LARGEST else combined


@jit_inline()
def _count(work: Work, at: int, operation: int, fields: int, place: int) -> int:
    """The amount that instruction ``place`` charges for quantities in the answer's currency; ``fields`` are its own."""
    book, states = work.book, work.states
    figure = get_large(book, segment.INSTRUCTION_FIGURE, place)
    quantity, second = _find_quantities(work, at, operation, fields)
    if quantity == NOT_GIVEN:
        return _REFUSED_QUANTITY
    if quantity < 0 or second < 0 or second > _MOST_SECOND:
        return FAILED
    if operation == opcode.POLARISED:
        below = max(_ALL_DEGREES - second, 0)
        rate = max(figure - below * get_large(book, segment.INSTRUCTION_FIGURE, place + 1), 0)
        amount = times_rate(quantity, rate, _DEGREE_SCALE)
        set_state(states, at, state.INEXACT, 1)
    else:
        amount = _multiply(quantity, figure)
        if operation == opcode.PER_PRODUCT and amount != FAILED:
            amount = times_rate(amount, second, POWERS[QUANTITY_DECIMALS])
            set_state(states, at, state.INEXACT, 1)
    if amount <= 0:
        return amount
    return _convert(work, at, amount, book.small[fields + instruction_field.CURRENCY])


@jit_inline()
def _find_quantities(work: Work, at: int, operation: int, fields: int) -> tuple[int, int]:
    """The quantity of an operation and the one that multiplies it; NOT_GIVEN where the trader has left one out."""
    small, quantities = work.book.small, work.quantities
    line = get_state(work.states, at, state.LINE)
    quantity = find_quantity(quantities, line, small[fields + instruction_field.QUANTITY])
    missing = fields if quantity == NOT_GIVEN else 0
    second = 0
    if operation != opcode.PER_UNIT:
        following = fields + instruction_field.WIDTH
        second = find_quantity(quantities, line, small[following + instruction_field.QUANTITY])
        if quantity != NOT_GIVEN and second == NOT_GIVEN:
            missing = following
        pure = small[following + instruction_field.CURRENCY]
        if missing and pure >= 0:
            # Of alcohol either both quantities are known, or the one that they make together.
            quantity, second = find_quantity(quantities, line, pure), POWERS[QUANTITY_DECIMALS]
            missing = missing if quantity == NOT_GIVEN else 0
    if missing:
        set_state(work.states, at, state.REFUSAL, small[missing + instruction_field.REFUSAL])
        return NOT_GIVEN, NOT_GIVEN
    return quantity, second


@jit_inline()
def _convert(work: Work, at: int, amount: int, currency: int) -> int:
    """An amount in a currency of the book as one in the answer's."""
    states = work.states
    if currency == get_state(states, at, state.CURRENCY):
        return amount
    mantissa, scale = find_rate(work.frames, states, at, currency, FROM_BOOK)
    if mantissa == NO_RATE:
        return _REFUSED_RATE
    if mantissa < NO_RATE or (get_state(states, at, state.INEXACT) and mantissa > _LARGEST_FACTOR * scale):
        return FAILED
    set_state(states, at, state.INEXACT, 1)
    return times_rate(amount, mantissa, scale)
