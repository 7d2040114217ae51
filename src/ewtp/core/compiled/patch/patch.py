"""Incremental compilation: patches a compiled book for a change of some measures.

Only the lists that the change reaches are rebuilt. Existing lists, decision tables and outcomes keep their numbers, and
new ones are appended; only the rows of the destinations that the change reaches are replaced. Former lists stay behind
unused until the next full compilation.

Everything outside this package uses ``patch_book``, which may always return None: then the caller compiles the book in
full. ``find_changed_measures`` and ``find_affected_scope`` say which law it needs to read.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ewtp.core.compiled.compile.economy_arrays import build_programme_arrays, find_kinds_held
from ewtp.core.compiled.compile.entry_law import list_entry_law
from ewtp.core.compiled.compile.rule_lists import FACETS_OF, facet_of
from ewtp.core.compiled.format import entry_exemption
from ewtp.core.compiled.format.facets import FACETS, Facet
from ewtp.core.compiled.format.tables import CompiledBook
from ewtp.core.compiled.machine.combinations import number_combinations
from ewtp.core.compiled.patch.affected_rules import AffectedRules, ListKind, find_list_kinds
from ewtp.core.compiled.patch.array_extension import AppendedArrays
from ewtp.core.compiled.patch.code_insertion import find_missing_codes, insert_entries
from ewtp.core.compiled.patch.list_patcher import NO_LIST, DestinationEntries, ListPatcher
from ewtp.core.rulebook.measure import Direction, Kind
from ewtp.core.rulebook.territorial_status import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.compile.entry_law import EntryLaw
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Measure

# Patching 46,000 measures was measured to be faster than reading and compiling the whole law; more was not measured.
_MOST_MEASURES = 50_000


def find_changed_measures(before: Book, after: Book, places: Iterable[tuple[str, str]]) -> list[Measure]:
    """The measures at these places (territory, prefix) that only one of the books has."""
    found: list[Measure] = []
    for place in places:
        one, other = ({rule.measure for rule in book.rules.get(place, ())} for book in (before, after))
        found += sorted(one ^ other, key=lambda measure: measure.id)
    return found


class AffectedScope(NamedTuple):
    """The territories and kinds of the rules, at and around the changed prefixes, that ``patch_book`` reads."""

    territories: frozenset[str]
    kinds: frozenset[Kind]


def find_affected_scope(after: Book, measures: Sequence[Measure]) -> AffectedScope | None:
    """The rules that ``patch_book`` reads for these measures; None where it would return None.

    ``after`` needs only the territories.
    """
    if len(measures) > _MOST_MEASURES:
        return None
    named = {measure.territory for measure in measures}
    economies = {
        economy
        for code in named
        if code in after.territories
        for economy in (code, *after.territories[code].members, *parts_of(after.territories, code))
    }
    facets = {facet_of(measure) for measure in measures}
    return AffectedScope(
        frozenset(t.code for economy in economies for t in after.territories_of(economy)),
        frozenset(kind for kind, own in FACETS_OF.items() if not facets.isdisjoint(own)),
    )


def patch_book(
    compiled: CompiledBook, after: Book, measures: Sequence[Measure], *, regrouped: bool = False
) -> CompiledBook | None:
    """The compiled form of ``after``, from that of a book which differs from it in ``measures`` only.

    ``measures`` are those that only one of the two books has. With ``regrouped``, some groups are new, gone, or have
    other members as well, and ``measures`` also have what ``find_regrouped_measures`` gives for these groups. ``after``
    need not have the whole law: it needs the territories, the groups, and the rules of ``find_affected_scope`` at every
    prefix that shares a code with a prefix of ``measures``. None where a full compilation is better, because the
    measures are too many. An economy whose last rule on exports is removed is treated as having export rules until the
    next full compilation.
    """
    if len(measures) > _MOST_MEASURES:
        return None
    patcher = _Patcher(compiled, after, measures, reuses=not regrouped)
    patcher.insert_codes()
    patcher.patch_lists()
    return patcher.build_book()


class _Patcher:
    """Patches one book; ``arrays`` are those of the new book as far as they are built.

    ``reuses`` says whether outcomes may be derived from former ones, which were decided for the groups of then.
    """

    def __init__(self, compiled: CompiledBook, after: Book, measures: Sequence[Measure], *, reuses: bool) -> None:
        self._compiled = compiled
        self._after = after
        self._measures = measures
        self.arrays: dict[str, Any] = compiled.tables._asdict()
        self._appended = AppendedArrays(compiled, after)
        self._laws = [list_entry_law(after, economy) for economy in compiled.names.economies]
        self._imports: dict[str, list[Measure]] = defaultdict(list)
        for measure in measures:
            if measure.direction is Direction.IMPORT:
                self._imports[measure.territory].append(measure)
        # The destinations that the change reaches, each with the law through which it does.
        self._reached = {
            destination: through
            for destination, laws in enumerate(self._laws)
            if (through := tuple(law for law in laws if any(map(law.has, self._imports.get(law.territory, ())))))
        }
        # By schedule with inserted entries, the former number of every entry.
        self._sources: dict[int, NDArray[np.int64]] = {}
        # New rows of lists by destination and facet.
        self._rows: dict[tuple[int, int], NDArray[np.int32]] = {}
        affected = AffectedRules(after, measures, self._appended.rules)
        self._lists = ListPatcher(compiled.tables, self._appended, affected, reuses=reuses)

    def insert_codes(self) -> None:
        """Insert the prefixes and the exclusions of the measures into the code trees."""
        wanted: dict[int, set[str]] = defaultdict(set)
        for destination, through in self._reached.items():
            schedule = int(self.arrays["destination_schedule"][destination])
            for measure in self._list_changes(through):
                wanted[schedule].update((measure.product.prefix, *measure.product.exclusions))
        for schedule, codes in sorted(wanted.items()):
            missing = find_missing_codes(self._keys(schedule), codes)
            if missing:
                self._sources[schedule] = insert_entries(self.arrays, schedule, missing)

    def patch_lists(self) -> None:
        """Patch the rows of lists of the destinations that the change reaches."""
        shared: dict[tuple[Any, ...], list[NDArray[np.int32]]] = {}
        for destination, through in self._reached.items():
            schedule = int(self.arrays["destination_schedule"][destination])
            for facet, changes in self._changes_by_facet(through).items():
                facets = (facet, Facet.BY_ORIGIN) if facet is Facet.ADDITIONAL else (facet,)
                where = tuple(int(self._compiled.tables.facet_lists[destination, each]) for each in facets)
                # Destinations with the same lists, which the change reaches through the same law, share the new lists
                # too: the lists have no rules of other territories.
                named = {measure.territory for own in changes.values() for measure in own}
                key = (schedule, facet, where, tuple(law for law in through if law.territory in named))
                rows = shared.get(key)
                if rows is None:
                    entries = DestinationEntries(self._keys(schedule), self._laws[destination])
                    rows = shared[key] = self._patch_facet(entries, [self._row(schedule, at) for at in where], changes)
                for each, row in zip(facets, rows, strict=True):
                    self._rows[destination, each] = row

    def build_book(self) -> CompiledBook:
        """The new book."""
        arrays, names, pools = self.arrays, self._compiled.names, self._appended.pools
        arrays |= self._appended.build_arrays()
        arrays["facet_lists"], arrays["entry_list"] = self._build_rows()
        arrays["exports_rules"] = self._build_exports()
        arrays |= build_programme_arrays(self._after, names.economies)
        arrays["not_owed"] = self._build_not_owed()
        return CompiledBook(
            replace(
                names,
                version=self._after.version,
                currencies=tuple(pools.currencies.listed),
                quantities=tuple(pools.quantities.listed),
                claims=tuple(pools.claims.listed),
                refusals=tuple(pools.refusals.listed),
            ),
            type(self._compiled.tables)(**arrays),
        )

    def _list_changes(self, laws: Iterable[EntryLaw]) -> Iterator[Measure]:
        """The changed measures of this law."""
        return (measure for law in laws for measure in self._imports[law.territory] if law.has(measure))

    def _changes_by_facet(self, laws: Iterable[EntryLaw]) -> dict[Facet, dict[ListKind, list[Measure]]]:
        """The changed measures of this law by facet and kind of list."""
        by_kind: dict[ListKind, list[Measure]] = defaultdict(list)
        for measure in self._list_changes(laws):
            for kind in find_list_kinds(measure):
                by_kind[kind].append(measure)
        by_facet: dict[Facet, dict[ListKind, list[Measure]]] = defaultdict(dict)
        for kind, measures in by_kind.items():
            by_facet[kind.facet][kind] = measures
        return by_facet

    def _keys(self, schedule: int) -> NDArray[np.int64]:
        first, last = self.arrays["schedule_entry"][schedule : schedule + 2].tolist()
        keys: NDArray[np.int64] = self.arrays["entry_key"][first:last]
        return keys

    def _row(self, schedule: int, where: int) -> NDArray[np.int32]:
        """The former lists [entry] int32 for the entries that the schedule has now."""
        if where < 0:
            return np.full(len(self._keys(schedule)), -1 - where, np.int32)
        first, last = self._compiled.tables.schedule_entry[schedule : schedule + 2].tolist()
        row = self._compiled.tables.entry_list[where : where + last - first]
        source = self._sources.get(schedule)
        return row if source is None else row[source]

    def _patch_facet(
        self, entries: DestinationEntries, before: list[NDArray[np.int32]], changes: dict[ListKind, list[Measure]]
    ) -> list[NDArray[np.int32]]:
        """The rows of a facet after the change, at a destination; additional duties have two."""
        if next(iter(changes)).facet is Facet.LOWER:
            return [self._patch_directories(entries, before[0], changes)]
        ((kind, measures),) = changes.items()
        return self._lists.patch_rows(entries, kind, before, measures)

    def _patch_directories(
        self, entries: DestinationEntries, before: NDArray[np.int32], changes: dict[ListKind, list[Measure]]
    ) -> NDArray[np.int32]:
        """The directories [entry] int32 of lower duties; each claim brings in lists of its own."""
        former = [self._lists_by_directory(kind.claim)[before] for kind in changes]
        rows = [
            self._lists.patch_rows(entries, kind, [row], measures)[0]
            for row, (kind, measures) in zip(former, changes.items(), strict=True)
        ]
        reached = np.flatnonzero(np.logical_or.reduce([a != b for a, b in zip(former, rows, strict=True)]))
        groups = number_combinations([each[reached] for each in (before, *rows)])
        _, examples, back = np.unique(groups, return_index=True, return_inverse=True)
        at = reached[examples]
        claims = [kind.claim for kind in changes]
        numbers = self._appended.number_directories(before[at], claims, np.stack([row[at] for row in rows], axis=1))
        after = before.copy()
        after[reached] = numbers[back]
        return after

    def _lists_by_directory(self, claim: str) -> NDArray[np.int32]:
        """The list [directory] int32 that a claim brings in."""
        tables = self._compiled.tables
        at = np.flatnonzero(tables.directory_claim == self._appended.pools.claims.place(claim))
        found = np.full(len(tables.directory_start) - 1, NO_LIST, np.int32)
        found[np.searchsorted(tables.directory_start, at, side="right") - 1] = tables.directory_list[at]
        return found

    def _build_rows(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The offsets of the rows of all destinations, and the rows end to end; unused rows are left out."""
        facet_lists = self._compiled.tables.facet_lists.copy()
        parts: list[NDArray[np.int32]] = []
        width = 0
        offsets: dict[Any, int] = {}
        for destination, schedule in enumerate(self.arrays["destination_schedule"].tolist()):
            for facet in range(FACETS):
                row = self._rows.get((destination, facet))
                where = int(facet_lists[destination, facet])
                if row is None and where < 0:
                    continue
                if row is not None and (row == row[0]).all():
                    facet_lists[destination, facet] = -1 - int(row[0])
                    continue
                key: Any = (schedule, where) if row is None else row.tobytes()
                if key not in offsets:
                    offsets[key] = width
                    parts.append(self._row(schedule, where) if row is None else row)
                    width += len(parts[-1])
                facet_lists[destination, facet] = offsets[key]
        return facet_lists, np.concatenate([np.zeros(0, np.int32), *parts])

    def _build_not_owed(self) -> NDArray[np.int8]:
        """The charges not owed between economies [economy, economy] int8, as bits.

        Whether a rule is left of a kind of which the change only removes some, the book that was read may not tell;
        then the scalar path decides.
        """
        found = self._compiled.tables.not_owed.copy()
        for destination, through in self._reached.items():
            touched = {measure.kind for measure in self._list_changes(through)}
            held = find_kinds_held(self._after, self._compiled.names.economies[destination])
            column = found[:, destination]
            for kind, own, known in (
                (Kind.FEE, entry_exemption.FEE, entry_exemption.FEE_HELD),
                (Kind.TAX, entry_exemption.TAX, entry_exemption.TAX_HELD),
            ):
                if kind in touched:
                    column[(column & own) != 0] |= known if kind in held else entry_exemption.UNSURE
        return found

    def _build_exports(self) -> NDArray[np.bool_]:
        """Whether an economy [economy] has rules on exports."""
        exporting = {
            rule.measure.territory
            for measure in self._measures
            for rule in self._after.rules.get((measure.territory, measure.product.prefix), ())
            if rule.measure.direction is Direction.EXPORT and not rule.measure.kind.charges
        }
        reached = [any(law.territory in exporting for law in laws) for laws in self._laws]
        found: NDArray[np.bool_] = self._compiled.tables.exports_rules | np.array(reached, np.bool_)
        return found
