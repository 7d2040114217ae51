"""What the kernel's steps read of a packed book and of a line, and what a charge amounts to.

A *case* is what the steps ask about a line: a row of figures that earlier steps fill in, named by the constants below.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ewtp.core.compiled.format import due_field, instruction_field, opcode
from ewtp.core.compiled.format.kernel_arrays import CANDIDATES, NO_RATE, NOT_GIVEN, ODD_QUANTITY, SOURCE_WIDTH
from ewtp.core.compiled.format.unknown_bits import refused_for
from ewtp.core.compiled.kernel import segment, state
from ewtp.core.compiled.kernel.packed_book import of_due, wide
from ewtp.core.compiled.machine.epoch_days import day_of_year
from ewtp.core.compiled.machine.fixed_point import DOWN, FAILED, FINE, HALF_UP, LARGEST, POWERS, rounded, times_rate
from ewtp.core.compiled.machine.jit import jit_inline, jit_no_refcount

# Converted amounts and products of quantities are rounded down to hundred-millionths; this near to a turn of the
# rounding they do not say which way it goes, and a factor larger than that would make them say less.
_NEAR = 4096
_LARGEST_FACTOR = 1000
_QUANTITY_DECIMALS = 4
_MOST_SECOND = 10**10
_ALL_DEGREES = 100 * 10**_QUANTITY_DECIMALS
# A rate by degree counts hundred-billionths of a minor unit, a quantity ten-thousandths.
_DEGREE_SCALE = 10**7
_REFUSED_RATE = refused_for("exchange_rate_missing")
_REFUSED_ALTERNATIVE = refused_for("alternative_undetermined")
_REFUSED_INHERITED = refused_for("inherited_duty_missing")
_REFUSED_QUANTITY = refused_for("quantity_missing")


@jit_inline()
def of_case(case: Any, at: int, field: int) -> Any:
    """A figure of the case that begins at a place."""
    return case[np.uint64(at + field)]


@jit_inline()
def put(case: Any, at: int, field: int, figure: int) -> None:
    """Fill in a figure of a case."""
    case[np.uint64(at + field)] = figure


@jit_inline()
def foreign_rate(frames: Any, case: Any, at: int, currency: int, way: int) -> tuple[int, int]:
    """The rate that turns the answer's currency into one of the book, or the other way; NO_RATE or less for none."""
    number = frames.foreign[of_case(case, at, state.FRAME), currency, way]
    if number < 0:
        return NO_RATE, 1
    day = of_case(case, at, state.DAY) - frames.first_day
    return frames.rates[day, number, 0], frames.rates[day, number, 1]


@jit_inline()
def quantity_of(quantities: Any, sources: Any, case: Any, at: int, key: int) -> int:
    """A quantity in ten-thousandths; NOT_GIVEN, or ODD_QUANTITY where the scalar path has to look.

    ``quantities`` and ``sources`` are as in ``Lines``.
    """
    count, line, keys = of_case(case, at, state.COUNT), of_case(case, at, state.LINE), of_case(case, at, state.KEYS)
    unit, supplementary = quantities[line], quantities[count + line]
    place = keys * SOURCE_WIDTH + 2 * (max(unit, 0) * keys + key)
    if unit >= 0 and sources[place + 1] < 0:
        return taken_by(supplementary, sources[place], -sources[place + 1])
    for candidate in range(CANDIDATES):
        column = key * SOURCE_WIDTH + 3 * candidate
        if sources[column] < 0:
            break
        amount = quantities[sources[column] * count + line]
        if amount != NOT_GIVEN:
            return taken_by(amount, sources[column + 1], sources[column + 2])
    if unit < 0 or supplementary == NOT_GIVEN or sources[place + 1] == 0:
        return NOT_GIVEN
    return taken_by(supplementary, sources[place], sources[place + 1])


@jit_inline()
def taken_by(amount: int, numerator: int, denominator: int) -> int:
    """A quantity in another unit; ODD_QUANTITY where that is not exact."""
    if numerator == 1 and denominator == 1:
        return amount
    if amount < 0 or numerator == 0 or np.float64(amount) * np.float64(numerator) > LARGEST:
        return ODD_QUANTITY
    whole = amount * numerator // denominator
    return whole if whole * denominator == amount * numerator else ODD_QUANTITY


