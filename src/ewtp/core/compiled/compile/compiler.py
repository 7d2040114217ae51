"""Compiles a book: the code trees of its schedules, its rule lists by entry, and their decision tables."""

from __future__ import annotations

import gc
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, compress
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ewtp.core.compiled.compile.arrays import (
    build_list_arrays,
    build_measure_arrays,
    build_outcome_arrays,
    build_pattern_arrays,
)
from ewtp.core.compiled.compile.code_tree import CodeTree, build_code_tree, number_runs
from ewtp.core.compiled.compile.decision_tables import DecisionTables, NumberedOutcome
from ewtp.core.compiled.compile.economy_arrays import build_economy_arrays
from ewtp.core.compiled.compile.entry_law import list_entry_law
from ewtp.core.compiled.compile.intern_pools import InternPools
from ewtp.core.compiled.compile.origin_classes import OriginClasses
from ewtp.core.compiled.compile.rule_lists import (
    NO_RULES,
    RuleList,
    RuleTable,
    find_claims,
    join_lists,
    number_lists,
    split_by_origin,
)
from ewtp.core.compiled.compile.rule_shapes import RuleShapes
from ewtp.core.compiled.format.facets import FACETS, Facet
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.format.tables import (
    HAS_TARIFF,
    NO_TARIFF,
    NO_TERRITORY,
    CompiledBook,
    Names,
    Tables,
    column,
    starts,
)
from ewtp.core.compiled.format.unknown_bits import unknown_bit
from ewtp.core.compiled.machine.epoch_days import NEVER, day_number
from ewtp.core.rulebook.territorial_status import LATEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.compile.code_tree import StatusRun
    from ewtp.core.compiled.compile.entry_law import EntryLaw
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.territory import Territory


def compile_book(book: Book, economies: Iterable[str], subheadings: Iterable[str]) -> CompiledBook:
    """Compile every rule of the book for every destination and origin among ``economies``.

    ``subheadings`` are the six-digit codes of HS 2022.
    """
    with _without_collection():
        return _Compiler(book, tuple(sorted(economies))).compile(sorted(int(code) for code in subheadings))


@contextmanager
def _without_collection() -> Iterator[None]:
    """Look for no garbage meanwhile: compiling makes millions of tuples that stay, and none of them is in a cycle.

    A quarter of its time would go into looking through them and the book again and again.
    """
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


class ListNumbers:
    """Interns rule lists, each with its pattern; list 0 is empty, and list 1 is the empty list of duties."""

    def __init__(self, table: RuleTable, patterns: DecisionTables) -> None:
        self._table = table
        self._patterns = patterns
        patterns.outcomes.place(NumberedOutcome())
        self.lists: list[RuleList] = [NO_RULES, NO_RULES]
        self.patterns = [patterns.number(Facet.LEVIES, ()), patterns.number(Facet.DUTY, ())]
        self._numbers: dict[Facet, dict[RuleList, int]] = defaultdict(dict)
        # By claim, the entry in directories of each list that it brings in.
        self._lower: dict[str, dict[RuleList, tuple[int, int]]] = defaultdict(dict)
        self._splits: dict[tuple[int, ...], list[bool]] = {}
        self._claims_of: dict[int, tuple[str, ...]] = {}
        # Directories of lower duties, by claim; directory 0 is empty.
        self.directories: Pool[tuple[tuple[int, int], ...]] = Pool(())

    def number(self, facet: Facet, listed: RuleList) -> int:
        """The number of a list of any facet except lower duties."""
        if not listed:
            return 1 if facet is Facet.DUTY else 0
        known = self._numbers[facet]
        found = known.get(listed)
        if found is None:
            found = known[listed] = self._add(facet, listed, "")
        return found

    def number_additional(self, listed: RuleList) -> tuple[int, int]:
        """The numbers of the two lists into which additional duties are split."""
        shape = self._table.shape
        shapes = tuple([shape[n] for n in listed])
        is_wide = self._splits.get(shapes)
        if is_wide is None:
            is_wide = self._splits[shapes] = split_by_origin(listed, self._table)
        if not any(is_wide):
            return self.number(Facet.ADDITIONAL, listed), 0
        narrow = tuple([n for n, out in zip(listed, is_wide, strict=True) if not out])
        wide = tuple(compress(listed, is_wide))
        return self.number(Facet.ADDITIONAL, narrow), self.number(Facet.BY_ORIGIN, wide)

    def number_directory(self, listed: RuleList) -> int:
        """The number of the directory of a list of lower duties."""
        found: dict[str, RuleList] = {}
        for n in listed:
            alone = (n,)
            for claim in self._claims_of.get(n) or self._claims(n):
                found[claim] = found[claim] + alone if claim in found else alone
        entries = []
        for claim, own in sorted(found.items()):
            known = self._lower[claim]
            entry = known.get(own)
            if entry is None:
                number = self._patterns.pools.claims.place(claim)
                entry = known[own] = (number, self._add(Facet.LOWER, own, claim))
            entries.append(entry)
        return self.directories.place(tuple(entries))

    def _add(self, facet: Facet, listed: RuleList, claim: str) -> int:
        shape = self._table.shape
        number = len(self.lists)
        self.lists.append(listed)
        self.patterns.append(self._patterns.number(facet, tuple([shape[n] for n in listed]), claim))
        return number

    def _claims(self, number: int) -> tuple[str, ...]:
        found = self._claims_of[number] = find_claims(self._table.rules[number].measure)
        return found


