"""The loop over lines: prefix, day, origin, duty, levies and papers of each, in integers.

A line that the tables do not settle is marked and left as it is; the scalar path answers it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ewtp.core.compiled.arithmetic import FAILED, compiled, rounded
from ewtp.core.compiled.charging import (
    LARGEST_VALUE,
    charge,
    find_entry,
    find_outcome,
    in_answers_currency,
    list_at,
    matching_entry,
)
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
    F_DUTY_MODE,
    F_DUTY_UNIT,
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
    SETS,
    T_ADDITIONAL,
    T_CARRIAGE,
    T_DUTY,
    T_EXCISE,
    T_FEE,
    T_VALUE,
)
from ewtp.core.compiled.lists import FACETS, Facet
from ewtp.core.compiled.outcomes import (
    C_EXCISE,
    C_FEE,
    C_TAX,
    CLAIM_KNOWN,
    CLAIMED,
    NOTHING_MATCHED,
    ON_DUTY_PAID,
    RELIEVED,
    SCALAR,
    TAX_MATCHED,
)
from ewtp.core.compiled.tables import (
    D_BASE,
    D_KIND,
    D_TRIED,
    EMPTY_LIST,
    HAS_TARIFF,
    O_DUES,
    O_DUES_END,
    O_FLAGS,
    O_OFFERS,
    O_OFFERS_END,
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
_DUTY, _NARROW, _WIDE, _LEVIES, _PAPERS, _LOWER = (int(facet) for facet in Facet)
_POWERS = np.array([10**n for n in range(DECIMALS + 1)], np.int64)
_PRIME = 0x1E3779B97F4A7C15
# Room for what a list comes to: facets of a line, and the lists they come from.
_STACK = 24


@compiled()
def note_set(tables: Any, notes: Any, slot: int, listed: int, own: int) -> int:
    """The number, in its column, of a set of rules; the empty one is 0."""
    if not own:
        return 0
    key = tables.list_sets[listed] + own
    found = notes.seen[key]
    if not found:
        found = notes.counts[slot]
        notes.counts[slot] = found + 1
        notes.seen[key] = found
        notes.sets[slot, found, 0] = listed
        notes.sets[slot, found, 1] = own
        notes.sets[slot, found, 2] = 0
        notes.sets[slot, found, 3] = 0
    return int(found)


@compiled()
def note_pair(tables: Any, notes: Any, slot: int, listed: int, own: int, other: int, others: int) -> int:
    """The number, in its column, of two sets of rules taken together."""
    if not own:
        return int(note_set(tables, notes, slot, other, others))
    if not others:
        return int(note_set(tables, notes, slot, listed, own))
    key = (np.int64(tables.list_sets[listed] + own) << 32) | np.int64(tables.list_sets[other] + others)
    mask = notes.pairs.shape[0] - 1
    at = ((key * _PRIME) >> 20) & mask
    while notes.pairs[at] and notes.pairs[at] != key:
        at = (at + 1) & mask
    if not notes.pairs[at]:
        found = notes.counts[slot]
        notes.counts[slot] = found + 1
        notes.pairs[at] = key
        notes.pair_numbers[at] = found
        notes.sets[slot, found, 0] = listed
        notes.sets[slot, found, 1] = own
        notes.sets[slot, found, 2] = other
        notes.sets[slot, found, 3] = others
    return int(notes.pair_numbers[at])


@compiled()
def note_bits(notes: Any, bits: int) -> int:
    """The number of a combination of unknowns; FAILED where there are more than the notes have room for."""
    mask = notes.of_bits.shape[0] - 1
    at = ((bits * _PRIME) >> 20) & mask
    # Place 0 is left free, so that a number of 0 says that nothing is noted.
    while notes.of_bits[at]:
        if notes.bits[notes.of_bits[at] - 1] == bits:
            return int(notes.of_bits[at] - 1)
        at = (at + 1) & mask
    count = notes.counts[SETS]
    if count >= notes.bits.shape[0]:
        return FAILED
    notes.counts[SETS] = count + 1
    notes.bits[count] = bits
    notes.of_bits[at] = count + 1
    return int(count)


@compiled()
def duties(
    tables: Any, lines: Any, frames: Any, frame: int, line: int, lists: Any, claim: int, customs: int, goods: int,
    stack: Any, found: Any,
) -> int:
    """The duty and the additional duties of a line under a claim; FAILED where the scalar path has to say.

    ``lists`` are by facet. Fills ``found`` with: duty, additional duty, unknowns, whether a duty was charged, whether
    no rule of duty was there, whether the claim is known or chosen, and the lists and sets behind it all.
    """
    fields = frames.fields[frame]
    unit, mode = fields[F_DUTY_UNIT], fields[F_DUTY_MODE]
    day = lines.day[line]
    listed = lists[_DUTY]
    known = 0
    outcome = FAILED
    if claim != NO_CLAIM and lists[_LOWER]:
        for place in range(tables.directory_start[lists[_LOWER]], tables.directory_start[lists[_LOWER] + 1]):
            if tables.directory_claim[place] == claim:
                lower = tables.directory_list[place]
                outcome = find_outcome(
                    tables, lines, frames, frame, line, tables.list_pattern[lower], day, claim, goods
                )
                known |= tables.outcome_fields[outcome, O_FLAGS]
                if tables.outcome_fields[outcome, O_FLAGS] & CLAIMED:
                    listed = lower
                else:
                    outcome = FAILED
                break
    if outcome == FAILED:
        outcome = find_outcome(tables, lines, frames, frame, line, tables.list_pattern[listed], day, claim, goods)
        if outcome == FAILED:
            return FAILED
    flags = tables.outcome_fields[outcome, O_FLAGS]
    known |= flags
    if flags & SCALAR:
        return FAILED
    unknowns = tables.outcome_unknowns[outcome, 0]
    duty = 0
    inherited = FAILED
    first = tables.outcome_fields[outcome, O_DUES]
    charged = first < tables.outcome_fields[outcome, O_DUES_END]
    if charged:
        duty = charge(tables, lines, fields, first, customs * 100, FAILED, unit, mode, line, stack)
        if duty == FAILED:
            return FAILED
        inherited = duty
    found[3], found[4] = charged, flags & NOTHING_MATCHED
    found[6], found[7] = listed, tables.outcome_fields[outcome, O_SETS]
    additional = 0
    for facet in (_NARROW, _WIDE):
        listed = lists[facet]
        at = 8 if facet == _NARROW else 11
        found[at], found[at + 1], found[at + 2] = listed, 0, 0
        if listed == EMPTY_LIST:
            continue
        outcome = find_outcome(tables, lines, frames, frame, line, tables.list_pattern[listed], day, claim, goods)
        if outcome == FAILED:
            return FAILED
        flags = tables.outcome_fields[outcome, O_FLAGS]
        if flags & SCALAR:
            return FAILED
        known |= flags
        unknowns |= tables.outcome_unknowns[outcome, 0]
        found[at + 1], found[at + 2] = tables.outcome_fields[outcome, O_SETS], outcome
        for due in range(tables.outcome_fields[outcome, O_DUES], tables.outcome_fields[outcome, O_DUES_END]):
            part = charge(tables, lines, fields, due, customs * 100, inherited, unit, mode, line, stack)
            if part == FAILED:
                return FAILED
            if not tables.due_fields[due, D_TRIED]:
                additional += part
    found[0], found[1], found[2], found[5] = duty, additional, unknowns, known
    return 0


@compiled()
def has_option(
    tables: Any, lines: Any, frames: Any, frame: int, line: int, lists: Any, customs: int, goods: int, stack: Any,
    now: Any, then: Any, paid: int, complete: bool,  # noqa: FBT001 - a kernel takes positions
) -> int:
    """Whether some claim would lower the duties that are paid: 1, 0, or FAILED where the scalar path has to say."""
    lower = lists[_LOWER]
    for place in range(tables.directory_start[lower], tables.directory_start[lower + 1]):
        claim = tables.directory_claim[place]
        listed = tables.directory_list[place]
        outcome = find_outcome(
            tables, lines, frames, frame, line, tables.list_pattern[listed], lines.day[line], claim, goods
        )
        if tables.outcome_fields[outcome, O_FLAGS] & CLAIMED:
            answer = lowers(tables, lines, frames, frame, line, lists, claim, customs, goods, stack, then, paid, complete)
            if answer:
                return int(answer)
    for at in (10, 13):
        outcome = now[at]
        for place in range(tables.outcome_fields[outcome, O_OFFERS], tables.outcome_fields[outcome, O_OFFERS_END]):
            claim = tables.offer_claim[place]
            answer = lowers(tables, lines, frames, frame, line, lists, claim, customs, goods, stack, then, paid, complete)
            if answer:
                return int(answer)
    return 0


@compiled()
def lowers(
    tables: Any, lines: Any, frames: Any, frame: int, line: int, lists: Any, claim: int, customs: int, goods: int,
    stack: Any, then: Any, paid: int, complete: bool,  # noqa: FBT001 - a kernel takes positions
) -> int:
    """Whether a claim would lower the duties; one whose saving cannot be told counts as well."""
    if duties(tables, lines, frames, frame, line, lists, claim, customs, goods, stack, then) == FAILED:
        return FAILED
    whole = complete and not then[2] & ~COSTLESS
    return 0 if whole and paid <= then[0] + then[1] else 1


@compiled()
def frame_of(frames: Any, lines: Any, line: int, currencies: int) -> int:
    """The frame of a line, without regard to whether there is a rate on its day."""
    frame = frames.first[lines.destination[line] * currencies + lines.currency[line]]
    while lines.day[line] >= frames.fields[frame, F_UNTIL]:
        frame += 1
    return int(frame)


@compiled()
def find_lists(tables: Any, lines: Any, line: int, entries: Any, lists: Any) -> int:
    """Fill in the lists of a line by facet; 1 where its code is finer than the schedule, FAILED where it has none."""
    target = lines.destination[line]
    schedule = tables.destination_schedule[target]
    code = lines.code[line]
    entry = entries[schedule, code]
    if entry < 0:
        entry = find_entry(tables, schedule, lines.code_key[code])
        entries[schedule, code] = entry
    entry, finer = matching_entry(tables, entry, lines.code_key[code], lines.code_exists[code], lines.day[line])
    if entry == FAILED:
        return FAILED
    own = entry - tables.schedule_entry[schedule]
    for facet in range(lists.shape[0]):
        lists[facet] = list_at(tables, target, facet, own)
    return 1 if finer else 0


@compiled()
def assess_line(
    tables: Any, lines: Any, frames: Any, results: Any, notes: Any, line: int, finer: int, lists: Any, stack: Any,
    now: Any, then: Any, currencies: int,
) -> bool:
    """Answer one line; False where the scalar path has to."""
    amounts, sets = results.amounts, results.sets
    target, source, origin, day = lines.destination[line], lines.source[line], lines.origin[line], lines.day[line]
    claim = lines.claim[line]
    # Goods of a whole union and papers asked for on the way out are not compiled.
    if claim == ODD_CLAIM or tables.exports_rules[source] or tables.origin_is_union[origin]:
        return False
    number = frame_of(frames, lines, line, currencies)
    frame = frames.fields[number]
    goods = lines.value[line]
    freight, insurance = max(lines.freight[line], 0), max(lines.insurance[line], 0)
    if goods <= 0 or max(goods, freight, insurance) > LARGEST_VALUE:
        return False
    if frame[F_RATE] >= 0:
        mantissa = frames.mantissa[frame[F_RATE], day - frames.first_day]
        if mantissa > NO_RATE:
            scale = frames.scale[frame[F_RATE], day - frames.first_day]
            goods = in_answers_currency(goods, mantissa, scale)
            freight = in_answers_currency(freight, mantissa, scale)
            insurance = in_answers_currency(insurance, mantissa, scale)
            if goods <= 0 or min(freight, insurance) < 0 or max(goods, freight, insurance) > LARGEST_VALUE:
                return False
        elif mantissa == NO_RATE:
            number = frame[F_WITHOUT_RATE]
            frame = frames.fields[number]
        else:
            return False
    if frame[F_SCALAR]:
        return False
    customs = goods + (freight + insurance if frame[F_CIF] else 0)
    if frame[F_VALUE_UNIT] != 1:
        # Goods of some value never come to nothing.
        customs = max(rounded(customs, frame[F_VALUE_UNIT], frame[F_VALUE_MODE]), 1) * frame[F_VALUE_UNIT]
    levied = find_outcome(
        tables, lines, frames, number, line, tables.list_pattern[lists[_LEVIES]], day, claim, goods
    )
    if levied == FAILED:
        return False
    flags = tables.outcome_fields[levied, O_FLAGS]
    known = flags
    if flags & SCALAR:
        return False
    papers = EMPTY_LIST
    if lists[_PAPERS]:
        papers = find_outcome(
            tables, lines, frames, number, line, tables.list_pattern[lists[_PAPERS]], day, claim, goods
        )
        known |= tables.outcome_fields[papers, O_FLAGS]
    unknowns = tables.outcome_unknowns[levied, 0]
    complete = True
    duty, additional, excise, fees, taxes = 0, 0, 0, 0, 0
    duty_set, additional_set = 0, 0
    scheduled = tables.destination_flags[target] == HAS_TARIFF
    in_force = scheduled and day >= tables.schedule_day[tables.destination_schedule[target]]
    if tables.inside_union[source, target]:
        if claim != NO_CLAIM:
            return False
        unknowns |= _INSIDE
    else:
        if duties(tables, lines, frames, number, line, lists, claim, customs, goods, stack, now) == FAILED:
            return False
        known |= now[5]
        unknowns |= now[2]
        relieved = flags & RELIEVED
        if not relieved:
            duty, additional = now[0], now[1]
            duty_set = note_set(tables, notes, S_DUTY, now[6], now[7])
            additional_set = note_pair(tables, notes, S_ADDITIONAL, now[8], now[9], now[11], now[12])
        else:
            duty_set = note_set(tables, notes, S_DUTY, lists[_LEVIES], tables.outcome_fields[levied, O_SETS + 3])
        if in_force and not now[3] and not relieved:
            if now[4]:
                if lists[_LOWER]:
                    # Whether a duty is missing then depends on the preferences that reach these goods.
                    return False
                unknowns |= _NO_DUTY
            else:
                complete = False
        if origin != source:
            if claim != NO_CLAIM:
                unknowns |= _ROUTE
            else:
                whole = not (tables.outcome_unknowns[levied, 0] | now[2]) & ~COSTLESS
                option = has_option(
                    tables, lines, frames, number, line, lists, customs, goods, stack, now, then, duty + additional, whole
                )
                if option == FAILED:
                    return False
                if option:
                    unknowns |= _ROUTE
    if claim != NO_CLAIM and not known & CLAIM_KNOWN:
        return False
    if scheduled and not in_force:
        unknowns |= _SCHEDULE
    if finer:
        unknowns |= _FINER
    unknowns |= tables.destination_unknowns[target] | tables.outcome_unknowns[levied, 1]
    tax_base = frames.tax_base[number]
    on_paid = False
    for due in range(tables.outcome_fields[levied, O_DUES], tables.outcome_fields[levied, O_DUES_END]):
        kind = tables.due_fields[due, D_KIND]
        base = customs * 100
        unit, mode = frame[F_DUTY_UNIT], frame[F_DUTY_MODE]
        if tables.due_fields[due, D_BASE] == ON_DUTY_PAID:
            if kind == C_EXCISE:
                base = (customs + duty + additional) * 100
            else:
                on_paid = True
                base = (
                    customs * tax_base[T_VALUE]
                    + duty * tax_base[T_DUTY]
                    + additional * tax_base[T_ADDITIONAL]
                    + excise * tax_base[T_EXCISE]
                    + fees * tax_base[T_FEE]
                )
                if not frame[F_CIF]:
                    base += (freight + insurance) * tax_base[T_CARRIAGE]
        if kind == C_TAX:
            unit, mode = frame[F_TAX_UNIT], frame[F_TAX_MODE]
        part = charge(tables, lines, frame, due, base, FAILED, unit, mode, line, stack)
        if part == FAILED or max(duty, additional, excise, fees) > 100 * LARGEST_VALUE:
            return False
        if kind == C_EXCISE:
            excise += part
        elif kind == C_FEE:
            fees += part
        else:
            taxes += part
    if on_paid and (not complete or unknowns & ~COSTLESS):
        unknowns |= _BASE_OPEN
    unknowns |= tables.outcome_unknowns[levied, 2]
    if not flags & TAX_MATCHED:
        unknowns |= tables.destination_no_tax[target]
    if scheduled and not frame[F_BASIS_KNOWN]:
        unknowns |= _VALUATION
    if tables.destination_flags[target] and lines.freight[line] < 0:
        unknowns |= _NO_FREIGHT
    noted = note_bits(notes, unknowns)
    if noted == FAILED:
        return False
    results.unknowns[line] = noted
    results.complete[line] = complete and not unknowns & ~COSTLESS
    results.currency[line] = frame[F_OUT_CURRENCY]
    sets[S_DUTY, line] = duty_set
    sets[S_ADDITIONAL, line] = additional_set
    listed = lists[_LEVIES]
    sets[S_EXCISE, line] = note_set(tables, notes, S_EXCISE, listed, tables.outcome_fields[levied, O_SETS])
    sets[S_FEE, line] = note_set(tables, notes, S_FEE, listed, tables.outcome_fields[levied, O_SETS + 1])
    sets[S_TAX, line] = note_set(tables, notes, S_TAX, listed, tables.outcome_fields[levied, O_SETS + 2])
    listed = lists[_PAPERS]
    sets[S_REQUIREMENT, line] = note_set(tables, notes, S_REQUIREMENT, listed, tables.outcome_fields[papers, O_SETS])
    sets[S_PROHIBITION, line] = note_set(
        tables, notes, S_PROHIBITION, listed, tables.outcome_fields[papers, O_SETS + 1]
    )
    coin = _POWERS[DECIMALS - frame[F_MINOR]]
    amounts[A_CUSTOMS, line] = customs * coin
    amounts[A_GOODS, line] = goods * coin
    amounts[A_DUTY, line] = duty * coin
    amounts[A_ADDITIONAL, line] = additional * coin
    amounts[A_EXCISE, line] = excise * coin
    amounts[A_TAX, line] = taxes * coin
    amounts[A_FEES, line] = fees * coin
    amounts[A_FREIGHT, line] = freight * coin
    amounts[A_INSURANCE, line] = insurance * coin
    amounts[A_TOTAL, line] = (goods + freight + insurance + duty + additional + excise + taxes + fees) * coin
    return True


@compiled()
def assess_lines(tables: Any, lines: Any, frames: Any, results: Any, notes: Any, entries: Any, currencies: int) -> None:
    """Answer every line, or mark it for the scalar path.

    ``entries`` remembers the entry of each code in each schedule, -1 where none was looked up yet.
    """
    stack = np.empty(_STACK, np.int64)
    now, then = np.zeros(14, np.int64), np.zeros(14, np.int64)
    lists = np.zeros(FACETS, np.int64)
    for line in range(lines.day.shape[0]):
        if lines.scalar[line]:
            results.scalar[line] = True
            continue
        finer = find_lists(tables, lines, line, entries, lists)
        results.scalar[line] = finer == FAILED or not assess_line(
            tables, lines, frames, results, notes, line, finer, lists, stack, now, then, currencies
        )
