"""``ewtp barrier``: what whoever has a shell on the server does about barriers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from ewtp.web.command_line.main import main

pytestmark = pytest.mark.usefixtures("small_rulebook")


def run(*words: str) -> Any:
    ran = CliRunner().invoke(main, [*words, "--json"])
    assert ran.exit_code in {0, 2}, ran.output
    return json.loads(ran.output)


def said(*words: str) -> str:
    ran = CliRunner().invoke(main, list(words))
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_a_barrier_is_reported_listed_and_shown() -> None:
    asked = ["--from", "ZA", "--to", "GB", "--hs", "6109100010", "--value", "1000", "--currency", "GBP"]
    answer = run("assess", *asked, "--date", "2026-06-30")
    measure = answer["lines"][0]["charges"][0]["measure"]
    made = run("barrier", "report", "Too much.", "--answer", answer["id"], "--measure", measure, "--language", "en")
    assert made["rule"]["measure"] == measure
    assert made["reports"][0]["means"] == "command"
    assert made["reporters"] == {"groups": 0, "verified": 0, "visitors": 1}
    assert [each["id"] for each in run("barrier", "list", "--economy", "gb", "--stage", "open")] == [made["id"]]
    assert run("barrier", "list", "--product", "09", "--agency", "FDA") == []
    listed = said("barrier", "list")
    assert f"{made['id']}  GB  610910  reported  0 days  0 reporters, 1 of visitors" in listed
    assert "1 open, median age 0 days" in listed
    assert run("barrier", "show", made["id"])["reports"] == made["reports"]
    shown = said("barrier", "show", made["id"])
    assert "clock    owner until" in shown
    assert "Too much." in shown
    assert "barriers:barrier:opened" in shown


def test_what_cannot_be_reported_or_shown() -> None:
    assert run("barrier", "show", "bar_none")["error"]["code"] == "barrier_unknown"
    assert run("barrier", "report", "x", "--answer", "none")["error"]["code"] == "assessment_unknown"
    assert run("barrier", "report", "x", "--product", "99")["error"]["code"] == "barrier_product_unreadable"
    assert run("barrier", "report", " ")["error"]["code"] == "report_unreadable"
    assert run("barrier", "focal-point", "GH", "org_none")["error"]["code"] == "owner_unentitled"


def test_a_focal_point_owns_what_is_reported() -> None:
    agency = run("organisation", "create", "Revenue Authority", "--kind", "agency", "--economy", "GH")
    assert run("barrier", "focal-point", "GH", agency["id"]) == {"economy": "GH", "organisation": agency["id"]}
    made = run("barrier", "report", "Slow.", "--product", "610910", "--economy", "GH")
    assert made["owner"] == {"organisation": agency["id"], "name": "Revenue Authority"}
    assert made["stage"] == "owned"
