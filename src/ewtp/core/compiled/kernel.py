"""The loop over lines: prefix, day, origin, duty, levies and papers of each, in integers.

A line that the tables do not settle is marked and left as it is; the scalar path answers it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ewtp.core.compiled.arithmetic import FAILED, FINE, compiled, converted, rounded, run_program
from ewtp.core.compiled.entries import COVERED, NO_SCHEDULE, ONE_BELOW
from ewtp.core.compiled.outcomes import (
    FACETS_OF_RULES,
    NOTHING_MATCHED,
    ON_DUTY_PAID,
    RELIEVED,
    SCALAR,
    TAX_MATCHED,
    Facet,
)
from ewtp.core.compiled.unknowns import COSTLESS, unknown_bit

LARGEST_VALUE = 10**12
FRAME_FIELDS = 14
# Of a frame: whether the scalar path answers it, the answer's currency among the book's and among all, its decimals,
# how a value is converted, whether carriage is in the customs value, and how duties and taxes are rounded.
(
    F_SCALAR,
    F_CURRENCY,
    F_MINOR,
    F_MANTISSA,
    F_SCALE,
    F_CIF,
    F_BASIS_KNOWN,
    F_DUTY_UNIT,
    F_DUTY_MODE,
    F_TAX_UNIT,
    F_TAX_MODE,
    F_OUT_CURRENCY,
    F_VALUE_UNIT,
    F_VALUE_MODE,
) = range(14)
# Factors of the tax base, in hundredths, by what they multiply.
T_VALUE, T_CARRIAGE, T_DUTY, T_ADDITIONAL, T_EXCISE, T_FEE = range(6)
AMOUNTS = (
    "customs_value",
    "goods",
    "duty",
    "additional_duty",
    "excise",
    "tax",
    "fees",
    "freight",
    "insurance",
    "total",
)
A_CUSTOMS, A_GOODS, A_DUTY, A_ADDITIONAL, A_EXCISE, A_TAX, A_FEES, A_FREIGHT, A_INSURANCE, A_TOTAL = range(10)
S_DUTY, S_ADDITIONAL, S_BY_ORIGIN, S_EXCISE, S_FEE, S_TAX, S_REQUIREMENT, S_PROHIBITION = range(8)
SETS = 8
_SCHEDULE = unknown_bit("schedule_not_in_force")
_NO_DUTY = unknown_bit("duty_not_in_rulebook")
_INSIDE = unknown_bit("inside_customs_union")
_BASE_OPEN = unknown_bit("tax_base_incomplete")
_VALUATION = unknown_bit("valuation_not_in_rulebook")
_NO_FREIGHT = unknown_bit("freight_not_given")
_NARROW, _LEVIES, _PAPERS, _BY_ORIGIN = (
    int(Facet.ADDITIONAL),
    int(Facet.LEVIES),
    int(Facet.PAPERS),
    int(Facet.ADDITIONAL_BY_ORIGIN),
)
_FACETS = len(FACETS_OF_RULES) + 1
_SUBHEADINGS = 10**6
_HAS_TARIFF = 2


@compiled()
def find_entry(tables: Any, schedule: int, subheading: int, tail: int, digits: int) -> int:
    """The longest entry that a code starts with, as its place among all entries."""
    first = tables.schedule_entry[schedule]
    entry = first + tables.subheading_entry[schedule * _SUBHEADINGS + subheading]
    if digits and tables.entry_digits[entry] == 6:  # noqa: PLR2004 - a subheading
        best = entry
        for below in range(entry + 1, entry + 1 + tables.entry_below[entry]):
            length = tables.entry_digits[below] - 6
            if length <= digits and tail // 10 ** (digits - length) == tables.entry_tail[below]:
                best = below
        entry = best
    return int(entry)


@compiled()
def matching_entry(tables: Any, lines: Any, line: int, schedule: int, day: int) -> int:
    """The entry that rules are matched on; FAILED where the code needs the scalar path."""
    digits = lines.tail_digits[line]
    entry = find_entry(tables, schedule, lines.subheading[line], lines.tail[line], digits)
    run = tables.entry_run[entry]
    place = tables.run_start[run]
    end = tables.run_start[run + 1]
    while place + 1 < end and tables.run_day[place + 1] <= day:
        place += 1
    status = tables.run_status[place]
    if status == COVERED:
        return int(entry)
    if status == NO_SCHEDULE and tables.subheading_exists[lines.subheading[line]]:
        return int(entry)
    if status == ONE_BELOW and tables.entry_digits[entry] == 6 + digits:
        return int(entry + tables.run_entry[place])
    return FAILED


@compiled()
def find_outcome(tables: Any, frames: Any, lines: Any, line: int, listed: int, goods: int) -> int:
    """What a list comes to for a line; FAILED where a value limit cannot be tested exactly."""
    place = tables.list_spans[listed]
    end = tables.list_spans[listed + 1]
    day = lines.day[line]
    while place + 1 < end and tables.span_day[place + 1] <= day:
        place += 1
    modes = tables.list_modes[listed]
    economies = tables.destination_flags.shape[0]
    mode = 0
    if modes > 1:
        if tables.list_buyer[listed]:
            mode = mode * 3 + lines.buyer[line]
        if tables.list_transport[listed]:
            mode = mode * 6 + lines.transport[line]
        first, last = tables.list_limits[listed], tables.list_limits[listed + 1]
        if last > first:
            at = value_interval(tables, frames, lines.frame[line], listed, first, last, goods)
            if at == FAILED:
                return FAILED
            mode = mode * (2 * (last - first) + 1) + at
    kind = tables.origin_class[tables.span_classes[place] * economies + lines.origin[line]]
    return int(tables.case_outcome[tables.span_outcome[place] + kind * modes + mode])


@compiled()
def value_interval(tables: Any, frames: Any, frame: int, listed: int, first: int, last: int, goods: int) -> int:
    """Where a value lies among a list's limits: below, at, between or above them; FAILED if too close to tell."""
    currency = tables.list_currency[listed]
    found = 0
    if frames.fields[frame, F_CURRENCY] == currency:
        for place in range(first, last):
            limit = tables.limit_minor[place]
            found += (1 if goods >= limit else 0) + (1 if goods > limit else 0)
        return found
    # The rate has ten digits, so doubles settle every value that is not within a hair of the limit.
    worth = np.float64(goods) * frames.limit_rates[frame, currency]
    if worth <= 0.0:
        return FAILED
    for place in range(first, last):
        limit = np.float64(tables.limit_minor[place])
        if abs(worth - limit) <= 1e-9 * limit + 1e-9:
            return FAILED
        found += 2 if worth > limit else 0
    return found


