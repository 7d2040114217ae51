"""Where the kernel looks: a code's entry, the lists of each facet at it, what a list comes to for a line.

What a line reads depends on what it has read before; doing each step for a block of lines lets the machine wait for
many of them at once, and keeps the code of a step small.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ewtp.core.compiled.format import entry_status, outcome_field, outcome_flag, pattern_field
from ewtp.core.compiled.format.entry_key import MOST_DIGITS
from ewtp.core.compiled.format.kernel_arrays import NO_CLAIM
from ewtp.core.compiled.format.tables import EMPTY_LIST, NO_OUTCOME, TRANSPORTS
from ewtp.core.compiled.kernel import economy_field, list_field, segment, shelf_field, span_field, state
from ewtp.core.compiled.kernel.line_state import foreign_rate, of_case, put
from ewtp.core.compiled.kernel.packed_book import RECORD, get, of_outcome, of_place, wide
from ewtp.core.compiled.machine.fixed_point import FAILED, POWERS
from ewtp.core.compiled.machine.jit import jit_inline, jit_no_refcount
from ewtp.core.compiled.machine.prefetch import prefetch

# The last digits of a code's key say how many digits it has.
_LENGTH = 15
# An entry is remembered with its run, and with how many digits the code has that led to it.
_RUN_BIT, _DIGITS_BIT = 32, 56
_ENTRY, _RUN = (1 << _RUN_BIT) - 1, (1 << (_DIGITS_BIT - _RUN_BIT)) - 1
_TRANSPORTS = len(TRANSPORTS)


@jit_inline()
def starts_with(code: int, entry: int) -> bool:
    """Whether a code starts with an entry, both as keys."""
    length = entry & _LENGTH
    if length > code & _LENGTH:
        return False
    rest = POWERS[MOST_DIGITS - length]
    return (code >> 4) // rest == (entry >> 4) // rest


@jit_inline()
def find_entry(book: Any, schedule: int, key: int) -> Any:
    """The longest entry of a schedule that a code starts with, with its run and the code's digits."""
    first = get(book, segment.SCHEDULE_ENTRY, schedule)
    low, high = first, get(book, segment.SCHEDULE_ENTRY, schedule + 1)
    while high - low > 1:
        middle = (low + high) >> 1
        if wide(book, segment.ENTRY_KEY, middle) <= key:
            low = middle
        else:
            high = middle
    while low > first and not starts_with(key, wide(book, segment.ENTRY_KEY, low)):
        low = first + get(book, segment.ENTRY_PARENT, low)
    return low | (get(book, segment.ENTRY_RUN, low) << _RUN_BIT) | ((key & _LENGTH) << _DIGITS_BIT)


@jit_inline()
def matching_entry(book: Any, remembered: int, code: int, lines: Any, day: int) -> int:
    """The entry that rules are matched on, twice; one more where the code is finer than the schedule's line.

    FAILED where the code needs the scalar path.
    """
    entry, run = remembered & _ENTRY, (remembered >> _RUN_BIT) & _RUN
    place = get(book, segment.RUN_START, run)
    end = get(book, segment.RUN_START, run + 1)
    while place + 1 < end and get(book, segment.RUN_DAY, place + 1) <= day:
        place += 1
    status, value = get(book, segment.RUN_STATUS, place), get(book, segment.RUN_VALUE, place)
    if status == entry_status.COVERED:
        return 2 * entry + (1 if remembered >> _DIGITS_BIT > value else 0)
    if status == entry_status.NO_SCHEDULE and lines.code_exists[code]:
        return 2 * entry
    if status == entry_status.ONE_BELOW and starts_with(
        wide(book, segment.ENTRY_KEY, entry + value), lines.code_key[code]
    ):
        return 2 * (entry + value)
    return FAILED


