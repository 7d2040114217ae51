"""Where the kernel looks: a code's entry, the lists of each facet at it, what a list comes to for a line."""

from __future__ import annotations

from typing import Any

import numpy as np

from ewtp.core.compiled.arithmetic import (
    FAILED,
    POWERS,
    inlined,
)
from ewtp.core.compiled.charging import (
    CASE_OUTCOME,
    DESTINATION_SCHEDULE,
    ENTRY_KEY,
    ENTRY_LIST,
    ENTRY_PARENT,
    ENTRY_RUN,
    FACET_LISTS,
    K_BUYER,
    K_CURRENCY,
    K_DAY,
    K_ECONOMIES,
    K_GOODS,
    K_ORIGIN,
    K_RATES,
    K_TRANSPORT,
    LIMIT_MINOR,
    LIST_FIELDS,
    LIST_WIDTH,
    ORIGIN_CLASS,
    PATTERN_CLAIM,
    PATTERN_FIELDS,
    PATTERN_WIDTH,
    RATE_WIDTH,
    RUN_DAY,
    RUN_START,
    RUN_STATUS,
    RUN_VALUE,
    SCHEDULE_ENTRY,
    SPAN_FIELDS,
    SPAN_WIDTH,
    get,
    of_outcome,
    wide,
)
from ewtp.core.compiled.layout import NO_CLAIM
from ewtp.core.compiled.lists import FACETS, Facet
from ewtp.core.compiled.schedules import COVERED, MOST_DIGITS, NO_SCHEDULE, ONE_BELOW
from ewtp.core.compiled.tables import (
    EMPTY_DUTIES,
    FAR_FROM_SIMPLE,
    L_AFTER,
    L_BEFORE,
    L_DAY,
    L_PATTERN,
    O_FLAGS,
    P_BUYER,
    P_CLAIMS,
    P_CLAIMS_END,
    P_CURRENCY,
    P_LIMITS,
    P_LIMITS_END,
    P_MODES,
    P_SPANS,
    P_SPANS_END,
    P_TRANSPORT,
)

# The last digits of a code's key say how many digits it has.
_LENGTH = 15
# How many lines are looked up together, and what is kept of each: its entry, its lists, the patterns of some.
BLOCK = 128
_FETCHED = int(Facet.LOWER)
BLOCK_WIDTH = 1 + FACETS + _FETCHED


@inlined()
def starts_with(code: int, entry: int) -> bool:
    """Whether a code starts with an entry, both as keys."""
    length = entry & _LENGTH
    if length > code & _LENGTH:
        return False
    rest = POWERS[MOST_DIGITS - length]
    return (code >> 4) // rest == (entry >> 4) // rest


@inlined()
def find_entry(book: Any, schedule: int, key: int) -> int:
    """The longest entry of a schedule that a code starts with."""
    first = get(book, SCHEDULE_ENTRY, schedule)
    low, high = first, get(book, SCHEDULE_ENTRY, schedule + 1)
    while high - low > 1:
        middle = (low + high) // 2
        if wide(book, ENTRY_KEY, middle) <= key:
            low = middle
        else:
            high = middle
    while low > first and not starts_with(key, wide(book, ENTRY_KEY, low)):
        low = first + get(book, ENTRY_PARENT, low)
    return low


@inlined()
def matching_entry(book: Any, entry: int, key: int, exists: bool, day: int) -> int:
    """The entry that rules are matched on, twice; one more where the code is finer than the schedule's line.

    FAILED where the code needs the scalar path.
    """
    run = get(book, ENTRY_RUN, entry)
    place = get(book, RUN_START, run)
    end = get(book, RUN_START, run + 1)
    while place + 1 < end and get(book, RUN_DAY, place + 1) <= day:
        place += 1
    status, value = get(book, RUN_STATUS, place), get(book, RUN_VALUE, place)
    if status == COVERED:
        return 2 * entry + (1 if (key & _LENGTH) > value else 0)
    if status == NO_SCHEDULE and exists:
        return 2 * entry
    if status == ONE_BELOW and starts_with(wide(book, ENTRY_KEY, entry + value), key):
        return 2 * (entry + value)
    return FAILED


@inlined()
def list_at(book: Any, destination: int, facet: int, entry: int) -> int:
    """The list of a facet at an entry, counted from the schedule's first."""
    where = get(book, FACET_LISTS, destination * FACETS + facet)
    return -1 - where if where < 0 else get(book, ENTRY_LIST, where + entry)


