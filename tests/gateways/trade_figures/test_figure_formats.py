"""Files of trade figures: what each format reads, what it leaves out, and what is held afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from ewtp.core.markets.demand import ImportFigure, summarise_demand
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.trade_figures.figure_formats import FORMATS, FiguresRead, read_figures
from ewtp.gateways.trade_figures.figure_store import find_figures, list_figure_sources, write_figures
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path

US = (
    "Commodity,Country,District,Time,Customs  Value (Cons) ($US),\n"
    '"0901110015 Coffee (kg)",Kenya,All Districts,2024,"1,000",\n'
    '"0901110025 Coffee (kg)",Kenya,All Districts,2024,"500",\n'
    '"0901110025 Coffee (kg)",Congo (Kinshasa),All Districts,2024,"250",\n'
    '"0901110025 Coffee (kg)",Atlantis,All Districts,2024,"9",\n'
    '"0901110025 Coffee (kg)",Kenya,All Districts,2024,many,\n'
)
ECOWAS = (
    "code,desc_en,imp_world_2016_usd,imp_world_2017_usd,imp_africa_2017_usd,imp_ecowas_2017_usd\n"
    "09.01,Coffee,,,,\n0901.11.11.00,One,100,200,50,20\n0901.11.19.00,Other,20.5,100,10,5\n"
)
OWN = (
    "importer,hs,year,supplier,value,currency\n"
    "DE,0901.11,2024,,100,EUR\nDE,090111,2024,KE,40,EUR\nXX,090111,2024,,1,EUR\n"
)


def read(name: str, text: str, folder: Path) -> FiguresRead:
    path = folder / "figures.csv"
    path.write_text(text)
    found = read_figures(FORMATS[name], path, source=replace(FORMATS[name].source, retrieved=RETRIEVED))
    assert isinstance(found, FiguresRead), found
    return found


def test_american_imports_are_added_to_six_digits_by_country(tmp_path: Path):
    found = read("us-trade-online", US, tmp_path)
    assert set(found.figures) == {
        ImportFigure(("US",), "090111", 2024, "KE", Decimal(1500), "USD"),
        ImportFigure(("US",), "090111", 2024, "CD", Decimal(250), "USD"),
    }
    assert [row.partition(":")[0] for row in found.left_out] == ["row 5", "row 6"]
    assert found.source.listed == 2


def test_american_imports_of_the_world_are_of_no_list_of_suppliers(tmp_path: Path):
    found = read("us-trade-online", US + '"0901110025 Coffee (kg)",World Total,All Districts,2024,"9,000",\n', tmp_path)
    assert found.source.listed is None
    assert ImportFigure(("US",), "090111", 2024, "", Decimal(9000), "USD") in found.figures


def test_imports_of_ecowas_are_of_all_members_and_headings_are_not_counted_again(tmp_path: Path):
    found = read("ecowas-schedule", ECOWAS, tmp_path)
    held = {(each.year, each.supplier): each.value for each in found.figures}
    assert held == {(2016, ""): Decimal("120.50"), (2017, ""): Decimal(300), (2017, "Africa"): Decimal(60)}
    assert len(found.figures[0].importers) == 15


def test_a_table_of_ones_own_has_rows_left_out_with_their_numbers(tmp_path: Path):
    found = read("figures-csv", OWN, tmp_path)
    assert {(each.supplier, each.value) for each in found.figures} == {("", Decimal(100)), ("KE", Decimal(40))}
    assert found.left_out[0].startswith("row 4:")


@pytest.mark.parametrize("name", list(FORMATS))
def test_another_file_is_refused(tmp_path: Path, name: str):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    refused = read_figures(FORMATS[name], path, source=FORMATS[name].source)
    assert isinstance(refused, Refusal)
    assert refused.code == "figures_other_format"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path):
    path = tmp_path / "figures.csv"
    path.write_bytes(OWN.encode() + b"\xff\xfe")
    refused = read_figures(FORMATS["figures-csv"], path, source=FORMATS["figures-csv"].source)
    assert isinstance(refused, Refusal)
    assert refused.code == "figures_not_read"


def test_figures_are_held_by_source_and_a_newer_file_replaces_them(tmp_path: Path):
    assert list(find_figures(tmp_path, "090111")) == []
    found = read("figures-csv", OWN, tmp_path)
    source = replace(found.source, published=date(2026, 5, 1))
    write_figures(tmp_path, source, found.figures)
    assert [(each, count) for each, count in list_figure_sources(tmp_path)] == [(source, 2)]
    assert summarise_demand(find_figures(tmp_path, "090111"))["DE"].value == Decimal(100)
    assert list(find_figures(tmp_path, "610910")) == []
    write_figures(tmp_path, source, found.figures[:1])
    assert len(list(find_figures(tmp_path, "090111"))) == 1


@pytest.mark.whole_file
@pytest.mark.parametrize(
    ("name", "file", "economy", "value", "listed"),
    [
        ("us-trade-online", "trade_flows/africa_exports_to_us_2024_ustrade_raw.csv.gz", "US", "371444805.00", 54),
        ("ecowas-schedule", "afcfta/ecowas_afcfta_concession_schedule_hs2017.csv.gz", "NG", "4007849.00", None),
    ],
)
def test_whole_files_have_the_imports_of_coffee(name: str, file: str, economy: str, value: str, listed: int | None):
    found = read_figures(FORMATS[name], reference(file), source=FORMATS[name].source)
    assert isinstance(found, FiguresRead)
    demand = summarise_demand((found.source, each) for each in found.figures if each.hs == "090111")[economy]
    assert (str(demand.value), demand.source.listed) == (value, listed)
