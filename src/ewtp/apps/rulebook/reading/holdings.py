"""What a version holds of each territory: its tariff, its rules by kind, its sources, and what is said of its gaps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from ewtp.apps.rulebook.reading.record_rows import fetch
from ewtp.apps.rulebook.reading.version_records import sources_at, territories_at
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.coverage_statement import COVERED_KINDS
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.measure_json import source_as_json
from ewtp.core.rulebook.territorial_status import find_coverage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.territory import Practice, Territory

# A rule that an act put in the place of the law has the same key, and counts in its place.
_RULES = """
    SELECT territory, kind, stated_by, count(*) FROM (
        SELECT DISTINCT ON (key) territory, kind, stated_by, abolishes FROM rulebook_measure
        WHERE known @> %s::timestamptz AND validity @> %s::date AND status <> 'proposed'
        ORDER BY key, status = 'adopted' DESC) held
    WHERE NOT abolishes GROUP BY territory, kind, stated_by
"""
_LINES = """
    SELECT territory, count(*) FROM (
        SELECT DISTINCT ON (key) territory, abolishes FROM rulebook_tariffline
        WHERE known @> %s::timestamptz AND validity @> %s::date ORDER BY key, layer = 'adopted' DESC) held
    WHERE NOT abolishes GROUP BY territory
"""
# Every page of a day reads the same version; one more is that before, while the two change over.
_KEPT = 2


@dataclass(frozen=True, slots=True)
class ChargeCoverage:
    """What is stated of a kind of charge in a territory; ``practice`` is None where nobody has stated anything.

    ``ruled`` is whether a rule of the kind is in force there, by the law of the territory or of one around it.
    """

    kind: Kind
    practice: Practice | None
    ruled: bool = False

    @property
    def extent(self) -> str:
        """A value of ``Extent``, or ``"not_stated"``."""
        return self.practice.value if self.practice else "not_stated"

    @property
    def label(self) -> str:
        """The extent for readers: ``"some_rules"`` where rules are held and nobody has stated whether they are all."""
        return "some_rules" if self.ruled and self.practice is None else self.extent

    def as_json(self) -> dict[str, Any]:
        """``{"kind", "extent", "valid_from", "reference", "source"}``; the last three null where nothing is stated."""
        found = self.practice
        return {
            "kind": self.kind.value,
            "extent": self.extent,
            "valid_from": found.validity.start.isoformat() if found else None,
            "reference": found.reference if found else None,
            "source": source_as_json(found.source) if found else None,
        }


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held of one territory on a day.

    ``tariff`` is the territory whose schedule it applies: itself, or its customs union's; None where no schedule is
    held. ``lines`` are the declarable lines of that schedule and ``age_days`` the days since its edition, None where
    its date is not stated. ``rules`` counts the rules in force of the territory's own by kind, and ``sources`` those of
    each source. ``around`` are the codes of other territories whose law applies as well.
    """

    territory: Territory
    around: tuple[str, ...]
    tariff: Territory | None
    lines: int
    age_days: int | None
    rules: dict[Kind, int]
    sources: tuple[tuple[Source, int], ...]
    coverage: tuple[ChargeCoverage, ...]

    @property
    def schedule(self) -> Source | None:
        """The source of the tariff schedule."""
        return self.tariff.schedule if self.tariff else None

    @property
    def rule_count(self) -> int:
        """The number of the territory's own rules in force."""
        return sum(self.rules.values())

    def as_json(self) -> dict[str, Any]:
        """The holding for the API."""
        return {
            "territory": self.territory.as_json(),
            "members": list(self.territory.members) if len(self.territory.members) > 1 else [],
            "law_also_of": list(self.around),
            "tariff": {
                "territory": self.tariff.code,
                "nomenclature": self.tariff.nomenclature,
                "lines": self.lines,
                "age_days": self.age_days,
                "source": source_as_json(self.schedule) if self.schedule else None,
            }
            if self.tariff
            else None,
            "rules": {kind.value: count for kind, count in self.rules.items()},
            "sources": [{"source": source_as_json(source), "rules": count} for source, count in self.sources],
            "coverage": [each.as_json() for each in self.coverage],
        }


def holdings_now() -> tuple[str, date, dict[str, Holding]]:
    """The label of the latest version (empty while there is none), today in UTC, and what is held of each territory."""
    version, day = latest_version(), timezone.now().date()
    return (version.label, day, holdings(version.ref, day)) if version else ("", day, {})


@lru_cache(maxsize=_KEPT)
def holdings(version: VersionRef, day: date) -> dict[str, Holding]:
    """What the version holds of every territory on ``day``, by code; remembered, since all pages of a day share it."""
    moment = version.published_at
    sources = sources_at(moment)
    book = build_book(version.label, territories=territories_at(moment, sources).values(), groups=(), measures=())
    rules: dict[str, list[tuple[Kind, Source, int]]] = defaultdict(list)
    for territory, kind, source, count in fetch(_RULES, [moment, day]):
        rules[territory].append((Kind(kind), sources[source], count))
    lines: dict[str, int] = dict(fetch(_LINES, [moment, day]))
    return {
        code: _make_holding(book, territory, day, lines, rules) for code, territory in sorted(book.territories.items())
    }


def _make_holding(
    book: Book,
    territory: Territory,
    day: date,
    lines: dict[str, int],
    by_territory: Mapping[str, list[tuple[Kind, Source, int]]],
) -> Holding:
    by_source = by_territory.get(territory.code, [])
    around = book.territories_of(territory.code, day)
    tariff = next((each for each in around if each.nomenclature), None)
    schedule = tariff.schedule if tariff else None
    lending = book.find_untaxed(territory.code, day)
    rules = {kind: sum(count for each, _, count in by_source if each is kind) for kind in Kind}
    sources = {source.id: source for _, source, _ in by_source}
    ruled = {kind for each in (territory, *around) for kind, _, _ in by_territory.get(each.code, ())}
    return Holding(
        territory=territory,
        around=tuple(each.code for each in around if each.code != territory.code),
        tariff=tariff,
        lines=lines.get(tariff.code, 0) if tariff else 0,
        age_days=(day - schedule.published).days if schedule and schedule.published else None,
        rules={kind: count for kind, count in rules.items() if count},
        sources=tuple(
            (source, sum(count for _, each, count in by_source if each.id == name))
            for name, source in sorted(sources.items())
        ),
        coverage=tuple(
            ChargeCoverage(kind, find_coverage(around, lending, kind, day), kind in ruled) for kind in COVERED_KINDS
        ),
    )
