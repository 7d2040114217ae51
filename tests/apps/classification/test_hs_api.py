"""Tariff codes over HTTP and on the command line: the agreed shape, refusals, and the national lines below a code."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import orjson
import pytest
from click.testing import CliRunner
from ninja.testing import TestClient

from ewtp.apps.classification.reading.national_lines import national_lines
from ewtp.apps.classification.surface.api import router
from ewtp.apps.rulebook.actions.file_import import rulebook_import
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.record_json import record_as_json
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.hs import hs
from tests.actors import OPERATOR

SOURCE = Source("xx-tariff", "Tariff of nowhere", "Customs", date(2026, 1, 1), date(2026, 1, 2))
ALWAYS = Period(date(2026, 1, 1), None)
ENDED = Period(date(2025, 1, 1), date(2025, 12, 31))


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setenv("NINJA_SKIP_REGISTRY", "yes")
    return TestClient(router)


@pytest.fixture
def tariff(db, tmp_path):
    del db
    lines = [
        TariffLine("ZM", "61091010", ALWAYS, ("number",), "T-shirts, white"),
        TariffLine("ZM", "61091090", ALWAYS, ("number",), ""),
        TariffLine("ZM", "61091099", ENDED, ("number",), "No longer"),
    ]
    path = tmp_path / "tariff.jsonl"
    records = [record_as_json(SOURCE), *map(record_as_json, lines)]
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    report = rulebook_import(
        format="ewtp-jsonl",
        path=path,
        effective=None,
        actor=OPERATOR,
        now=datetime(2026, 1, 3, tzinfo=UTC),
        removals_allowed=True,
    )
    assert not isinstance(report, Refusal), report


def test_the_answer_has_the_agreed_shape(client):
    body = client.get("/hs?q=cotton+t-shirt&limit=3").json()
    assert body.keys() == {"query", "results", "message", "message_sentence", "edition"}
    assert (body["query"], body["edition"], body["message"]) == ("cotton t-shirt", "HS2022", None)
    assert len(body["results"]) == 3
    first = body["results"][0]
    assert first.keys() == {"hs", "description", "heading", "confidence", "matched"}
    assert first["hs"] == "610910"
    assert Decimal(first["confidence"]) > Decimal("0.5")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "words_missing"),
        ("?q=of+the", "words_missing"),
        (f"?q={'x' * 2000}", "words_too_long"),
        ("?q=tea&limit=0", "limit_unreadable"),
        ("?q=tea&limit=many", "limit_unreadable"),
        ("?q=tea&economy=Kenya", "economy_unknown"),
    ],
)
def test_bad_input_is_a_problem_document_with_a_stable_code(client, query, code):
    response = client.get(f"/hs{query}")
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
    assert response.json()["detail"]


def test_suggestions_are_given_for_unfinished_words_and_none_for_nothing(client):
    found = client.get("/hs/suggestions?q=smartp&limit=3").json()["results"]
    assert found[0]["hs"] == "851713"
    assert client.get("/hs/suggestions?q=").json() == {"results": []}


def test_national_lines_valid_on_the_day_stand_below_their_subheading(tariff, client):
    del tariff
    body = client.get("/hs?q=6109.10&economy=ZM").json()
    assert body["economy"] == "ZM"
    assert body["results"][0]["lines"] == [
        {"code": "61091010", "description": "T-shirts, white"},
        {"code": "61091090", "description": ""},
    ]
    before = national_lines("ZM", ["610910", "090111"], date(2025, 6, 1))
    assert [line.code for line in before["610910"]] == ["61091099"]
    assert before["090111"] == ()


def test_an_economy_without_a_tariff_has_no_lines(tariff, client):
    del tariff
    assert client.get("/hs?q=6109.10&economy=MW").json()["results"][0]["lines"] == []


def test_the_command_line_answers_programs_and_people():
    answered = CliRunner().invoke(hs, ["cotton", "t-shirt", "--json", "--limit", "2"])
    assert answered.exit_code == 0
    body = orjson.loads(answered.output)
    assert body["results"][0]["hs"] == "610910"
    assert len(body["results"]) == 2
    shown = CliRunner().invoke(hs, ["cotton", "t-shirt"])
    assert "6109.10" in shown.output
    assert "%" in shown.output


def test_the_command_line_refuses_with_status_2_and_a_stable_code():
    refused = CliRunner().invoke(hs, ["of", "the", "--json"])
    assert refused.exit_code == 2
    assert orjson.loads(refused.output)["error"]["code"] == "words_missing"
    assert CliRunner().invoke(hs, ["--json"]).exit_code == 2
