"""The law of one version as books: for single questions, for pieces of a batch, around a change, or all of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ewtp.apps.http.reading.lru_map import BoundedDict, LruMap
from ewtp.apps.rulebook.reading import place_records, version_records
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, lines_known, measures_known, papers_known
from ewtp.apps.rulebook.reading.version_changes import find_regroupings_between, measures_between
from ewtp.apps.rulebook.reading.version_rates import VersionRates
from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.rulebook.correlation import EDITIONS, in_edition
from ewtp.core.rulebook.measure import Direction
from ewtp.core.rulebook.rule import Rule, rules_of
from ewtp.core.values.codes import SUBHEADING_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.core.rulebook.adopted_layer import LayerRecord
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.measure import Kind, Measure
    from ewtp.core.rulebook.rule import CodePlace
    from ewtp.core.rulebook.territory import OriginRule, TariffLine, Territory

_PLACES_KEPT = 40_000
# Some 50 MB of rules, with what the books of one version share.
_RULES_KEPT = 65_000
# Cached facts about an economy on a day, for the books of a version: for all days of a year, 90,000 entries.
_REMEMBERED = 20_000


class RulebookReader:
    """Reads the law of one version, whatever is published meanwhile; safe to use from any thread.

    The books of a reader share their caches of economies and days, and must not be changed.
    """

    def __init__(self, version: VersionRef) -> None:
        self.version = version
        self._moment = version.published_at
        # Rules by place; those on chapters and headings are asked for by nearly every question.
        self._rules_at: LruMap[CodePlace, tuple[Rule, ...]] = LruMap(_PLACES_KEPT, most_weight=_RULES_KEPT, weigh=len)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Every source by id."""
        return version_records.sources_at(self._moment)

    @cached_property
    def read_adopted_origin_rules(self) -> list[LayerRecord[OriginRule]]:
        """What acts state of rules of origin, which is little."""
        return version_records.read_adopted_origin_rules(self._moment)

    @cached_property
    def rates(self) -> VersionRates:
        """The exchange rates."""
        return VersionRates(self._moment)

    @cached_property
    def frame(self) -> Book:
        """The part that all books share: territories, groups, the kinds of rule there are, and charges on exports."""
        exports = measures_known(MeasureFilter(direction=Direction.EXPORT.value, known_at=self._moment))
        book = build_book(
            self.version.label,
            territories=version_records.territories_at(self._moment, self.sources).values(),
            groups=version_records.groups_at(self._moment, self.sources).values(),
            measures=exports,
            coverage=version_records.coverage_at(self._moment),
            schedule_starts=version_records.schedule_starts_at(self._moment),
        )
        groups_of: BoundedDict[tuple[str, date], frozenset[str]] = BoundedDict(_REMEMBERED)
        derived: BoundedDict[Any, Any] = BoundedDict(_REMEMBERED)
        services = version_records.services_at(self._moment)
        procedures = version_records.procedures_at(self._moment)
        return replace(book, rules={}, services=services, procedures=procedures, derived=derived, _groups_of=groups_of)

    @cached_property
    def editions(self) -> Book:
        """The frame with every code's equivalents in other editions, which take some 8 MB with the seed.

        Of the rules of origin it has those that parties have not agreed, and the others on the same codes.
        """
        rest = build_book(
            self.version.label,
            territories=(),
            groups=(),
            measures=(),
            origin_rules=version_records.origin_rules_not_agreed(
                self._moment, self.sources, self.read_adopted_origin_rules
            ),
            replaced=version_records.all_codes_replaced(self._moment),
        )
        return replace(self._with_rules({}), replaced=rest.replaced, origin_rules_by_scheme=rest.origin_rules_by_scheme)

    def read_book(self, asked: Iterable[tuple[str, str]], *, origin_rules: bool = False) -> Book:
        """The book for questions about (economy, code) pairs: the law of each economy and of its union for the code.

        Also the law for the one code that holds all goods of a code in the edition of a schedule, where there is one.
        A few commands to the database, however many pairs there are. ``origin_rules`` adds the rules of origin of the
        schemes concerned, which are shown to people and affect no amount.
        """
        frame = self.frame
        wanted = {(t.code, code) for economy, code in asked for t in frame.territories_of(economy)}
        renamed = build_book(
            self.version.label,
            territories=(),
            groups=(),
            measures=(),
            replaced=version_records.codes_replaced(sorted({code for _, code in wanted}), self._moment),
        )
        places = sorted(wanted | _in_own_edition(wanted, frame.territories, renamed))
        codes = sorted({code for _, code in places})
        rules = self._rules_covering(places)
        found = []
        if origin_rules:
            measures = (rule.measure for rules_there in rules.values() for rule in rules_there)
            schemes = version_records.schemes_of(measures, frame.groups)
            found = version_records.origin_rules_covering(
                schemes, codes, self._moment, self.sources, self.read_adopted_origin_rules
            )
        rest = build_book(
            self.version.label,
            territories=(),
            groups=(),
            measures=(),
            lines=self._lines_around([place for place in places if place[0] in frame.schedule_starts]),
            origin_rules=found,
        )
        return replace(
            self._with_rules(rules),
            lines=rest.lines,
            origin_rules_by_scheme=rest.origin_rules_by_scheme,
            replaced=renamed.replaced,
        )

    def read_origin_rules(self, schemes: Iterable[str], code: str) -> list[OriginRule]:
        """The rules of origin of these schemes whose span meets the code, in effect at the version's moment."""
        return version_records.origin_rules_covering(
            schemes, [code], self._moment, self.sources, self.read_adopted_origin_rules
        )

    def build_book_of(self, measures: Iterable[Measure]) -> Book:
        """The frame with these measures alone as its rules."""
        rules = build_book(self.version.label, territories=(), groups=(), measures=measures).rules
        return self._with_rules(rules)

    def around(self, measures: Iterable[Measure], *, territories: Iterable[str], kinds: Iterable[Kind]) -> Book:
        """The frame with the rules of these territories and kinds on the codes that the measures cover."""
        return self.build_book_of(self.measures_around(measures, territories=territories, kinds=kinds))

    def whole(self) -> Book:
        """Every measure and line of the version, without rules of origin and codes of other editions."""
        return self._book(measures_known(MeasureFilter(known_at=self._moment)), lines_known("", self._moment))

    def tariff(self, territory: str) -> Book:
        """Every measure and line of one territory."""
        measures = measures_known(MeasureFilter(territory=territory, known_at=self._moment))
        return self._book(measures, lines_known(territory, self._moment))

    def lines_of(self, territory: str) -> list[TariffLine]:
        """Every line of one territory."""
        return lines_known(territory, self._moment)

    def read_papers(self) -> dict[str, tuple[str, str, str]]:
        """The territory, agency and document of every requirement, by id."""
        return papers_known(self._moment)

    def measures_at(self, places: Iterable[CodePlace]) -> list[Measure]:
        """The measures at these places, without those that lead to a place or are below it."""
        return place_records.measures_at(sorted(places), (), self._moment, self.sources)

    def measures_naming(self, names: Iterable[str]) -> list[Measure]:
        """The measures on imports whose origins or conditions name one of these groups."""
        return place_records.measures_naming(names, self._moment, self.sources)

    def measures_elsewhere(self, kinds: Iterable[tuple[str, Kind]], places: Iterable[CodePlace]) -> list[Measure]:
        """One measure of each territory and kind, where there is one anywhere but at these places."""
        return place_records.measures_elsewhere(kinds, places, self._moment, self.sources)

    def measures_around(
        self, measures: Iterable[Measure], *, territories: Iterable[str], kinds: Iterable[Kind]
    ) -> list[Measure]:
        """The measures of these territories and kinds on the codes that the measures given cover."""
        prefixes = {measure.product.prefix for measure in measures}
        if not prefixes:
            return []
        return place_records.measures_around(
            prefixes, territories=territories, kinds=kinds, moment=self._moment, sources=self.sources
        )

    def changes_since(self, earlier: VersionRef, most: int) -> list[Measure] | None:
        """The measures that only one of the two versions has; None where they are more than ``most``."""
        return measures_between(earlier.published_at, self._moment, most)

    def find_regroupings_since(self, earlier: VersionRef) -> frozenset[str] | None:
        """The groups that are new, gone or of other economies since; None where more than that and measures differs."""
        return find_regroupings_between(earlier.published_at, self._moment)

    def _book(self, measures: Iterable[Measure], lines: Iterable[TariffLine]) -> Book:
        book = build_book(
            self.version.label,
            territories=self.frame.territories.values(),
            groups=self.frame.groups.values(),
            measures=measures,
            lines=lines,
            coverage=self.frame.coverage,
            schedule_starts=self.frame.schedule_starts,
        )
        return replace(book, services=self.frame.services, procedures=self.frame.procedures)

    def _with_rules(self, rules: Mapping[CodePlace, tuple[Rule, ...]]) -> Book:
        return replace(self.frame, rules=rules, _relief_places={})

    def _rules_covering(self, places: list[CodePlace]) -> dict[CodePlace, tuple[Rule, ...]]:
        """The rules whose prefix leads to a code or is below it, by place."""
        above = {(territory, code[:length]) for territory, code in places for length in range(len(code) + 1)}
        kept = {place: rules for place in above if (rules := self._rules_at.get(place)) is not None}
        missing = sorted(above - kept.keys())
        read: dict[CodePlace, list[Measure]] = defaultdict(list)
        # A measure below one code may lead to another.
        for measure in place_records.measures_at(missing, places, self._moment, self.sources):
            read[measure.territory, measure.product.prefix].append(measure)
        fresh = {place: rules_of(read.get(place, ())) for place in {*missing, *read} - kept.keys()}
        for place, rules in fresh.items():
            self._rules_at.keep_value(place, rules)
        return {place: rules for place, rules in (kept | fresh).items() if rules}

    def _lines_around(self, places: list[CodePlace]) -> list[TariffLine]:
        """The lines above and below each code and below its subheading: suggestions where a code is not a line."""
        around = sorted({(territory, part) for territory, code in places for part in (code, code[:SUBHEADING_DIGITS])})
        return place_records.lines_covering(around, self._moment)


def _in_own_edition(places: Iterable[CodePlace], territories: Mapping[str, Territory], renamed: Book) -> set[CodePlace]:
    """The places of the same goods in the edition of each territory's schedule, where one code holds them all."""
    found = set()
    for territory, code in places:
        edition = territories[territory].hs_edition or EDITIONS[0]
        known = in_edition(renamed, code[:SUBHEADING_DIGITS], edition)
        if known is not None:
            found.add((territory, known))
    return found