@compiled()
def customs_values(lines: Any, frame: Any, line: int, amounts: Any) -> bool:
    """Fill in goods, freight, insurance and customs value; False where they cannot be had exactly."""
    goods = lines.value[line]
    freight = max(lines.freight[line], 0)
    insurance = max(lines.insurance[line], 0)
    if goods <= 0 or max(goods, freight, insurance) > LARGEST_VALUE:
        return False
    if frame[F_SCALE]:
        goods = converted(goods, frame[F_MANTISSA], frame[F_SCALE])
        freight = converted(freight, frame[F_MANTISSA], frame[F_SCALE])
        insurance = converted(insurance, frame[F_MANTISSA], frame[F_SCALE])
        if min(goods, freight, insurance) < 0 or max(goods, freight, insurance) > LARGEST_VALUE or goods == 0:
            return False
    amounts[line, A_GOODS] = goods
    amounts[line, A_FREIGHT] = freight
    amounts[line, A_INSURANCE] = insurance
    customs = goods + (freight + insurance if frame[F_CIF] else 0)
    unit = frame[F_VALUE_UNIT]
    # Goods of some value never come to nothing.
    amounts[line, A_CUSTOMS] = max(rounded(customs, unit, frame[F_VALUE_MODE]), 1) * unit
    return True


