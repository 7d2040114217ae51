"""A compiled book as the kernel reads it: few arrays, with what one step reads of a thing side by side.

A loop hands over every array that it is given for every step of every line, so it is given few; and what lies in one
cache line is waited for once, so records are as wide as one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ewtp.core.compiled.compile.outcomes import CLAIMED
from ewtp.core.compiled.compile.rule_lists import Facet
from ewtp.core.compiled.format.tables import (
    D_BASE,
    D_KIND,
    D_SHARE,
    D_TRIED,
    O_DUES,
    O_DUES_END,
    O_FLAGS,
    P_MODES,
    P_SPANS,
    P_SPANS_END,
    starts,
)
from ewtp.core.compiled.format.unknown_bits import UNKNOWN_CODES
from ewtp.core.compiled.machine.epoch_days import NEVER
from ewtp.core.compiled.machine.fixed_point import inlined

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ewtp.core.compiled.format.tables import Tables


class Packed(NamedTuple):
    """The arrays that the kernel reads, end to end: those of small figures and those of large ones.

    ``at`` says where each column begins, ``claim_words`` how many figures a row of bits by claim has,
    ``economy_words`` one by economy.
    """

    small: NDArray[np.int32]
    large: NDArray[np.int64]
    at: NDArray[np.int64]
    claim_words: int
    economy_words: int


# The columns of a packed book in the order of their numbers, which are the constants below.
_SMALL = (
    "shelf_fields",
    "outcome_fields",
    "place_fields",
    "together",
    "claimable",
    "levies_list",
    "directory_claim",
    "directory_list",
    "list_fields",
    "pattern_fields",
    "pattern_claim",
    "span_fields",
    "origin_class",
    "case_outcome",
    "offer_claim",
    "instruction_fields",
    "schedule_entry",
    "entry_parent",
    "entry_run",
    "run_start",
    "run_day",
    "run_status",
    "run_value",
)
(
    SHELF_FIELDS,
    OUTCOME_FIELDS,
    PLACE_FIELDS,
    TOGETHER,
    CLAIMABLE,
    LEVIES_LIST,
    DIRECTORY_CLAIM,
    DIRECTORY_LIST,
    LIST_FIELDS,
    PATTERN_FIELDS,
    PATTERN_CLAIM,
    SPAN_FIELDS,
    ORIGIN_CLASS,
    CASE_OUTCOME,
    OFFER_CLAIM,
    INSTRUCTION_FIELDS,
    SCHEDULE_ENTRY,
    ENTRY_PARENT,
    ENTRY_RUN,
    RUN_START,
    RUN_DAY,
    RUN_STATUS,
    RUN_VALUE,
) = range(len(_SMALL))
_LARGE = ("due_fields", "limit_minor", "instruction_figure", "entry_key")
DUE_FIELDS, LIMIT_MINOR, INSTRUCTION_FIGURE, ENTRY_KEY = range(len(_SMALL), len(_SMALL) + len(_LARGE))

# How many figures a record has; those of 16 fill a cache line.
RECORD = 16
PATTERN_WIDTH, LIST_WIDTH, SPAN_WIDTH, INSTRUCTION_WIDTH, DUE_WIDTH = 10, 5, 3, 4, 9
_WORD = 32

# Of a list: its pattern and the number of its first set; a list that turns at most once and asks for nothing else has
# the day of its turn and what it comes to before and after, any other one FAR_FROM_SIMPLE as its day.
L_PATTERN, L_SETS, L_DAY, L_BEFORE, L_AFTER = range(LIST_WIDTH)
FAR_FROM_SIMPLE = -(2**31)

# Of an entry for the destinations that share its lists: the list of duties with its five figures, the lists of the
# other facets, where the directory of lower duties begins and ends. Levies differ by destination and stand apart.
H_DUTY, H_DUTY_FIELDS, H_NARROW, H_BROAD, H_PAPERS, H_LOW, H_HIGH = 0, 1, 6, 7, 8, 9, 10

# Of an economy: as a destination its schedule with the day that begins on, whether it has a tariff, where its shelf
# is (counted from entry 0), the one list of its levies or -1 and then where its lists of levies are, and what is left
# open for every line and for those without a tax; as an origin whether it is a union, as a source whether it asks for
# papers on the way out.
W_SCHEDULE, W_BEGINS, W_FLAGS, W_SHELF, W_LEVIES, W_LEVIES_LIST, W_UNKNOWNS, W_NO_TAX, W_UNION, W_EXPORTS = range(10)

# Of an outcome, besides the columns of ``Tables.outcome_fields``: three kinds of unknowns, and of its first charge the
# share (-1 where it is more than a share of the base), the kind, the base, and whether it is only tried.
O_UNKNOWNS, O_SHARE, O_KIND, O_BASE, O_TRIED = 9, 12, 13, 14, 15


def packed(tables: Tables) -> Packed:
    """The columns that the kernel reads, end to end."""
    assert len(UNKNOWN_CODES) < _WORD  # noqa: S101 - the bits of what is unknown have to fit into small figures
    lists = _list_fields(tables)
    where, shelf_fields, levies_list = _shelves(tables, lists)
    claimable, together = _claimable(tables), _bits(tables.inside_union)
    made = {
        "shelf_fields": shelf_fields,
        "outcome_fields": _outcome_fields(tables),
        "place_fields": _place_fields(tables, where),
        "together": together,
        "claimable": claimable,
        "levies_list": levies_list,
        "list_fields": lists,
        "span_fields": np.stack([tables.span_day, tables.span_classes, tables.span_cases], axis=1),
    }
    small = [
        np.asarray(made[name] if name in made else getattr(tables, name)).reshape(-1).astype(np.int32)
        for name in _SMALL
    ]
    large = [getattr(tables, name).reshape(-1).astype(np.int64) for name in _LARGE]
    at = [*starts(map(len, small), np.int64)[:-1], *starts(map(len, large), np.int64)[:-1]]
    return Packed(_aligned(small), np.concatenate(large), np.array(at, np.int64), claimable.shape[1], together.shape[1])


def _aligned(columns: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    """The columns end to end, beginning where a cache line does, so that the records at the front fill whole ones."""
    count = sum(map(len, columns))
    room = np.empty(count + RECORD, np.int32)
    first = (-room.ctypes.data // room.itemsize) % RECORD
    return np.concatenate(columns, out=room[first : first + count])


def _list_fields(tables: Tables) -> NDArray[np.int32]:
    """What one step reads of a list."""
    first, end = tables.pattern_fields[:, P_SPANS], tables.pattern_fields[:, P_SPANS_END]
    last = end - 1
    simple = (tables.pattern_fields[:, P_MODES] == 1) & (end - first <= 2)
    simple &= (tables.span_classes[first] == 0) & (tables.span_classes[last] == 0)
    of_pattern = np.empty((len(first), 3), np.int32)
    of_pattern[:, 0] = np.where(simple, np.where(first == last, NEVER, tables.span_day[last]), FAR_FROM_SIMPLE)
    of_pattern[:, 1] = tables.case_outcome[tables.span_cases[first]]
    of_pattern[:, 2] = tables.case_outcome[tables.span_cases[last]]
    fields = np.empty((len(tables.list_pattern), LIST_WIDTH), np.int32)
    fields[:, L_PATTERN], fields[:, L_SETS] = tables.list_pattern, tables.list_sets[:-1]
    fields[:, L_DAY:] = of_pattern[tables.list_pattern]
    return fields


def _shelves(
    tables: Tables, lists: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """By destination where its shelf is, its one list of levies, where its many are; the shelves' records; the lists.

    Destinations with the same lists in the same schedule share a shelf, whatever their levies are.
    """
    begins = tables.schedule_entry.tolist()
    shelves = _Kept(np.zeros((0, RECORD), np.int32))
    levies = _Kept(np.zeros(0, np.int32))
    where = np.zeros((len(tables.facet_lists), 3), np.int32)
    for place, schedule in enumerate(tables.destination_schedule.tolist()):
        first, count = begins[schedule], begins[schedule + 1] - begins[schedule]
        rows: list[int] = tables.facet_lists[place].tolist()
        shared = (schedule, *rows[: Facet.LEVIES], *rows[Facet.LEVIES + 1 :])
        where[place, 0] = shelves.place(shared, partial(_shelf, tables, lists, rows, count)) - first
        own = rows[Facet.LEVIES]
        where[place, 1] = -1 - own if own < 0 else -1
        if own >= 0:
            at = levies.place((own,), partial(_lists_at, tables, own, count))
            where[place, 2] = at - first
    return where, shelves.joined(), levies.joined()


class _Kept:
    """Arrays that are kept once, end to end."""

    def __init__(self, nothing: NDArray[np.int32]) -> None:
        self._arrays = [nothing]
        self._places: dict[tuple[int, ...], int] = {}
        self._length = 0

    def place(self, key: tuple[int, ...], made: Callable[[], NDArray[np.int32]]) -> int:
        """Where the array of a key begins."""
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = self._length
            self._arrays.append(made())
            self._length += len(self._arrays[-1])
        return found

    def joined(self) -> NDArray[np.int32]:
        """All of them."""
        return np.concatenate(self._arrays)


def _lists_at(tables: Tables, where: int, count: int) -> NDArray[np.int32]:
    """The lists of a facet at the entries of a schedule."""
    if where < 0:
        return np.full(count, -1 - where, np.int32)
    found: NDArray[np.int32] = tables.entry_list[where : where + count]
    return found


def _shelf(tables: Tables, lists: NDArray[np.int32], rows: list[int], count: int) -> NDArray[np.int32]:
    """The records of a schedule's entries."""
    found = [_lists_at(tables, where, count) for where in rows]
    record = np.zeros((count, RECORD), np.int32)
    record[:, H_DUTY] = found[Facet.DUTY]
    record[:, H_DUTY_FIELDS : H_DUTY_FIELDS + LIST_WIDTH] = lists[found[Facet.DUTY]]
    record[:, H_NARROW] = found[Facet.ADDITIONAL]
    record[:, H_BROAD] = found[Facet.BY_ORIGIN]
    record[:, H_PAPERS] = found[Facet.PAPERS]
    record[:, H_LOW] = tables.directory_start[found[Facet.LOWER]]
    record[:, H_HIGH] = tables.directory_start[found[Facet.LOWER] + 1]
    return record


