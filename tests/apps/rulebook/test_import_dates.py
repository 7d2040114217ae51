"""The dates of a source are those of the file that an operator brought: never older, never newer, never invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from ewtp.apps.rulebook.actions.file_import import rulebook_import
from ewtp.apps.rulebook.actions.import_report import ImportReport
from ewtp.apps.rulebook.reading.measure_list import source_counts
from ewtp.apps.rulebook.reading.version_records import sources_at
from ewtp.core.values.refusal import Refusal
from tests.actors import OPERATOR

if TYPE_CHECKING:
    from pathlib import Path

    from tests.apps.rulebook.conftest import Desk

HEADER = "tariff,description,uom,mfn,gt,gpt,ldct,ust,mt,ceut"
DAY_2028 = datetime(2028, 5, 2, 9, tzinfo=UTC)
DAY_2029 = datetime(2029, 6, 3, 9, tzinfo=UTC)


def bring(path: Path, name: str, now: datetime, **dates: Any) -> ImportReport | Refusal:
    return rulebook_import(
        format=name, path=path, actor=OPERATOR, now=now, removals_allowed=True, **({"effective": None} | dates)
    )


def tariff(folder: Path, rate: str) -> Path:
    path = folder / "tariff.csv"
    path.write_text(f"{HEADER}\n0101.21.00,Horses,NMB,{rate},,,,,,\n")
    return path


def commodity(folder: Path, code: str) -> Path:
    measure = {
        "id": code,
        "measure_type": {"id": "103", "description": "Third country duty", "measure_type_series_id": "C"},
        "effective_start_date": "2021-01-01T00:00:00.000Z",
        "geographical_area": {"id": "1011"},
        "measure_components": [{"duty_expression_id": "01", "duty_amount": 8.0}],
    }
    path = folder / f"{code}.json"
    path.write_bytes(orjson.dumps({"goods_nomenclature_item_id": code, "import_measures": [measure]}))
    return path


def dates_of(source_id: str) -> tuple[str | None, str]:
    (found,) = (source for source in source_counts() if source["id"] == source_id)
    return found["published"], found["retrieved"]


def test_a_file_imported_in_2028_cites_2028(desk: Desk) -> None:
    report = bring(tariff(desk.folder, "5%"), "ca-tariff", DAY_2028)
    assert isinstance(report, ImportReport)
    assert dates_of("ca-customs-tariff-2020") == (None, "2028-05-02")
    assert any("2020-01-01" in note for note in report.notes)


def test_the_operator_may_know_both_dates(desk: Desk) -> None:
    given = {"retrieved": date(2028, 4, 30), "published": date(2028, 1, 1), "effective": date(2028, 1, 1)}
    report = bring(tariff(desk.folder, "5%"), "ca-tariff", DAY_2028, **given)
    assert isinstance(report, ImportReport)
    assert report.notes == ()
    assert dates_of("ca-customs-tariff-2020") == ("2028-01-01", "2028-04-30")
    assert sources_at(DAY_2028)["ca-customs-tariff-2020"].title.endswith(" 2028")


@pytest.mark.parametrize(
    "given",
    [
        {"retrieved": date(2028, 5, 4)},
        {"published": date(2028, 5, 4)},
        {"retrieved": date(2028, 1, 1), "published": date(2028, 2, 1)},
    ],
)
def test_a_day_that_cannot_be_is_refused(desk: Desk, given: dict[str, date]) -> None:
    refused = bring(tariff(desk.folder, "5%"), "ca-tariff", DAY_2028, **given)
    assert isinstance(refused, Refusal)
    assert refused.code == "source_date_absurd"


def test_a_later_file_that_changes_a_rule_is_cited_as_of_its_own_day(desk: Desk) -> None:
    bring(tariff(desk.folder, "5%"), "ca-tariff", DAY_2028)
    later = bring(tariff(desk.folder, "6%"), "ca-tariff", DAY_2029)
    assert isinstance(later, ImportReport)
    assert later.counts["sources"]["superseded"] == 1
    assert dates_of("ca-customs-tariff-2020") == (None, "2029-06-03")
    # What was known in between stays readable.
    assert sources_at(datetime(2028, 12, 1, tzinfo=UTC))["ca-customs-tariff-2020"].retrieved == date(2028, 5, 2)


def test_a_later_file_that_changes_nothing_publishes_nothing(desk: Desk) -> None:
    bring(tariff(desk.folder, "5%"), "ca-tariff", DAY_2028)
    again = bring(tariff(desk.folder, "5%"), "ca-tariff", DAY_2029)
    assert isinstance(again, ImportReport)
    assert again.version is None
    assert again.counts["sources"]["unchanged"] == 1
    assert dates_of("ca-customs-tariff-2020") == (None, "2028-05-02")


def test_rules_taken_on_different_days_under_one_source_are_not_cited_as_newer_than_they_are(desk: Desk) -> None:
    bring(commodity(desk.folder, "0101210000"), "uk-commodity", DAY_2028)
    second = bring(commodity(desk.folder, "0101290000"), "uk-commodity", DAY_2029)
    assert isinstance(second, ImportReport)
    assert second.version is not None
    assert dates_of("uk-trade-tariff") == (None, "2028-05-02")
    # An operator who took all of them again says so.
    bring(commodity(desk.folder, "0101300000"), "uk-commodity", DAY_2029, retrieved=date(2029, 6, 1))
    assert dates_of("uk-trade-tariff") == (None, "2029-06-01")
