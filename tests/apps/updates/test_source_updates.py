"""Every source updated from its publisher: once, again, and with whatever can go wrong on the way."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import connection

from ewtp.apps.jobs.actions.outbox import outbox_drain
from ewtp.apps.jobs.store.models import OutboxMessage
from ewtp.apps.rulebook.actions.file_import import rulebook_import
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, measures_known
from ewtp.apps.rulebook.reading.version_records import exchange_rates_at, first_membership_day, sources_at
from ewtp.apps.rulebook.reading.versions import versions
from ewtp.apps.updates.actions.source_update import SOURCE_UPDATE, UpdateReport, source_update, updates_enqueue
from ewtp.apps.updates.reading.look_outcome import LookOutcome
from ewtp.apps.updates.reading.source_list import source_list
from ewtp.apps.updates.store.models import SourceLook
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.publishers.publisher_table import ECB, HMRC, OFAC, PUBLISHED_SOURCES, UK_TARIFF, UN, USITC
from ewtp.web.job_handlers import LONG_HANDLERS
from tests.actors import OPERATOR, person
from tests.apps.updates.publishers import (
    EXPORT,
    LAST_FILE,
    NOW,
    RELEASES,
    SOURCES,
    month_file,
    publish,
)
from tests.playing_server import Played, PlayingServer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db
LATER = timedelta(days=1)


def update(name: str, *, check: bool = False, later: timedelta = timedelta()) -> UpdateReport:
    made = source_update(name=name, check=check, actor=OPERATOR, now=NOW + later)
    assert isinstance(made, UpdateReport), made
    return made


def refused(name: str, later: timedelta = timedelta()) -> str:
    made = source_update(name=name, check=False, actor=OPERATOR, now=NOW + later)
    assert isinstance(made, Refusal), made
    return made.code


def state(home: Path) -> tuple[object, ...]:
    """All that an update may change: the law, the lists, and what the next look compares with."""
    lists = sorted((each.name, each.read_bytes()) for each in (home / "screening").glob("*"))
    looks = SourceLook.objects.order_by("source").values_list(
        "source", "answered_at", "landed_at", "edition", "validators", "held"
    )
    return tuple(each.label for each in versions()), lists, list(looks)


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_is_taken_in_once_and_again_when_its_publisher_has_more(name: str, server: PlayingServer, home: Path):
    before = state(home)
    checked = update(name, check=True)
    assert checked.outcome is LookOutcome.WOULD_CHANGE
    assert state(home)[:2] == before[:2]
    assert len(list((home / "fetched" / name / "looks").iterdir())) == 1

    first = update(name)
    assert first.outcome is LookOutcome.LANDED
    assert first.report is not None
    assert checked.report is not None
    assert first.report.counts == checked.report.counts
    assert first.report.refused == ()
    landed = state(home)

    asked = len(server.asked)
    again = update(name, later=LATER)
    assert (again.outcome, again.report) == (LookOutcome.UNCHANGED, None)
    assert state(home)[:2] == landed[:2]
    # Nothing that was sent before was sent again.
    assert all("if-none-match" in headers for path, headers in server.asked[asked:] if path in _sent(server, name))

    publish(server, 2)
    second = update(name, later=2 * LATER)
    assert second.outcome is LookOutcome.LANDED
    assert second.report is not None
    kinds = second.report.counts.values()
    assert sum(counts["new"] + counts["superseded"] for counts in kinds) >= 1
    assert state(home)[:2] != landed[:2]


def _sent(server: PlayingServer, name: str) -> set[str]:
    """What the server has of a source, apart from the list that is read at every look."""
    begin = "/" + LAST_FILE[name].split("/")[1]
    return {path for path in server.has if path.startswith(begin)} - {RELEASES}


def _html(body: bytes) -> Played:
    del body
    return Played(b"<!DOCTYPE html><html><body>We have moved</body></html>\n")


FAULTS = {
    "slow": lambda body: Played(body, sent=len(body) // 2, silent=True),
    "truncated": lambda body: Played(body, sent=len(body) // 2),
    "truncated without a length": lambda body: Played(body, sent=len(body) // 2, chunked=True),
    "cut at its origin": lambda body: Played(body[: len(body) * 9 // 10]),
    "changed format": _html,
    "empty": lambda _: Played(b""),
    "500": lambda _: Played(status=500),
    "redirect elsewhere": lambda _: Played(status=302, headers={"Location": "https://elsewhere.example/file"}),
    "too large": lambda body: Played(body + b" " * 2_000_000),
}
# What the fetch refuses; what it lets pass its reader refuses, with a code of its own.
FETCH_CODES = {
    "slow": "fetch_slow",
    "truncated": "fetch_cut_short",
    "truncated without a length": "fetch_cut_short",
    "500": "fetch_status",
    "redirect elsewhere": "fetch_redirected",
    "too large": "fetch_too_large",
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", SOURCES)
def test_with_a_fault_nothing_lands(
    name: str, fault: str, server: PlayingServer, home: Path, monkeypatch: pytest.MonkeyPatch
):
    update(name)
    held = state(home)
    publish(server, 2)
    whole = server.has[LAST_FILE[name]]
    server.has[LAST_FILE[name]] = FAULTS[fault](whole.body)
    bounded = replace(PUBLISHED_SOURCES[name], seconds=0.3 if fault == "slow" else 10, most_bytes=1_000_000)
    monkeypatch.setitem(PUBLISHED_SOURCES, name, bounded)
    code = refused(name, LATER)
    assert code == FETCH_CODES.get(fault, code)
    assert state(home) == held
    look = SourceLook.objects.get(source=name)
    assert (look.outcome, look.problem["code"], look.looked_at) == ("failed", code, NOW + LATER)
    # What was refused for its content is kept to be looked at.
    noted = [json.loads(path.read_bytes())["outcome"] for path in sorted((home / "fetched" / name / "looks").iterdir())]
    assert noted == (["landed"] if fault in FETCH_CODES else ["landed", code])

    server.has[LAST_FILE[name]] = whole
    assert update(name, later=2 * LATER).outcome is LookOutcome.LANDED


@pytest.mark.parametrize("content", [b"[]", b"{}", b"<html>", b'[{"status": "current", "name": "x"}]'])
def test_without_the_current_release_no_schedule_is_fetched(content: bytes, server: PlayingServer):
    server.has[RELEASES] = Played(content)
    assert refused(USITC) == "file_not_hts_releases"
    assert EXPORT not in server.paths


def test_a_release_is_fetched_once_and_holds_from_its_day(server: PlayingServer):
    update(USITC)
    update(USITC, later=LATER)
    assert server.paths.count(EXPORT) == 1
    schedule = sources_at(NOW + LATER)["us-hts"]
    assert (schedule.published, schedule.retrieved, schedule.title) == (
        date(2026, 6, 8),
        NOW.date(),
        "Harmonized Tariff Schedule of the United States, 2026 revision 10",
    )
    publish(server, 2)
    update(USITC, later=2 * LATER)
    duties = [
        (m.expression, m.validity.start, m.validity.end)
        for m in measures_known(MeasureFilter(territory="US", code="0101300000"))
        if m.kind == "duty" and not m.origins.exclude
    ]
    assert ("6.8%", date(2026, 6, 8), date(2026, 6, 30)) in duties
    assert ("5%", date(2026, 7, 1), None) in duties


def test_rates_of_a_next_month_may_be_missing_and_those_held_are_not_asked_for(server: PlayingServer):
    update(HMRC)
    first = list(server.paths)
    assert first[0] == "/rates/monthly_csv_2025-12.csv"
    assert first[-1] == "/rates/monthly_csv_2027-1.csv"
    found = {(each.currency, each.valid_from, each.units_per_base) for each in exchange_rates_at(NOW)}
    assert found == {
        ("EUR", "2026-11-01", "1.1400"),
        ("USD", "2026-11-01", "1.2900"),
        ("EUR", "2026-12-01", "1.1500"),
        ("USD", "2026-12-01", "1.3000"),
    }
    update(HMRC, later=LATER)
    assert "/rates/monthly_csv_2026-11.csv" not in server.paths[len(first) :]
    # This month's have to be there.
    server.has["/rates/monthly_csv_2026-12.csv"] = Played(status=404)
    assert refused(HMRC, 2 * LATER) == "fetch_status"


def test_a_month_that_is_corrected_leaves_the_next_one_alone(server: PlayingServer):
    server.has["/rates/monthly_csv_2027-1.csv"] = Played(month_file(1, "1.1700", "1.3200", 2027), etag='"1"')
    update(HMRC)
    server.has["/rates/monthly_csv_2026-12.csv"] = Played(month_file(12, "1.1550", "1.3050"), etag='"2"')
    update(HMRC, later=LATER)
    euro = [(each.valid_from, each.units_per_base) for each in exchange_rates_at(NOW + LATER) if each.currency == "EUR"]
    assert euro == [("2026-11-01", "1.1400"), ("2026-12-01", "1.1550"), ("2027-01-01", "1.1700")]


def test_a_month_that_lost_currencies_is_not_taken_in(server: PlayingServer, home: Path):
    update(HMRC)
    held = state(home)
    whole = month_file(12, "1.1500", "1.3000")
    server.has["/rates/monthly_csv_2026-12.csv"] = Played(whole[: whole.index(b"USA")])
    assert refused(HMRC, LATER) == "rates_shrink"
    assert state(home) == held


def test_rates_of_the_ecb_carry_on_where_the_program_ends(server: PlayingServer):
    publish(server, 2)
    update(ECB)
    held = exchange_rates_at(NOW)
    assert {(each.source, each.base, each.valid_from) for each in held} == {
        ("ECB", "EUR", "2026-11-30"),
        ("ECB", "EUR", "2026-12-01"),
    }
    assert {each.currency for each in held} == {"USD", "JPY", "GBP", "CHF", "ZAR"}
    assert sources_at(NOW)["ecb-reference-rates"].published == date(2026, 12, 1)


def test_only_commodities_that_changed_are_read_again_and_areas_keep_their_first_day(server: PlayingServer):
    update(UK_TARIFF)
    publish(server, 2)
    second = update(UK_TARIFF, later=LATER)
    assert second.report is not None
    assert second.report.counts["lines"]["read"] == 1
    server.has["/uk/geographical_areas"] = Played(server.has["/uk/geographical_areas"].body)
    # The same areas a week later are the same law: their membership did not begin again.
    third = update(UK_TARIFF, later=7 * LATER)
    assert third.report is not None
    assert (third.outcome, third.report.version) == (LookOutcome.UNCHANGED, None)


def test_areas_that_were_brought_by_hand_keep_the_day_that_was_given(server: PlayingServer, tmp_path: Path):
    areas = tmp_path / "areas.json"
    areas.write_bytes(server.has["/uk/geographical_areas"].body)
    given = date(2021, 1, 1)
    rulebook_import(format="uk-commodity", path=areas, effective=given, actor=OPERATOR, now=NOW)
    made = update(UK_TARIFF, later=LATER)
    assert made.report is not None
    assert made.report.counts["groups"]["unchanged"] == 1
    assert first_membership_day("uk-trade-tariff") == given


def test_a_list_that_lost_much_is_not_loaded(server: PlayingServer, home: Path):
    update(OFAC)
    held = state(home)
    server.has["/ofac/SDN.CSV"] = Played(b'36,"AEROZARVA",-0- ,"TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n')
    assert refused(OFAC, LATER) == "list_shrinks"
    assert state(home) == held


def test_lists_have_their_days(server: PlayingServer, home: Path):
    del home, server
    update(UN)
    update(OFAC)
    found = {each.name: each for each in source_list(NOW.date())}
    assert found[UN].published == date(2026, 6, 1)
    # OFAC's files state no day, and its server says when they changed.
    assert (found[OFAC].published, found[OFAC].age_days) == (date(2026, 11, 30), 1)


def test_what_was_brought_by_hand_is_looked_at_again(server: PlayingServer, home: Path):
    update(OFAC)
    (home / "screening" / "us-ofac-sdn.csv").unlink()
    assert update(OFAC, later=LATER).outcome is LookOutcome.LANDED
    update(USITC)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE updates_sourcelook SET held = 0 WHERE source = 'usitc-hts'")
    assert update(USITC, later=LATER).report is not None
    assert server.paths.count(EXPORT) == 2


def test_what_was_fetched_is_archived_with_where_and_when(server: PlayingServer, home: Path):
    update(UN)
    folder = home / "fetched" / UN
    (look,) = [json.loads(path.read_bytes()) for path in (folder / "looks").iterdir()]
    (file,) = look["files"]
    assert (look["at"], look["outcome"]) == (NOW.isoformat(), "landed")
    assert file["address"] == f"{server.address}/un.xml"
    assert file["headers"]["last-modified"].startswith("Mon, 30 Nov 2026")
    content = gzip.decompress((folder / f"{file['digest']}.gz").read_bytes())
    assert content == server.has["/un.xml"].body
    assert hashlib.sha256(content).hexdigest() == file["digest"]
    assert not list((home / "fetched").glob(".reading-*"))


def test_the_archive_forgets_what_was_refused_long_ago(server: PlayingServer, home: Path):
    server.has["/un.xml"] = _html(b"")
    refused(UN)
    publish(server, 1)
    update(UN, later=LATER)
    publish(server, 2)
    update(UN, later=40 * LATER)
    folder = home / "fetched" / UN
    outcomes = [json.loads(path.read_bytes())["outcome"] for path in (folder / "looks").iterdir()]
    assert outcomes == ["landed", "landed"]
    assert len(list(folder.glob("*.gz"))) == 2


def test_nobody_but_the_operator_updates(server: PlayingServer):
    made = source_update(name=UN, check=False, actor=person("per_1"), now=NOW)
    assert isinstance(made, Refusal)
    assert made.code == "operator_needed"
    assert server.asked == []


def test_a_source_that_is_being_updated_is_not_updated_a_second_time(server: PlayingServer):
    given = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    with psycopg.connect(**{name: given[name] for name in names if name in given}) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended('update un-consolidated', 0))")
        assert refused(UN) == "update_running"
    assert server.asked == []


def test_a_worker_does_what_the_timer_wants_and_leaves_a_failure_to_the_next_interval(server: PlayingServer):
    server.has["/un.xml"] = Played(status=500)
    updates_enqueue(now=NOW)
    while outbox_drain(topic=SOURCE_UPDATE, handler=LONG_HANDLERS[SOURCE_UPDATE], now=NOW, chance=lambda: 0.5).claimed:
        pass
    assert not OutboxMessage.objects.filter(topic=SOURCE_UPDATE).exists()
    outcomes = dict(SourceLook.objects.values_list("source", "outcome"))
    assert outcomes == dict.fromkeys(SOURCES, "landed") | {UN: "failed"}
    # What failed is due again, and what did not is not.
    assert updates_enqueue(now=NOW + timedelta(hours=1)) == 1


def test_timers_look_for_each_source_as_often_as_it_is_worth(server: PlayingServer):
    del server
    assert updates_enqueue(now=NOW) == len(SOURCES)
    topics = OutboxMessage.objects.filter(topic="source_update").values_list("payload", flat=True)
    assert [each["source"] for each in topics] == list(PUBLISHED_SOURCES)
    for name in SOURCES:
        update(name)
    assert updates_enqueue(now=NOW + timedelta(hours=1)) == 0
    # Rates and lists of the day are looked for after six hours, and schedules after a day.
    assert updates_enqueue(now=NOW + timedelta(hours=6)) == len({ECB, UN, OFAC})
    assert updates_enqueue(now=NOW + timedelta(hours=24)) == len(SOURCES)
