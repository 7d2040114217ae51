"""An import brings the rulebook to what a file says, all of it or none, and forgets nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, lines_known, measures_known
from ewtp.apps.rulebook.reading.version_records import sources_at
from ewtp.apps.rulebook.reading.versions import latest_version, versions
from ewtp.core.rulebook.territory import Group, Membership, TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal

from .conftest import Desk, a_duty, a_source

JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)
ONE_DAY = timedelta(days=1)


def held(**wanted: Any) -> list[tuple[str, str, date, date | None]]:
    """What the rulebook knows, as (code, expression, first day, last day)."""
    return sorted(
        (m.product.prefix, m.expression, m.validity.start, m.validity.end)
        for m in measures_known(MeasureFilter(**wanted))
    )


def test_a_first_import_publishes_a_version_with_counts_and_an_event(desk: Desk) -> None:
    report = desk.bring(a_duty("0901", "5%", JANUARY), a_duty("0902", "6%", JANUARY))
    assert report.version == "2026-01-02.1"
    assert report.counts["measures"] == {
        "read": 2,
        "new": 2,
        "superseded": 0,
        "unchanged": 0,
        "ended": 0,
        "refused": 0,
    }
    assert held() == [("0901", "5%", JANUARY, None), ("0902", "6%", JANUARY, None)]
    (entry,) = events_about("2026-01-02.1", source="rulebook:")
    assert (entry.actor, entry.kind, entry.payload["number"]) == ("system:test", "rulebook:version:published", 1)
    assert entry.payload["counts"]["measures"]["new"] == 2


def test_a_connection_that_was_opened_before_the_tables_were_there_imports_as_well(desk: Desk) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    desk.bring(a_duty("0901", "5%", JANUARY))
    assert held() == [("0901", "5%", JANUARY, None)]


def test_the_same_file_again_changes_nothing_and_publishes_nothing(desk: Desk) -> None:
    desk.bring(a_duty("0901", "5%", JANUARY), a_duty("0902", "6%", JANUARY))
    again = desk.bring(a_duty("0901", "5%", JANUARY), a_duty("0902", "6%", JANUARY))
    assert again.version is None
    assert again.counts["measures"]["unchanged"] == 2
    assert len(versions()) == 1


def test_a_repeated_rate_under_a_later_date_and_another_name_stays_the_same_rule(desk: Desk) -> None:
    desk.bring(a_duty("0901", "5%", JANUARY))
    report = desk.bring(a_duty("0901", "5%", MARCH, id="renamed"), effective=MARCH)
    assert report.version is None
    assert held() == [("0901", "5%", JANUARY, None)]


def test_another_rate_supersedes_the_old_one_from_its_day_on(desk: Desk) -> None:
    desk.bring(a_duty("0901", "5%", JANUARY), a_duty("0902", "6%", JANUARY))
    report = desk.bring(a_duty("0901", "4%", MARCH), a_duty("0902", "6%", MARCH), effective=MARCH)
    assert report.counts["measures"] == {
        "read": 2,
        "new": 0,
        "superseded": 1,
        "unchanged": 1,
        "ended": 0,
        "refused": 0,
    }
    assert held() == [
        ("0901", "4%", MARCH, None),
        ("0901", "5%", JANUARY, MARCH - ONE_DAY),
        ("0902", "6%", JANUARY, None),
    ]


def test_what_a_file_no_longer_mentions_ends_the_day_before(desk: Desk) -> None:
    desk.bring(a_duty("0901", "5%", JANUARY), a_duty("0902", "6%", JANUARY))
    report = desk.bring(a_duty("0902", "6%", MARCH), effective=MARCH)
    assert report.counts["measures"]["ended"] == 1
    assert held(day=MARCH) == [("0902", "6%", JANUARY, None)]
    assert held(day=MARCH - ONE_DAY) == [
        ("0901", "5%", JANUARY, MARCH - ONE_DAY),
        ("0902", "6%", JANUARY, None),
    ]


def test_another_source_is_left_alone(desk: Desk) -> None:
    desk.bring(a_duty("0901", "5%", JANUARY))
    other = a_source("zm-safeguards")
    desk.bring(a_duty("0902", "9%", JANUARY, source=other), source=other)
    assert [code for code, *_ in held()] == ["0901", "0902"]


def test_any_moment_can_be_replayed_as_it_was_known_then(desk: Desk) -> None:
    desk.bring(a_duty("0901", "5%", JANUARY), a_duty("0902", "6%", JANUARY))
    first = desk.moment
    before = list(measures_known(MeasureFilter(known_at=first)))
    desk.bring(a_duty("0901", "4%", MARCH), effective=MARCH)
    second = desk.moment
    desk.bring(
        a_duty("0901", "3%", JUNE, source=a_source(published=JUNE)),
        effective=JUNE,
        source=a_source(published=JUNE),
    )
    again = list(measures_known(MeasureFilter(known_at=first)))
    assert [replace(m, known_to=None) for m in again] == before
    assert held(known_at=second, day=JUNE) == [("0901", "4%", MARCH, None)]
    assert held(known_at=second, day=JANUARY) == [
        ("0901", "5%", JANUARY, MARCH - ONE_DAY),
        ("0902", "6%", JANUARY, MARCH - ONE_DAY),
    ]
    assert sources_at(second)["zm-tariff"].published == JANUARY
    assert sources_at(desk.moment)["zm-tariff"].published == JUNE


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_a_file_that_breaks_off_changes_nothing(desk: Desk, cut: int) -> None:
    desk.bring(a_duty("0901", "5%", JANUARY))
    path = desk.write(a_duty("0901", "1%", MARCH), a_duty("0902", "2%", MARCH))
    path.write_bytes(path.read_bytes()[:-cut])
    report = desk.offer(path, MARCH)
    assert isinstance(report, Refusal)
    assert report.code == "file_broken"
    assert held() == [("0901", "5%", JANUARY, None)]
    assert len(versions()) == 1


def test_a_file_that_lost_most_of_its_rules_needs_a_word_of_consent(desk: Desk) -> None:
    desk.bring(*(a_duty(f"09{n:02}", "5%", JANUARY) for n in range(1, 9)))
    path = desk.write(a_duty("0901", "5%", MARCH))
    refused = desk.offer(path, MARCH, removals=False)
    assert isinstance(refused, Refusal)
    assert refused.code == "file_shrinks"
    assert len(held()) == 8
    assert not isinstance(desk.offer(path, MARCH), Refusal)


def test_two_answers_under_one_key_are_both_refused_and_named(desk: Desk) -> None:
    report = desk.bring(
        a_duty("0901", "5%", JANUARY, reference="page 1"),
        a_duty("0901", "7%", JANUARY, reference="page 2"),
        a_duty("0902", "6%", JANUARY),
    )
    assert [(r.code, r.text) for r in report.refused] == [
        ("contradicts_itself", "page 1"),
        ("contradicts_itself", "page 2"),
    ]
    assert held() == [("0902", "6%", JANUARY, None)]


def test_a_source_cannot_overrule_another(desk: Desk) -> None:
    desk.bring(a_duty("0901", "5%", JANUARY))
    other = a_source("zm-other")
    report = desk.bring(
        a_duty("0901", "9%", MARCH, source=other),
        a_duty("0902", "9%", MARCH, source=other),
        source=other,
    )
    assert [r.code for r in report.refused] == ["contradicts_other_source"]
    assert held(code="0901") == [("0901", "5%", JANUARY, None)]


def test_rows_that_cannot_be_stored_are_reported_and_the_rest_is_taken(desk: Desk) -> None:
    report = desk.bring(
        a_duty("09.01", "5%", JANUARY),
        a_duty("0902", "a\x00b", JANUARY),
        a_duty("0903", "1%", JANUARY),
    )
    assert [r.code for r in report.refused] == ["code_unreadable", "text_unreadable"]
    assert [code for code, *_ in held()] == ["0903"]


def test_lines_and_groups_that_a_file_does_not_speak_of_stay(desk: Desk) -> None:
    line = TariffLine("ZM", "09011100", Period(JANUARY), ("kg",), "Coffee")
    group = Group("ZM-FTA", "Free trade", (Membership("KE", Period(JANUARY)),), a_source())
    desk.bring(a_duty("0901", "5%", JANUARY), line, group)
    desk.bring(a_duty("0901", "4%", MARCH), effective=MARCH)
    assert lines_known("ZM", desk.moment) == [line]
    changed = replace(group, members=(*group.members, Membership("UG", Period(MARCH))))
    report = desk.bring(changed)
    assert report.counts["groups"]["superseded"] == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_not_ewtp_jsonl"),
        (b"\x89PNG\r\n", "file_not_ewtp_jsonl"),
        (b'{"record": "source"}\n', "file_not_ewtp_jsonl"),
    ],
)
def test_another_kind_of_file_is_refused(desk: Desk, content: bytes, code: str) -> None:
    path = desk.folder / "other"
    path.write_bytes(content)
    report = desk.offer(path)
    assert isinstance(report, Refusal)
    assert report.code == code


def test_an_empty_file_is_no_schedule(desk: Desk) -> None:
    desk.bring(a_duty("0901", "5%", JANUARY))
    report = desk.offer(desk.write())
    assert isinstance(report, Refusal)
    assert report.code == "file_empty"
    latest = latest_version()
    assert latest is not None
    assert latest.number == 1


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1989, 12, 31), date(9999, 12, 31)])
def test_a_day_on_which_no_schedule_holds_is_refused(desk: Desk, day: date) -> None:
    refused = desk.offer(desk.write(a_duty("0901", "5%", JANUARY)), day)
    assert isinstance(refused, Refusal)
    assert refused.code == "effective_date_absurd"
    assert not versions()
