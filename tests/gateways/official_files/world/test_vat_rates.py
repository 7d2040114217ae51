"""The lists of VAT rates side by side: agreement, dispute, history, and rates known to be wrong."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.world.vat_rates import read
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from pathlib import Path


def measures(
    tmp_path: Path,
    first: dict[str, Any],
    commission: dict[str, Any] | None = None,
    history: str = "",
) -> list[Measure]:
    (tmp_path / "rates.json").write_text(json.dumps(first))
    if commission is not None:
        body = {"version": "2026-09-29", "rates": commission}
        (tmp_path / "eu_vat_rates_data_2026-09-29.json").write_text(json.dumps(body))
    if history:
        (tmp_path / "kdeldycke_vat_rates_history.csv").write_text(
            f"start_date,stop_date,territory_codes,currency_code,rate,rate_type,description\n{history}\n",
        )
    importing = read(tmp_path / "rates.json", retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    return [m for m in importing.records if isinstance(m, Measure)]


def spans(found: list[Measure]) -> list[tuple[str, date, date | None]]:
    return [(m.expression, m.validity.start, m.validity.end) for m in found]


def listed(standard: float, *reduced: float) -> dict[str, Any]:
    return {"standard": standard, "reduced": list(reduced), "super_reduced": None, "parking": None}


def test_a_rate_of_one_list_counts_from_the_newest_change_in_it(tmp_path: Path) -> None:
    before = {"2025-07-31T21:00:00.000Z": {"rate": 0.19}}
    lists = {
        "KE": {"type": "vat", "currency": "KES", "rate": 0.16},
        "RO": {"type": "vat", "rate": 0.21, "before": before},
    }
    [found, _] = measures(tmp_path, lists)
    assert (found.territory, found.expression, found.base, found.product.prefix) == ("KE", "16%", "duty_paid", "")
    assert found.validity.start == date(2025, 8, 1)
    assert found.conditions[0].kind == "reduced"


def test_agreeing_lists_are_all_cited_and_the_history_dates_the_rate(tmp_path: Path) -> None:
    found = measures(
        tmp_path,
        {"DE": {"type": "vat", "rate": 0.19}},
        {"DE": listed(19.0, 7.0)},
        "2021-01-01,,DE,EUR,0.19,standard,\n2020-07-01,2021-01-01,DE,EUR,0.16,standard,\n1998-04-01,2007-01-01,DE,EUR,0.16,standard,",
    )
    assert spans(found) == [("16%", date(2020, 7, 1), date(2020, 12, 31)), ("19%", date(2021, 1, 1), None)]
    assert "sales-tax, TEDB, history" in found[1].reference
    assert [(c.kind, c.text) for c in found[1].conditions] == [
        ("reduced", "7%, or a zero rate, which the list leaves out")
    ]


def test_the_official_list_wins_and_counts_from_its_own_day(tmp_path: Path) -> None:
    [found] = measures(tmp_path, {"LI": {"type": "vat", "rate": 0.077}}, {"LI": listed(8.1, 2.6)})
    assert spans([found]) == [("8.1%", date(2026, 9, 29), None)]
    assert found.source.id == "eu-vat-rates"


def test_two_unofficial_lists_that_differ_are_named(tmp_path: Path) -> None:
    [found] = measures(tmp_path, {"AI": {"type": "gst", "rate": 0.13}}, None, "2011-01-04,,AI,XCD,0,standard,exempt")
    assert found.expression == "13%"
    assert [c.value for c in found.conditions if c.kind == "disputed"] == ["13% 0%"]


def test_a_rate_that_one_list_alone_has_and_does_not_date_is_not_confirmed(tmp_path: Path) -> None:
    before = {"2022-12-31T22:00:00.000Z": {"type": "vat", "rate": 0.15}}
    found = measures(
        tmp_path,
        {
            "KE": {"type": "vat", "rate": 0.16},
            "AW": {"type": "vat", "rate": 0.125, "before": before},
            "CH": {"type": "vat", "rate": 0.081},
            "JP": {"type": "vat", "rate": 0.1},
            "QA": {"type": "vat", "rate": 0.05},
        },
        {"CH": listed(8.1, 2.6)},
        "2019-10-01,,JP,JPY,0.10,standard,",
    )
    doubts = {m.territory: [c.value for c in m.conditions if c.kind == "unconfirmed"] for m in found}
    assert doubts == {"AW": [], "CH": [], "JP": [], "KE": ["16%"], "QA": []}
    assert {m.territory: m.reference.partition("; ")[2] for m in found}["KE"] == "in one list: sales-tax"
    assert next(m for m in found if m.territory == "QA").expression.endswith(
        "known to be wrong here, and not confirmed"
    )


def test_a_history_that_ends_before_a_known_change_is_not_a_dispute(tmp_path: Path) -> None:
    before = {"2022-12-31T22:00:00.000Z": {"type": "vat", "rate": 0}}
    [found] = measures(
        tmp_path,
        {"AW": {"type": "vat", "rate": 0.125, "before": before}},
        None,
        "2012-01-01,,AW,AWG,0,standard,",
    )
    assert spans([found]) == [("12.5%", date(2023, 1, 1), None)]
    assert not [c for c in found.conditions if c.kind == "disputed"]


def test_changes_that_only_one_list_dates_are_added_to_the_history(tmp_path: Path) -> None:
    before = {"2021-02-28T22:00:00.000Z": {"rate": 0.21}, "2020-08-31T22:00:00.000Z": {"rate": 0.23}}
    found = measures(
        tmp_path,
        {"IE": {"type": "vat", "rate": 0.23, "before": before}},
        {"IE": listed(23.0)},
        "2012-01-01,,IE,EUR,0.23,standard,",
    )
    assert spans(found) == [
        ("23%", date(2012, 1, 1), date(2020, 8, 31)),
        ("21%", date(2020, 9, 1), date(2021, 2, 28)),
        ("23%", date(2021, 3, 1), None),
    ]


def test_rates_of_digital_services_and_of_towns_are_not_the_rate_of_goods(tmp_path: Path) -> None:
    [found] = measures(
        tmp_path,
        {"ZA": {"type": "vat", "rate": 0.15}},
        None,
        "2014-06-01,,ZA,ZAR,0.14,standard,VAT on non-resident providers of digital services\n"
        "1984-01-01,,AT-6691,EUR,0.19,standard,town",
    )
    assert not [c for c in found.conditions if c.kind == "disputed"]


def test_no_tax_gives_no_rule_and_a_known_fault_no_figure(tmp_path: Path) -> None:
    [found] = measures(tmp_path, {"US": {"type": "none", "rate": 0}, "LK": {"type": "vat", "rate": 0.12}})
    assert found.territory == "LK"
    assert found.expression.endswith("known to be wrong here, and not confirmed")


@pytest.mark.parametrize("text", ["[]", "{}", '{"KE": 16}', "{", '{"KE": {"type": "vat"}}'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "rates.json").write_text(text)
    refusal = read(tmp_path / "rates.json", retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_not_vat_rates"


def test_an_absurd_rate_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rates.json").write_text('{"KE": {"type": "vat", "rate": -1}}')
    importing = read(tmp_path / "rates.json", retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    assert [type(r) for r in importing.records] == [RowRefused]


@pytest.mark.whole_file
def test_the_whole_lists() -> None:
    path = reference("vat/sales_tax_rates.json")
    importing = read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    found = list(importing.records)
    assert not [r for r in found if isinstance(r, RowRefused)]
    economies = {m.territory for m in found if isinstance(m, Measure)}
    assert len(economies) == 128
    assert {"ME", "GB", "ZA"} <= economies
    assert "US" not in economies
    disputed = {
        m.territory for m in found if isinstance(m, Measure) and any(c.kind == "disputed" for c in m.conditions)
    }
    assert disputed == {"AI", "CW", "JE"}
    by_day: dict[str, list[Measure]] = {}
    for measure in found:
        assert isinstance(measure, Measure)
        for other in by_day.setdefault(measure.territory, []):
            assert not other.validity.overlaps(measure.validity), measure.id
        by_day[measure.territory].append(measure)
