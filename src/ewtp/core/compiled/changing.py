"""A compiled book after a change of some measures: only the lists that the change reaches are made anew.

Numbers of lists, patterns and outcomes that stay do not move; the new ones stand behind them, and only the rows of the
destinations that the change reaches are written anew. What a list was stays behind unused, until a book is compiled
in full the next time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.compiled.appending import Addition
from ewtp.core.compiled.inserting import code_of, insert_entries, missing_codes, places_below
from ewtp.core.compiled.lists import FACET_OF, FACETS, Facet, claims_of
from ewtp.core.compiled.tables import CompiledBook, column
from ewtp.core.rulebook.measure import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.lists import RuleList
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Kind, Measure

# A change of more measures than this is not worth following one by one.
MOST_MEASURES = 2_000
_BITS = 40


def differing(before: Book, after: Book, places: Iterable[tuple[str, str]]) -> list[Measure]:
    """The measures at these places (territory, prefix) that only one of the books has."""
    found: list[Measure] = []
    for place in places:
        one, other = ({rule.measure for rule in book.rules.get(place, ())} for book in (before, after))
        found += sorted(one ^ other, key=lambda measure: measure.id)
    return found


def around(after: Book, measures: Iterable[Measure]) -> tuple[frozenset[str], frozenset[Kind]]:
    """The territories and the kinds of rules that ``changed`` asks a book for, at and around the measures' prefixes."""
    named = {measure.territory for measure in measures}
    economies = {e for code in named if code in after.territories for e in (code, *after.territories[code].members)}
    facets = {FACET_OF[measure.kind] for measure in measures}
    return (
        frozenset(t.code for economy in economies for t in after.territories_of(economy)),
        frozenset(kind for kind, facet in FACET_OF.items() if facet in facets),
    )


def changed(compiled: CompiledBook, after: Book, measures: Sequence[Measure]) -> CompiledBook | None:
    """The compiled form of ``after``, from that of a book which differs from it in ``measures`` alone.

    ``measures`` are those that only one of the two books has. ``after`` need not be the whole law: it is asked for
    its territories and groups, and for the rules of the facets of ``measures`` on the codes that they cover, in every
    territory that shares a destination with theirs. None where compiling in full is the better way: too many
    measures. An economy from which goods leave under rules stays one until then, also when the last of them goes.
    """
    if len(measures) > MOST_MEASURES:
        return None
    changing = _Changing(compiled, after, measures)
    changing.insert()
    changing.relist()
    return changing.finished()


