"""Files about single products: what they end is named, what is over stays, what cannot be read leaves a mark."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.apps.rulebook.actions.file_import import rulebook_import
from ewtp.apps.rulebook.actions.import_report import ImportReport
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, measures_known
from ewtp.core.rulebook.measure import Kind
from tests.actors import OPERATOR

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.rulebook.measure import Measure
    from tests.apps.rulebook.conftest import Desk

FIRST = datetime(2026, 5, 2, 9, tzinfo=UTC)
SECOND = datetime(2026, 8, 3, 9, tzinfo=UTC)
LATEST = datetime(2026, 12, 1, tzinfo=UTC)


def stated(number: str, kind: str, rate: float, start: str = "2021-01-01", end: str | None = None) -> dict[str, Any]:
    series = {"103": "C", "552": "D", "305": "P"}[kind]
    return {
        "id": number,
        "measure_type": {"id": kind, "description": f"Type {kind}", "measure_type_series_id": series},
        "effective_start_date": start,
        "effective_end_date": end,
        "geographical_area": {"id": "1011"},
        "measure_components": [{"duty_expression_id": "01", "duty_amount": rate}],
    }


def bring(folder: Path, now: datetime, *measures: dict[str, Any]) -> ImportReport:
    path = folder / "6109100010.json"
    path.write_bytes(orjson.dumps({"goods_nomenclature_item_id": "6109100010", "import_measures": list(measures)}))
    report = rulebook_import(format="uk-commodity", path=path, effective=None, actor=OPERATOR, now=now)
    assert isinstance(report, ImportReport), report
    return report


def held() -> dict[str, list[Measure]]:
    """The measures that are held now, by number, in order of their first day."""
    found: dict[str, list[Measure]] = {}
    known = measures_known(MeasureFilter(territory="GB", known_at=LATEST))
    for measure in sorted(known, key=lambda each: each.validity.start):
        found.setdefault(measure.id.rsplit("-", 1)[1], []).append(measure)
    return found


def test_what_a_later_file_omits_ends_with_the_day_before_it_was_taken_and_is_named(desk: Desk) -> None:
    over = stated("9", "103", 16.0, "2021-01-01", "2023-12-31")
    first = bring(desk.folder, FIRST, over, stated("1", "103", 12.0, "2024-01-01"), stated("2", "552", 48.5))
    assert first.notes == ()
    second = bring(desk.folder, SECOND, stated("1", "103", 12.0, "2024-01-01"))
    assert second.counts["measures"]["ended"] == 1
    (note,) = second.notes
    assert note.endswith("and this one does not, so it ends: GB-additional_duty-6109100010-2.")
    found = held()
    assert [(m.validity.start, m.validity.end) for m in found["2"]] == [(date(2021, 1, 1), date(2026, 8, 2))]
    # A file states what holds when it is taken; that it leaves out what was over says nothing.
    assert [(m.expression, m.validity.end) for m in found["9"]] == [("16.00%", date(2023, 12, 31))]
    assert [(m.expression, m.validity.end) for m in found["1"]] == [("12.00%", None)]


def test_a_new_rate_replaces_the_old_one_from_its_own_first_day(desk: Desk) -> None:
    bring(desk.folder, FIRST, stated("1", "103", 12.0), stated("2", "552", 48.5))
    second = bring(desk.folder, SECOND, stated("7", "103", 10.0, "2026-07-01"), stated("2", "552", 48.5))
    assert (second.counts["measures"]["superseded"], second.notes) == (1, ())
    duties = [m for each in held().values() for m in each if m.kind is Kind.DUTY]
    assert [(m.expression, m.validity.start, m.validity.end) for m in duties] == [
        ("12.00%", date(2021, 1, 1), date(2026, 6, 30)),
        ("10.00%", date(2026, 7, 1), None),
    ]


def test_what_cannot_be_read_is_refused_and_kept_as_a_measure_that_cannot_be_computed(desk: Desk) -> None:
    undated = stated("5", "305", 20.0) | {"effective_start_date": None}
    report = bring(desk.folder, FIRST, stated("1", "103", 12.0), undated)
    assert [row.code for row in report.refused] == ["measure_undated"]
    (tax,) = held()["5"]
    assert (tax.kind, tax.programme, tax.expression) == (
        Kind.TAX,
        "vat",
        "not known: the days of the measure cannot be read",
    )
    assert tax.validity.end is None
