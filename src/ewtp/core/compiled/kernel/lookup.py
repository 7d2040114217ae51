"""Lookups: a code's entry, the lists of rules of each facet at it, the outcome of a list for a line.

The reads of a line depend on one another. Taking each step for a whole block lets the CPU wait for the memory of many
lines at once, and keeps the code of a step small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format import entry_status, outcome_field, outcome_flag, pattern_field
from ewtp.core.compiled.format.entry_key import LENGTH_BITS, LENGTH_MASK, MOST_DIGITS
from ewtp.core.compiled.format.kernel_arrays import NO_CLAIM
from ewtp.core.compiled.format.tables import EMPTY_LIST, NO_OUTCOME, TRANSPORTS
from ewtp.core.compiled.kernel import economy_field, list_field, segment, shelf_field, span_field, state
from ewtp.core.compiled.kernel.exchange_rate import INTO_BOOK, find_rate
from ewtp.core.compiled.kernel.packed_book import (
    RECORD,
    find_list_row,
    get_economy,
    get_field,
    get_large,
    get_outcome,
    get_small,
)
from ewtp.core.compiled.kernel.state import get_state, set_state
from ewtp.core.compiled.machine.fixed_point import FAILED, POWERS
from ewtp.core.compiled.machine.jit import jit_inline, jit_no_refcount
from ewtp.core.compiled.machine.prefetch import prefetch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.compiled.format.kernel_arrays import Lines
    from ewtp.core.compiled.kernel.packed_book import PackedBook
    from ewtp.core.compiled.kernel.state import States
    from ewtp.core.compiled.kernel.work import Work

# An entry is cached with its run and the number of digits of the code that was looked up.
_RUN_BIT, _DIGITS_BIT = 32, 56
_ENTRY, _RUN = (1 << _RUN_BIT) - 1, (1 << (_DIGITS_BIT - _RUN_BIT)) - 1
_TRANSPORTS = len(TRANSPORTS)
# Doubles that differ by less than this share are too close to compare.
_HAIR = 1e-9


@jit_inline()
def starts_with(code: int, entry: int) -> bool:
    """Whether a code starts with an entry, both as keys."""
    length = entry & LENGTH_MASK
    if length > code & LENGTH_MASK:
        return False
    rest = POWERS[MOST_DIGITS - length]
    return (code >> LENGTH_BITS) // rest == (entry >> LENGTH_BITS) // rest


@jit_inline()
def find_entry(book: PackedBook, schedule: int, key: int) -> int:
    """The longest entry of a schedule that a code starts with, with its run and the code's digits."""
    first = get_small(book, segment.SCHEDULE_ENTRY, schedule)
    low, high = first, get_small(book, segment.SCHEDULE_ENTRY, schedule + 1)
    while high - low > 1:
        middle = (low + high) >> 1
        if get_large(book, segment.ENTRY_KEY, middle) <= key:
            low = middle
        else:
            high = middle
    while low > first and not starts_with(key, get_large(book, segment.ENTRY_KEY, low)):
        low = first + get_small(book, segment.ENTRY_PARENT, low)
    return low | (get_small(book, segment.ENTRY_RUN, low) << _RUN_BIT) | ((key & LENGTH_MASK) << _DIGITS_BIT)


@jit_inline()
def find_declared_entry(book: PackedBook, remembered: int, code: int, lines: Lines, day: int) -> int:
    """Twice the entry that rules are matched on, plus one if the code has more digits than the schedule's line.

    FAILED for the scalar path.
    """
    entry, run = remembered & _ENTRY, (remembered >> _RUN_BIT) & _RUN
    place = get_small(book, segment.RUN_START, run)
    end = get_small(book, segment.RUN_START, run + 1)
    while place + 1 < end and get_small(book, segment.RUN_DAY, place + 1) <= day:
        place += 1
    status, value = get_small(book, segment.RUN_STATUS, place), get_small(book, segment.RUN_VALUE, place)
    if status == entry_status.COVERED:
        return 2 * entry + (1 if remembered >> _DIGITS_BIT > value else 0)
    if status == entry_status.NO_SCHEDULE and lines.code_exists[code]:
        return 2 * entry
    if status == entry_status.ONE_BELOW and starts_with(
        get_large(book, segment.ENTRY_KEY, entry + value), lines.code_key[code]
    ):
        return 2 * (entry + value)
    return FAILED