@jit_no_refcount()
def find_lists(book: Any, lines: Any, entries: Any, case: Any, rows: int) -> None:
    """Fill in, for the cases of a block, the entry that rules are matched on and the lists of each facet.

    ``entries`` remembers the entry of each code in each schedule, -1 where none was looked up yet.
    """
    schedules = entries.shape[0] // lines.code_key.shape[0]
    for row in range(rows):
        at = row * state.WIDTH
        if of_case(case, at, state.MATCHED) != FAILED:
            code = np.int64(lines.code[np.uint64(of_case(case, at, state.LINE))])
            place = code * schedules + of_place(book, of_case(case, at, state.TARGET), economy_field.SCHEDULE)
            put(case, at, state.CODE, code)
            put(case, at, state.MATCHED, place)
            prefetch(entries, place)
    for row in range(rows):
        at = row * state.WIDTH
        place = of_case(case, at, state.MATCHED)
        if place != FAILED:
            remembered = entries[np.uint64(place)]
            target, code = of_case(case, at, state.TARGET), of_case(case, at, state.CODE)
            if remembered < 0:
                schedule = of_place(book, target, economy_field.SCHEDULE)
                remembered = find_entry(book, schedule, lines.code_key[code])
                entries[np.uint64(place)] = remembered
            matched = matching_entry(book, remembered, code, lines, of_case(case, at, state.DAY))
            put(case, at, state.MATCHED, matched)
            if matched != FAILED:
                entry = matched >> 1
                shelf = book.at[segment.SHELF_FIELDS] + (of_place(book, target, economy_field.SHELF) + entry) * RECORD
                prefetch(book.small, shelf)
                put(case, at, state.DUTY_ROW, shelf + shelf_field.DUTY_FIELDS)
                levies = of_place(book, target, economy_field.LEVIES)
                if levies < 0:
                    levies = get(book, segment.LEVIES_LIST, of_place(book, target, economy_field.LEVIES_LIST) + entry)
                put(case, at, state.LEVIES, levies)
    small = book.small
    for row in range(rows):
        at = row * state.WIDTH
        if of_case(case, at, state.MATCHED) != FAILED:
            shelf = of_case(case, at, state.DUTY_ROW) - shelf_field.DUTY_FIELDS
            put(case, at, state.DUTY, small[np.uint64(shelf + shelf_field.DUTY)])
            put(case, at, state.NARROW, small[np.uint64(shelf + shelf_field.NARROW)])
            put(case, at, state.BROAD, small[np.uint64(shelf + shelf_field.BROAD)])
            put(case, at, state.PAPERS, small[np.uint64(shelf + shelf_field.PAPERS)])
            put(case, at, state.LOW, small[np.uint64(shelf + shelf_field.LOW)])
            put(case, at, state.HIGH, small[np.uint64(shelf + shelf_field.HIGH)])


@jit_inline()
def row_of_list(book: Any, listed: int) -> Any:
    """Where the figures of a list are."""
    return book.at[segment.LIST_FIELDS] + listed * list_field.WIDTH


@jit_inline()
def find_outcome(book: Any, frames: Any, case: Any, at: int, row: int, claim: int) -> Any:
    """What the list whose figures begin at ``row`` comes to; FAILED where a limit of value cannot be tested exactly."""
    small = book.small
    turn = small[np.uint64(row + list_field.DAY)]
    day = of_case(case, at, state.DAY)
    if turn != list_field.COMPLEX:
        return np.int64(small[np.uint64(row + (list_field.BEFORE if day < turn else list_field.AFTER))])
    return find_among_cases(book, frames, case, at, np.int64(small[np.uint64(row + list_field.PATTERN)]), claim)


@jit_inline()
def find_among_cases(book: Any, frames: Any, case: Any, at: int, pattern: int, claim: int) -> int:
    """The same for a pattern, by day, class of origins and mode."""
    small = book.small
    day = of_case(case, at, state.DAY)
    fields = book.at[segment.PATTERN_FIELDS] + pattern * pattern_field.WIDTH
    spans = book.at[segment.SPAN_FIELDS]
    span = spans + span_field.WIDTH * np.int64(small[np.uint64(fields + pattern_field.SPANS)])
    end = spans + span_field.WIDTH * np.int64(small[np.uint64(fields + pattern_field.SPANS_END)])
    while span + span_field.WIDTH < end and small[np.uint64(span + span_field.WIDTH)] <= day:
        span += span_field.WIDTH
    modes = np.int64(small[np.uint64(fields + pattern_field.MODES)])
    mode = 0
    if modes > 1:
        if small[np.uint64(fields + pattern_field.BUYER)]:
            mode = of_case(case, at, state.BUYER)
        if small[np.uint64(fields + pattern_field.TRANSPORT)]:
            mode = mode * _TRANSPORTS + of_case(case, at, state.TRANSPORT)
        first, last = (
            np.int64(small[np.uint64(fields + pattern_field.LIMITS)]),
            np.int64(small[np.uint64(fields + pattern_field.LIMITS_END)]),
        )
        if last > first:
            currency = np.int64(small[np.uint64(fields + pattern_field.CURRENCY)])
            found = value_interval(book, frames, case, at, currency, first, last)
            if found == FAILED:
                return FAILED
            mode = mode * (2 * (last - first) + 1) + found
        first, last = (
            np.int64(small[np.uint64(fields + pattern_field.CLAIMS)]),
            np.int64(small[np.uint64(fields + pattern_field.CLAIMS_END)]),
        )
        if last > first:
            found = 0
            if claim != NO_CLAIM:
                for known in range(first, last):
                    if get(book, segment.PATTERN_CLAIM, known) == claim:
                        found = known - first + 1
            mode = mode * (last - first + 1) + found
    kind = 0
    classes = np.int64(small[np.uint64(span + 1)])
    if classes:
        kind = get(book, segment.ORIGIN_CLASS, classes * frames.economies + of_case(case, at, state.ORIGIN))
    return get(book, segment.CASE_OUTCOME, np.int64(small[np.uint64(span + 2)]) + kind * modes + mode)


