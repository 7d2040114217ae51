"""Demand for a product: what economies import of it, from whom, and how that has changed, from published figures.

Figures are told beside the cost of a market and rank nothing by themselves. They are of six digits; nothing is inferred
where none is held.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

_MOST_SUPPLIERS = 3
_TENTH = Decimal("0.1")


@immutable
class FigureSource:
    """Where figures are from. ``listed`` counts the economies whose goods they are; None where it is all the world."""

    id: str
    title: str
    publisher: str
    published: date | None
    retrieved: date
    url: str
    listed: int | None

    def as_json(self) -> dict[str, Any]:
        """All fields."""
        return {
            "id": self.id,
            "title": self.title,
            "publisher": self.publisher,
            "published": self.published.isoformat() if self.published else None,
            "retrieved": self.retrieved.isoformat(),
            "url": self.url,
            "listed_suppliers": self.listed,
        }


@immutable
class ImportFigure:
    """Imports of a subheading in a year: ``value`` in ``currency``.

    ``importers`` are the economies that they are of, several where the figure is of all together. ``supplier`` is the
    economy or the area that they come from, empty where it is all those that the source is about.
    """

    importers: tuple[str, ...]
    hs: str
    year: int
    supplier: str
    value: Decimal
    currency: str


@immutable
class SupplierShare:
    """A supplier's part of the imports of the last year, in per cent."""

    supplier: str
    value: Decimal
    percent: Decimal

    def as_json(self) -> dict[str, str]:
        """``{"supplier", "value", "percent"}``."""
        return {"supplier": self.supplier, "value": format(self.value, "f"), "percent": format(self.percent, "f")}


@immutable
class Demand:
    """What is held of an economy's imports of a product; ``growth`` is in per cent since ``earlier_year``.

    ``growth`` is None where the source has one year alone, or nothing in the earlier one. ``importers`` are the
    economies that the figures are of together.
    """

    importers: tuple[str, ...]
    hs: str
    year: int
    value: Decimal
    currency: str
    growth: Decimal | None
    earlier_year: int | None
    suppliers: tuple[SupplierShare, ...]
    source: FigureSource

    def as_json(self) -> dict[str, Any]:
        """All fields; amounts and percentages as decimal strings."""
        return {
            "importers": list(self.importers),
            "hs": self.hs,
            "year": self.year,
            "value": {"amount": format(self.value, "f"), "currency": self.currency},
            "growth_percent": format(self.growth, "f") if self.growth is not None else None,
            "growth_since": self.earlier_year,
            "suppliers": [each.as_json() for each in self.suppliers],
            "source": self.source.as_json(),
        }


def summarise_demand(figures: Iterable[tuple[FigureSource, ImportFigure]]) -> dict[str, Demand]:
    """By importer, what is held of one subheading: by the source of the latest year, of equal ones the widest.

    All figures are of that subheading.
    """
    by_source: dict[tuple[FigureSource, tuple[str, ...]], list[ImportFigure]] = defaultdict(list)
    for source, figure in figures:
        by_source[source, figure.importers].append(figure)
    found: dict[str, Demand] = {}
    for (source, importers), held in by_source.items():
        demand = _summary(source, held)
        if demand is None:
            continue
        for importer in importers:
            other = found.get(importer)
            if other is None or _rank(demand) > _rank(other):
                found[importer] = demand
    return found


def _rank(demand: Demand) -> tuple[int, bool, int, str]:
    # Figures of one economy say more than those of many together.
    return demand.year, demand.source.listed is None, -len(demand.importers), demand.source.id


def _summary(source: FigureSource, figures: list[ImportFigure]) -> Demand | None:
    wholes: dict[int, Decimal] = {each.year: each.value for each in figures if not each.supplier}
    parts: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for each in figures:
        if each.supplier:
            parts[each.year][each.supplier] += each.value
    for year, suppliers in parts.items():
        # Without a sum of its own, a year's imports are those of all suppliers that the source is about.
        wholes.setdefault(year, sum(suppliers.values(), Decimal(0)))
    if not wholes:
        return None
    years = sorted(wholes)
    year, earlier = years[-1], years[-2] if len(years) > 1 else None
    value, before = wholes[year], wholes[earlier] if earlier is not None else None
    first = sorted(parts.get(year, {}).items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_SUPPLIERS]
    return Demand(
        importers=figures[0].importers,
        hs=figures[0].hs,
        year=year,
        value=value,
        currency=figures[0].currency,
        growth=_percent(value - before, before) if before else None,
        earlier_year=earlier if before else None,
        suppliers=tuple(SupplierShare(name, part, _percent(part, value)) for name, part in first if value and part),
        source=source,
    )


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return (part * 100 / whole).quantize(_TENTH, ROUND_HALF_EVEN)