@jit_no_refcount()
def find_lists(work: Work, lines: Lines, entries: NDArray[np.int64], rows: int) -> None:
    """Fill in, for the lines of a block, the entry that rules are matched on and the list of each facet at it.

    ``entries`` is as in ``Run``.
    """
    book, states = work.book, work.states
    schedules = entries.shape[0] // lines.code_key.shape[0]
    # Until the entry is known, ENTRY holds its place in the cache.
    for row in range(rows):
        at = row * state.WIDTH
        if get_state(states, at, state.ENTRY) != FAILED:
            code = np.int64(lines.code[np.uint64(get_state(states, at, state.LINE))])
            schedule = get_economy(book, get_state(states, at, state.DESTINATION), economy_field.SCHEDULE)
            place = code * schedules + schedule
            set_state(states, at, state.CODE, code)
            set_state(states, at, state.ENTRY, place)
            prefetch(entries, place)
    for row in range(rows):
        at = row * state.WIDTH
        if get_state(states, at, state.ENTRY) != FAILED:
            _find_shelf(book, states, lines, entries, at)
    for row in range(rows):
        at = row * state.WIDTH
        if get_state(states, at, state.ENTRY) != FAILED:
            _copy_shelf(book, states, at)


@jit_inline()
def _find_shelf(book: PackedBook, states: States, lines: Lines, entries: NDArray[np.int64], at: int) -> None:
    """Find the entry of a line and prefetch its record, which DUTY_ROW points into."""
    place = np.uint64(get_state(states, at, state.ENTRY))
    destination, code = get_state(states, at, state.DESTINATION), get_state(states, at, state.CODE)
    remembered = entries[place]
    if remembered < 0:
        schedule = get_economy(book, destination, economy_field.SCHEDULE)
        remembered = find_entry(book, schedule, lines.code_key[code])
        entries[place] = remembered
    declared = find_declared_entry(book, remembered, code, lines, get_state(states, at, state.DAY))
    set_state(states, at, state.ENTRY, declared)
    if declared != FAILED:
        entry = declared >> 1
        shelf = book.at[segment.SHELF_FIELDS] + (get_economy(book, destination, economy_field.SHELF) + entry) * RECORD
        prefetch(book.small, shelf)
        set_state(states, at, state.DUTY_ROW, shelf + shelf_field.DUTY_FIELDS)
        levies = get_economy(book, destination, economy_field.LEVIES)
        if levies < 0:
            begin = get_economy(book, destination, economy_field.LEVIES_LIST)
            levies = get_small(book, segment.LEVIES_LIST, begin + entry)
        set_state(states, at, state.LEVY_LIST, levies)


@jit_inline()
def _copy_shelf(book: PackedBook, states: States, at: int) -> None:
    """Copy the lists of an entry's record."""
    shelf = get_state(states, at, state.DUTY_ROW) - shelf_field.DUTY_FIELDS
    set_state(states, at, state.DUTY_LIST, get_field(book, shelf, shelf_field.DUTY))
    set_state(states, at, state.NARROW_LIST, get_field(book, shelf, shelf_field.NARROW))
    set_state(states, at, state.BROAD_LIST, get_field(book, shelf, shelf_field.BROAD))
    set_state(states, at, state.PAPER_LIST, get_field(book, shelf, shelf_field.PAPERS))
    set_state(states, at, state.DIRECTORY, get_field(book, shelf, shelf_field.LOW))
    set_state(states, at, state.DIRECTORY_END, get_field(book, shelf, shelf_field.HIGH))


