"""Where an economy stands among customs territories: the practices of its territory that are about other territories.

A customs territory often has parts that ISO 3166 codes as economies of their own, and parts of a state may lie outside
its customs territory or its VAT. None of this follows from a code, so it is law with days and a source: the practices
named in ``TERRITORIAL_STATUS``.
"""

from __future__ import annotations

from datetime import date
from enum import Enum, auto
from itertools import chain
from typing import TYPE_CHECKING

from ewtp.core.rulebook.charge_kinds import KINDS_BY_TOTAL
from ewtp.core.rulebook.coverage_statement import COVERED_KINDS, coverage_name
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import TERRITORIAL_STATUS, PracticeName

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.territory import Practice, Territory


class CustomsRelation(Enum):
    """What lies between two economies: nothing but one customs territory, a customs union, or a customs border."""

    TERRITORY = auto()
    UNION = auto()
    BORDER = auto()


# The practices that decide duties.
CUSTOMS_STATUS = frozenset({PracticeName.CUSTOMS_TERRITORY, PracticeName.CUSTOMS_UNION})
# A day on which what has no end still holds.
LATEST = date.max
# A part of a customs territory applies its tariff, but the taxes of the tax territory that it is under.
TAXES = frozenset(KINDS_BY_TOTAL["tax"])


def is_tax_law(measure: Measure) -> bool:
    """Whether a measure is about taxes alone, which a customs territory does not share with all its parts."""
    return measure.kind in TAXES or (measure.kind is Kind.RELIEF and measure.relieves in TAXES)


def status_practices(territory: Territory) -> Iterator[Practice]:
    """The practices of a territory that say where it stands."""
    return (practice for practice in territory.practices if practice.name in TERRITORIAL_STATUS)


def customs_territories_of(
    territories: Mapping[str, Territory], economy: str, day: date | None = None
) -> frozenset[str]:
    """The customs territory of another that ``economy`` is said to be part of on ``day``; with no day, of any day."""
    return frozenset(_values(territories, economy, PracticeName.CUSTOMS_TERRITORY, day)) - {economy}


def tax_territories_of(territories: Mapping[str, Territory], economy: str, day: date | None) -> frozenset[str]:
    """The territory of another whose taxes apply in ``economy`` on ``day``, if stated; of any day with none."""
    return frozenset(_values(territories, economy, PracticeName.TAX_TERRITORY, day)) - {economy}


def find_customs(
    territories: Mapping[str, Territory], economy: str, day: date
) -> tuple[frozenset[str], frozenset[str]]:
    """The customs territories that ``economy`` is or is part of on ``day``, and those in customs union with it."""
    unions = frozenset(
        t.code for t in territories.values() if len(t.members) > 1 and (t.code == economy or economy in t.members)
    )
    within = unions | {economy} | customs_territories_of(territories, economy, day)
    return within, frozenset(_values(territories, economy, PracticeName.CUSTOMS_UNION, day))


def charges_inside(
    territories: Mapping[str, Territory], one: str, other: str, day: date | None = None
) -> frozenset[Kind]:
    """The charges that goods owe on entry and not where they move between these two on ``day``; with no day, on any.

    Fees of entry where both are said to be one customs territory, and taxes where both are under the same ones.
    """
    customs = ({each} | customs_territories_of(territories, each, day) for each in (one, other))
    taxed = [tax_territories_of(territories, each, day) for each in (one, other)]
    areas = [found if found and day else found | {each} for found, each in zip(taxed, (one, other), strict=True)]
    together = frozenset.intersection(*map(frozenset, customs))
    return frozenset([Kind.FEE] if together else []) | (TAXES if areas[0] & areas[1] else frozenset())


def parts_of(territories: Mapping[str, Territory], code: str) -> tuple[str, ...]:
    """The economies that are part of the customs territory of another on some day, by code."""
    return tuple(part for part in sorted(territories) if code in customs_territories_of(territories, part))


def find_coverage(territories: Iterable[Territory], lending: frozenset[str], kind: Kind, day: date) -> Practice | None:
    """What is stated of a kind of charge on ``day`` by the territories whose law applies; None where nothing is.

    What a member states holds before what its union does. A territory that lends its law but for its taxes, one of
    ``lending``, says nothing of the taxes of others.
    """
    name, stated = coverage_name(kind), None
    for territory in territories:
        if kind in TAXES and territory.code in lending:
            continue
        practice = territory.practice(name, day)
        if practice is not None and (stated is None or len(territory.members) == 1):
            stated = practice
    return stated


def find_kinds_not_stated(territories: Mapping[str, Territory]) -> tuple[tuple[str, tuple[Kind, ...]], ...]:
    """By code of a tariff or of a part that one is lent to, the kinds of charge of which nothing is stated on any day.

    What all members state, their union does. Of a tax, its rule says that it is held.
    """
    stated = {code: {practice.name for practice in t.practices} for code, t in territories.items()}
    found = []
    for code, territory in sorted(territories.items()):
        held = stated[code]
        if territory.nomenclature:
            held = held | set.intersection(*(stated.get(member, set()) for member in territory.members))
        else:
            lending = [each for each in customs_territories_of(territories, code) if each in territories]
            if not any(territories[each].nomenclature for each in lending):
                continue
            untaxed = frozenset(lending) - tax_territories_of(territories, code, None)
            of_taxes = {coverage_name(kind) for kind in TAXES}
            held = held.union(*(stated[each] - (of_taxes if each in untaxed else set()) for each in lending))
        missing = tuple(kind for kind in COVERED_KINDS if kind is not Kind.TAX and coverage_name(kind) not in held)
        if missing:
            found.append((code, missing))
    return tuple(found)


def territories_named_with(
    territories: Mapping[str, Territory], economy: str, day: date
) -> tuple[tuple[Territory, Practice], ...]:
    """Where the territories stand on ``day`` that the name of ``economy`` is often taken to cover, by code."""
    return tuple(
        (territory, practice)
        for _, territory in sorted(territories.items())
        if economy in _values(territories, territory.code, PracticeName.NAMED_WITH, day)
        for practice in status_practices(territory)
        if practice.name != PracticeName.NAMED_WITH and day in practice.validity
    )


def _values(
    territories: Mapping[str, Territory], economy: str, name: PracticeName, day: date | None
) -> tuple[str, ...]:
    territory = territories.get(economy)
    if territory is None:
        return ()
    found = (p.value.split() for p in territory.practices if p.name == name and (day is None or day in p.validity))
    return tuple(chain.from_iterable(found))
