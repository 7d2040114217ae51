"""What an operator and a reader see of the sources: the command, the settings, the page, the API and the doctor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from django.test import Client

from ewtp.gateways.publishers.publisher_table import ECB, PUBLISHED_SOURCES, UK_TARIFF, UN, USITC
from ewtp.web.command_line.main import main
from ewtp.web.command_line.source_checks import check_sources
from tests.apps.updates.publishers import COMMODITIES, publish
from tests.apps.updates.test_source_updates import refused, update
from tests.playing_server import Played

if TYPE_CHECKING:
    from pathlib import Path

    from tests.playing_server import PlayingServer

pytestmark = pytest.mark.django_db


def run(*words: str) -> Any:
    return CliRunner().invoke(main, ["rulebook", "update", *words])


def test_the_command_updates_all_or_those_named_and_says_what_failed(server: PlayingServer, home: Path):
    checked = json.loads(run("--check", "--json").output)["sources"]
    assert {each["source"]: each["outcome"] for each in checked} == dict.fromkeys(PUBLISHED_SOURCES, "would_change")
    assert not (home / "screening").exists()
    server.has["/un.xml"] = Played(status=500)
    done = run()
    assert done.exit_code == 1
    assert "usitc-hts (2026HTSRev10 2026-06-08): updated, published version" in done.output
    assert "un-consolidated: failed, nothing has changed:" in done.output
    assert "[fetch_status]" in done.output
    publish(server, 1)
    again = run("un-consolidated", "hmrc-rates", "--json")
    assert again.exit_code == 0
    assert [each["outcome"] for each in json.loads(again.output)["sources"]] == ["landed", "unchanged"]
    unknown = run("nothing", "--json")
    assert (unknown.exit_code, json.loads(unknown.output)["error"]["code"]) == (2, "update_source_unknown")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("EWTP_UPDATE_SOURCES", "usitc-hts,elsewhere"),
        ("EWTP_UK_COMMODITIES", "0901"),
        ("EWTP_UPDATE_HOURS", "often"),
    ],
)
def test_a_setting_that_nobody_can_read_is_refused(
    name: str, text: str, server: PlayingServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, text)
    done = run("--json")
    assert (done.exit_code, json.loads(done.output)["error"]["code"]) == (2, "setting_unreadable")
    assert server.asked == []


def test_without_commodities_the_uk_is_left_out_and_refused_by_name(
    server: PlayingServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("EWTP_UK_COMMODITIES", "")
    assert UK_TARIFF not in {each["source"] for each in json.loads(run("--check", "--json").output)["sources"]}
    assert refused(UK_TARIFF) == "update_not_configured"
    assert not any(COMMODITIES[0] in path for path in server.paths)


def test_the_page_the_api_and_the_doctor_show_every_source(server: PlayingServer):
    update(USITC)
    server.has["/un.xml"] = Played(status=500)
    refused(UN)
    page = Client().get("/rulebook/sources").content.decode()
    assert "Harmonized Tariff Schedule of the United States, 2026 revision 10" in page
    assert "Nobody has brought these here:" in page
    assert "fetch_status" in page
    items = {each["name"]: each for each in Client().get("/api/v1/rulebook/sources").json()["items"]}
    assert items[USITC]["looked"]["outcome"] == "landed"
    assert items[USITC]["published"] == "2026-06-08"
    assert (items[UN]["held"], items[UN]["looked"]["problem"]) == (False, "fetch_status")
    # The program carries the ECB's series, whoever fetches more.
    assert (items[ECB]["held"], items[ECB]["looked"]) == (True, None)
    (one,) = Client().get("/api/v1/rulebook/sources?id=us-hts").json()["items"]
    assert one == items[USITC]
    figures = Client().get("/metrics").content.decode()
    assert 'ewtp_source_failed{source="un-consolidated"} 1.0' in figures
    assert 'ewtp_source_failed{source="usitc-hts"} 0.0' in figures
    assert 'ewtp_source_answered_seconds{source="usitc-hts"}' in figures
    assert 'ewtp_source_answered_seconds{source="un-consolidated"}' not in figures
    checks = {each.name: each for each in check_sources()}
    assert checks["source usitc-hts"].message.startswith("of 2026-06-08, ")
    assert "looked for 2026-12-01 09:30 UTC: landed" in checks["source usitc-hts"].message
    assert checks["source un-consolidated"].warns
    assert "failed (fetch_status)" in checks["source un-consolidated"].message
    assert "nobody has brought it" in checks["source us-ofac-sdn"].message
