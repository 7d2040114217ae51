"""Packing a compiled book into the arrays that the kernel reads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format import due_field, outcome_field, outcome_flag, pattern_field
from ewtp.core.compiled.format.facets import Facet
from ewtp.core.compiled.format.tables import starts
from ewtp.core.compiled.kernel import economy_field, list_field, segment, shelf_field
from ewtp.core.compiled.kernel.packed_book import PAIR_BITS, PAIR_NOT_OWED, RECORD, WORD, PackedBook
from ewtp.core.compiled.machine.combinations import number_combinations
from ewtp.core.compiled.machine.epoch_days import NEVER

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ewtp.core.compiled.format.tables import Tables


def pack_book(tables: Tables) -> PackedBook:
    """The arrays that the kernel reads, end to end."""
    # The bits of unknowns that the book states have to fit into small figures.
    for unknowns in (tables.outcome_unknowns, tables.destination_unknowns, tables.destination_no_tax):
        assert int(unknowns.max(initial=0)) < 2 ** (WORD - 1)  # noqa: S101 - as above
    lists = _list_fields(tables)
    where, shelf_fields, levies_list = _shelves(tables, lists)
    claimable = _claimable(tables)
    # By pair of economies eight bits, which the kernel reads from one figure.
    pairs = tables.inside_union + 2 * tables.moved_together + 4 * tables.apart_before
    pairs = pairs + (tables.not_owed.astype(np.int64) << PAIR_NOT_OWED)
    together = _bits(((pairs[:, :, None] >> np.arange(PAIR_BITS)) & 1).reshape(len(pairs), -1).astype(np.bool_))
    made = {
        "shelf_fields": shelf_fields,
        "outcome_fields": _outcome_fields(tables),
        "economy_fields": _economy_fields(tables, where),
        "together": together,
        "claimable": claimable,
        "levies_list": levies_list,
        "list_fields": lists,
        "span_fields": np.stack([tables.span_day, tables.span_classes, tables.span_cases], axis=1),
    }
    small = [
        np.asarray(made[name] if name in made else getattr(tables, name)).reshape(-1).astype(np.int32)
        for name in segment.SMALL
    ]
    large = [getattr(tables, name).reshape(-1).astype(np.int64) for name in segment.LARGE]
    at = [*starts(map(len, small), np.int64)[:-1], *starts(map(len, large), np.int64)[:-1]]
    return PackedBook(
        _align_arrays(small), np.concatenate(large), np.array(at, np.int64), claimable.shape[1], together.shape[1]
    )


def _align_arrays(arrays: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    """The arrays end to end, aligned to a cache line, so that each record at the front fills whole cache lines."""
    count = sum(map(len, arrays))
    buffer = np.empty(count + RECORD, np.int32)
    first = (-buffer.ctypes.data // buffer.itemsize) % RECORD
    return np.concatenate(arrays, out=buffer[first : first + count])


def _list_fields(tables: Tables) -> NDArray[np.int32]:
    """The fields of lists, as ``list_field`` names them."""
    first, end = tables.pattern_fields[:, pattern_field.SPANS], tables.pattern_fields[:, pattern_field.SPANS_END]
    last = end - 1
    simple = (tables.pattern_fields[:, pattern_field.MODES] == 1) & (end - first <= 2)
    simple &= (tables.span_classes[first] == 0) & (tables.span_classes[last] == 0)
    of_pattern = np.empty((len(first), 3), np.int32)
    of_pattern[:, 0] = np.where(simple, np.where(first == last, NEVER, tables.span_day[last]), list_field.COMPLEX)
    of_pattern[:, 1] = tables.case_outcome[tables.span_cases[first]]
    of_pattern[:, 2] = tables.case_outcome[tables.span_cases[last]]
    fields = np.empty((len(tables.list_pattern), list_field.WIDTH), np.int32)
    fields[:, list_field.PATTERN], fields[:, list_field.SETS] = tables.list_pattern, tables.list_sets[:-1]
    fields[:, list_field.DAY :] = of_pattern[tables.list_pattern]
    return fields


def _shelves(
    tables: Tables, lists: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """By destination where its shelf is, its one list of levies, where its many are; the shelves' records; the lists.

    Destinations with the same lists in the same schedule share a shelf, whatever their levies are.
    """
    begins = tables.schedule_entry.tolist()
    shelves = _ArrayPool(np.zeros((0, RECORD), np.int32))
    levies = _ArrayPool(np.zeros(0, np.int32))
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
    return where, shelves.join_arrays(), levies.join_arrays()


class _ArrayPool:
    """Arrays by key, each kept once, end to end."""

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

    def join_arrays(self) -> NDArray[np.int32]:
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
    record[:, shelf_field.DUTY] = found[Facet.DUTY]
    record[:, shelf_field.DUTY_FIELDS : shelf_field.DUTY_FIELDS + list_field.WIDTH] = lists[found[Facet.DUTY]]
    record[:, shelf_field.NARROW] = found[Facet.ADDITIONAL]
    record[:, shelf_field.BROAD] = found[Facet.BY_ORIGIN]
    record[:, shelf_field.PAPERS] = found[Facet.PAPERS]
    record[:, shelf_field.LOW] = tables.directory_start[found[Facet.LOWER]]
    record[:, shelf_field.HIGH] = tables.directory_start[found[Facet.LOWER] + 1]
    return record


def _economy_fields(tables: Tables, where: NDArray[np.int32]) -> NDArray[np.int32]:
    fields = np.zeros((len(tables.destination_schedule), RECORD), np.int32)
    fields[:, economy_field.SCHEDULE] = tables.destination_schedule
    fields[:, economy_field.BEGINS] = tables.schedule_day[tables.destination_schedule]
    fields[:, economy_field.FLAGS] = tables.destination_flags
    fields[:, economy_field.SHELF : economy_field.SHELF + 3] = where
    fields[:, economy_field.UNKNOWNS] = tables.destination_unknowns
    fields[:, economy_field.NO_TAX] = tables.destination_no_tax
    fields[:, economy_field.UNION] = tables.origin_is_union
    fields[:, economy_field.EXPORTS] = tables.exports_rules
    fields[:, economy_field.STATUS_DAY] = tables.status_day
    fields[:, economy_field.PROGRAMMES] = tables.programmes
    fields[:, economy_field.NAMED] = tables.programmes_named
    fields[:, economy_field.PROGRAMME_DAY] = tables.programme_day
    return fields


def _outcome_fields(tables: Tables) -> NDArray[np.int32]:
    own = tables.outcome_fields
    fields = np.zeros((len(own), RECORD), np.int32)
    fields[:, : own.shape[1]] = own
    fields[:, outcome_field.UNKNOWNS : outcome_field.UNKNOWNS + 3] = tables.outcome_unknowns
    charged = np.flatnonzero(own[:, outcome_field.DUES] < own[:, outcome_field.DUES_END])
    first = tables.due_fields[own[charged, outcome_field.DUES]]
    share = first[:, due_field.SHARE]
    fields[:, outcome_field.SHARE] = -1
    fields[charged, outcome_field.SHARE] = np.where(share < 2 ** (WORD - 1), share, -1)
    for place, column in (
        (outcome_field.KIND, due_field.KIND),
        (outcome_field.BASE, due_field.BASE),
        (outcome_field.OMISSION, due_field.OMISSION),
    ):
        fields[charged, place] = first[:, column]
    return fields


def _words_for(count: int) -> int:
    """The number of small figures that hold this many bits."""
    return -(-count // WORD)


def _bits(rows: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Rows of booleans as bits; each row begins with a new figure."""
    wide = np.zeros((len(rows), _words_for(rows.shape[1]) * WORD), np.bool_)
    wide[:, : rows.shape[1]] = rows
    return np.packbits(wide, axis=1, bitorder="little").view("<i4")


