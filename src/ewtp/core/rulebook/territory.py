"""Customs territories, groups of economies and preference programmes."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.core.rulebook.coverage_statement import COVERAGE_NAMES, is_extent
from ewtp.core.rulebook.tax_base import parse_tax_base
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import parse_rounding
from ewtp.core.values.period import Period

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.rulebook.citation import Source


# Groups and rules of origin of the law have no days of their own.
ALL_TIME = Period(date.min)
_SPEAKS_FOR = timedelta(days=365)
# The Harmonized System is revised every fifth year; after two revisions codes and duties of an edition may be others,
# whenever its copy was last read.
_EDITION_SPEAKS_FOR = timedelta(days=3652)


class PracticeName(StrEnum):
    """What a practice settles."""

    VALUATION = "valuation"
    ROUNDING_DUTY = "rounding_duty"
    ROUNDING_TAX = "rounding_tax"
    ROUNDING_VALUE = "rounding_value"
    TAX_BASE = "tax_base"
    RATE_SOURCE = "rate_source"
    CUSTOMS_TERRITORY = "customs_territory"
    CUSTOMS_UNION = "customs_union"
    TAX_TERRITORY = "tax_territory"
    NAMED_WITH = "named_with"
    REQUIREMENT_CLASSES = "requirement_classes"


# Every name that a practice may have.
PRACTICE_NAMES = frozenset({*PracticeName, *COVERAGE_NAMES})
# The practices that say where a territory stands among customs and tax territories.
TERRITORIAL_STATUS = frozenset(
    {
        PracticeName.CUSTOMS_TERRITORY,
        PracticeName.CUSTOMS_UNION,
        PracticeName.TAX_TERRITORY,
        PracticeName.NAMED_WITH,
    }
)
# Whether freight and insurance to the border are part of the customs value (CIF) or not (FOB).
VALUATIONS = ("FOB", "CIF")
# The chapters of UNCTAD's International Classification of Non-Tariff Measures (MAST), 2019 edition: A to P.
MAST_CHAPTERS = frozenset("ABCDEFGHIJKLMNOP")
# The value of a practice on which sources disagree.
UNSETTLED = "unknown"


@immutable
class Practice:
    """A rule of a territory's own about how an answer is computed, with its source.

    ``value`` depends on ``name``, which is one of ``PracticeName`` or of ``COVERAGE_NAMES``:

    - ``"valuation"``: ``"FOB"`` or ``"CIF"``
    - ``"rounding_duty"``, ``"rounding_tax"`` and ``"rounding_value"`` (of the customs value): ``"places:mode"``, with
      mode ``"half_up"``, ``"half_down"``, ``"half_even"`` or ``"down"``
    - ``"tax_base"``: parts joined by plus signs, ``"customs_value"``, ``"freight"`` (carriage that is not in the
      customs value) and the kinds of charge, each with a factor where it is not 1: ``"customs_value*0.10"``
    - ``"rate_source"``: sources of exchange rates, in order of preference, separated by spaces
    - a name of ``COVERAGE_NAMES``: ``"whole"``, ``"part"``, ``"not_held"`` or ``"none"``
    - ``"customs_territory"``: the code of the customs territory whose tariff the territory applies and with which it is
      one for customs duties, by law or by arrangement; its own code where it is another than its name suggests
    - ``"customs_union"``: codes of customs territories with which it exchanges goods in free circulation without duty
    - ``"tax_territory"``: the code of the territory whose VAT or GST it is under; its own code where it has one of its
      own, or none
    - ``"requirement_classes"``: chapters of UNCTAD's MAST classification of non-tariff measures, of which every
      requirement on imports is held, separated by spaces: ``"A B"``
    - ``"named_with"``: codes of the economies that its name is often taken to be covered by; answers to them name it

    ``"valuation"`` and ``"tax_base"`` are ``"unknown"`` where sources disagree.
    """

    name: str
    value: str
    validity: Period
    source: Source
    reference: str

    @property
    def readable(self) -> bool:
        """Whether the name is known and the value is in its form."""
        if self.value == UNSETTLED:
            return self.name in (PracticeName.VALUATION, PracticeName.TAX_BASE)
        if self.name == PracticeName.VALUATION:
            return self.value in VALUATIONS
        if self.name == PracticeName.TAX_BASE:
            return parse_tax_base(self.value) is not None
        if self.name in (PracticeName.CUSTOMS_TERRITORY, PracticeName.TAX_TERRITORY):
            return len(self.value.split()) == 1
        if self.name in (PracticeName.RATE_SOURCE, PracticeName.CUSTOMS_UNION, PracticeName.NAMED_WITH):
            return bool(self.value.split())
        if self.name == PracticeName.REQUIREMENT_CLASSES:
            return bool(self.value.split()) and set(self.value.split()) <= MAST_CHAPTERS
        if self.name in COVERAGE_NAMES:
            return is_extent(self.value)
        return self.name in _ROUNDINGS and parse_rounding(self.value) is not None


_ROUNDINGS = frozenset({PracticeName.ROUNDING_DUTY, PracticeName.ROUNDING_TAX, PracticeName.ROUNDING_VALUE})


@immutable
class Territory:
    """A customs territory: one tariff, one or more economies.

    ``nomenclature`` names the edition of its tariff schedule and ``hs_edition`` the HS edition that it is built on
    (``"HS2017"``, ``"HS2022"``); both are empty where the rulebook holds no schedule. ``digits`` is the length of its
    national lines. ``schedule`` is the source that its tariff was read from. ``names`` are pairs of a language and the
    territory's name in it.
    """

    code: str
    name: str
    members: tuple[str, ...]
    currency: str
    nomenclature: str = ""
    hs_edition: str = ""
    digits: int = 0
    practices: tuple[Practice, ...] = ()
    schedule: Source | None = None
    names: tuple[tuple[str, str], ...] = field(default=())

    @property
    def schedule_known_until(self) -> date | None:
        """The last day that the schedule can speak for; None without a schedule.

        It is a year after it was taken down, and no later than ten years after its edition was published: nothing read
        on one day states what will hold years later. Both are conventions of this program.
        """
        if self.schedule is None:
            return None
        read = self.schedule.retrieved + _SPEAKS_FOR
        return read if self.edition_known_until is None else min(read, self.edition_known_until)

    @property
    def edition_known_until(self) -> date | None:
        """Ten years after the edition of the schedule was published; None where no date of publication is stated."""
        published = None if self.schedule is None else self.schedule.published
        return None if published is None else published + _EDITION_SPEAKS_FOR

    def as_json(self) -> dict[str, str]:
        """``{"code", "name"}``."""
        return {"code": self.code, "name": self.name}

    def practice(self, name: str, day: date) -> Practice | None:
        """The practice of that name in force on ``day``."""
        return next((p for p in self.practices if p.name == name and day in p.validity), None)


@immutable
class Membership:
    """An economy's time in a group."""

    economy: str
    validity: Period