@jit_inline()
def find_outcome(work: Work, at: int, row: int, claim: int) -> int:
    """The outcome of the list whose fields begin at ``row``; FAILED where a limit of value cannot be tested exactly."""
    book = work.book
    turn = get_field(book, row, list_field.DAY)
    day = get_state(work.states, at, state.DAY)
    if turn != list_field.COMPLEX:
        return get_field(book, row, list_field.BEFORE if day < turn else list_field.AFTER)
    return _find_case(work, at, get_field(book, row, list_field.PATTERN), claim)


@jit_inline()
def _find_case(work: Work, at: int, pattern: int, claim: int) -> int:
    """The same for a pattern, by day, class of origins and mode."""
    book, states = work.book, work.states
    day = get_state(states, at, state.DAY)
    fields = book.at[segment.PATTERN_FIELDS] + pattern * pattern_field.WIDTH
    spans = book.at[segment.SPAN_FIELDS]
    span = spans + span_field.WIDTH * get_field(book, fields, pattern_field.SPANS)
    end = spans + span_field.WIDTH * get_field(book, fields, pattern_field.SPANS_END)
    while span + span_field.WIDTH < end and get_field(book, span + span_field.WIDTH, span_field.DAY) <= day:
        span += span_field.WIDTH
    modes = get_field(book, fields, pattern_field.MODES)
    mode = _find_mode(work, at, fields, claim) if modes > 1 else 0
    if mode == FAILED:
        return FAILED
    origin_class = 0
    classes = get_field(book, span, span_field.CLASSES)
    if classes:
        place = classes * work.frames.economies + get_state(states, at, state.ORIGIN)
        origin_class = get_small(book, segment.ORIGIN_CLASS, place)
    cases = get_field(book, span, span_field.CASES)
    return get_small(book, segment.CASE_OUTCOME, cases + origin_class * modes + mode)


@jit_inline()
def _find_mode(work: Work, at: int, fields: int, claim: int) -> int:
    """The mode of a line: buyer, transport, interval of value and claim, as far as the pattern depends on them."""
    book, states = work.book, work.states
    mode = 0
    if get_field(book, fields, pattern_field.BUYER):
        mode = get_state(states, at, state.BUYER)
    if get_field(book, fields, pattern_field.TRANSPORT):
        mode = mode * _TRANSPORTS + get_state(states, at, state.TRANSPORT)
    first = get_field(book, fields, pattern_field.LIMITS)
    end = get_field(book, fields, pattern_field.LIMITS_END)
    if end > first:
        currency = get_field(book, fields, pattern_field.CURRENCY)
        interval = _find_interval(work, at, currency, first, end)
        if interval == FAILED:
            return FAILED
        mode = mode * (2 * (end - first) + 1) + interval
    first = get_field(book, fields, pattern_field.CLAIMS)
    end = get_field(book, fields, pattern_field.CLAIMS_END)
    if end > first:
        place = 0
        if claim != NO_CLAIM:
            for known in range(first, end):
                if get_small(book, segment.PATTERN_CLAIM, known) == claim:
                    place = known - first + 1
        mode = mode * (end - first + 1) + place
    return mode


@jit_inline()
def _find_interval(work: Work, at: int, currency: int, first: int, end: int) -> int:
    """Where a value is among a list's limits: below, at, between or above them; FAILED if it is too close to decide."""
    book, states = work.book, work.states
    found = 0
    goods = get_state(states, at, state.GOODS)
    if get_state(states, at, state.CURRENCY) == currency:
        for place in range(first, end):
            limit = get_large(book, segment.LIMIT_MINOR, place)
            found += (1 if goods >= limit else 0) + (1 if goods > limit else 0)
        return found
    mantissa, scale = find_rate(work.frames, states, at, currency, INTO_BOOK)
    if mantissa <= 0:
        return FAILED
    # The rate has ten digits, so doubles decide every value that is not extremely close to the limit.
    worth = np.float64(goods) * np.float64(mantissa) / np.float64(scale)
    for place in range(first, end):
        limit = get_large(book, segment.LIMIT_MINOR, place)
        if abs(worth - limit) <= _HAIR * limit + _HAIR:
            return FAILED
        found += 2 if worth > limit else 0
    return found