@inlined()
def find_outcome(book: Any, case: Any, listed: int, claim: int) -> int:
    """What a list comes to for a case; FAILED where a value limit cannot be tested exactly."""
    small = book.small
    row = book.at[LIST_FIELDS] + listed * LIST_WIDTH
    turn = small[row + L_DAY]
    if turn != FAR_FROM_SIMPLE:
        return small[row + L_BEFORE] if case[K_DAY] < turn else small[row + L_AFTER]
    fields = book.at[PATTERN_FIELDS] + small[row + L_PATTERN] * PATTERN_WIDTH
    spans = book.at[SPAN_FIELDS]
    span, end = spans + SPAN_WIDTH * small[fields + P_SPANS], spans + SPAN_WIDTH * small[fields + P_SPANS_END]
    day = case[K_DAY]
    while span + SPAN_WIDTH < end and small[span + SPAN_WIDTH] <= day:
        span += SPAN_WIDTH
    modes = small[fields + P_MODES]
    mode = 0
    if modes > 1:
        if small[fields + P_BUYER]:
            mode = case[K_BUYER]
        if small[fields + P_TRANSPORT]:
            mode = mode * 6 + case[K_TRANSPORT]
        first, last = small[fields + P_LIMITS], small[fields + P_LIMITS_END]
        if last > first:
            at = value_interval(book, case, small[fields + P_CURRENCY], first, last)
            if at == FAILED:
                return FAILED
            mode = mode * (2 * (last - first) + 1) + at
        first, last = small[fields + P_CLAIMS], small[fields + P_CLAIMS_END]
        if last > first:
            at = 0
            if claim != NO_CLAIM:
                for known in range(first, last):
                    if get(book, PATTERN_CLAIM, known) == claim:
                        at = known - first + 1
            mode = mode * (last - first + 1) + at
    kind = 0
    row = small[span + 1]
    if row:
        kind = get(book, ORIGIN_CLASS, row * case[K_ECONOMIES] + case[K_ORIGIN])
    return get(book, CASE_OUTCOME, small[span + 2] + kind * modes + mode)


@inlined()
def value_interval(book: Any, case: Any, currency: int, first: int, last: int) -> int:
    """Where a value lies among a list's limits: below, at, between or above them; FAILED if too close to tell."""
    found = 0
    goods = case[K_GOODS]
    if case[K_CURRENCY] == currency:
        for place in range(first, last):
            limit = wide(book, LIMIT_MINOR, place)
            found += (1 if goods >= limit else 0) + (1 if goods > limit else 0)
        return found
    mantissa, scale = case[K_RATES + RATE_WIDTH * currency], case[K_RATES + RATE_WIDTH * currency + 1]
    if mantissa <= 0:
        return FAILED
    # The rate has ten digits, so doubles settle every value that is not within a hair of the limit.
    worth = np.float64(goods) * np.float64(mantissa) / np.float64(scale)
    for place in range(first, last):
        limit = wide(book, LIMIT_MINOR, place)
        if abs(worth - limit) <= 1e-9 * limit + 1e-9:
            return FAILED
        found += 2 if worth > limit else 0
    return found


@inlined()
def find_lists(book: Any, lines: Any, entries: Any, start: int, end: int, block: Any) -> None:
    """Fill in, for a block of lines, the entry that rules are matched on and the lists of each facet.

    What a line reads depends on what it has read before; doing each step for a block of lines lets the machine wait
    for many of them at once.
    """
    for line in range(start, end):
        place = (line - start) * BLOCK_WIDTH
        block[place] = FAILED
        if not lines.scalar[line]:
            schedule = get(book, DESTINATION_SCHEDULE, lines.destination[line])
            code = lines.code[line]
            entry = entries[schedule, code]
            if entry < 0:
                entry = find_entry(book, schedule, lines.code_key[code])
                entries[schedule, code] = entry
            block[place] = entry
    for line in range(start, end):
        place = (line - start) * BLOCK_WIDTH
        if block[place] != FAILED:
            code = lines.code[line]
            block[place] = matching_entry(
                book, block[place], lines.code_key[code], lines.code_exists[code], lines.day[line]
            )
    for line in range(start, end):
        place = (line - start) * BLOCK_WIDTH
        if block[place] != FAILED:
            target = lines.destination[line]
            own = (block[place] >> 1) - get(book, SCHEDULE_ENTRY, get(book, DESTINATION_SCHEDULE, target))
            for facet in range(FACETS):
                block[place + 1 + facet] = list_at(book, target, facet, own)
    # These figures are read again soon; that somebody adds them up is of no use but to fetch them now.
    fetched = 0
    for line in range(start, end):
        place = (line - start) * BLOCK_WIDTH
        if block[place] != FAILED:
            for facet in range(_FETCHED):
                listed = block[place + 1 + facet]
                here = place + 1 + FACETS + facet
                block[here] = 0
                if listed > EMPTY_DUTIES:
                    turn = get(book, LIST_FIELDS, LIST_WIDTH * listed + L_DAY)
                    if turn == FAR_FROM_SIMPLE:
                        block[here] = -get(book, LIST_FIELDS, LIST_WIDTH * listed + L_PATTERN)
                    else:
                        side = L_BEFORE if lines.day[line] < turn else L_AFTER
                        block[here] = get(book, LIST_FIELDS, LIST_WIDTH * listed + side)
    for line in range(start, end):
        place = (line - start) * BLOCK_WIDTH
        if block[place] != FAILED:
            for facet in range(_FETCHED):
                here = block[place + 1 + FACETS + facet]
                if here > 0:
                    fetched += of_outcome(book, here, O_FLAGS)
                elif here < 0:
                    fetched += get(book, SPAN_FIELDS, SPAN_WIDTH * get(book, PATTERN_FIELDS, -PATTERN_WIDTH * here))
    block[BLOCK * BLOCK_WIDTH] = fetched
