"""Distances as rows: the columns to sort by, and the file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext

from ewtp.apps.http.surface.sorted_table import Column
from ewtp.core.values.spreadsheet import cell_text
from ewtp.gateways.reference.locale_formats import economy_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from ewtp.core.distances.distance_map import DistanceMap, PairDistance, ProductDifference

DistanceCells = dict[str, Any]
# The columns of the file of pairs.
PAIR_COLUMNS = ("economy", "other", "chapter", "edition", "products", "compared", "share", "tariff_distance", "higher",
                "lower", "requirement_classes", "requirement_products", "requirement_distance")  # fmt: skip


def pair_rows(pairs: Iterable[PairDistance]) -> list[DistanceCells]:
    """The pairs as rows of the page, those farthest apart first."""
    rows = [{"pair": pair, "name": "", **pair.as_json()} for pair in pairs]
    return sorted(rows, key=lambda row: (row["pair"].tariff is None, -(row["pair"].tariff or 0)))


def pair_columns() -> tuple[Column[DistanceCells], ...]:
    """The columns of the table of pairs."""
    return (Column("pair", gettext("Pair"), order=_pair_name), *_figures())


def chapter_columns() -> tuple[Column[DistanceCells], ...]:
    """The columns of the table of one pair's chapters."""
    return (Column("chapter", gettext("Chapter"), order=lambda row: row["name"]), *_figures())


def product_columns(one: str, other: str) -> tuple[Column[ProductDifference], ...]:
    """The columns of the table of one pair's products."""
    percent = "%"
    return (
        Column("product", gettext("Product"), order=lambda each: each.product),
        Column("rate", territory_name(one), percent, order=lambda each: each.rate, largest_first=True),
        Column("other", territory_name(other), percent, order=lambda each: each.other_rate, largest_first=True),
        Column("difference", gettext("Difference"), gettext("points"), order=_width, largest_first=True),
    )


def distances_csv(found: DistanceMap, pairs: Iterable[tuple[str, PairDistance]]) -> str:
    """One row a pair, or a chapter of one; what is undefined is empty, and shares are fractions."""
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, PAIR_COLUMNS)
    writer.writeheader()
    for chapter, pair in pairs:
        cells = pair.as_json()
        tariff, papers = cells["tariff"], cells["requirements"]
        writer.writerow(
            {
                "economy": cell_text(pair.one),
                "other": cell_text(pair.other),
                "chapter": chapter,
                "edition": found.edition,
                "products": pair.products,
                "compared": pair.compared,
                "share": tariff["share"],
                "tariff_distance": tariff["distance"],
                "higher": pair.higher,
                "lower": pair.lower,
                "requirement_classes": " ".join(pair.classes),
                "requirement_products": papers["compared"],
                "requirement_distance": papers["distance"],
            }
        )
    return sheet.getvalue()


def _figures() -> tuple[Column[DistanceCells], ...]:
    return (
        Column("tariff", gettext("Tariff distance"), gettext("points"), _figure("tariff"), largest_first=True),
        Column("compared", gettext("Products compared"), "", _figure("compared"), largest_first=True),
        Column("papers", gettext("Requirement distance"), "", _figure("requirement"), largest_first=True),
    )


def _figure(name: str) -> Any:
    def order(row: DistanceCells) -> Decimal | int | None:
        figure: Decimal | int | None = getattr(row["pair"], name)
        return figure

    return order


def _width(each: ProductDifference) -> Decimal | None:
    return None if each.difference is None else abs(each.difference)


def _pair_name(row: DistanceCells) -> tuple[str, str]:
    return territory_name(row["pair"].one).casefold(), territory_name(row["pair"].other).casefold()


def territory_name(code: str) -> str:
    """The name of a schedule's territory in the reader's language."""
    return economy_name(code, get_language() or "en")
