"""Demand from trade figures: sums, growth, suppliers, and which of several sources is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ewtp.core.markets.demand import FigureSource, ImportFigure, summarise_demand

WORLD = FigureSource("world", "Imports", "Office", None, date(2026, 1, 1), "", None)
LISTED = replace(WORLD, id="listed", listed=2)


def figure(year: int, supplier: str, value: int, importers: tuple[str, ...] = ("AA",)) -> ImportFigure:
    return ImportFigure(importers, "090111", year, supplier, Decimal(value), "USD")


def test_the_last_year_is_told_with_growth_and_the_largest_suppliers():
    held = [figure(2023, "", 800), figure(2024, "", 1000)]
    held += [figure(2024, name, value) for name, value in (("BB", 500), ("CC", 300), ("DD", 50), ("EE", 25))]
    found = summarise_demand((WORLD, each) for each in held)["AA"]
    assert (found.year, found.value, found.growth, found.earlier_year) == (2024, Decimal(1000), Decimal("25.0"), 2023)
    assert [(each.supplier, str(each.percent)) for each in found.suppliers] == [
        ("BB", "50.0"),
        ("CC", "30.0"),
        ("DD", "5.0"),
    ]


def test_without_a_sum_the_listed_suppliers_are_added_and_growth_is_not_made_up():
    found = summarise_demand((LISTED, figure(2024, name, 30)) for name in ("BB", "CC"))["AA"]
    assert (found.value, found.growth, found.earlier_year, found.source.listed) == (Decimal(60), None, None, 2)


def test_nothing_in_the_earlier_year_has_no_growth():
    found = summarise_demand([(WORLD, figure(2023, "", 0)), (WORLD, figure(2024, "", 9))])["AA"]
    assert (found.growth, found.earlier_year) == (None, None)


def test_figures_of_many_together_are_told_of_each_and_give_way_to_its_own():
    together = figure(2024, "", 900, ("AA", "BB"))
    alone = figure(2024, "", 100, ("AA",))
    found = summarise_demand([(WORLD, together), (replace(WORLD, id="own"), alone)])
    assert {economy: demand.value for economy, demand in found.items()} == {"AA": Decimal(100), "BB": Decimal(900)}
    assert found["BB"].importers == ("AA", "BB")


def test_the_later_year_wins_then_the_wider_source():
    assert summarise_demand([(WORLD, figure(2020, "", 1)), (LISTED, figure(2024, "BB", 2))])["AA"].year == 2024
    assert summarise_demand([(LISTED, figure(2024, "BB", 2)), (WORLD, figure(2024, "", 1))])["AA"].source == WORLD


def test_no_figure_is_no_demand():
    assert summarise_demand([]) == {}