def _claimable(tables: Tables) -> NDArray[np.int32]:
    """By economy, as bits, the claims that give goods from there a lower duty on some day.

    The kernel tests this bit first, and so skips the lists of claims that are closed to an origin.
    """
    economies = len(tables.destination_schedule)
    patterns = len(tables.pattern_fields)
    each = np.unique(tables.directory_claim.astype(np.int64) * patterns + tables.list_pattern[tables.directory_list])
    claim, pattern = each // patterns, each % patterns
    first = tables.pattern_fields[pattern, pattern_field.SPANS]
    spans = tables.pattern_fields[pattern, pattern_field.SPANS_END] - first
    # Every span of every pattern, under its claim; lists of lower duties have no modes, so a class is one case.
    at = np.repeat(first - np.append(0, np.cumsum(spans)[:-1]), spans) + np.arange(spans.sum())
    brings = (tables.outcome_fields[:, outcome_field.FLAGS] & outcome_flag.CLAIMED)[tables.case_outcome] != 0
    found = np.zeros((max(int(tables.directory_claim.max(initial=0)) + 1, 1), economies), np.bool_)
    if len(at):
        # Most spans of a claim have classes and cases in common with others, and each such pair is looked at once.
        columns = (np.repeat(claim, spans), tables.span_classes[at], tables.span_cases[at])
        _, once = np.unique(number_combinations(columns), return_index=True)
        of_span, own, case = (column[once] for column in columns)
        classes = tables.origin_class.reshape(-1, economies)[own]
        classes[own == 0] = 0
        turns = np.flatnonzero(np.append(True, of_span[1:] != of_span[:-1]))
        found[of_span[turns]] = np.logical_or.reduceat(brings[case[:, None] + classes], turns, axis=0)
    return _bits(found.T)