def _place_fields(tables: Tables, where: NDArray[np.int32]) -> NDArray[np.int32]:
    fields = np.zeros((len(tables.destination_schedule), RECORD), np.int32)
    fields[:, W_SCHEDULE] = tables.destination_schedule
    fields[:, W_BEGINS] = tables.schedule_day[tables.destination_schedule]
    fields[:, W_FLAGS] = tables.destination_flags
    fields[:, W_SHELF : W_SHELF + 3] = where
    fields[:, W_UNKNOWNS] = tables.destination_unknowns
    fields[:, W_NO_TAX] = tables.destination_no_tax
    fields[:, W_UNION] = tables.origin_is_union
    fields[:, W_EXPORTS] = tables.exports_rules
    return fields


def _outcome_fields(tables: Tables) -> NDArray[np.int32]:
    own = tables.outcome_fields
    fields = np.zeros((len(own), RECORD), np.int32)
    fields[:, : own.shape[1]] = own
    fields[:, O_UNKNOWNS : O_UNKNOWNS + 3] = tables.outcome_unknowns
    charged = np.flatnonzero(own[:, O_DUES] < own[:, O_DUES_END])
    first = tables.due_fields[own[charged, O_DUES]]
    share = first[:, D_SHARE]
    fields[:, O_SHARE] = -1
    fields[charged, O_SHARE] = np.where(share < 2 ** (_WORD - 1), share, -1)
    for place, column in ((O_KIND, D_KIND), (O_BASE, D_BASE), (O_TRIED, D_TRIED)):
        fields[charged, place] = first[:, column]
    return fields


