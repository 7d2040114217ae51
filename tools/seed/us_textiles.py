"""Apparel and textiles under the African Growth and Opportunity Act: subchapter XIX of chapter 98 of the US schedule.

The schedule's special column has no rate for them. Their headings free goods by the fabric and the place of assembly,
which no code tells: the trader claims it, on the condition in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.measure import Condition, Kind, Measure, Origins, Product
from ewtp.core.rulebook.territory import Group, Membership
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.us.hts import NOMENCLATURE, TERRITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ewtp.core.rulebook.citation import Source


def list_textile_groups(entries: list[dict[str, Any]], source: Source, first_day: date) -> list[Group]:
    """The economies of each kind of goods."""
    return [
        Group(
            entry["id"],
            entry["title"],
            tuple(Membership(economy, Period(first_day, entry["to"])) for economy in entry["economies"].split()),
            source,
            entry["reference"],
        )
        for entry in entries
    ]


def list_textile_preferences(entries: list[dict[str, Any]], source: Source, first_day: date) -> Iterator[Measure]:
    """Free for each chapter of each kind of goods, where the trader claims it."""
    for entry in entries:
        for chapter in entry["chapters"].split():
            yield Measure(
                id=f"{entry['id']}-{chapter}-{first_day.isoformat()}",
                territory=TERRITORY,
                kind=Kind.PREFERENCE,
                product=Product(NOMENCLATURE, chapter),
                validity=Period(first_day),
                source=source,
                reference=entry["reference"],
                title=entry["title"],
                origins=Origins((entry["id"],)),
                expression="Free",
                currency="USD",
                conditions=(Condition("claim", entry["id"], entry["condition"]),),
            )
