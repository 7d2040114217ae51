"""What can be read out of the rulebook: differences, an examination, an export that comes back, and the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson
import pytest
from django.db import connection
from ninja.testing import TestClient

from ewtp.apps.rulebook.actions.file_import import rulebook_import
from ewtp.apps.rulebook.actions.seed_loader import seed_load
from ewtp.apps.rulebook.reading.check import rulebook_check
from ewtp.apps.rulebook.reading.diff import rulebook_difference
from ewtp.apps.rulebook.reading.export import rulebook_records, rulebook_write_packs
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, measures_known
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.versions import version_named, versions
from ewtp.apps.rulebook.surface.api import router
from ewtp.core.rulebook.changeset.changeset import Changeset
from ewtp.core.rulebook.measure import Direction, Kind, Origins, Product
from ewtp.core.rulebook.record_json import record_as_json, record_from_json
from ewtp.core.rulebook.records import CodeReplaced, ExchangeRate
from ewtp.core.rulebook.territory import Group, Membership, OriginRule, TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.roles import owner_work
from tests.actors import OPERATOR
from tests.shared_rows import shared_rows

from .conftest import Desk, a_duty, a_source

if TYPE_CHECKING:
    from pathlib import Path

JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)
GROUP = Group("ZM-FTA", "Free trade", (Membership("KE", Period(JANUARY)),), a_source(), origin_scheme="fta")
RECORDS: tuple[Any, ...] = (
    a_duty("0901", "5%", JANUARY),
    a_duty("0901", "free", JANUARY, kind=Kind.PREFERENCE, origins=Origins(("ZM-FTA",))),
    a_duty("0902", "six shillings or so", JANUARY),
    replace(a_duty("09", "7%", JANUARY), product=Product("HS2022", "09", ("0901", "0902"))),
    TariffLine("ZM", "09011100", Period(JANUARY), ("kg",), "Coffee"),
    TariffLine("ZM", "10011100", Period(JANUARY), ("kg",), "Wheat"),
    GROUP,
    OriginRule("fta", "0901000000", "0901999999", ("CTH",), "", a_source()),
    CodeReplaced("HS2017", "090121", "HS2022", "090122"),
    ExchangeRate("ECB", "EUR", "USD", "1.0500", "2026-01-01", "2026-01-31"),
)


@shared_rows
def listed_rows(folder: Path) -> Desk:
    desk = Desk(folder)
    desk.bring(*RECORDS)
    return desk


@pytest.fixture
def filled(listed_rows: Desk, desk: Desk) -> Desk:
    return desk.follow(listed_rows)


def test_the_difference_of_two_versions_and_of_two_dates(desk: Desk) -> None:
    desk.bring(a_duty("0901", "5%", JANUARY), a_duty("0902", "6%", JANUARY))
    desk.bring(a_duty("0901", "4%", MARCH), a_duty("0903", "1%", MARCH), effective=MARCH)
    for names in (("1", "2"), tuple(v.label for v in reversed(versions())), ("2026-01-15", "2026-06-01")):
        made = rulebook_difference(*names)
        assert isinstance(made, Changeset)
        assert [(a.before.expression, a.after.expression, a.after.validity.start) for a in made.amended] == [
            ("5%", "4%", MARCH),
        ]
        assert [(e.record.product.prefix, e.last_day) for e in made.ended] == [("0902", MARCH - timedelta(days=1))]
        assert [m.product.prefix for m in made.added] == ["0903"]
    nothing = rulebook_difference("2026-04-01", "2026-06-01")
    assert isinstance(nothing, Changeset)
    assert not nothing


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("1", "7", "version_unknown"),
        ("x", "1", "version_unknown"),
        ("9" * 30, "1", "version_unknown"),
        ("2026-02-30", "1", "version_unknown"),
        ("2026-01-01", "1", "versions_or_dates"),
        ("2026-06-01", "2026-01-01", "dates_reversed"),
    ],
)
def test_what_cannot_be_compared_is_refused(before: str, after: str, code: str) -> None:
    made = rulebook_difference(before, after)
    assert isinstance(made, Refusal)
    assert made.code == code


@pytest.mark.usefixtures("filled")
def test_the_examination_counts_what_reads_and_finds_what_does_not_fit() -> None:
    report = rulebook_check()
    (schedule,) = report.schedules
    assert (schedule.measures, schedule.distinct, schedule.computable, schedule.unread) == (4, 4, 3, 1)
    assert schedule.read_percent == "75.0"
    assert schedule.examples[0][0] == "six shillings or so"
    assert report.lines_without_duty == (("ZM", 2, 1),)
    assert report.groups_undefined == ()
    assert report.sound


def test_the_examination_notices_groups_that_nobody_defined(desk: Desk) -> None:
    desk.bring(a_duty("0901", "free", JANUARY, kind=Kind.PREFERENCE, origins=Origins(("ZM-GONE", "KE"))))
    assert rulebook_check().groups_undefined == (("ZM-GONE", 1),)


@pytest.mark.usefixtures("filled")
def test_the_examination_does_not_trust_the_constraints() -> None:
    with owner_work(connection), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE rulebook_measure DROP CONSTRAINT measure_once")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE rulebook_measure SET key = (SELECT min(key::text)::uuid FROM rulebook_measure)")
    report = rulebook_check()
    assert not report.sound
    assert report.faults == (
        "3 measures are filed under another key than their own",
        "the constraint measure_once is missing",
        "3 measures contradict another of the same key",
    )


def test_every_record_survives_json() -> None:
    for record in (*RECORDS, a_source()):
        assert record_from_json(orjson.loads(orjson.dumps(record_as_json(record)))) == record
    nonsense: Any
    for nonsense in (None, [], {}, {"record": "poem"}, {"record": "line", "code": 5}, {"record": "group", "id": "x"}):
        assert isinstance(record_from_json(nonsense), Refusal)


def test_an_export_imported_again_is_all_unchanged(filled: Desk) -> None:
    path = filled.folder / "export.jsonl"
    path.write_bytes(b"".join(orjson.dumps(record_as_json(record)) + b"\n" for record in rulebook_records()))
    report = filled.offer(path)
    assert not isinstance(report, Refusal)
    assert report.version is None
    assert {name: counts["unchanged"] for name, counts in report.counts.items()} == {
        "sources": 1,
        "groups": 1,
        "measures": 4,
        "lines": 2,
        "origin_rules": 1,
        "codes_replaced": 1,
        "exchange_rates": 1,
    }


@pytest.mark.usefixtures("filled")
def test_an_export_can_be_narrowed() -> None:
    assert not [r for r in rulebook_records(territory="MW") if not isinstance(r, type(a_source()))]
    kinds = [type(record).__name__ for record in rulebook_records(territory="ZM", day=JANUARY)]
    assert kinds == ["Source", "Group", *["Measure"] * 4, *["TariffLine"] * 2, "OriginRule"]
    assert {type(r).__name__ for r in rulebook_records(day=date(2020, 1, 1))}.isdisjoint({"Measure", "TariffLine"})


def test_packs_written_out_load_again(filled: Desk, tmp_path: Path) -> None:
    before = {(m.key, m.validity, m.expression) for m in measures_known(MeasureFilter())}
    assert rulebook_write_packs(tmp_path / "packs") == 1
    filled.moment += timedelta(days=1)
    later = a_source(published=JUNE)
    path = tmp_path / "packs" / "zm" / "zm-tariff" / "source.yaml"
    path.write_text(path.read_text().replace("published: 2026-01-01", f"published: {later.published}"))
    loaded = seed_load(root=tmp_path / "packs", actor=OPERATOR, now=filled.moment)
    assert not isinstance(loaded, Refusal)
    assert loaded.counts["measures"]["unchanged"] == 4
    assert {(m.key, m.validity, m.expression) for m in measures_known(MeasureFilter())} == before


def test_every_book_of_a_version_has_the_charges_on_exports(filled: Desk) -> None:
    """A question about another economy's code reads them too, which no place of that code leads to."""
    leaving = replace(a_duty("26070010", "30%", JANUARY), direction=Direction.EXPORT)
    before = RulebookReader(versions(limit=1)[0].ref)
    filled.bring(leaving)
    after = RulebookReader(versions(limit=1)[0].ref)
    for book in (after.read_book([("KE", "2607000020")]), after.whole(), after.build_book_of([])):
        assert [rule.measure.expression for rule in book.export_rules_on("ZM", "2607000020", charges=True)] == ["30%"]
    assert after.frame.rules == {}
    assert before.frame.export_rules_on("ZM", "2607000020", charges=True) == ()