@jit_inline()
def find_list_under(book: PackedBook, first: int, end: int, claim: int) -> int:
    """The list of lower duties that a claim may bring in from a directory, FAILED where there is none."""
    for place in range(first, end):
        if get_small(book, segment.DIRECTORY_CLAIM, place) == claim:
            return get_small(book, segment.DIRECTORY_LIST, place)
    return FAILED


@jit_no_refcount()
def find_outcomes(work: Work, rows: int) -> None:
    """Fill in the outcomes of the lists of a block's lines.

    A list of lower duties that a claim brings in replaces the list of duties.
    """
    book, states = work.book, work.states
    for row in range(rows):
        at = row * state.WIDTH
        if get_state(states, at, state.ENTRY) != FAILED:
            _find_duty_outcome(work, at)
    _find_each(work, rows, state.LEVY_LIST, state.LEVY_OUTCOME)
    _find_each(work, rows, state.NARROW_LIST, state.NARROW_OUTCOME)
    _find_each(work, rows, state.BROAD_LIST, state.BROAD_OUTCOME)
    _find_each(work, rows, state.PAPER_LIST, state.PAPER_OUTCOME)
    for row in range(rows):
        at = row * state.WIDTH
        levies, papers = get_state(states, at, state.LEVY_OUTCOME), get_state(states, at, state.PAPER_OUTCOME)
        if levies == FAILED or papers == FAILED:
            set_state(states, at, state.ENTRY, FAILED)
            continue
        flags = get_outcome(book, levies, outcome_field.FLAGS) | get_outcome(book, papers, outcome_field.FLAGS)
        if flags & outcome_flag.SCALAR:
            set_state(states, at, state.ENTRY, FAILED)


@jit_inline()
def _find_duty_outcome(work: Work, at: int) -> None:
    book, states = work.book, work.states
    claim = get_state(states, at, state.CLAIM)
    known = 0
    outcome = FAILED
    if claim != NO_CLAIM:
        first, end = get_state(states, at, state.DIRECTORY), get_state(states, at, state.DIRECTORY_END)
        lower = find_list_under(book, first, end, claim)
        if lower != FAILED:
            found = find_outcome(work, at, find_list_row(book, lower), claim)
            known = get_outcome(book, found, outcome_field.FLAGS)
            if known & outcome_flag.CLAIMED:
                outcome = found
                set_state(states, at, state.DUTY_LIST, lower)
                set_state(states, at, state.DUTY_ROW, find_list_row(book, lower))
    if outcome == FAILED:
        outcome = find_outcome(work, at, get_state(states, at, state.DUTY_ROW), claim)
    set_state(states, at, state.DUTY_OUTCOME, outcome)
    set_state(states, at, state.KNOWN, known)


@jit_no_refcount()
def _find_each(work: Work, rows: int, lists: int, outcomes: int) -> None:
    """Fill in the outcome of one list of each line; ``lists`` and ``outcomes`` are fields of the state."""
    states = work.states
    for row in range(rows):
        at = row * state.WIDTH
        listed = get_state(states, at, lists)
        outcome = NO_OUTCOME
        if listed != EMPTY_LIST and get_state(states, at, state.ENTRY) != FAILED:
            claim = get_state(states, at, state.CLAIM)
            outcome = find_outcome(work, at, find_list_row(work.book, listed), claim)
        set_state(states, at, outcomes, outcome)
