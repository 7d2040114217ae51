"""The burden of rules as rows: the columns to sort by, and the file."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext

from ewtp.apps.http.surface.sorted_table import Column
from ewtp.core.burden.rule_burden import GROUPS, LARGE, SMALLER_NAME
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.spreadsheet import cell_text
from ewtp.gateways.reference.locale_formats import number_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BurdenCells = dict[str, Any]
_RULE = ("kind", "territory", "title", "agency", "document", "expression", "measure", "measures", "reference", "source",
         "url")  # fmt: skip
_FIGURES = ("lines", "firms", "paid", "goods", "trade", "share_of_trade", "share_where_charged",
            "lines_per_million_of_trade")  # fmt: skip
# The columns of the file: what ranks the rule, the rule, and every figure of every size.
BURDEN_COLUMNS = (
    *("rank", "burden", "difference", "currency", "synthetic"),
    *_RULE,
    *(f"{size}_{figure}" for size in GROUPS for figure in _FIGURES),
)
_PERCENT_PLACES = Decimal("0.0001")


def select_rules(report: Mapping[str, Any], *, papers: bool, taxes: bool, each: bool) -> list[BurdenCells]:
    """The rules of a report that are shown, ranked: papers or charges, and of charges with taxes or without them.

    ``each`` shows every measure, otherwise those of one title are a group.
    """
    chosen = [rule for rule in report["rules" if each else "groups"] if (rule["kind"] == Kind.REQUIREMENT) is papers]
    kept = [rule for rule in chosen if taxes or rule["kind"] != Kind.TAX]
    return [{**rule, "rank": rank} for rank, rule in enumerate(kept, start=1)]


def burden_columns(*, papers: bool, unit: str) -> tuple[Column[BurdenCells], ...]:
    """The columns of the page's table; ``unit`` is the currency."""
    burden = gettext("Papers for each million of trade") if papers else gettext("Share of their trade")
    return (
        Column("rule", gettext("Rule"), order=lambda row: row.get("title", "").casefold()),
        Column("burden", gettext("Micro and small firms"), burden, _figure("burden"), largest_first=True),
        Column("large", gettext("Large firms"), burden, _large(papers=papers), largest_first=True),
        Column("difference", gettext("Difference"), "", _figure("difference"), largest_first=True),
        Column("paid", gettext("Paid by micro and small firms"), unit, _of_size("paid"), largest_first=True),
        Column("firms", gettext("Micro and small firms that it reaches"), "", _of_size("firms"), largest_first=True),
        Column("lines", gettext("Their lines"), "", _of_size("lines"), largest_first=True),
    )


def _figure(name: str) -> Any:
    return lambda row: None if row[name] is None else Decimal(row[name])


def _of_size(name: str) -> Any:
    def order(row: BurdenCells) -> Decimal | None:
        figure = row["sizes"][SMALLER_NAME][name]
        return None if figure is None else Decimal(figure)

    return order


def _large(*, papers: bool) -> Any:
    name = "lines_per_million_of_trade" if papers else "share_of_trade"

    def order(row: BurdenCells) -> Decimal | None:
        figure = row["sizes"][LARGE][name]
        return None if figure is None else Decimal(figure)

    return order


def ratio_text(figure: str | None, *, papers: bool) -> str:
    """A share in per cent, or a number of papers, as the reader's language writes it; empty where there is none."""
    if figure is None:
        return ""
    language = get_language() or "en"
    if papers:
        return number_text(Decimal(figure).quantize(Decimal("0.01")), language)
    return f"{number_text((Decimal(figure) * 100).quantize(_PERCENT_PLACES), language)}%"


def burden_csv(report: Mapping[str, Any], rules: Iterable[BurdenCells]) -> str:
    """One row a rule; shares are fractions, and a figure without a denominator is empty."""
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, BURDEN_COLUMNS)
    writer.writeheader()
    for rule in rules:
        # A difference below zero is a figure, and not a formula.
        cells: BurdenCells = {name: rule[name] for name in ("rank", "burden", "difference")}
        cells |= {name: cell_text(rule.get(name)) for name in _RULE}
        cells |= {"currency": report["currency"], "synthetic": "yes" if report["synthetic"] else "no"}
        for size in GROUPS:
            cells |= {f"{size}_{figure}": rule["sizes"][size][figure] for figure in _FIGURES}
        writer.writerow(cells)
    return sheet.getvalue()