def get(path: str) -> tuple[int, Any]:
    response = TestClient(router).get(path)
    return response.status_code, orjson.loads(response.content)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["0901", "0901", "0902", "09"]),
        ("economy=ZM&code=0901.11", ["0901", "0901"]),
        ("code=0903", ["09"]),
        ("kind=preference", ["0901"]),
        ("date=2025-12-31", []),
        ("economy=MW", []),
    ],
)
def test_measures_are_listed_by_what_is_asked(query: str, codes: list[str]) -> None:
    status, body = get(f"/rulebook/measures?{query}")
    assert status == 200
    assert [item["code"] for item in body["items"]] == codes
    assert body["next"] is None


def test_pages_stay_with_the_version_of_the_first(filled: Desk) -> None:
    _, first = get("/rulebook/measures?limit=3")
    assert len(first["items"]) == 3
    filled.bring(a_duty("0902", "1%", JANUARY))
    status, second = get(f"/rulebook/measures?limit=3&cursor={quote(first['next'])}")
    assert status == 200
    assert [item["code"] for item in second["items"]] == ["09"]
    assert second["next"] is None
    assert second["rulebook_version"] == first["rulebook_version"]
    moment = quote(first["items"][0]["known_from"])
    _, then = get(f"/rulebook/measures?known_at={moment}")
    assert [item["code"] for item in then["items"]] == ["0901", "0901", "0902", "09"]