@compiled()
def charge(
    tables: Any,
    lines: Any,
    frame: Any,
    due: int,
    base: int,
    inherited: int,
    unit: int,
    mode: int,
    line: int,
    stack: Any,
) -> int:
    """One charge in minor units; FAILED where the scalar path has to compute it."""
    program = tables.due_fields[due, 0]
    amount = run_program(
        tables.program_start[program],
        tables.program_start[program + 1],
        tables.instruction_fields,
        tables.instruction_figure,
        base,
        inherited,
        lines.quantities,
        lines.quantity_row,
        line,
        frame[F_CURRENCY],
        stack,
    )
    if amount == FAILED:
        return FAILED
    if tables.due_fields[due, 1] == 3:  # noqa: PLR2004 - a fee
        # The scalar path keeps eight decimals of a fee before it bounds and rounds it.
        if amount % 10 ** frame[F_MINOR]:
            return FAILED
        if tables.due_fields[due, 4] >= 0:
            if tables.due_fields[due, 4] != frame[F_CURRENCY]:
                return FAILED
            least, most = tables.due_bounds[due, 0], tables.due_bounds[due, 1]
            if least >= 0 and amount < least:
                amount = least
            elif most >= 0 and amount > most:
                amount = most
    return int(rounded(amount, unit, mode) * (unit // FINE))


@compiled()
def assess_lines(tables: Any, lines: Any, frames: Any, results: Any) -> None:  # noqa: PLR0915 - one pass over a line reads best in one piece
    """Answer every line, or mark it for the scalar path."""
    stack = np.empty(24, np.int64)
    amounts, sets = results.amounts, results.sets
    for line in range(lines.day.shape[0]):
        if lines.scalar[line]:
            continue
        results.scalar[line] = True
        frame = frames.fields[lines.frame[line]]
        if frame[F_SCALAR] or not customs_values(lines, frame, line, amounts):
            continue
        target, source, day = lines.destination[line], lines.source[line], lines.day[line]
        schedule = tables.destination_schedule[target]
        entry = matching_entry(tables, lines, line, schedule, day)
        # Goods of a whole union, or sent by another economy than their own, depend on options, which are not compiled.
        origin = lines.origin[line]
        if entry == FAILED or tables.exports_rules[source] or origin != source or tables.origin_is_union[origin]:
            continue
        lists = tables.destination_lists[target] + _FACETS * (entry - tables.schedule_entry[schedule])
        customs, goods = amounts[line, A_CUSTOMS], amounts[line, A_GOODS]
        levies = find_outcome(tables, frames, lines, line, tables.entry_list[lists + _LEVIES], goods)
        papers = find_outcome(tables, frames, lines, line, tables.entry_list[lists + _PAPERS], goods)
        if levies == FAILED or papers == FAILED or tables.outcome_flags[levies] & SCALAR:
            continue
        inside = tables.inside_union[source, target]
        unknowns = 0
        complete = True
        duty, additional, excise, fees, taxes = 0, 0, 0, 0, 0
        failed = False
        sets[line, :] = 0
        if inside:
            unknowns |= _INSIDE
        else:
            outcome = find_outcome(tables, frames, lines, line, tables.entry_list[lists], goods)
            if outcome == FAILED or tables.outcome_flags[outcome] & SCALAR:
                continue
            unknowns |= tables.outcome_unknowns[outcome]
            charged = tables.outcome_dues[outcome] < tables.outcome_dues[outcome + 1]
            inherited = FAILED
            if charged:
                due = tables.outcome_dues[outcome]
                duty = charge(
                    tables,
                    lines,
                    frame,
                    due,
                    customs * 100,
                    FAILED,
                    frame[F_DUTY_UNIT],
                    frame[F_DUTY_MODE],
                    line,
                    stack,
                )
                if duty == FAILED:
                    continue
                inherited = duty
            sets[line, S_DUTY] = tables.outcome_sets[outcome, 0]
            for facet, slot in ((_NARROW, S_ADDITIONAL), (_BY_ORIGIN, S_BY_ORIGIN)):
                found = find_outcome(tables, frames, lines, line, tables.entry_list[lists + facet], goods)
                if found == FAILED or tables.outcome_flags[found] & SCALAR:
                    failed = True
                    break
                unknowns |= tables.outcome_unknowns[found]
                sets[line, slot] = tables.outcome_sets[found, 0]
                for due in range(tables.outcome_dues[found], tables.outcome_dues[found + 1]):
                    part = charge(
                        tables,
                        lines,
                        frame,
                        due,
                        customs * 100,
                        inherited,
                        frame[F_DUTY_UNIT],
                        frame[F_DUTY_MODE],
                        line,
                        stack,
                    )
                    if part == FAILED:
                        failed = True
                        break
                    if not tables.due_fields[due, 3]:
                        additional += part
            if failed:
                continue
            if tables.outcome_flags[levies] & RELIEVED:
                duty, additional, charged = 0, 0, True
                sets[line, S_DUTY] = tables.outcome_sets[levies, 3]
                sets[line, S_ADDITIONAL] = 0
                sets[line, S_BY_ORIGIN] = 0
            if not charged and tables.destination_flags[target] == _HAS_TARIFF and day >= tables.schedule_day[schedule]:
                if tables.outcome_flags[outcome] & NOTHING_MATCHED:
                    unknowns |= _NO_DUTY
                else:
                    complete = False
        if tables.destination_flags[target] == _HAS_TARIFF and day < tables.schedule_day[schedule]:
            unknowns |= _SCHEDULE
        unknowns |= tables.destination_unknowns[target] | tables.outcome_unknowns[levies]
        first, last = tables.outcome_dues[levies], tables.outcome_dues[levies + 1]
        tax_base = frames.tax_base[lines.frame[line]]
        carriage = 0 if frame[F_CIF] else amounts[line, A_FREIGHT] + amounts[line, A_INSURANCE]
        on_paid = False
        for due in range(first, last):
            kind = tables.due_fields[due, 1]
            base = customs * 100
            unit, mode = frame[F_DUTY_UNIT], frame[F_DUTY_MODE]
            if tables.due_fields[due, 2] == ON_DUTY_PAID:
                if kind == 2:  # noqa: PLR2004 - an excise
                    base = (customs + duty + additional) * 100
                else:
                    on_paid = True
                    base = (
                        customs * tax_base[T_VALUE]
                        + carriage * tax_base[T_CARRIAGE]
                        + duty * tax_base[T_DUTY]
                        + additional * tax_base[T_ADDITIONAL]
                        + excise * tax_base[T_EXCISE]
                        + fees * tax_base[T_FEE]
                    )
            if kind == 4:  # noqa: PLR2004 - a tax
                unit, mode = frame[F_TAX_UNIT], frame[F_TAX_MODE]
            part = charge(tables, lines, frame, due, base, FAILED, unit, mode, line, stack)
            if part == FAILED or max(duty, additional, excise, fees) > 100 * LARGEST_VALUE:
                failed = True
                break
            if kind == 2:  # noqa: PLR2004 - an excise
                excise += part
            elif kind == 3:  # noqa: PLR2004 - a fee
                fees += part
            else:
                taxes += part
        if failed:
            continue
        if on_paid and (not complete or unknowns & ~COSTLESS):
            unknowns |= _BASE_OPEN
        unknowns |= tables.outcome_tax_unknowns[levies]
        if not tables.outcome_flags[levies] & TAX_MATCHED:
            unknowns |= tables.destination_no_tax[target]
        if tables.destination_flags[target] == _HAS_TARIFF and not frame[F_BASIS_KNOWN]:
            unknowns |= _VALUATION
        if tables.destination_flags[target] and lines.freight[line] < 0:
            unknowns |= _NO_FREIGHT
        sets[line, S_EXCISE] = tables.outcome_sets[levies, 0]
        sets[line, S_FEE] = tables.outcome_sets[levies, 1]
        sets[line, S_TAX] = tables.outcome_sets[levies, 2]
        sets[line, S_REQUIREMENT] = tables.outcome_sets[papers, 0]
        sets[line, S_PROHIBITION] = tables.outcome_sets[papers, 1]
        amounts[line, A_DUTY] = duty
        amounts[line, A_ADDITIONAL] = additional
        amounts[line, A_EXCISE] = excise
        amounts[line, A_TAX] = taxes
        amounts[line, A_FEES] = fees
        amounts[line, A_TOTAL] = (
            amounts[line, A_GOODS]
            + amounts[line, A_FREIGHT]
            + amounts[line, A_INSURANCE]
            + duty
            + additional
            + excise
            + taxes
            + fees
        )
        results.unknowns[line] = unknowns
        results.complete[line] = complete and not unknowns & ~COSTLESS
        results.scalar[line] = False
