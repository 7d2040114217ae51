"""A book compiled: the entries of its schedules, lists of rules, and what each list comes to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain, compress
from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.compiled.compile.arrays import list_arrays, measure_arrays, outcome_arrays, pattern_arrays
from ewtp.core.compiled.compile.code_tree import Schedule, make_schedule, runs_of
from ewtp.core.compiled.compile.decision_tables import Patterns
from ewtp.core.compiled.compile.origin_classes import Origins
from ewtp.core.compiled.compile.outcomes import Outcome, Vocabulary
from ewtp.core.compiled.compile.rule_lists import (
    NO_RULES,
    RuleList,
    RuleTable,
    claims_of,
    joined,
    lists_by_entry,
    split_by_origin,
)
from ewtp.core.compiled.compile.rule_shapes import Shapes
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
from ewtp.core.rulebook.measure import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.territory import Territory


def compile_book(book: Book, economies: Iterable[str], subheadings: Iterable[str]) -> CompiledBook:
    """Compile every rule of the book for every destination and origin among ``economies``.

    ``subheadings`` are the six-digit codes of HS 2022.
    """
    return _Compiler(book, tuple(sorted(economies))).compiled(sorted(int(code) for code in subheadings))


class ListNumbers:
    """Lists of rules as they are numbered, each with its pattern; two empty ones come first."""

    def __init__(self, table: RuleTable, patterns: Patterns) -> None:
        self._table = table
        self._patterns = patterns
        patterns.outcomes.place(_nothing())
        self.lists: list[RuleList] = [NO_RULES, NO_RULES]
        self.patterns = [patterns.number(Facet.LEVIES, ()), patterns.number(Facet.DUTY, ())]
        self._numbers: dict[Facet, dict[RuleList, int]] = defaultdict(dict)
        # By claim, the entry in directories of each list that it brings in.
        self._lower: dict[str, dict[RuleList, tuple[int, int]]] = defaultdict(dict)
        self._apart: dict[tuple[int, ...], list[bool]] = {}
        self._claims_of: dict[int, tuple[str, ...]] = {}
        # Directories of lower duties, by claim; the first one is empty.
        self.directories = Pool(())

    def number(self, facet: Facet, listed: RuleList) -> int:
        """The number of a list of a facet other than that of lower duties."""
        if not listed:
            return 1 if facet is Facet.DUTY else 0
        known = self._numbers[facet]
        found = known.get(listed)
        if found is None:
            found = known[listed] = self._add(facet, listed, "")
        return found

    def additional(self, listed: RuleList) -> tuple[int, int]:
        """The numbers of the two lists that additional duties are kept in."""
        shape = self._table.shape
        shapes = tuple([shape[n] for n in listed])
        apart = self._apart.get(shapes)
        if apart is None:
            apart = self._apart[shapes] = split_by_origin(listed, self._table)
        if not any(apart):
            return self.number(Facet.ADDITIONAL, listed), 0
        narrow = tuple([n for n, out in zip(listed, apart, strict=True) if not out])
        wide = tuple(compress(listed, apart))
        return self.number(Facet.ADDITIONAL, narrow), self.number(Facet.BY_ORIGIN, wide)

    def directory(self, listed: RuleList) -> int:
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
                place = self._patterns.words.claims.place(claim)
                entry = known[own] = (place, self._add(Facet.LOWER, own, claim))
            entries.append(entry)
        return self.directories.place(tuple(entries))

    def _add(self, facet: Facet, listed: RuleList, claim: str) -> int:
        shape = self._table.shape
        number = len(self.lists)
        self.lists.append(listed)
        self.patterns.append(self._patterns.number(facet, tuple([shape[n] for n in listed]), claim))
        return number

    def _claims(self, number: int) -> tuple[str, ...]:
        found = self._claims_of[number] = claims_of(self._table.rules[number].measure)
        return found


def _nothing() -> tuple[Any, ...]:
    """The outcome of a list that is empty, as patterns write it."""
    plain = Outcome()
    return ((), plain.unknowns, plain.fee_unknowns, plain.tax_unknowns, plain.flags, 0, 0, 0, 0, ())


@dataclass(slots=True)
class _Draft:
    """What is known of schedules and destinations so far."""

    entry_list: list[NDArray[np.int32]] = field(default_factory=list)
    width: int = 0
    placed: dict[bytes, int] = field(default_factory=dict)
    # By destination: schedule, flags, unknowns, unknowns without tax, and where the lists of each facet are.
    destinations: dict[str, tuple[int, int, int, int, list[int]]] = field(default_factory=dict)

    def place(self, row: NDArray[np.int32]) -> int:
        """Where a row of lists is kept; a row of one list everywhere is kept as that list."""
        if (row == row[0]).all():
            return -1 - int(row[0])
        key = row.tobytes()
        if key not in self.placed:
            self.placed[key] = self.width
            self.entry_list.append(row)
            self.width += len(row)
        return self.placed[key]


class _Compiler:
    """Holds what is met on the way."""

    def __init__(self, book: Book, economies: tuple[str, ...]) -> None:
        self.book = book
        self.economies = economies
        self.table = RuleTable(Shapes())
        self.table.fill(book)
        self.words = Vocabulary()
        self.origins = Origins(book.groups, economies)
        self.patterns = Patterns(book, self.origins, self.table.shapes, self.words)
        self.numbers = ListNumbers(self.table, self.patterns)
        self.schedules: list[Schedule] = []
        self.draft = _Draft()
        # For every facet: the rules of each raw list, and the numbers of the lists that it becomes.
        self._raw = [Pool(NO_RULES) for _ in Facet]
        self._final = [np.zeros((0, 2), np.int32) for _ in Facet]

    def compiled(self, subheadings: Sequence[int]) -> CompiledBook:
        """The whole book."""
        sharing: dict[str, list[str]] = defaultdict(list)
        for economy in self.economies:
            tariff = tariff_of(self.book.territories_of(economy))
            sharing[tariff.code if tariff else ""].append(economy)
        for _, members in sorted(sharing.items()):
            self._schedule(members)
        return self._finished(subheadings)

    def _schedule(self, members: list[str]) -> None:
        """One schedule and every destination that uses it."""
        book = self.book
        tariff = tariff_of(book.territories_of(members[0]))
        codes = sorted({t.code for economy in members for t in book.territories_of(economy)})
        wanted = {line.code for line in book.lines.get(tariff.code, ())} if tariff else set()
        excluding = self.table.excluding
        for code in codes:
            for prefix, numbers in self.table.placed.get(code, {}).items():
                wanted.add(prefix)
                wanted.update(out for n in numbers if n in excluding for out in excluding[n])
        schedule = make_schedule(tariff, wanted)
        rows = {
            code: lists_by_entry(schedule, self.table.placed.get(code, {}), self.table, self._raw) for code in codes
        }
        number = len(self.schedules)
        self.schedules.append(schedule)
        for economy in members:
            territories = book.territories_of(economy)
            lists = self._lists([rows[t.code] for t in territories], len(schedule.codes))
            self.draft.destinations[economy] = (
                number,
                (HAS_TARIFF if tariff else NO_TARIFF) if territories else NO_TERRITORY,
                *gaps_of(economy, territories, tariff),
                [self.draft.place(row) for row in lists],
            )

    def _lists(self, rows: list[NDArray[np.int32]], count: int) -> list[NDArray[np.int32]]:
        """For every facet, the number of the list at each entry of a destination with these territories."""
        found = [np.zeros(count, np.int32) for _ in Facet]
        found[Facet.DUTY][:] = 1
        if not rows:
            return found
        for facet in Facet:
            if facet is Facet.BY_ORIGIN:
                continue
            raw = joined([row[facet] for row in rows], self._raw[facet])
            final = self._numbered(facet)
            found[facet] = final[raw, 0]
            if facet is Facet.ADDITIONAL:
                found[Facet.BY_ORIGIN] = final[raw, 1]
        return found

    def _numbered(self, facet: Facet) -> NDArray[np.int32]:
        """What each raw list of the facet becomes: a list or a directory, and for additional duties a second list."""
        known = self._final[facet]
        number = self.numbers.number
        fresh: list[tuple[int, int]] = []
        for listed in self._raw[facet].listed[len(known) :]:
            if facet is Facet.LOWER:
                fresh.append((self.numbers.directory(listed), 0))
            elif facet is Facet.ADDITIONAL:
                fresh.append(self.numbers.additional(listed))
            else:
                fresh.append((number(facet, listed), 0))
        if fresh:
            known = self._final[facet] = np.concatenate([known, np.array(fresh, np.int32)])
        return known

    def _finished(self, subheadings: Sequence[int]) -> CompiledBook:
        """The draft as arrays."""
        book, numbers = self.book, self.numbers
        ordered = [self.draft.destinations[economy] for economy in self.economies]
        arrays: dict[str, Any] = {
            **schedule_arrays(self.schedules, book),
            "subheadings": column(subheadings, np.int32),
            "destination_schedule": column([d[0] for d in ordered], np.int32),
            "destination_flags": column([d[1] for d in ordered], np.int8),
            "destination_unknowns": column([d[2] for d in ordered], np.int64),
            "destination_no_tax": column([d[3] for d in ordered], np.int64),
            "facet_lists": column([d[4] for d in ordered], np.int32).reshape(-1, FACETS),
            "entry_list": np.concatenate([np.zeros(0, np.int32), *self.draft.entry_list]),
            **_economy_arrays(book, self.economies),
            **directory_arrays(numbers.directories),
            **list_arrays(numbers.lists, numbers.patterns, self.patterns),
            **pattern_arrays(self.patterns),
            **outcome_arrays(self.patterns, self.words),
            **measure_arrays(self.table.rules),
            "origin_class": column(self.origins.rows.listed, np.int16).reshape(-1),
        }
        names = Names(
            book.version,
            self.economies,
            tuple(self.words.currencies.listed),
            tuple(self.words.quantities.listed),
            tuple(self.words.claims.listed),
            tuple(s.tariff.code if s.tariff else "" for s in self.schedules),
            tuple(self.words.refusals.listed),
        )
        return CompiledBook(names, Tables(**arrays))


def tariff_of(territories: Sequence[Territory]) -> Territory | None:
    """The territory whose schedule applies."""
    return next((t for t in territories if t.nomenclature), None)


def gaps_of(economy: str, territories: Sequence[Territory], tariff: Territory | None) -> tuple[int, int]:
    """What is left open for every line to a destination, and for those that no tax reaches."""
    if not territories:
        return unknown_bit("economy_not_in_rulebook"), 0
    union = any(t.code == economy and len(t.members) > 1 for t in territories)
    no_tax = unknown_bit("tax_depends_on_member" if union else "tax_not_in_rulebook")
    return unknown_bit("not_in_rulebook" if tariff else "tariff_not_in_rulebook"), no_tax


def schedule_arrays(schedules: Sequence[Schedule], book: Book) -> dict[str, Any]:
    """The entries of schedules, with the days on which they are declarable."""
    runs = Pool()
    entry_run: list[int] = []
    days = []
    for schedule in schedules:
        tariff = schedule.tariff.code if schedule.tariff else ""
        start = book.schedule_starts.get(tariff)
        days.append(day_number(start) if start else NEVER)
        entry_run += runs_of(schedule, book.lines.get(tariff, ()), start, runs)
    each = list(chain.from_iterable(runs.listed))
    return {
        "schedule_entry": starts(len(schedule.codes) for schedule in schedules),
        "schedule_day": column(days, np.int32),
        "entry_key": np.concatenate([schedule.keys for schedule in schedules]),
        "entry_parent": np.concatenate([schedule.parents for schedule in schedules]).astype(np.int32),
        "entry_run": column(entry_run, np.int32),
        "run_start": starts(len(run) for run in runs.listed),
        "run_day": column([row[0] for row in each], np.int32),
        "run_status": column([row[1] for row in each], np.int8),
        "run_value": column([row[2] for row in each], np.int32),
    }


def directory_arrays(directories: Pool) -> dict[str, Any]:
    """The directories of lower duties."""
    each = list(chain.from_iterable(directories.listed))
    return {
        "directory_start": starts(len(own) for own in directories.listed),
        "directory_claim": column([row[0] for row in each], np.int32),
        "directory_list": column([row[1] for row in each], np.int32),
    }


def _economy_arrays(book: Book, economies: tuple[str, ...]) -> dict[str, Any]:
    members = [{t.code for t in book.territories_of(e) if len(t.members) > 1} for e in economies]
    exporting = {
        territory
        for (territory, _), rules in book.rules.items()
        if any(rule.measure.direction is Direction.EXPORT for rule in rules)
    }
    return {
        "inside_union": np.array([[bool(a & b) for b in members] for a in members], np.bool_).reshape(
            len(economies), len(economies)
        ),
        "exports_rules": column(
            [any(t.code in exporting for t in book.territories_of(e)) for e in economies], np.bool_
        ),
        "origin_is_union": column([len(book.members_of(e)) > 1 for e in economies], np.bool_),
    }