def test_the_rules_of_a_customs_union_are_listed_by_its_code(desk: Desk) -> None:
    pack = desk.folder / "seed" / "yy"
    pack.mkdir(parents=True)
    (pack / "source.yaml").write_text(
        "source: {id: yy, title: Y, publisher: Y, published: 2026-01-01, retrieved: 2026-01-01}\n",
    )
    (desk.folder / "seed" / "territories.yaml").write_text(
        "territories:\n- {code: SACU, name: Union, members: 'NA ZA', currency: ZAR}\n"
        "- {code: ZA, name: South Africa, members: 'ZA', currency: ZAR}\n",
    )
    seed_load(root=desk.folder / "seed", actor=OPERATOR, now=desk.moment)
    desk.bring(a_duty("0901", "5%", JANUARY, territory="SACU"), a_duty("0902", "1%", JANUARY, territory="ZA"))

    def listed(economy: str) -> list[str]:
        status, body = get(f"/rulebook/measures?economy={economy}")
        assert status == 200, body
        return [item["code"] for item in body["items"]]

    assert listed("SACU") == listed("sacu") == listed("NA") == ["0901"]
    assert listed("ZA") == ["0901", "0902"]


def test_versions_are_listed_latest_first_and_paged(filled: Desk) -> None:
    filled.bring(a_duty("0902", "1%", JANUARY))
    _, first = get("/rulebook/versions?limit=1")
    assert [item["number"] for item in first["items"]] == [2]
    assert first["items"][0]["counts"]["measures"]["new"] == 0
    _, second = get(f"/rulebook/versions?limit=1&cursor={quote(first['next'])}")
    assert [item["number"] for item in second["items"]] == [1]
    assert second["next"] is None


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("measures?economy=XXX", "economy_unknown"),
        ("measures?code=09x", "code_unreadable"),
        ("measures?code=" + "1" * 15, "code_unreadable"),
        ("measures?kind=toll", "kind_unknown"),
        ("measures?date=tomorrow", "date_unreadable"),
        ("measures?known_at=now", "known_at_unreadable"),
        ("measures?cursor=%00", "cursor_unreadable"),
        ("measures?cursor=eA", "cursor_unreadable"),
        ("versions?cursor=!!", "cursor_unreadable"),
    ],
)
def test_what_cannot_be_asked_is_a_problem_document(query: str, code: str) -> None:
    status, body = get(f"/rulebook/{query}")
    assert status == 422
    assert body["code"] == code


@pytest.mark.usefixtures("desk")
def test_an_empty_rulebook_lists_nothing() -> None:
    assert get("/rulebook/measures") == (200, {"rulebook_version": "", "items": [], "next": None})
    assert get("/rulebook/versions") == (200, {"rulebook_version": "", "items": [], "next": None})


def test_formats_are_named_when_one_is_unknown(desk: Desk) -> None:
    refused = rulebook_import(format="tarot", path=desk.folder, effective=None, actor=OPERATOR, now=desk.moment)
    assert isinstance(refused, Refusal)
    assert refused.code == "format_unknown"
    assert "usitc-hts" in refused.message
    missing = rulebook_import(
        format="usitc-hts",
        path=desk.folder / "none",
        effective=None,
        actor=OPERATOR,
        now=desk.moment,
    )
    assert isinstance(missing, Refusal)
    assert missing.code == "file_missing"


@pytest.mark.django_db
@pytest.mark.parametrize("digit", ["9", "\u0669"])
@pytest.mark.parametrize("digits", [9, 10, 20, 5_000])
def test_a_version_with_a_number_that_none_has(digit, digits):
    assert version_named(digit * digits) is None