class _Changing:
    """Holds what is met on the way; ``arrays`` are those of the changed book as far as they are known."""

    def __init__(self, compiled: CompiledBook, after: Book, measures: Sequence[Measure]) -> None:
        self._compiled = compiled
        self._after = after
        self._measures = measures
        self.arrays: dict[str, Any] = compiled.tables._asdict()
        self._addition = Addition(compiled, after)
        self._territories = [tuple(t.code for t in after.territories_of(e)) for e in compiled.names.economies]
        self._inward: dict[str, list[Measure]] = defaultdict(list)
        for measure in measures:
            if measure.direction is Direction.IMPORT:
                self._inward[measure.territory].append(measure)
        # The destinations that the change reaches, with the territories through which it does.
        self._reached = {
            place: through
            for place, codes in enumerate(self._territories)
            if (through := tuple(code for code in codes if code in self._inward))
        }
        self._sources: dict[int, NDArray[np.int64]] = {}
        # New rows of lists by destination and facet.
        self._rows: dict[tuple[int, int], NDArray[np.int32]] = {}
        # The claims that bring in one of the measures that change.
        self._claims = frozenset(
            claim for measure in measures if FACET_OF[measure.kind] is Facet.LOWER for claim in claims_of(measure)
        )
        # By territory, prefix and facet: the rules there, and whether one of them names exclusions.
        self._placed: dict[tuple[str, str, Facet], tuple[RuleList, bool]] = {}

    def insert(self) -> None:
        """Make entries of the codes that the measures name."""
        wanted: dict[int, set[str]] = defaultdict(set)
        for place, through in self._reached.items():
            schedule = int(self.arrays["destination_schedule"][place])
            for measure in (measure for code in through for measure in self._inward[code]):
                wanted[schedule].update((measure.product.prefix, *measure.product.exclusions))
        for schedule, codes in sorted(wanted.items()):
            missing = missing_codes(self._keys(schedule), codes)
            if missing:
                self._sources[schedule] = insert_entries(self.arrays, schedule, missing)

    def relist(self) -> None:
        """Find the lists of the destinations that the change reaches."""
        shared: dict[tuple[Any, ...], list[NDArray[np.int32]]] = {}
        for place, through in self._reached.items():
            schedule = int(self.arrays["destination_schedule"][place])
            by_facet: dict[Facet, list[Measure]] = defaultdict(list)
            for code in through:
                for measure in self._inward[code]:
                    by_facet[FACET_OF[measure.kind]].append(measure)
            for facet, measures in by_facet.items():
                facets = (facet, Facet.BY_ORIGIN) if facet is Facet.ADDITIONAL else (facet,)
                where = tuple(int(self._compiled.tables.facet_lists[place, each]) for each in facets)
                # Destinations with the same lists, which the change reaches through the same territories, keep
                # having the same ones: no rule of another territory is in them.
                key = (schedule, facet, where, tuple(sorted({m.territory for m in measures})))
                rows = shared.get(key)
                if rows is None:
                    before = [self._row(schedule, at) for at in where]
                    rows = shared[key] = self._relisted(place, facet, before, measures)
                for each, row in zip(facets, rows, strict=True):
                    self._rows[place, each] = row

    def finished(self) -> CompiledBook:
        """The book after the change."""
        arrays, names, words = self.arrays, self._compiled.names, self._addition.words
        arrays |= self._addition.arrays()
        arrays["facet_lists"], arrays["entry_list"] = self._lists()
        arrays["exports_rules"] = self._exports()
        return CompiledBook(
            replace(
                names,
                version=self._after.version,
                currencies=tuple(words.currencies.listed),
                quantities=tuple(words.quantities.listed),
                claims=tuple(words.claims.listed),
                refusals=tuple(words.refusals.listed),
            ),
            type(self._compiled.tables)(**arrays),
        )

    def _keys(self, schedule: int) -> NDArray[np.int64]:
        first, last = self.arrays["schedule_entry"][schedule : schedule + 2].tolist()
        keys: NDArray[np.int64] = self.arrays["entry_key"][first:last]
        return keys

    def _row(self, schedule: int, where: int) -> NDArray[np.int32]:
        """The numbers of lists as they were, one for each entry that the schedule has now."""
        if where < 0:
            return np.full(len(self._keys(schedule)), -1 - where, np.int32)
        first, last = self._compiled.tables.schedule_entry[schedule : schedule + 2].tolist()
        row = self._compiled.tables.entry_list[where : where + last - first]
        source = self._sources.get(schedule)
        return row if source is None else row[source]

    def _relisted(
        self, place: int, facet: Facet, before: list[NDArray[np.int32]], measures: list[Measure]
    ) -> list[NDArray[np.int32]]:
        """The rows of a facet after the change, at a destination; additional duties have two."""
        keys = self._keys(int(self.arrays["destination_schedule"][place]))
        reached, kinds = _kinds(keys, before, measures)
        _, examples, back = np.unique(kinds, return_index=True, return_inverse=True)
        found = [
            self._listed(place, facet, code_of(int(keys[entry])), int(before[0][entry]))
            for entry in reached[examples].tolist()
        ]
        numbers = column(found, np.int32).reshape(-1, 2)
        rows = []
        for slot, row in enumerate(before):
            after = row.copy()
            after[reached] = numbers[back, slot]
            rows.append(after)
        return rows

    def _listed(self, place: int, facet: Facet, code: str, before: int) -> tuple[int, int]:
        """The number of the list of a code at a destination, or of the directory; for additional duties of both.

        ``before`` is the number that it had.
        """
        rules: RuleList = ()
        for territory in self._territories[place]:
            for digits in range(len(code) + 1):
                own, excluding = self._at(territory, code[:digits], facet)
                if excluding:
                    # Few rules name codes that they do not reach.
                    every = self._addition.rules.rules
                    own = tuple([n for n in own if every[n].measure.product.covers(code)])
                rules += own
        addition = self._addition
        if facet is Facet.LOWER:
            kept = addition.kept(before, self._claims)
            return addition.directory_number(addition.numbers.directory(rules, kept)), 0
        if facet is Facet.ADDITIONAL:
            narrow, wide = addition.numbers.additional(rules)
            return addition.list_number(narrow), addition.list_number(wide)
        return addition.list_number(addition.numbers.number(facet, rules)), 0

    def _at(self, territory: str, prefix: str, facet: Facet) -> tuple[RuleList, bool]:
        """The rules of a facet at a prefix, and whether one of them names exclusions."""
        found = self._placed.get((territory, prefix, facet))
        if found is None:
            rules = [
                rule
                for rule in self._after.rules.get((territory, prefix), ())
                if rule.measure.direction is Direction.IMPORT
                and FACET_OF[rule.measure.kind] is facet
                # Lists of lower duties that none of the claims brings in stay as they are.
                and (facet is not Facet.LOWER or not self._claims.isdisjoint(claims_of(rule.measure)))
            ]
            own = tuple([self._addition.rules.add(rule) for rule in rules])
            found = (own, any(rule.measure.product.exclusions for rule in rules))
            self._placed[territory, prefix, facet] = found
        return found

    def _lists(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Where the rows of all destinations are, and the rows end to end; those that nobody has any more are left."""
        facet_lists = self._compiled.tables.facet_lists.copy()
        parts: list[NDArray[np.int32]] = []
        width = 0
        placed: dict[Any, int] = {}
        for place, schedule in enumerate(self.arrays["destination_schedule"].tolist()):
            for facet in range(FACETS):
                row = self._rows.get((place, facet))
                where = int(facet_lists[place, facet])
                if row is None and where < 0:
                    continue
                if row is not None and (row == row[0]).all():
                    facet_lists[place, facet] = -1 - int(row[0])
                    continue
                key: Any = (schedule, where) if row is None else row.tobytes()
                if key not in placed:
                    placed[key] = width
                    parts.append(self._row(schedule, where) if row is None else row)
                    width += len(parts[-1])
                facet_lists[place, facet] = placed[key]
        return facet_lists, np.concatenate([np.zeros(0, np.int32), *parts])

    def _exports(self) -> NDArray[np.bool_]:
        """Whether rules on exports are known, by economy."""
        exporting = {
            rule.measure.territory
            for measure in self._measures
            for rule in self._after.rules.get((measure.territory, measure.product.prefix), ())
            if rule.measure.direction is Direction.EXPORT
        }
        reached = [any(code in exporting for code in codes) for codes in self._territories]
        found: NDArray[np.bool_] = self._compiled.tables.exports_rules | np.array(reached, np.bool_)
        return found


def _kinds(
    keys: NDArray[np.int64], rows: list[NDArray[np.int32]], measures: list[Measure]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The entries that the measures reach, and numbers that are equal where the lists will be.

    Entries whose lists were the same have the same ones after the change where the same of its measures reach them.
    """
    marks = []
    for first in range(0, len(measures), _BITS):
        bits = np.zeros(len(keys), np.int64)
        for place, measure in enumerate(measures[first : first + _BITS]):
            bits[places_below(keys, measure.product.prefix)] |= 1 << place
            for out in measure.product.exclusions:
                bits[places_below(keys, out)] &= ~(1 << place)
        marks.append(bits)
    reached = np.flatnonzero(np.logical_or.reduce([bits != 0 for bits in marks]))
    kinds = np.zeros(len(reached), np.int64)
    columns: list[NDArray[Any]] = [*rows, *marks]
    for each in columns:
        kinds = _together(kinds, each[reached])
    return reached, kinds


def _together(one: NDArray[np.int64], other: NDArray[Any]) -> NDArray[np.int64]:
    """Numbers that are equal where both are."""
    found = np.unique(other, return_inverse=True)[1]
    both: NDArray[np.int64] = np.unique(one * (len(found) + 1) + found, return_inverse=True)[1]
    return both
