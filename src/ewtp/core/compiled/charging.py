"""What the kernel's steps read of a packed book and of a line, and what a charge amounts to.

A *case* is what the steps ask about a line: a row of figures that the loop fills in, named by the constants below.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ewtp.core.compiled.arithmetic import (
    DOWN,
    FAILED,
    FINE,
    HALF_UP,
    LARGEST,
    POWERS,
    inlined,
    rounded,
    times_rate,
)
from ewtp.core.compiled.days import day_of_year
from ewtp.core.compiled.layout import CANDIDATES, NO_RATE, NOT_GIVEN, ODD_QUANTITY, SOURCE_WIDTH
from ewtp.core.compiled.lists import FACETS
from ewtp.core.compiled.outcomes import C_FEE
from ewtp.core.compiled.programs import (
    ADD,
    DIVIDE,
    EQUAL,
    INHERITED,
    LARGER,
    LESS,
    NOTHING,
    PER_PRODUCT,
    PER_UNIT,
    POLARISED,
    REFUSE,
    SHARE,
    SMALLER,
    SPAN_OF_YEAR,
    WHEN,
)
from ewtp.core.compiled.tables import (
    D_CURRENCY,
    D_KIND,
    D_LEAST,
    D_MOST,
    D_PROGRAM,
    D_PROGRAM_END,
    D_SHARE,
    LARGE,
    SMALL,
)
from ewtp.core.compiled.unknowns import refused_for

# Numbers of the columns of a packed book.
(
    SCHEDULE_ENTRY,
    SCHEDULE_DAY,
    ENTRY_PARENT,
    ENTRY_RUN,
    RUN_START,
    RUN_DAY,
    RUN_STATUS,
    RUN_VALUE,
    DESTINATION_SCHEDULE,
    DESTINATION_FLAGS,
    INSIDE_UNION,
    EXPORTS_RULES,
    ORIGIN_IS_UNION,
    FACET_LISTS,
    ENTRY_LIST,
    DIRECTORY_START,
    DIRECTORY_CLAIM,
    DIRECTORY_LIST,
    LIST_FIELDS,
    PATTERN_FIELDS,
    PATTERN_CLAIM,
    SPAN_FIELDS,
    ORIGIN_CLASS,
    CASE_OUTCOME,
    OUTCOME_FIELDS,
    OFFER_CLAIM,
    INSTRUCTION_FIELDS,
) = range(len(SMALL))
(
    ENTRY_KEY,
    DESTINATION_UNKNOWNS,
    DESTINATION_NO_TAX,
    LIMIT_MINOR,
    OUTCOME_UNKNOWNS,
    DUE_FIELDS,
    INSTRUCTION_FIGURE,
) = range(len(SMALL), len(SMALL) + len(LARGE))
PATTERN_WIDTH, OUTCOME_WIDTH, LIST_WIDTH, SPAN_WIDTH = 10, 9, 5, 3
_DUE_WIDTH, _INSTRUCTION_WIDTH, _UNKNOWNS = 9, 4, 3
# The figures of a case: about the line, its value, the frame it is in; whether the last charge was rounded, and what
# the trader is to be told of it; its lists by facet; rates for limits in other currencies by number of currency, as
# pairs of mantissa and scale.
(
    K_LINE,
    K_COUNT,
    K_DAY,
    K_ORIGIN,
    K_ECONOMIES,
    K_BUYER,
    K_TRANSPORT,
    K_GOODS,
    K_CUSTOMS,
    K_CURRENCY,
    K_MINOR,
    K_UNIT,
    K_MODE,
    K_KEYS,
    K_INEXACT,
    K_REFUSAL,
) = range(16)
K_LISTS = 16
K_RATES = K_LISTS + FACETS
# For every currency of the book: the rate into it, for limits, and the rate out of it, for duties.
RATE_WIDTH = 4
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


@inlined()
def get(book: Any, column: int, place: int) -> int:
    """A small figure of a packed book."""
    return book.small[book.at[column] + place]


@inlined()
def wide(book: Any, column: int, place: int) -> int:
    """A large figure of a packed book."""
    return book.large[book.at[column] + place]


@inlined()
def of_outcome(book: Any, outcome: int, column: int) -> int:
    """A field of an outcome."""
    return book.small[book.at[OUTCOME_FIELDS] + outcome * OUTCOME_WIDTH + column]


@inlined()
def unknowns_of(book: Any, outcome: int, which: int) -> int:
    """What an outcome leaves open: 0 for duties and excise, 1 for fees, 2 for taxes."""
    return book.large[book.at[OUTCOME_UNKNOWNS] + outcome * _UNKNOWNS + which]


@inlined()
def of_due(book: Any, due: int, column: int) -> int:
    """A field of a charge that is due."""
    return book.large[book.at[DUE_FIELDS] + due * _DUE_WIDTH + column]


@inlined()
def quantity_of(quantities: Any, sources: Any, case: Any, key: int) -> int:
    """A quantity in ten-thousandths; NOT_GIVEN, or ODD_QUANTITY where the scalar path has to look.

    ``quantities`` and ``sources`` are as in ``Lines``.
    """
    count, line, keys = case[K_COUNT], case[K_LINE], case[K_KEYS]
    unit, supplementary = quantities[line], quantities[count + line]
    place = keys * SOURCE_WIDTH + 2 * (max(unit, 0) * keys + key)
    if unit >= 0 and sources[place + 1] < 0:
        return taken_by(supplementary, sources[place], -sources[place + 1])
    for candidate in range(CANDIDATES):
        at = key * SOURCE_WIDTH + 3 * candidate
        if sources[at] < 0:
            break
        amount = quantities[sources[at] * count + line]
        if amount != NOT_GIVEN:
            return taken_by(amount, sources[at + 1], sources[at + 2])
    if unit < 0 or supplementary == NOT_GIVEN or sources[place + 1] == 0:
        return NOT_GIVEN
    return taken_by(supplementary, sources[place], sources[place + 1])


@inlined()
def taken_by(amount: int, numerator: int, denominator: int) -> int:
    """A quantity in another unit; ODD_QUANTITY where that is not exact."""
    if numerator == 1 and denominator == 1:
        return amount
    if amount < 0 or numerator == 0 or np.float64(amount) * np.float64(numerator) > LARGEST:
        return ODD_QUANTITY
    whole = amount * numerator // denominator
    return whole if whole * denominator == amount * numerator else ODD_QUANTITY


@inlined()
def run_program(
    book: Any, start: int, end: int, base: int, inherited: int, quantities: Any, sources: Any, case: Any, stack: Any
) -> int:
    """What a program comes to in hundred-millionths of a minor unit; FAILED where the scalar path has to say.

    What ``refused_for`` gives where the scalar path refuses; the case then has what the trader is to be told, if
    anything.
    """
    depth = 0
    place = start
    while place < end:
        fields = book.at[INSTRUCTION_FIELDS] + place * _INSTRUCTION_WIDTH
        operation = book.small[fields]
        figure = wide(book, INSTRUCTION_FIGURE, place)
        place += 1
        if operation == SHARE:
            if np.float64(base) * np.float64(figure) > LARGEST:
                return FAILED
            stack[depth] = base * figure
            depth += 1
        elif operation in (PER_UNIT, PER_PRODUCT, POLARISED):
            quantity = quantity_of(quantities, sources, case, book.small[fields + 1])
            missing = fields if quantity == NOT_GIVEN else 0
            second = 0
            if operation != PER_UNIT:
                place += 1
                following = fields + _INSTRUCTION_WIDTH
                second = quantity_of(quantities, sources, case, book.small[following + 1])
                if quantity != NOT_GIVEN and second == NOT_GIVEN:
                    missing = following
                pure = book.small[following + 2]
                if missing and pure >= 0:
                    # Of alcohol either both quantities are known, or the one that they make together.
                    quantity, second = quantity_of(quantities, sources, case, pure), POWERS[_QUANTITY_DECIMALS]
                    missing = missing if quantity == NOT_GIVEN else 0
            if missing:
                case[K_REFUSAL] = book.small[missing + 3]
                return _REFUSED_QUANTITY
            if quantity < 0 or second < 0 or second > _MOST_SECOND:
                return FAILED
            if operation == POLARISED:
                below = max(_ALL_DEGREES - second, 0)
                less = max(figure - below * wide(book, INSTRUCTION_FIGURE, place - 1), 0)
                amount = times_rate(quantity, less, _DEGREE_SCALE)
                case[K_INEXACT] = 1
            elif np.float64(quantity) * np.float64(figure) > LARGEST:
                amount = FAILED
            else:
                amount = quantity * figure
                if operation == PER_PRODUCT:
                    amount = times_rate(amount, second, POWERS[_QUANTITY_DECIMALS])
                    case[K_INEXACT] = 1
            if amount == FAILED:
                return FAILED
            currency = book.small[fields + 2]
            if currency != case[K_CURRENCY] and amount:
                rate = K_RATES + RATE_WIDTH * currency + 2
                if case[rate] == NO_RATE:
                    return _REFUSED_RATE
                if case[K_INEXACT] and case[rate] > _LARGEST_FACTOR * case[rate + 1]:
                    return FAILED
                amount = FAILED if case[rate] < NO_RATE else times_rate(amount, case[rate], case[rate + 1])
                if amount == FAILED:
                    return FAILED
                case[K_INEXACT] = 1
            stack[depth] = amount
            depth += 1
        elif operation == NOTHING:
            stack[depth] = 0
            depth += 1
        elif operation == INHERITED:
            if inherited == FAILED:
                return _REFUSED_INHERITED
            if np.float64(inherited) * FINE > LARGEST:
                return FAILED
            stack[depth] = inherited * FINE
            depth += 1
        elif operation == WHEN:
            today = day_of_year(case[K_DAY])
            if today < figure // SPAN_OF_YEAR or today > figure % SPAN_OF_YEAR:
                place += book.small[fields + 1]
        elif operation == DIVIDE:
            whole = stack[depth - 1] // figure
            if whole * figure != stack[depth - 1]:
                case[K_INEXACT] = 1
            stack[depth - 1] = whole
        elif operation == REFUSE:
            case[K_REFUSAL] = book.small[fields + 3]
            return figure
        else:
            depth -= 1
            first, second = stack[depth - 1], stack[depth]
            if operation == ADD:
                first += second
            elif operation == LARGER:
                first = max(first, second)
            elif operation == SMALLER:
                first = min(first, second)
            elif operation == LESS:
                first = max(first - second, 0)
            elif operation == EQUAL and first != second:
                near = case[K_INEXACT] and abs(first - second) <= _NEAR
                return FAILED if near else _REFUSED_ALTERNATIVE
            if np.float64(first) > LARGEST:
                return FAILED
            stack[depth - 1] = first
    return stack[0]


@inlined()
def charge(
    book: Any,
    case: Any,
    due: int,
    base: int,
    inherited: int,
    unit: int,
    mode: int,
    quantities: Any,
    sources: Any,
    stack: Any,
) -> int:
    """One charge in minor units; FAILED where the scalar path has to compute it, or why the scalar path refuses it.

    ``base`` counts hundredths of a minor unit; ``inherited`` is FAILED where there is no duty.
    """
    case[K_INEXACT], case[K_REFUSAL] = 0, 0
    share = of_due(book, due, D_SHARE)
    if share >= 0:
        if np.float64(base) * np.float64(share) > LARGEST:
            # A share that counts no finer than hundredths of a per cent fits without its last two digits.
            part = share // 100
            if (
                part * 100 != share
                or np.float64(base) * np.float64(part) > LARGEST
                or of_due(book, due, D_KIND) == C_FEE
            ):
                return FAILED
            return rounded(base * part, unit // 100, mode) * (unit // FINE)
        amount = base * share
    else:
        amount = run_program(
            book,
            of_due(book, due, D_PROGRAM),
            of_due(book, due, D_PROGRAM_END),
            base,
            inherited,
            quantities,
            sources,
            case,
            stack,
        )
        if amount < 0:
            return amount
        if case[K_INEXACT]:
            left = amount % unit
            turn = unit if mode == DOWN else unit // 2
            beyond = 0 if mode in (HALF_UP, DOWN) else 1
            if of_due(book, due, D_KIND) == C_FEE or (turn - _NEAR <= left < turn + beyond):
                return FAILED
    if of_due(book, due, D_KIND) == C_FEE:
        # The scalar path keeps eight decimals of a fee before it bounds and rounds it.
        if amount % POWERS[case[K_MINOR]]:
            return FAILED
        currency = of_due(book, due, D_CURRENCY)
        if currency >= 0:
            if currency != case[K_CURRENCY]:
                return FAILED
            least, most = of_due(book, due, D_LEAST), of_due(book, due, D_MOST)
            if least >= 0 and amount < least:
                amount = least
            elif most >= 0 and amount > most:
                amount = most
    whole = rounded(amount, unit, mode)
    return whole if unit == FINE else whole * (unit // FINE)
