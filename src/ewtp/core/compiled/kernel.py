"""The loop over lines: prefix, day, origin, duty, levies and papers of each, in integers.

A line that the tables do not settle is marked and left as it is; the scalar path answers it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ewtp.core.compiled.arithmetic import FAILED, LARGEST_CONVERTED, LARGEST_VALUE, POWERS, converted, counted, rounded
from ewtp.core.compiled.charging import (
    DESTINATION_FLAGS,
    DESTINATION_NO_TAX,
    DESTINATION_SCHEDULE,
    DESTINATION_UNKNOWNS,
    EXPORTS_RULES,
    INSIDE_UNION,
    K_BUYER,
    K_COUNT,
    K_CURRENCY,
    K_CUSTOMS,
    K_DAY,
    K_ECONOMIES,
    K_GOODS,
    K_KEYS,
    K_LINE,
    K_LISTS,
    K_MINOR,
    K_MODE,
    K_ORIGIN,
    K_RATES,
    K_REFUSAL,
    K_TRANSPORT,
    K_UNIT,
    ORIGIN_IS_UNION,
    RATE_WIDTH,
    SCHEDULE_DAY,
    charge,
    get,
    of_due,
    of_outcome,
    unknowns_of,
    wide,
)
from ewtp.core.compiled.finding import BLOCK, BLOCK_WIDTH, find_lists, find_outcome
from ewtp.core.compiled.layout import (
    A_ADDITIONAL,
    A_CUSTOMS,
    A_DUTY,
    A_EXCISE,
    A_FEES,
    A_FREIGHT,
    A_GOODS,
    A_INSURANCE,
    A_TAX,
    A_TOTAL,
    DECIMALS,
    F_BASIS_KNOWN,
    F_CIF,
    F_CURRENCY,
    F_DUTY_MODE,
    F_DUTY_UNIT,
    F_FOREIGN,
    F_MINOR,
    F_OUT_CURRENCY,
    F_RATE,
    F_SCALAR,
    F_TAX_MODE,
    F_TAX_UNIT,
    F_UNTIL,
    F_VALUE_MODE,
    F_VALUE_UNIT,
    F_WITHOUT_RATE,
    NO_CLAIM,
    NO_RATE,
    ODD_CLAIM,
    S_ADDITIONAL,
    S_DUTY,
    S_EXCISE,
    S_FEE,
    S_PROHIBITION,
    S_REQUIREMENT,
    S_TAX,
    T_ADDITIONAL,
    T_CARRIAGE,
    T_DUTY,
    T_EXCISE,
    T_FEE,
    T_VALUE,
    TOO_MUCH,
)
from ewtp.core.compiled.levying import (
    DUTY_FIGURES,
    R_ADDITIONAL,
    R_CHARGED,
    R_DUTY,
    R_KNOWN,
    R_LIST,
    R_NARROW,
    R_NARROW_SET,
    R_NOTHING,
    R_REFUSAL,
    R_SET,
    R_UNKNOWNS,
    R_WIDE,
    R_WIDE_SET,
    duties,
    has_option,
)
from ewtp.core.compiled.lists import FACETS, Facet
from ewtp.core.compiled.noting import note_bits, note_pair, note_set
from ewtp.core.compiled.outcomes import (
    C_EXCISE,
    C_FEE,
    C_TAX,
    CLAIM_KNOWN,
    ON_DUTY_PAID,
    RELIEVED,
    SCALAR,
    TAX_MATCHED,
)
from ewtp.core.compiled.tables import (
    D_BASE,
    D_KIND,
    EMPTY_LIST,
    HAS_TARIFF,
    O_DUES,
    O_DUES_END,
    O_FLAGS,
    O_SETS,
)
from ewtp.core.compiled.unknowns import COSTLESS, unknown_bit

_SCHEDULE = unknown_bit("schedule_not_in_force")
_NO_DUTY = unknown_bit("duty_not_in_rulebook")
_INSIDE = unknown_bit("inside_customs_union")
_BASE_OPEN = unknown_bit("tax_base_incomplete")
_VALUATION = unknown_bit("valuation_not_in_rulebook")
_NO_FREIGHT = unknown_bit("freight_not_given")
_FINER = unknown_bit("code_finer_than_schedule")
_ROUTE = unknown_bit("direct_transport")
_STACK = 24
_DUTY, _NARROW, _BROAD, _LEVIES, _PAPERS, _LOWER = (K_LISTS + int(facet) for facet in Facet)


@counted()
def assess_lines(book: Any, lines: Any, frames: Any, results: Any, notes: Any, entries: Any, scratch: Any) -> None:
    """Answer every line, or mark it for the scalar path.

    ``entries`` remembers the entry of each code in each schedule, -1 where none was looked up yet.
    """
    case, stack, now, then, block = scratch
    count = lines.day.shape[0]
    case[K_COUNT] = count
    economies = frames.economies
    case[K_ECONOMIES] = economies
    case[K_KEYS] = lines.keys
    quantities, sources = lines.quantities, lines.sources
    amounts, sets, counts, noted, seen = results.amounts, results.sets, notes.counts, notes.sets, notes.seen
    fields = frames.fields
    start = 0
    for line in range(count):
        if line % BLOCK == 0:
            start = line
            find_lists(book, lines, entries, start, min(start + BLOCK, count), block)
        results.scalar[line] = True
        place = (line - start) * BLOCK_WIDTH
        matched = block[place]
        if matched == FAILED:
            continue
        target, source, origin, day = lines.destination[line], lines.source[line], lines.origin[line], lines.day[line]
        claim = lines.claim[line]
        # Goods of a whole union and papers asked for on the way out are not compiled.
        if claim == ODD_CLAIM or get(book, EXPORTS_RULES, source) or get(book, ORIGIN_IS_UNION, origin):
            continue
        frame = frames.first[target * frames.currencies + lines.currency[line]]
        while day >= fields[frame, F_UNTIL]:
            frame += 1
        goods = lines.value[line]
        freight, insurance = max(lines.freight[line], 0), max(lines.insurance[line], 0)
        if goods <= 0 or max(goods, freight, insurance) > LARGEST_VALUE:
            continue
        rate = fields[frame, F_RATE]
        if rate >= 0:
            mantissa = frames.rates[day - frames.first_day, rate, 0]
            if mantissa > NO_RATE:
                scale = frames.rates[day - frames.first_day, rate, 1]
                goods = converted(goods, mantissa, scale)
                freight = converted(freight, mantissa, scale)
                insurance = converted(insurance, mantissa, scale)
                if goods <= 0 or min(freight, insurance) < 0 or max(goods, freight, insurance) > LARGEST_CONVERTED:
                    continue
            elif mantissa == NO_RATE:
                frame = fields[frame, F_WITHOUT_RATE]
            else:
                continue
        if fields[frame, F_SCALAR]:
            continue
        schedule = get(book, DESTINATION_SCHEDULE, target)
        for facet in range(FACETS):
            case[K_LISTS + facet] = block[place + 1 + facet]
        cif = fields[frame, F_CIF]
        customs = goods + (freight + insurance if cif else 0)
        if fields[frame, F_VALUE_UNIT] != 1:
            # Goods of some value never come to nothing.
            unit = fields[frame, F_VALUE_UNIT]
            customs = max(rounded(customs, unit, fields[frame, F_VALUE_MODE]), 1) * unit
        case[K_LINE], case[K_DAY], case[K_ORIGIN] = line, day, origin
        case[K_BUYER], case[K_TRANSPORT] = lines.buyer[line], lines.transport[line]
        case[K_GOODS], case[K_CUSTOMS] = goods, customs
        case[K_CURRENCY], case[K_MINOR] = fields[frame, F_CURRENCY], fields[frame, F_MINOR]
        case[K_UNIT], case[K_MODE] = fields[frame, F_DUTY_UNIT], fields[frame, F_DUTY_MODE]
        if fields[frame, F_FOREIGN]:
            for currency in range(frames.foreign.shape[1]):
                for way in range(2):
                    rate = frames.foreign[frame, currency, way]
                    at = K_RATES + RATE_WIDTH * currency + 2 * way
                    case[at] = NO_RATE
                    if rate >= 0:
                        case[at] = frames.rates[day - frames.first_day, rate, 0]
                        case[at + 1] = frames.rates[day - frames.first_day, rate, 1]
        levied = find_outcome(book, case, case[_LEVIES], claim)
        if levied == FAILED:
            continue
        flags = of_outcome(book, levied, O_FLAGS)
        if flags & SCALAR:
            continue
        known = flags
        papers = EMPTY_LIST
        if case[_PAPERS]:
            papers = find_outcome(book, case, case[_PAPERS], claim)
            known |= of_outcome(book, papers, O_FLAGS)
        unknowns = unknowns_of(book, levied, 0)
        complete = True
        duty, additional, excise, fees, taxes = 0, 0, 0, 0, 0
        duty_set, additional_set = 0, 0
        scheduled = get(book, DESTINATION_FLAGS, target) == HAS_TARIFF
        in_force = scheduled and day >= get(book, SCHEDULE_DAY, schedule)
        if get(book, INSIDE_UNION, source * economies + target):
            if claim != NO_CLAIM:
                continue
            unknowns |= _INSIDE
        else:
            if duties(book, case, claim, quantities, sources, stack, now) == FAILED:
                continue
            known |= now[R_KNOWN]
            unknowns |= now[R_UNKNOWNS]
            relieved = flags & RELIEVED
            if now[R_REFUSAL] and not relieved:
                # The trader has to say more, unless what is claimed is wrong in the first place.
                if claim == NO_CLAIM or known & CLAIM_KNOWN:
                    results.refusal[line] = now[R_REFUSAL]
                    results.scalar[line] = False
                continue
            if relieved:
                now[R_DUTY], now[R_ADDITIONAL] = 0, 0
                now[R_LIST], now[R_SET] = case[_LEVIES], of_outcome(book, levied, O_SETS + 3)
                now[R_NARROW_SET], now[R_WIDE_SET] = 0, 0
            duty, additional = now[R_DUTY], now[R_ADDITIONAL]
            if in_force and not now[R_CHARGED] and not relieved:
                if now[R_NOTHING]:
                    if case[_LOWER]:
                        # Whether a duty is missing then depends on the preferences that reach these goods.
                        continue
                    unknowns |= _NO_DUTY
                else:
                    complete = False
            if origin != source:
                option = 1
                if claim == NO_CLAIM:
                    whole = not (unknowns_of(book, levied, 0) | now[R_UNKNOWNS]) & ~COSTLESS
                    option = has_option(book, case, quantities, sources, stack, now, then, whole)
                    if option == FAILED:
                        continue
                if option:
                    unknowns |= _ROUTE
            duty_set = note_set(book, counts, noted, seen, S_DUTY, now[R_LIST], now[R_SET])
            if now[R_NARROW_SET] and now[R_WIDE_SET]:
                additional_set = note_pair(
                    book,
                    counts,
                    noted,
                    notes.pairs,
                    notes.pair_numbers,
                    now[R_NARROW],
                    now[R_NARROW_SET],
                    now[R_WIDE],
                    now[R_WIDE_SET],
                )
            elif now[R_NARROW_SET]:
                additional_set = note_set(book, counts, noted, seen, S_ADDITIONAL, now[R_NARROW], now[R_NARROW_SET])
            else:
                additional_set = note_set(book, counts, noted, seen, S_ADDITIONAL, now[R_WIDE], now[R_WIDE_SET])
        if claim != NO_CLAIM and not known & CLAIM_KNOWN:
            continue
        if scheduled and not in_force:
            unknowns |= _SCHEDULE
        if matched & 1:
            unknowns |= _FINER
        unknowns |= wide(book, DESTINATION_UNKNOWNS, target) | unknowns_of(book, levied, 1)
        on_paid = False
        failed = False
        for due in range(of_outcome(book, levied, O_DUES), of_outcome(book, levied, O_DUES_END)):
            kind = of_due(book, due, D_KIND)
            base = customs * 100
            unit, mode = fields[frame, F_DUTY_UNIT], fields[frame, F_DUTY_MODE]
            if of_due(book, due, D_BASE) == ON_DUTY_PAID:
                if kind == C_EXCISE:
                    base = (customs + duty + additional) * 100
                else:
                    on_paid = True
                    base = (
                        customs * frames.tax_base[frame, T_VALUE]
                        + duty * frames.tax_base[frame, T_DUTY]
                        + additional * frames.tax_base[frame, T_ADDITIONAL]
                        + excise * frames.tax_base[frame, T_EXCISE]
                        + fees * frames.tax_base[frame, T_FEE]
                    )
                    if not cif:
                        base += (freight + insurance) * frames.tax_base[frame, T_CARRIAGE]
            if kind == C_TAX:
                unit, mode = fields[frame, F_TAX_UNIT], fields[frame, F_TAX_MODE]
            part = charge(book, case, due, base, FAILED, unit, mode, quantities, sources, stack)
            if part < 0 or max(duty, additional, excise, fees) > 100 * LARGEST_VALUE:
                results.refusal[line] = case[K_REFUSAL]
                results.scalar[line] = case[K_REFUSAL] == 0
                failed = True
                break
            if kind == C_EXCISE:
                excise += part
            elif kind == C_FEE:
                fees += part
            else:
                taxes += part
        if failed:
            continue
        if on_paid and (not complete or unknowns & ~COSTLESS):
            unknowns |= _BASE_OPEN
        unknowns |= unknowns_of(book, levied, 2)
        if not flags & TAX_MATCHED:
            unknowns |= wide(book, DESTINATION_NO_TAX, target)
        if scheduled and not fields[frame, F_BASIS_KNOWN]:
            unknowns |= _VALUATION
        if get(book, DESTINATION_FLAGS, target) and lines.freight[line] < 0:
            unknowns |= _NO_FREIGHT
        coin = POWERS[DECIMALS - fields[frame, F_MINOR]]
        total = (goods + freight + insurance + duty + additional + excise + taxes + fees) * coin
        if total >= TOO_MUCH:
            continue
        combination = note_bits(counts, notes.bits, notes.of_bits, unknowns)
        if combination == FAILED:
            continue
        results.unknowns[line] = combination
        results.complete[line] = complete and not unknowns & ~COSTLESS
        results.currency[line] = fields[frame, F_OUT_CURRENCY]
        sets[S_DUTY, line] = duty_set
        sets[S_ADDITIONAL, line] = additional_set
        listed = case[_LEVIES]
        sets[S_EXCISE, line] = note_set(book, counts, noted, seen, S_EXCISE, listed, of_outcome(book, levied, O_SETS))
        sets[S_FEE, line] = note_set(book, counts, noted, seen, S_FEE, listed, of_outcome(book, levied, O_SETS + 1))
        sets[S_TAX, line] = note_set(book, counts, noted, seen, S_TAX, listed, of_outcome(book, levied, O_SETS + 2))
        listed = case[_PAPERS]
        sets[S_REQUIREMENT, line] = note_set(
            book, counts, noted, seen, S_REQUIREMENT, listed, of_outcome(book, papers, O_SETS)
        )
        sets[S_PROHIBITION, line] = note_set(
            book, counts, noted, seen, S_PROHIBITION, listed, of_outcome(book, papers, O_SETS + 1)
        )
        amounts[A_CUSTOMS, line] = customs * coin
        amounts[A_GOODS, line] = goods * coin
        amounts[A_DUTY, line] = duty * coin
        amounts[A_ADDITIONAL, line] = additional * coin
        amounts[A_EXCISE, line] = excise * coin
        amounts[A_TAX, line] = taxes * coin
        amounts[A_FEES, line] = fees * coin
        amounts[A_FREIGHT, line] = freight * coin
        amounts[A_INSURANCE, line] = insurance * coin
        amounts[A_TOTAL, line] = total
        results.scalar[line] = False


def new_scratch(currencies: int) -> tuple[Any, Any, Any, Any, Any]:
    """Room for the figures of one line: its case, a stack, what its duties are now and under a claim; and a block."""
    return (
        np.zeros(K_RATES + RATE_WIDTH * max(currencies, 1), np.int64),
        np.empty(_STACK, np.int64),
        np.zeros(DUTY_FIGURES, np.int64),
        np.zeros(DUTY_FIGURES, np.int64),
        np.zeros(BLOCK * BLOCK_WIDTH + 1, np.int64),
    )
