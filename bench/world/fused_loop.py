"""The fused loop: one pass over the lines of a row group, whole numbers throughout."""

from __future__ import annotations

from typing import Any

import numba

_MILLION = 1_000_000
(
    C_FEE,
    C_SEA,
    C_BUSINESS,
    C_BOUNDED,
    C_LEAST,
    C_MOST,
    C_RELIEF,
    C_TAX,
    C_TAX_1,
    C_TAX_2,
    C_ON_VALUE,
    C_CLASS,
    C_DUTY_CLAIM,
    C_CLAIMS,
    C_CIF,
    C_VALUE_UNIT,
    C_BASE_VALUE,
    C_BASE_FREIGHT,
    C_BASE_DUTY,
    C_BASE_ADDITIONAL,
    C_BASE_FEE,
) = range(21)


@numba.njit(nogil=True, error_model="numpy", inline="always")
def _share(value: int, rate: int) -> int:
    if value < 1_000_000_000_000:  # So small that the product stays within 64 bits.
        return (value * rate + 500_000) // _MILLION
    return (value // _MILLION) * rate + ((value % _MILLION) * rate + 500_000) // _MILLION


@numba.njit(nogil=True, error_model="numpy", inline="always")
def _tax(base: int, rate: int) -> int:
    if base < 10_000_000_000_000:
        return (base * rate + 50_000_000) // 100_000_000
    return (base // 100_000_000) * rate + ((base % 100_000_000) * rate + 50_000_000) // 100_000_000


@numba.njit(nogil=True, error_model="numpy", inline="always")
def _converted(amount: int, mantissa: int, scale: int) -> int:
    if scale == 1 and mantissa == 1:
        return amount
    # Whole units first, so that the product stays within 64 bits.
    whole, part = amount // 10_000, amount % 10_000
    high, rest = (whole * mantissa) // scale, (whole * mantissa) % scale
    return high * 10_000 + (2 * (rest * 10_000 + part * mantissa) + scale) // (2 * scale)


@numba.njit(nogil=True, error_model="numpy", inline="always")
def _additional(tables: Any, customs: int, duty: int, listed: int, signature: int, kind: int) -> int:  # noqa: PLR0917 - a kernel takes positions
    place = tables.additional_start[listed] + tables.lesser[signature, kind]
    if place >= tables.additional_start[listed + 1]:
        return 0
    due = 0
    for slot in range(4):
        rate = tables.additional[place, slot]
        if rate == 0:
            break
        due += _share(customs, rate)
    topup = tables.additional[place, 4]
    if topup:
        due += max(_share(customs, topup) - duty, 0)
    return due


@numba.njit(nogil=True, error_model="numpy")
def fused_loop(  # noqa: PLR0912, PLR0915, PLR0917 - one pass over a line reads best in one piece
    tables: Any,
    source: Any,
    target: Any,
    made: Any,
    code: Any,
    money: Any,
    buyer: Any,
    transport: Any,
    claims: Any,
    day: Any,
    value: Any,
    freight: Any,
    insurance: Any,
    quantities: Any,
    supplementary: Any,
    out: Any,
    sums: Any,
) -> None:
    """Fill in every line's total in minor units of the answer's currency, and add it to the currency's sum."""
    origins = tables.context_claims.shape[0] // tables.schedule.shape[0]
    currencies = (tables.rate_start.shape[0] - 1) // tables.schedule.shape[0]
    duty_spans = tables.classes[1]
    for line in range(day.shape[0]):
        to = target[0][target[1][line]]
        at = tables.rate_start[to * currencies + money[0][money[1][line]]] + day[line] - tables.first_day
        mantissa, scale = tables.rate[at, 0], tables.rate[at, 1]
        span = tables.rate[at, 2]
        divisor = tables.rate[at, 5]
        schedule = tables.schedule[to]
        mask = 0
        entry = item = -1
        if schedule >= 0:
            item = tables.item[schedule, code[0][code[1][line]]]
            entry = tables.entry_start[item] + span
            mask = tables.entry[entry, 4]
        pair = to * origins + made[0][made[1][line]]
        masks = tables.masks[to]
        width = tables.spans[to] * masks
        at_context = tables.context_start[pair]
        claimed = claims[0][claims[1][line]]
        if claimed:
            while tables.context[at_context, C_CLAIMS] != claimed:
                at_context += width
        context = tables.context[at_context + span * masks + mask]
        goods = _converted(value[line] // divisor, mantissa, scale)
        carried = _converted(freight[line] // divisor, mantissa, scale)
        carried += _converted(insurance[line] // divisor, mantissa, scale)
        customs = goods + (carried if context[C_CIF] else 0)
        unit = context[C_VALUE_UNIT]
        if unit > 1:
            customs = max((customs * 2 + unit - 1) // (2 * unit), 1) * unit
        duty = extra = 0
        inside = tables.union_from[source[0][source[1][line]]] == tables.union_to[to]
        if entry >= 0 and not inside and not (0 <= goods <= context[C_RELIEF]):
            row = item * duty_spans + tables.rate[at, 3]
            found = tables.duty_start[row]
            wanted = context[C_DUTY_CLAIM]
            if wanted:
                while tables.duty[found, 0] != wanted:
                    found += 1
            slot = tables.duty[found, 2]
            if slot == 0:
                duty = _share(customs, tables.duty[found, 1])
            elif tables.duty[found, 3] == tables.rate[at, 4]:
                quantity = quantities[slot][line] if quantities[slot].shape[0] else 0
                if quantity == 0:
                    quantity = supplementary[0][supplementary[1][line], slot] * supplementary[2][line]
                # A share in millionths and an amount in millionths of a minor unit for each ten-thousandth.
                amount = tables.duty_amount[found] * (quantity // 10_000)
                amount += tables.duty_amount[found] * (quantity % 10_000) // 10_000
                duty = (customs * tables.duty[found, 1] + amount + 500_000) // _MILLION
            if tables.entry[entry, 0]:
                extra = _additional(
                    tables, customs, duty, tables.entry[entry, 0], tables.entry[entry, 1], context[C_CLASS]
                )
            if tables.entry[entry, 2]:
                extra += _additional(
                    tables, customs, duty, tables.entry[entry, 2], tables.entry[entry, 3], context[C_CLASS]
                )
        fees = 0
        if context[C_FEE]:
            fees = _share(customs, context[C_FEE])
        if context[C_SEA] and transport[0][transport[1][line]] == 0:
            fees += _share(customs, context[C_SEA])
        if context[C_BUSINESS] and buyer[0][buyer[1][line]] == 0:
            fees += _share(customs, context[C_BUSINESS])
        if context[C_BOUNDED]:
            bounded = max(_share(customs, context[C_BOUNDED]), context[C_LEAST])
            fees += min(bounded, context[C_MOST]) if context[C_MOST] >= 0 else bounded
        if context[C_ON_VALUE]:
            base = customs * 100
        else:
            base = (
                customs * context[C_BASE_VALUE]
                + (0 if context[C_CIF] else carried) * context[C_BASE_FREIGHT]
                + duty * context[C_BASE_DUTY]
                + extra * context[C_BASE_ADDITIONAL]
                + fees * context[C_BASE_FEE]
            )
        tax = _tax(base, context[C_TAX])
        if context[C_TAX_1]:
            tax += _tax(base, context[C_TAX_1]) + _tax(base, context[C_TAX_2])
        total = goods + carried + duty + extra + fees + tax
        out[line] = total
        sums[tables.rate[at, 4]] += total
