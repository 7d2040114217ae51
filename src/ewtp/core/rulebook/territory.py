"""Customs territories, groups of economies and preference programmes: the who of the rulebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.rulebook.citation import Source
    from ewtp.core.values.period import Period


@dataclass(frozen=True, slots=True)
class Practice:
    """A rule of a territory's own about how an answer is computed, with its source.

    ``name`` is one of ``valuation`` (``FOB`` or ``CIF``), ``rounding_duty`` and ``rounding_tax``
    (``places:mode``, mode ``half_up`` or ``down``), ``tax_base`` (plus-separated parts:
    ``customs_value``, ``duty``, ``additional_duty``, ``excise``, ``fee``, ``freight``, ``insurance`` and
    ``customs_value*0.10`` for an uplift), ``rate_source`` (exchange-rate sources in order of preference).
    """

    name: str
    value: str
    validity: Period
    source: Source
    reference: str


@dataclass(frozen=True, slots=True)
class Territory:
    """A customs territory: one tariff, one or more economies.

    ``nomenclature`` names the edition of its tariff schedule and ``hs_edition`` the HS edition below it
    (``HS2017``, ``HS2022``); both are empty where the rulebook holds no schedule. ``digits`` is the
    length of its national lines. ``schedules`` names the sources its tariff was read from.
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

    def practice(self, name: str, day: date) -> Practice | None:
        """The practice of that name in force on ``day``."""
        return next((p for p in self.practices if p.name == name and day in p.validity), None)


@dataclass(frozen=True, slots=True)
class Membership:
    """An economy's time in a group."""

    economy: str
    validity: Period


@dataclass(frozen=True, slots=True)
class Group:
    """A named set of economies with dated membership; a preference programme is such a group.

    ``title`` is shown to people; ``proof`` names the proof of origin asked for; ``requires_claim`` is
    False only where the rate applies without asking (column 2).
    """

    id: str
    title: str
    members: tuple[Membership, ...]
    source: Source
    reference: str = ""
    proof: str = ""
    origin_scheme: str = ""

    def holds(self, economy: str, day: date) -> bool:
        """Whether ``economy`` belongs to the group on ``day``."""
        return any(m.economy == economy and day in m.validity for m in self.members)


@dataclass(frozen=True, slots=True)
class OriginRule:
    """A product-specific rule of origin of a scheme, for codes from ``first`` to ``last`` (ten digits)."""

    scheme: str
    first: str
    last: str
    classes: tuple[str, ...]
    text: str
    source: Source
    reference: str = ""


@dataclass(frozen=True, slots=True)
class TariffLine:
    """A declarable national line: its code, the units a declaration states, and a description if one was imported."""

    territory: str
    code: str
    validity: Period
    units: tuple[str, ...] = ()
    description: str = ""
    indent: int = 0