@jit_no_refcount()
def run_program(
    book: Any,
    frames: Any,
    case: Any,
    at: int,
    due: int,
    base: int,
    inherited: int,
    quantities: Any,
    sources: Any,
    stack: Any,
) -> int:
    """What a program comes to in hundred-millionths of a minor unit; FAILED where the scalar path has to say.

    What ``refused_for`` gives where the scalar path refuses; the case then has what the trader is to be told, if
    anything.
    """
    depth = 0
    place, end = of_due(book, due, due_field.PROGRAM), of_due(book, due, due_field.PROGRAM_END)
    while place < end:
        fields = book.at[segment.INSTRUCTION_FIELDS] + place * instruction_field.WIDTH
        operation = book.small[fields]
        figure = wide(book, segment.INSTRUCTION_FIGURE, place)
        place += 1
        if operation == opcode.SHARE:
            if np.float64(base) * np.float64(figure) > LARGEST:
                return FAILED
            stack[depth] = base * figure
            depth += 1
        elif operation in (opcode.PER_UNIT, opcode.PER_PRODUCT, opcode.POLARISED):
            quantity = quantity_of(quantities, sources, case, at, book.small[fields + 1])
            missing = fields if quantity == NOT_GIVEN else 0
            second = 0
            if operation != opcode.PER_UNIT:
                place += 1
                following = fields + instruction_field.WIDTH
                second = quantity_of(quantities, sources, case, at, book.small[following + 1])
                if quantity != NOT_GIVEN and second == NOT_GIVEN:
                    missing = following
                pure = book.small[following + 2]
                if missing and pure >= 0:
                    # Of alcohol either both quantities are known, or the one that they make together.
                    quantity, second = quantity_of(quantities, sources, case, at, pure), POWERS[_QUANTITY_DECIMALS]
                    missing = missing if quantity == NOT_GIVEN else 0
            if missing:
                put(case, at, state.REFUSAL, book.small[missing + 3])
                return _REFUSED_QUANTITY
            if quantity < 0 or second < 0 or second > _MOST_SECOND:
                return FAILED
            if operation == opcode.POLARISED:
                below = max(_ALL_DEGREES - second, 0)
                less = max(figure - below * wide(book, segment.INSTRUCTION_FIGURE, place - 1), 0)
                amount = times_rate(quantity, less, _DEGREE_SCALE)
                put(case, at, state.INEXACT, 1)
            elif np.float64(quantity) * np.float64(figure) > LARGEST:
                amount = FAILED
            else:
                amount = quantity * figure
                if operation == opcode.PER_PRODUCT:
                    amount = times_rate(amount, second, POWERS[_QUANTITY_DECIMALS])
                    put(case, at, state.INEXACT, 1)
            if amount == FAILED:
                return FAILED
            currency = book.small[fields + 2]
            if currency != of_case(case, at, state.CURRENCY) and amount:
                mantissa, scale = foreign_rate(frames, case, at, currency, 1)
                if mantissa == NO_RATE:
                    return _REFUSED_RATE
                if of_case(case, at, state.INEXACT) and mantissa > _LARGEST_FACTOR * scale:
                    return FAILED
                amount = FAILED if mantissa < NO_RATE else times_rate(amount, mantissa, scale)
                if amount == FAILED:
                    return FAILED
                put(case, at, state.INEXACT, 1)
            stack[depth] = amount
            depth += 1
        elif operation == opcode.NOTHING:
            stack[depth] = 0
            depth += 1
        elif operation == opcode.INHERITED:
            if inherited == FAILED:
                return _REFUSED_INHERITED
            if np.float64(inherited) * FINE > LARGEST:
                return FAILED
            stack[depth] = inherited * FINE
            depth += 1
        elif operation == opcode.WHEN:
            today = day_of_year(of_case(case, at, state.DAY))
            if today < figure // opcode.SPAN_OF_YEAR or today > figure % opcode.SPAN_OF_YEAR:
                place += book.small[fields + 1]
        elif operation == opcode.DIVIDE:
            whole = stack[depth - 1] // figure
            if whole * figure != stack[depth - 1]:
                put(case, at, state.INEXACT, 1)
            stack[depth - 1] = whole
        elif operation == opcode.REFUSE:
            put(case, at, state.REFUSAL, book.small[fields + 3])
            return figure
        else:
            depth -= 1
            first, second = stack[depth - 1], stack[depth]
            if operation == opcode.ADD:
                first += second
            elif operation == opcode.LARGER:
                first = max(first, second)
            elif operation == opcode.SMALLER:
                first = min(first, second)
            elif operation == opcode.LESS:
                first = max(first - second, 0)
            elif operation == opcode.EQUAL and first != second:
                near = of_case(case, at, state.INEXACT) and abs(first - second) <= _NEAR
                return FAILED if near else _REFUSED_ALTERNATIVE
            if np.float64(first) > LARGEST:
                return FAILED
            stack[depth - 1] = first
    return stack[0]


@jit_inline()
def charge(
    book: Any,
    frames: Any,
    case: Any,
    at: int,
    due: int,
    share: int,
    fee: Any,
    base: int,
    inherited: int,
    unit: int,
    mode: int,
    quantities: Any,
    sources: Any,
    stack: Any,
) -> int:
    """One charge in minor units; FAILED where the scalar path has to compute it, or why the scalar path refuses it.

    ``share`` is the charge's share of the base, -1 where it has a program; ``base`` counts hundredths of a minor
    unit; ``inherited`` is FAILED where there is no duty.
    """
    put(case, at, state.REFUSAL, 0)
    if share >= 0:
        if np.float64(base) * np.float64(share) > LARGEST:
            # A share that counts no finer than hundredths of a per cent fits without its last two digits.
            part = share // 100
            if part * 100 != share or np.float64(base) * np.float64(part) > LARGEST or fee:
                return FAILED
            return rounded(base * part, unit // 100, mode) * (unit // FINE)
        amount = base * share
    else:
        put(case, at, state.INEXACT, 0)
        amount = run_program(book, frames, case, at, due, base, inherited, quantities, sources, stack)
        if amount < 0:
            return amount
        if of_case(case, at, state.INEXACT):
            left = amount % unit
            turn = unit if mode == DOWN else unit // 2
            beyond = 0 if mode in (HALF_UP, DOWN) else 1
            if fee or (turn - _NEAR <= left < turn + beyond):
                return FAILED
    if fee:
        # The scalar path keeps eight decimals of a fee before it bounds and rounds it.
        if amount % POWERS[of_case(case, at, state.MINOR)]:
            return FAILED
        currency = of_due(book, due, due_field.CURRENCY)
        if currency >= 0:
            if currency != of_case(case, at, state.CURRENCY):
                return FAILED
            least, most = of_due(book, due, due_field.LEAST), of_due(book, due, due_field.MOST)
            if least >= 0 and amount < least:
                amount = least
            elif most >= 0 and amount > most:
                amount = most
    whole = rounded(amount, unit, mode)
    return whole if unit == FINE else whole * (unit // FINE)
