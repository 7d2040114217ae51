"""A rulebook as a value: its measures, lines, groups and practices, indexed for questions.

A book is built once from records and never changes. A book may hold the whole law or only the part
that a question needs; what decides (``core.assessment``) cannot tell the difference.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.measure import (
    Direction,
    Kind,
    Measure,
)
from ewtp.core.rulebook.rule import Rule, rules_of
from ewtp.core.rulebook.territorial_status import (
    CustomsRelation,
    charges_inside,
    customs_territories_of,
    find_customs,
    tax_territories_of,
)
from ewtp.core.values.codes import SUBHEADING_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ewtp.core.rulebook.records import CodeReplaced
    from ewtp.core.rulebook.service import Procedure, Service
    from ewtp.core.rulebook.territory import Group, OriginRule, TariffLine, Territory

# No schedule declares goods by a chapter alone.
_SHORTEST_LINE = 4
_PAPERS = "papers"


@dataclass(slots=True)
class Book:
    """The rules known at one moment, indexed by territory and code.

    ``version`` names the published rulebook the rules were taken from. Lookups memoise, so that a
    second question about the same product costs no search.
    """

    version: str
    territories: Mapping[str, Territory]
    groups: Mapping[str, Group]
    rules: Mapping[tuple[str, str], tuple[Rule, ...]]
    lines: Mapping[str, tuple[TariffLine, ...]]
    origin_rules_by_scheme: Mapping[str, tuple[OriginRule, ...]] = field(default_factory=dict)
    # Every six-digit code of another edition, with what it is called in the edition named second.
    replaced: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    # The kinds of rule that the whole rulebook has for a territory, so that an answer can name those it lacks.
    coverage: Mapping[str, frozenset[Kind]] = field(default_factory=dict)
    # The first day of each territory's oldest schedule in the rulebook.
    schedule_starts: Mapping[str, date] = field(default_factory=dict)
    # By territory, the times in which its agencies promise to answer.
    services: Mapping[str, tuple[Service, ...]] = field(default_factory=dict)
    # By territory, the figures by which its authorities decide.
    procedures: Mapping[str, tuple[Procedure, ...]] = field(default_factory=dict)
    # By territory and the first six digits of their prefix, the rules on exports: few, so a book has all of them.
    export_rules: Mapping[tuple[str, str], tuple[Rule, ...]] = field(default_factory=dict)
    # What was found of a code is a book's own; what is remembered of economies and days, books of one law may share.
    _rules_of: dict[tuple[str, str], tuple[tuple[Rule, ...], tuple[Rule, ...]]] = field(
        default_factory=dict, init=False
    )
    _lines_of: dict[tuple[str, str], tuple[TariffLine, ...]] = field(default_factory=dict, init=False)
    _origin_rules_of: dict[tuple[str, str], tuple[OriginRule, ...]] = field(default_factory=dict, init=False)
    _groups_of: dict[tuple[str, date], frozenset[str]] = field(default_factory=dict)
    # Values derived once from the book and a day, such as a territory's practices.
    derived: dict[Any, Any] = field(default_factory=dict)
    _territories_of: dict[str, tuple[Territory, ...]] = field(default_factory=dict)
    # The places of the reliefs of requirements, under one key, once somebody has asked.
    _relief_places: dict[str, frozenset[tuple[str, str]]] = field(default_factory=dict)

    def paper_relief_places(self) -> frozenset[tuple[str, str]]:
        """The places (territory and code prefix) where some rule is, or may be, a relief of requirements."""
        found = self._relief_places.get(_PAPERS)
        if found is None:
            found = frozenset(
                place for place, rules in self.rules.items() if any(rule.measure.relieves_papers for rule in rules)
            )
            self._relief_places[_PAPERS] = found
        return found

    def paper_reliefs(self) -> tuple[Measure, ...]:
        """Every relief of requirements, in order of place."""
        return tuple(
            rule.measure
            for place in sorted(self.paper_relief_places())
            for rule in self.rules.get(place, ())
            if rule.measure.relieves_papers
        )

    def relief_places_with(self, places: Iterable[tuple[str, str]]) -> dict[str, frozenset[tuple[str, str]]]:
        """What a book of which the rules at ``places`` differ remembers of ``paper_relief_places``."""
        return {_PAPERS: self.paper_relief_places().union(places)}

    def territories_of(self, economy: str, day: date | None = None) -> tuple[Territory, ...]:
        """The territories whose law applies on entry to ``economy``: its union's and its own, and ``lent_by``."""
        found = self._territories_of.get(economy)
        if found is None:
            around = customs_territories_of(self.territories, economy)
            found = tuple(
                t for code, t in sorted(self.territories.items()) if code in {economy, *around} or economy in t.members
            )
            self._territories_of[economy] = found
        return found if day is None or len(found) == 1 else self._territories_on(economy, day, found)

    def _territories_on(self, economy: str, day: date, whenever: tuple[Territory, ...]) -> tuple[Territory, ...]:
        """Those of the territories of any day whose law applies on ``day``."""
        key = ("territories", economy, day)
        found: tuple[Territory, ...] | None = self.derived.get(key)
        if found is None:
            ended = self.lent_by(economy) - self.lent_by(economy, day)
            found = self.derived[key] = tuple(t for t in whenever if t.code not in ended) if ended else whenever
        return found

    def lent_by(self, economy: str, day: date | None = None) -> frozenset[str]:
        """The customs territories that ``economy`` is a part of, not a member; their law applies, taxes apart."""
        around = customs_territories_of(self.territories, economy, day)
        return frozenset(c for c in around if c in self.territories and economy not in self.territories[c].members)

    def find_untaxed(self, economy: str, day: date) -> frozenset[str]:
        """Those of ``lent_by`` whose taxes do not apply: all but the tax territory that ``economy`` is under."""
        return self.lent_by(economy, day) - tax_territories_of(self.territories, economy, day)

    def find_customs_relation(self, origin: str, destination: str, day: date) -> CustomsRelation:
        """Whether goods between two economies stay inside one customs territory, or inside a customs union."""
        here, allied = self._customs_of(origin, day)
        there, others = self._customs_of(destination, day)
        if here & there:
            return CustomsRelation.TERRITORY
        return CustomsRelation.UNION if here & others or there & allied else CustomsRelation.BORDER

    def charges_inside(self, origin: str, destination: str, day: date) -> frozenset[Kind]:
        """The charges that goods owe on entry, and not between these two, which are one territory for them."""
        if self.find_customs_relation(origin, destination, day) is not CustomsRelation.TERRITORY:
            return frozenset()
        return charges_inside(self.territories, origin, destination, day)

    def _customs_of(self, economy: str, day: date) -> tuple[frozenset[str], frozenset[str]]:
        key = ("customs", economy, day)
        found: tuple[frozenset[str], frozenset[str]] | None = self.derived.get(key)
        if found is None:
            found = self.derived[key] = find_customs(self.territories, economy, day)
        return found

    def rules_for(self, territory: str, code: str) -> tuple[Rule, ...]:
        """Every rule on imports whose product scope covers the whole of ``code``, whatever its date."""
        return self._find_rules(territory, code)[0]

    def _find_rules(self, territory: str, code: str) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        key = (territory, code)
        found = self._rules_of.get(key)
        if found is None:
            both: tuple[list[Rule], list[Rule]] = ([], [])
            for length in range(len(code) + 1):
                for rule in self.rules.get((territory, code[:length]), ()):
                    if rule.measure.product.covers(code):
                        both[rule.measure.direction is Direction.EXPORT].append(rule)
            found = (tuple(both[0]), tuple(both[1]))
            self._rules_of[key] = found
        return found

    def export_rules_on(self, territory: str, code: str, *, charges: bool) -> tuple[Rule, ...]:
        """The charges, or the papers, on exports of goods of this code or of its subheading, whatever their date.

        Another economy's schedule is divided alike down to six digits alone, so rules on parts of the subheading are
        among them.
        """
        subheading = code[:SUBHEADING_DIGITS]
        return tuple(
            rule
            for length in range(len(subheading) + 1)
            for rule in sorted(self.export_rules.get((territory, subheading[:length]), ()), key=_prefix_of)
            if rule.measure.kind.charges is charges
            and not any(code.startswith(out) for out in rule.measure.product.exclusions)
        )

    def members_of(self, economy: str) -> tuple[str, ...]:
        """The members of a customs union that is named like an economy; else the economy alone."""
        union = self.territories.get(economy)
        return union.members if union is not None and len(union.members) > 1 else (economy,)

    def groups_of(self, economy: str, day: date) -> frozenset[str]:
        """The economy itself and every group that holds it on ``day``; a union belongs where all its members do."""
        key = (economy, day)
        found = self._groups_of.get(key)
        if found is None:
            members = self.members_of(economy)
            found = frozenset(
                g.id
                for g in self._groups_ever_of(economy)
                if g.holds(economy, day) or all(g.holds(member, day) for member in members)
            ) | {economy}
            self._groups_of[key] = found
        return found

    def _groups_ever_of(self, economy: str) -> tuple[Group, ...]:
        """The groups that hold the economy, or all members of the union, each on some day."""
        key = ("groups", economy)
        found: tuple[Group, ...] | None = self.derived.get(key)
        if found is None:
            members = {economy}, set(self.members_of(economy))
            named = ((g, {m.economy for m in g.members}) for g in self.groups.values())
            found = self.derived[key] = tuple(g for g, names in named if any(names >= each for each in members))
        return found

    def group_on(self, name: str, day: date) -> Group | None:
        """What is stated of a group for a day; None where there is no such group then."""
        group = self.groups.get(name)
        return None if group is None else group.on(day)

    def lines_below(self, territory: str, prefix: str, day: date) -> tuple[TariffLine, ...]:
        """The declarable lines of the territory that start with ``prefix`` on ``day``, in order of code."""
        lines = self.lines.get(territory, ())
        found = []
        for place in range(bisect_left(lines, prefix, key=_code_of), len(lines)):
            line = lines[place]
            if not line.code.startswith(prefix):
                break
            if day in line.validity:
                found.append(line)
        return tuple(found)

    def has_lines_on(self, territory: str, day: date) -> bool:
        """Whether the territory's schedule was in force on ``day`` as far as this book knows."""
        start = self.schedule_starts.get(territory)
        return start is not None and start <= day

    def line_covering(self, territory: str, code: str, day: date) -> TariffLine | None:
        """The declarable line that ``code`` is, or is a subdivision of."""
        key = (territory, code)
        found = self._lines_of.get(key)
        if found is None:
            lines = self.lines.get(territory, ())
            found = tuple(
                line for length in range(len(code), _SHORTEST_LINE - 1, -1) for line in _run_of(lines, code[:length])
            )
            self._lines_of[key] = found
        return next((line for line in found if day in line.validity), None)

    def replacements(self, code: str, edition: str) -> tuple[str, ...]:
        """The codes in ``edition`` of a six-digit code of an older or newer edition."""
        return self.replaced.get((code, edition), ())

    def promise(self, territory: str, agency: str, document: str, day: date) -> Service | None:
        """The time in which an agency promises a paper, or every paper, on a day; None where it promises none."""
        found = [
            service
            for service in self.services.get(territory, ())
            if service.agency == agency and service.document in ("", document) and day in service.validity
        ]
        return max(found, key=lambda service: service.document, default=None)

    def origin_rules(self, scheme: str, code: str, day: date) -> tuple[OriginRule, ...]:
        """The product-specific origin rules of a scheme for a code on a day."""
        rules = self.origin_rules_by_scheme.get(scheme)
        if rules is None:
            return ()
        key = (scheme, code)
        found = self._origin_rules_of.get(key)
        if found is None:
            padded = (code + "0000000000")[:10]
            found = self._origin_rules_of[key] = tuple(r for r in rules if r.first <= padded <= r.last)
        return tuple([r for r in found if day in r.validity])