@jit_inline()
def value_interval(book: Any, frames: Any, case: Any, at: int, currency: int, first: int, last: int) -> int:
    """Where a value lies among a list's limits: below, at, between or above them; FAILED if too close to tell."""
    found = 0
    goods = of_case(case, at, state.GOODS)
    if of_case(case, at, state.CURRENCY) == currency:
        for place in range(first, last):
            limit = wide(book, segment.LIMIT_MINOR, place)
            found += (1 if goods >= limit else 0) + (1 if goods > limit else 0)
        return found
    mantissa, scale = foreign_rate(frames, case, at, currency, 0)
    if mantissa <= 0:
        return FAILED
    # The rate has ten digits, so doubles settle every value that is not within a hair of the limit.
    worth = np.float64(goods) * np.float64(mantissa) / np.float64(scale)
    for place in range(first, last):
        limit = wide(book, segment.LIMIT_MINOR, place)
        if abs(worth - limit) <= 1e-9 * limit + 1e-9:
            return FAILED
        found += 2 if worth > limit else 0
    return found


@jit_inline()
def list_under(book: Any, low: int, high: int, claim: int) -> int:
    """The list of lower duties that a claim may bring in from a directory, FAILED where there is none."""
    for place in range(low, high):
        if get(book, segment.DIRECTORY_CLAIM, place) == claim:
            return get(book, segment.DIRECTORY_LIST, place)
    return FAILED


@jit_no_refcount()
def find_outcomes(book: Any, frames: Any, case: Any, rows: int) -> None:
    """Fill in what the lists of the cases of a block come to.

    A list of lower duties that a claim brings in takes the place of the list of duties.
    """
    for row in range(rows):
        at = row * state.WIDTH
        if of_case(case, at, state.MATCHED) == FAILED:
            continue
        claim = of_case(case, at, state.CLAIM)
        known = 0
        outcome = FAILED
        if claim != NO_CLAIM:
            lower = list_under(book, of_case(case, at, state.LOW), of_case(case, at, state.HIGH), claim)
            if lower != FAILED:
                found = find_outcome(book, frames, case, at, row_of_list(book, lower), claim)
                known = of_outcome(book, found, outcome_field.FLAGS)
                if known & outcome_flag.CLAIMED:
                    outcome = found
                    put(case, at, state.DUTY, lower)
                    put(case, at, state.DUTY_ROW, row_of_list(book, lower))
        if outcome == FAILED:
            outcome = find_outcome(book, frames, case, at, of_case(case, at, state.DUTY_ROW), claim)
        put(case, at, state.DUTIED, outcome)
        put(case, at, state.KNOWN, known)
    _find_each(book, frames, case, rows, state.LEVIES, state.LEVIED)
    _find_each(book, frames, case, rows, state.NARROW, state.NARROWED)
    _find_each(book, frames, case, rows, state.BROAD, state.BROADENED)
    _find_each(book, frames, case, rows, state.PAPERS, state.PAPERED)
    for row in range(rows):
        at = row * state.WIDTH
        levied = of_case(case, at, state.LEVIED)
        if levied == FAILED or of_outcome(book, levied, outcome_field.FLAGS) & outcome_flag.SCALAR:
            put(case, at, state.MATCHED, FAILED)


@jit_no_refcount()
def _find_each(book: Any, frames: Any, case: Any, rows: int, lists: int, outcomes: int) -> None:
    for row in range(rows):
        at = row * state.WIDTH
        listed = of_case(case, at, lists)
        outcome = NO_OUTCOME
        if listed != EMPTY_LIST and of_case(case, at, state.MATCHED) != FAILED:
            outcome = find_outcome(book, frames, case, at, row_of_list(book, listed), of_case(case, at, state.CLAIM))
        put(case, at, outcomes, outcome)
