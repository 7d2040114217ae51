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

from ewtp.core.compiled.compile.rule_lists import FACET_OF
from ewtp.core.compiled.format.facets import FACETS, Facet
from ewtp.core.compiled.format.tables import CompiledBook
from ewtp.core.compiled.patch.affected_rules import Subject, Surroundings, subjects_of
from ewtp.core.compiled.patch.appended_arrays import Addition
from ewtp.core.compiled.patch.inserted_codes import insert_entries, missing_codes
from ewtp.core.compiled.patch.patched_lists import NO_LIST, Entries, Relisting, together
from ewtp.core.rulebook.measure import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Kind, Measure

# Following 46,000 measures was measured to be quicker than reading all law and compiling it; more never was.
MOST_MEASURES = 50_000


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
        around = Surroundings(after, measures, self._addition.rules)
        self._relisting = Relisting(compiled.tables, self._addition, around)

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
            by_subject: dict[Subject, list[Measure]] = defaultdict(list)
            for code in through:
                for measure in self._inward[code]:
                    for subject in subjects_of(measure):
                        by_subject[subject].append(measure)
            by_facet: dict[Facet, dict[Subject, list[Measure]]] = defaultdict(dict)
            for subject, measures in by_subject.items():
                by_facet[subject.facet][subject] = measures
            for facet, changes in by_facet.items():
                facets = (facet, Facet.BY_ORIGIN) if facet is Facet.ADDITIONAL else (facet,)
                where = tuple(int(self._compiled.tables.facet_lists[place, each]) for each in facets)
                # Destinations with the same lists, which the change reaches through the same territories, keep
                # having the same ones: no rule of another territory is in them.
                key = (schedule, facet, where, tuple(sorted({m.territory for own in changes.values() for m in own})))
                rows = shared.get(key)
                if rows is None:
                    entries = Entries(self._keys(schedule), self._territories[place])
                    rows = shared[key] = self._relisted(entries, [self._row(schedule, at) for at in where], changes)
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
        self, entries: Entries, before: list[NDArray[np.int32]], changes: dict[Subject, list[Measure]]
    ) -> list[NDArray[np.int32]]:
        """The rows of a facet after the change, at a destination; additional duties have two."""
        if next(iter(changes)).facet is not Facet.LOWER:
            ((subject, measures),) = changes.items()
            return self._relisting.rows(entries, subject, before, measures)
        # Each claim brings in lists of its own, whatever other claims do.
        lists = [self._lists_under(subject.claim) for subject in changes]
        own = [each[before[0]] for each in lists]
        rows = [
            self._relisting.rows(entries, subject, [row], measures)[0]
            for row, (subject, measures) in zip(own, changes.items(), strict=True)
        ]
        reached = np.flatnonzero(np.logical_or.reduce([a != b for a, b in zip(own, rows, strict=True)]))
        kinds = together([each[reached] for each in (*before, *rows)])
        _, examples, back = np.unique(kinds, return_index=True, return_inverse=True)
        at = reached[examples]
        claims = [subject.claim for subject in changes]
        numbers = self._addition.directory_numbers(before[0][at], claims, np.stack([row[at] for row in rows], axis=1))
        after = before[0].copy()
        after[reached] = numbers[back]
        return [after]

    def _lists_under(self, claim: str) -> NDArray[np.int32]:
        """By directory, the list that a claim brings in."""
        tables = self._compiled.tables
        at = np.flatnonzero(tables.directory_claim == self._addition.words.claims.place(claim))
        found = np.full(len(tables.directory_start) - 1, NO_LIST, np.int32)
        found[np.searchsorted(tables.directory_start, at, side="right") - 1] = tables.directory_list[at]
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