def _code_of(line: TariffLine) -> str:
    return line.code


def _run_of(lines: tuple[TariffLine, ...], code: str) -> Iterator[TariffLine]:
    """The lines of exactly this code, one for each period it was declarable in."""
    for place in range(bisect_left(lines, code, key=_code_of), len(lines)):
        if lines[place].code != code:
            return
        yield lines[place]


def build_book(
    version: str,
    *,
    territories: Iterable[Territory],
    groups: Iterable[Group],
    measures: Iterable[Measure],
    lines: Iterable[TariffLine] = (),
    origin_rules: Iterable[OriginRule] = (),
    replaced: Iterable[CodeReplaced] = (),
    coverage: Mapping[str, frozenset[Kind]] | None = None,
    schedule_starts: Mapping[str, date] | None = None,
) -> Book:
    """Index records into a book; measures of any date may be in it.

    Answers count neither proposed measures nor law on the days on which an adopted measure of the same key holds.
    """
    placed: dict[tuple[str, str], list[Measure]] = defaultdict(list)
    for measure in measures:
        placed[(measure.territory, measure.product.prefix)].append(measure)
    # The key of a measure names its place, so that precedence is decided place by place.
    rules = {place: found for place, those in placed.items() if (found := rules_of(those))}
    kinds: dict[str, set[Kind]] = defaultdict(set)
    for (territory, _), found in rules.items():
        kinds[territory].update(rule.measure.kind for rule in found)
    by_territory: dict[str, list[TariffLine]] = defaultdict(list)
    for line in lines:
        by_territory[line.territory].append(line)
    schemes: dict[str, list[OriginRule]] = defaultdict(list)
    for origin_rule in origin_rules:
        schemes[origin_rule.scheme].append(origin_rule)
    renamed: dict[tuple[str, str], set[str]] = defaultdict(set)
    for change in replaced:
        renamed[(change.old_code, change.new_edition)].add(change.new_code)
        renamed[(change.new_code, change.old_edition)].add(change.old_code)
    starts = {code: min(line.validity.start for line in found) for code, found in by_territory.items()}
    return Book(
        version=version,
        territories={t.code: t for t in territories},
        groups={g.id: g for g in groups},
        rules=rules,
        lines={code: tuple(sorted(found, key=lambda line: line.code)) for code, found in by_territory.items()},
        origin_rules_by_scheme={scheme: tuple(found) for scheme, found in schemes.items()},
        replaced={key: tuple(sorted(found)) for key, found in renamed.items()},
        coverage=coverage if coverage is not None else {code: frozenset(found) for code, found in kinds.items()},
        schedule_starts=schedule_starts if schedule_starts is not None else starts,
        export_rules=_index_export_rules(rules),
    )


def _prefix_of(rule: Rule) -> str:
    return rule.measure.product.prefix


def _index_export_rules(rules: Mapping[tuple[str, str], tuple[Rule, ...]]) -> dict[tuple[str, str], tuple[Rule, ...]]:
    """The rules on exports, by territory and the first six digits of their prefix."""
    found: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for (territory, prefix), those in rules.items():
        leaving = [rule for rule in those if rule.measure.direction is Direction.EXPORT]
        if leaving:
            found[territory, prefix[:SUBHEADING_DIGITS]].extend(leaving)
    return {place: tuple(leaving) for place, leaving in found.items()}