@immutable
class Group:
    """A named set of economies with dated membership; a preference programme is such a group.

    ``title`` is shown to people; ``proof`` names the proof of origin asked for, and ``origin_scheme`` the scheme of
    product-specific rules of origin; both are empty where there is none. The law's groups have no days of their own;
    acts give them ``validity``, and ``restated`` is what is stated of the group for other days, without members.
    """

    id: str
    title: str
    members: tuple[Membership, ...]
    source: Source
    reference: str = ""
    proof: str = ""
    origin_scheme: str = ""
    validity: Period = ALL_TIME
    restated: tuple[Group, ...] = ()

    def on(self, day: date) -> Group | None:
        """What is stated of the group for ``day``, its members apart; None where it does not exist then."""
        return self if day in self.validity else next((each for each in self.restated if day in each.validity), None)

    def holds(self, economy: str, day: date) -> bool:
        """Whether ``economy`` belongs to the group on ``day``."""
        return self.on(day) is not None and any(m.economy == economy and day in m.validity for m in self.members)

    @property
    def stated(self) -> tuple[Group, ...]:
        """The group once for each of its periods, without members, in order."""
        alone = replace(self, members=(), restated=())
        return tuple(sorted((alone, *self.restated), key=lambda each: each.validity))

    @property
    def memberships(self) -> tuple[Membership, ...]:
        """The memberships on the days on which the group exists."""
        gaps = [ALL_TIME]
        for each in (self, *self.restated):
            gaps = [left for days in gaps for left in days.without(each.validity)]
        found = self.members
        for gap in gaps:
            found = tuple(Membership(m.economy, left) for m in found for left in m.validity.without(gap))
        return found


def join_group(stated: Iterable[Group], members: Iterable[Membership]) -> Group:
    """One group of what is stated of it for one or more periods, which share no day, with these members."""
    first, *others = sorted((replace(each, members=(), restated=()) for each in stated), key=lambda each: each.validity)
    return replace(first, members=tuple(members), restated=tuple(others))


@immutable
class OriginRule:
    """A product-specific rule of origin of a scheme, for codes from ``first`` to ``last`` (ten digits).

    The law has none with days of its own; only an act gives one a ``validity``.
    """

    scheme: str
    first: str
    last: str
    classes: tuple[str, ...]
    text: str
    source: Source
    reference: str = ""
    validity: Period = ALL_TIME


@immutable
class TariffLine:
    """A declarable national line: its code, the units a declaration states, and a description if one was imported."""

    territory: str
    code: str
    validity: Period
    units: tuple[str, ...] = ()
    description: str = ""
    indent: int = 0


@immutable
class GroupMember:
    """An economy's membership of a group, as a record of its own: joining an agreement is one."""

    group: str
    economy: str
    validity: Period
    source: Source
    reference: str

    def __post_init__(self) -> None:
        if not (self.group and self.economy):
            msg = "a membership names a group and an economy"
            raise ValueError(msg)


@immutable
class TerritoryPractice:
    """A practice with the territory whose it is."""

    territory: str
    practice: Practice

    def __post_init__(self) -> None:
        if not self.territory:
            msg = "a practice is a territory's"
            raise ValueError(msg)

    @property
    def validity(self) -> Period:
        """The days of the practice."""
        return self.practice.validity


def members_of_group(group: Group) -> list[GroupMember]:
    """The memberships of a group as records of their own, which cite what the group cites."""
    return [GroupMember(group.id, m.economy, m.validity, group.source, group.reference) for m in group.members]
