"""The law of one version for many products at once: a few commands to the database, however many are asked about.

``books.book_for_question`` reads the law of one question and keeps it, since people ask again. Lines of a file are
other products each time, hundreds in a piece, and what was read for one piece is of little use to the next.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import replace
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from ewtp.apps.rulebook.reading import queries
from ewtp.core.rulebook.book import Book, build_book, rules_of
from ewtp.core.values.codes import SUBHEADING_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ewtp.core.rulebook.book import Rule
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.territory import TariffLine

Place = tuple[str, str]
_K = TypeVar("_K")
_V = TypeVar("_V")
_PLACES_KEPT = 20_000
# What books remember of an economy on a day; a file of a year's lines would come to hundreds of thousands.
_REMEMBERED = 20_000
# Each pair leads to few rows by an index, which the database only believes of a command for each of them.
_EACH = (
    "SELECT found.* FROM unnest(%s::text[], %s::text[]) AS asked (place, wanted)"
    " CROSS JOIN LATERAL (COMMAND OFFSET 0) found"
)
_LEADING = "{name} = asked.wanted"
_BELOW = "{name} > asked.wanted AND {name} < asked.wanted || ':'"
_MEASURES = f"SELECT {queries.MEASURE_COLUMNS} FROM rulebook_measure WHERE territory = asked.place"  # noqa: S608 - our own names
_ELSEWHERE = (
    f"SELECT {queries.MEASURE_COLUMNS} FROM rulebook_measure WHERE territory = %s AND kind = %s"  # noqa: S608 - our own names
    " AND status <> 'proposed' AND known @> %s::timestamptz AND prefix <> ALL(%s::text[]) LIMIT 1"
)
_LINES = (
    "SELECT territory, code, lower(validity), upper(validity), units, description, indent, id FROM rulebook_tariffline"
    " WHERE territory = asked.place"
)


class LawTogether:
    """Books of one version for many pairs of an economy and a code; safe to use from any thread."""

    def __init__(self, label: str, published_at: datetime) -> None:
        self._label = label
        self._moment = published_at
        self._lock = RLock()
        # Rules by territory and prefix; those on chapters and headings are asked for by nearly every piece.
        self._kept: OrderedDict[Place, tuple[Rule, ...]] = OrderedDict()
        self._groups_of: dict[tuple[str, date], frozenset[str]] = {}
        self._derived: dict[Any, Any] = {}

    def book(self, asked: Iterable[tuple[str, str]]) -> Book:
        """The book for questions about these (economy, code) pairs, as ``book_for_question`` gives it for one.

        Rules of origin are not in it, for they are told to people and bear on no amount.
        """
        frame = self.frame
        places = sorted({(t.code, code) for economy, code in asked for t in frame.territories_of(economy)})
        codes = sorted({code for _, code in places})
        rules = self._rules(places)
        rest = build_book(
            self._label,
            territories=(),
            groups=(),
            measures=(),
            lines=self._lines([place for place in places if place[0] in frame.schedule_starts]),
            replaced=queries.codes_replaced(codes, self._moment),
        )
        self._groups_of, self._derived = bounded(self._groups_of), bounded(self._derived)
        return replace(
            frame,
            rules=rules,
            derived=self._derived,
            _groups_of=self._groups_of,
            lines=rest.lines,
            replaced=rest.replaced,
            _rules_of={},
            _lines_of={},
        )

    def measures_at(self, places: Iterable[Place]) -> list[Measure]:
        """The measures at these places (territory, prefix)."""
        rows = self._fetch(_MEASURES, "prefix", sorted(places), [])
        return [queries.measure_of(row, self._sources) for row in rows]

    def measures_elsewhere(self, wanted: Iterable[tuple[str, str]], places: Iterable[Place]) -> list[Measure]:
        """One measure of each territory and kind, where there is one anywhere but at these places."""
        by_territory: dict[str, list[str]] = defaultdict(list)
        for territory, prefix in places:
            by_territory[territory].append(prefix)
        rows = [
            row
            for territory, kind in wanted
            for row in queries.fetch(_ELSEWHERE, [territory, kind, self._moment, sorted(by_territory[territory])])
        ]
        return [queries.measure_of(row, self._sources) for row in rows]

    @cached_property
    def frame(self) -> Book:
        """What all books of the version share: territories, groups, which kinds of rule there are."""
        sources, moment = self._sources, self._moment
        return build_book(
            self._label,
            territories=queries.territories_at(moment, sources).values(),
            groups=queries.groups_at(moment, sources).values(),
            measures=(),
            coverage=queries.coverage_at(moment),
            schedule_starts=queries.schedule_starts_at(moment),
        )

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return queries.sources_at(self._moment)

    def _rules(self, places: list[Place]) -> dict[Place, tuple[Rule, ...]]:
        """The rules whose prefix leads to a code or lies below it, by place."""
        above = {(territory, code[:length]) for territory, code in places for length in range(len(code) + 1)}
        with self._lock:
            rules = {place: self._kept[place] for place in above if place in self._kept}
            for place in rules:
                self._kept.move_to_end(place)
        missing = sorted(above - rules.keys())
        read: dict[Place, list[Measure]] = defaultdict(list)
        rows = self._fetch(_MEASURES, "prefix", missing, places)
        # What lies below one code may lead to another.
        for row in rows:
            measure = queries.measure_of(row, self._sources)
            read[measure.territory, measure.product.prefix].append(measure)
        fresh = {place: rules_of(read.get(place, ())) for place in {*missing, *read} - rules.keys()}
        with self._lock:
            self._kept.update(fresh)
            while len(self._kept) > _PLACES_KEPT:
                self._kept.popitem(last=False)
        return {place: found for place, found in (rules | fresh).items() if found}

    def _lines(self, places: list[Place]) -> list[TariffLine]:
        """The lines that lead to a code or lie below it, or under its subheading: what is no line is told of those."""
        around = sorted({(territory, part) for territory, code in places for part in (code, code[:SUBHEADING_DIGITS])})
        above = sorted({(t, code[:length]) for t, code in around for length in range(2, len(code) + 1)})
        return [queries.line_of(row) for row in self._fetch(_LINES, "code", above, around)]

    def _fetch(self, command: str, name: str, leading: list[Place], above: list[Place]) -> list[tuple[Any, ...]]:
        """The rows at places, and those below others, each once."""
        found: dict[Any, tuple[Any, ...]] = {}
        for condition, places in ((_LEADING, leading), (_BELOW, above)):
            each = f"{command} AND {condition.format(name=name)} AND known @> %s::timestamptz"
            values = [[place[0] for place in places], [place[1] for place in places], self._moment]
            found |= {row[-1]: row for row in queries.fetch(_EACH.replace("COMMAND", each), values)}
        return list(found.values())


def bounded(remembered: dict[_K, _V]) -> dict[_K, _V]:
    """What books remember, or nothing where it has become too much; books that have the old one keep it."""
    return remembered if len(remembered) < _REMEMBERED else {}