class _DestinationRow(NamedTuple):
    """A destination: its schedule, flag, unknowns of every line, unknowns of untaxed lines, and lists by facet."""

    schedule: int
    flag: int
    unknowns: int
    no_tax: int
    facet_lists: list[int]


@dataclass(slots=True)
class _DestinationTable:
    """The destinations by economy, and the rows of lists by entry that they share, end to end."""

    rows: dict[str, _DestinationRow] = field(default_factory=dict)
    entry_lists: list[NDArray[np.int32]] = field(default_factory=list)
    _width: int = 0
    _offsets: dict[bytes, int] = field(default_factory=dict)

    def place(self, row: NDArray[np.int32]) -> int:
        """The offset of a row of lists; ``-1 - number`` where all entries have the list of this number."""
        if (row == row[0]).all():
            return -1 - int(row[0])
        key = row.tobytes()
        if key not in self._offsets:
            self._offsets[key] = self._width
            self.entry_lists.append(row)
            self._width += len(row)
        return self._offsets[key]


class _Compiler:
    """Compiles one book, schedule by schedule."""

    def __init__(self, book: Book, economies: tuple[str, ...]) -> None:
        self.book = book
        self.economies = economies
        self.table = RuleTable(RuleShapes(book))
        self.table.fill(book)
        self.pools = InternPools()
        self.origins = OriginClasses(book.groups, economies)
        self.patterns = DecisionTables(book, self.origins, self.table.shapes, self.pools)
        self.numbers = ListNumbers(self.table, self.patterns)
        self.trees: list[CodeTree] = []
        self.destinations = _DestinationTable()
        # By facet: the lists of rules as territories have them, and the numbers of the two lists that each becomes.
        self._raw = [Pool(NO_RULES) for _ in Facet]
        self._final = [np.zeros((0, 2), np.int32) for _ in Facet]

    def compile(self, subheadings: Sequence[int]) -> CompiledBook:
        """Compile the whole book."""
        sharing: dict[str, list[str]] = defaultdict(list)
        for economy in self.economies:
            tariff = _find_tariff(self.book.territories_of(economy, LATEST))
            sharing[tariff.code if tariff else ""].append(economy)
        for _, members in sorted(sharing.items()):
            self._add_schedule(members)
        return self._build_book(subheadings)

    def _add_schedule(self, members: list[str]) -> None:
        """Add a schedule and every destination that uses it."""
        book = self.book
        tariff = _find_tariff(book.territories_of(members[0], LATEST))
        laws_of = {economy: list_entry_law(book, economy) for economy in members}
        laws = sorted({law for own in laws_of.values() for law in own})
        wanted = {line.code for line in book.lines.get(tariff.code, ())} if tariff else set()
        excluding = self.table.excluding
        for code in sorted({law.territory for law in laws}):
            for prefix, numbers in self.table.placed.get(code, {}).items():
                wanted.add(prefix)
                wanted.update(out for n in numbers if n in excluding for out in excluding[n])
        tree = build_code_tree(tariff, wanted)
        rows = {law: number_lists(tree, self._find_placed(law), self.table, self._raw) for law in laws}
        number = len(self.trees)
        self.trees.append(tree)
        for economy in members:
            territories = book.territories_of(economy, LATEST)
            lists = self._lists([rows[law] for law in laws_of[economy]], len(tree.codes))
            self.destinations.rows[economy] = _DestinationRow(
                number,
                (HAS_TARIFF if tariff else NO_TARIFF) if territories else NO_TERRITORY,
                *_find_destination_unknowns(economy, territories, tariff),
                [self.destinations.place(row) for row in lists],
            )

    def _find_placed(self, law: EntryLaw) -> Mapping[str, Sequence[int]]:
        """The numbers of the rules of a law by prefix."""
        placed, rules = self.table.placed.get(law.territory, {}), self.table.rules
        if not law.is_lent:
            return placed
        return {
            prefix: own for prefix, all_ in placed.items() if (own := [n for n in all_ if law.has(rules[n].measure)])
        }

    def _lists(self, rows: list[NDArray[np.int32]], count: int) -> list[NDArray[np.int32]]:
        """By facet, the numbers of lists [entry] at a destination; ``rows`` are those of its territories."""
        found = [np.zeros(count, np.int32) for _ in Facet]
        found[Facet.DUTY][:] = 1
        if not rows:
            return found
        for facet in Facet:
            if facet is Facet.BY_ORIGIN:
                continue
            raw = join_lists([row[facet] for row in rows], self._raw[facet])
            final = self._number_lists(facet)
            found[facet] = final[raw, 0]
            if facet is Facet.ADDITIONAL:
                found[Facet.BY_ORIGIN] = final[raw, 1]
        return found

    def _number_lists(self, facet: Facet) -> NDArray[np.int32]:
        """By raw list of the facet: its list or directory, and for additional duties the second list."""
        known = self._final[facet]
        number = self.numbers.number
        fresh: list[tuple[int, int]] = []
        for listed in self._raw[facet].listed[len(known) :]:
            if facet is Facet.LOWER:
                fresh.append((self.numbers.number_directory(listed), 0))
            elif facet is Facet.ADDITIONAL:
                fresh.append(self.numbers.number_additional(listed))
            else:
                fresh.append((number(facet, listed), 0))
        if fresh:
            known = self._final[facet] = np.concatenate([known, np.array(fresh, np.int32)])
        return known

    def _build_book(self, subheadings: Sequence[int]) -> CompiledBook:
        """The arrays and the names of the book."""
        book, numbers = self.book, self.numbers
        rows = [self.destinations.rows[economy] for economy in self.economies]
        arrays: dict[str, NDArray[Any]] = {
            **_build_schedule_arrays(self.trees, book),
            "subheadings": column(subheadings, np.int32),
            "destination_schedule": column([row.schedule for row in rows], np.int32),
            "destination_flags": column([row.flag for row in rows], np.int8),
            "destination_unknowns": column([row.unknowns for row in rows], np.int64),
            "destination_no_tax": column([row.no_tax for row in rows], np.int64),
            "facet_lists": column([row.facet_lists for row in rows], np.int32).reshape(-1, FACETS),
            "entry_list": np.concatenate([np.zeros(0, np.int32), *self.destinations.entry_lists]),
            **build_economy_arrays(book, self.economies),
            **_build_directory_arrays(numbers.directories),
            **build_list_arrays(numbers.lists, numbers.patterns, self.patterns),
            **build_pattern_arrays(self.patterns),
            **build_outcome_arrays(self.patterns, self.pools),
            **build_measure_arrays(self.table.rules),
            "origin_class": column(self.origins.rows.listed, np.int16).reshape(-1),
        }
        names = Names(
            book.version,
            self.economies,
            tuple(self.pools.currencies.listed),
            tuple(self.pools.quantities.listed),
            tuple(self.pools.claims.listed),
            tuple(tree.tariff.code if tree.tariff else "" for tree in self.trees),
            tuple(self.pools.refusals.listed),
        )
        return CompiledBook(names, Tables(**arrays))