def words_for(count: int) -> int:
    """How many small figures hold so many bits."""
    return -(-count // _WORD)


def _bits(rows: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Rows of truths as bits, each row from the beginning of a figure on."""
    wide = np.zeros((len(rows), words_for(rows.shape[1]) * _WORD), np.bool_)
    wide[:, : rows.shape[1]] = rows
    return np.packbits(wide, axis=1, bitorder="little").view("<i4")


def _claimable(tables: Tables) -> NDArray[np.int32]:
    """By economy, as bits, the claims that bring in some lower duty for goods from there, on whatever day.

    Asking this first spares the kernel the lists of claims that others make.
    """
    economies = len(tables.destination_schedule)
    patterns = len(tables.pattern_fields)
    each = np.unique(tables.directory_claim.astype(np.int64) * patterns + tables.list_pattern[tables.directory_list])
    claim, pattern = each // patterns, each % patterns
    first = tables.pattern_fields[pattern, P_SPANS]
    spans = tables.pattern_fields[pattern, P_SPANS_END] - first
    # Every span of every pattern, under its claim; lists of lower duties have no modes, so a class is one case.
    at = np.repeat(first - np.append(0, np.cumsum(spans)[:-1]), spans) + np.arange(spans.sum())
    brings = (tables.outcome_fields[:, O_FLAGS] & CLAIMED)[tables.case_outcome] != 0
    classes = tables.origin_class.reshape(-1, economies)[tables.span_classes[at]]
    classes[tables.span_classes[at] == 0] = 0
    found = np.zeros((max(int(tables.directory_claim.max(initial=0)) + 1, 1), economies), np.bool_)
    of_span = np.repeat(claim, spans)
    if len(at):
        turns = np.flatnonzero(np.append(True, of_span[1:] != of_span[:-1]))
        cases = brings[tables.span_cases[at][:, None] + classes]
        found[of_span[turns]] = np.logical_or.reduceat(cases, turns, axis=0)
    return _bits(found.T)


@inlined()
def get(book: Any, column: int, place: int) -> Any:
    """A small figure of a packed book."""
    return np.int64(book.small[np.uint64(book.at[column] + place)])


@inlined()
def wide(book: Any, column: int, place: int) -> Any:
    """A large figure of a packed book."""
    return np.int64(book.large[np.uint64(book.at[column] + place)])


@inlined()
def of_outcome(book: Any, outcome: int, field: int) -> Any:
    """A field of an outcome."""
    return np.int64(book.small[np.uint64(book.at[OUTCOME_FIELDS] + outcome * RECORD + field)])


@inlined()
def of_due(book: Any, due: int, field: int) -> Any:
    """A field of a charge that is due."""
    return np.int64(book.large[np.uint64(book.at[DUE_FIELDS] + due * DUE_WIDTH + field)])


@inlined()
def of_place(book: Any, economy: int, field: int) -> Any:
    """A field of an economy."""
    return np.int64(book.small[np.uint64(book.at[PLACE_FIELDS] + economy * RECORD + field)])


@inlined()
def has_bit(book: Any, column: int, row: int, words: int, bit: int) -> Any:
    """A truth of a row of bits, 1 or 0."""
    return (get(book, column, row * words + (bit >> 5)) >> (bit & 31)) & 1


@inlined()
def may_claim(book: Any, origin: int, claim: int) -> Any:
    """Whether a claim brings in some lower duty for goods of an origin."""
    return has_bit(book, CLAIMABLE, origin, book.claim_words, claim)


@inlined()
def are_together(book: Any, one: int, other: int) -> Any:
    """Whether two economies are in one customs union."""
    return has_bit(book, TOGETHER, one, book.economy_words, other)