def _find_tariff(territories: Sequence[Territory]) -> Territory | None:
    """The territory whose schedule applies."""
    return next((t for t in territories if t.nomenclature), None)


def _find_destination_unknowns(
    economy: str, territories: Sequence[Territory], tariff: Territory | None
) -> tuple[int, int]:
    """The unknowns of every line to a destination, and those of lines that no tax reaches, as bits."""
    if not territories:
        return unknown_bit("economy_not_in_rulebook"), 0
    union = any(t.code == economy and len(t.members) > 1 for t in territories)
    no_tax = unknown_bit("tax_depends_on_member" if union else "tax_not_in_rulebook")
    return unknown_bit("not_in_rulebook" if tariff else "tariff_not_in_rulebook"), no_tax


def _build_schedule_arrays(trees: Sequence[CodeTree], book: Book) -> dict[str, NDArray[Any]]:
    """The entries of the schedules, with their runs."""
    runs: Pool[StatusRun] = Pool()
    entry_run: list[int] = []
    days = []
    for tree in trees:
        tariff = tree.tariff.code if tree.tariff else ""
        start = book.schedule_starts.get(tariff)
        days.append(day_number(start) if start else NEVER)
        entry_run += number_runs(tree, book.lines.get(tariff, ()), start, runs)
    rows = list(chain.from_iterable(runs.listed))
    return {
        "schedule_entry": starts(len(tree.codes) for tree in trees),
        "schedule_day": column(days, np.int32),
        "entry_key": np.concatenate([tree.keys for tree in trees]),
        "entry_parent": np.concatenate([tree.parents for tree in trees]).astype(np.int32),
        "entry_run": column(entry_run, np.int32),
        "run_start": starts(len(run) for run in runs.listed),
        "run_day": column([row[0] for row in rows], np.int32),
        "run_status": column([row[1] for row in rows], np.int8),
        "run_value": column([row[2] for row in rows], np.int32),
    }


def _build_directory_arrays(directories: Pool[tuple[tuple[int, int], ...]]) -> dict[str, NDArray[Any]]:
    """The directories of lower duties."""
    entries = list(chain.from_iterable(directories.listed))
    return {
        "directory_start": starts(len(own) for own in directories.listed),
        "directory_claim": column([entry[0] for entry in entries], np.int32),
        "directory_list": column([entry[1] for entry in entries], np.int32),
    }
