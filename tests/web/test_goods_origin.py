"""The origin of goods by command, over HTTP and on its page: the same decision, and the same refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from django.test import Client

from ewtp.core.origin.origin_question import MOST_MATERIALS
from ewtp.web.command_line.main import main
from tests.described_client import DescribedClient
from tests.page_text import page_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

GUNS = ("--to", "us", "--hs", "93.05", "--made-in", "mx")
FOREIGN = ("--material", "7228:CN:40")
ASKED = {"to": "us", "hs": "93.05", "made_in": "mx", "material": "7228:CN:40"}


@pytest.fixture
def origin_rules(small_rulebook: None, tmp_path: Path) -> None:  # noqa: ARG001 - the rulebook is in the database
    """One rule of origin of the United States, in the rulebook once a command has been run."""
    pack = tmp_path / "us" / "origin_rules"
    pack.mkdir(parents=True)
    (pack / "source.yaml").write_text(
        "source: {id: rules, title: Rules, publisher: Nobody, published: 2026-01-01, retrieved: 2026-01-02}\n"
    )
    (pack / "origin_rules.csv").write_text(
        "scheme,first,last,classes,reference\nUS-102.20,9305000000,9305999999,CTH NOASM,page 9\n"
    )


@pytest.mark.usefixtures("origin_rules")
def test_a_command_the_api_and_the_page_decide_alike_and_refuse_alike() -> None:
    decided = _run("--simple-assembly", "no")
    assert decided.startswith("Origin: MX."), decided
    assert "Rule: page 9: change of heading, with no simple assembly (2026-01-01)" in decided
    decisions: tuple[tuple[tuple[str, ...], dict[str, str | list[str]], str | None, str], ...] = (
        (("--simple-assembly", "no"), {"simple_assembly": "no"}, "MX", "origin_change"),
        ((), {}, None, "origin_rule_open"),
        (("--whole",), {"whole": "yes", "material": []}, "MX", "origin_whole"),
    )
    for words, more, origin, reason in decisions:
        answer = json.loads(_run(*words, "--json", materials=() if "--whole" in words else FOREIGN))
        assert (answer["origin"], answer["decided"], answer["reason"]["code"]) == (origin, origin is not None, reason)
        assert _ask(**more) == (200, answer)
    assert _ask()[1]["materials"] == [{"hs": "7228", "origin": "CN", "share": "40", "change": "open"}]
    refusals: tuple[tuple[tuple[str, ...], dict[str, str | list[str]], str, str], ...] = (
        (("--to", "GB"), {"to": "GB"}, "origin_rules_not_held", "to"),
        (("--made-in", "ZZ"), {"made_in": "ZZ"}, "economy_unknown", "made_in"),
        (("--material", "steel"), {"material": ["7228:CN:40", "steel"]}, "material_unreadable", "material[1]"),
        (
            ("--material", "7229:GB:100.1"),
            {"material": ["7228:CN", "7229:GB:100.1"]},
            "share_out_of_range",
            "material[1]",
        ),
        (("--material", "7229:GB:-1"), {"material": ["7228:CN", "7229:GB:-1"]}, "share_out_of_range", "material[1]"),
        (("--material", "7229:GB:61"), {"material": ["7228:CN:40", "7229:GB:61"]}, "shares_above_whole", "material"),
        (("--whole",), {"whole": "yes"}, "whole_of_foreign", "whole"),
        (("--material", "7229:ZZ"), {"material": ["7228:CN:40", "7229:ZZ"]}, "economy_unknown", "material[1]"),
    )
    for said, asked, code, where in refusals:
        refused = json.loads(_run(*said, "--json", status=2))["error"]
        status, body = _ask(**asked)
        assert (refused["code"], status, body["code"], body["where"]) == (code, 422, code, where)


@pytest.mark.usefixtures("db")
def test_every_fault_of_a_question_over_http_is_told_with_its_field() -> None:
    told = {(each["code"], each["where"]) for each in _ask(hs="9", made_in="", whole="1", tint="red")[1]["errors"]}
    assert told == {
        ("parameter_unknown", "query"),
        ("yes_or_no_unreadable", "whole"),
        ("code_unreadable", "hs"),
        ("economy_unknown", "made_in"),
    }
    assert _ask(material=["7228:CN"] * (MOST_MATERIALS + 1))[1]["code"] == "materials_too_many"
    assert _ask(material="7" * 7_000)[1]["params"] == {"text": "7" * 40}
    # Nothing is decided, and nothing refused for what the question lacks, while no rulebook is held.
    assert (_ask()[0], _ask()[1]["code"]) == (503, "rulebook_empty")


@pytest.mark.usefixtures("origin_rules")
def test_the_page_shows_the_decision_its_rule_and_what_is_open() -> None:
    _run("--json")
    lines = "7228 CN 40\r\n7229:GB"
    page = _page(ASKED | {"material": lines, "simple_assembly": "no"})
    assert '<h2 id="decision-title">Origin: Mexico</h2>' in page
    assert '<dt><bdi class="code">7228</bdi>, China</dt><dd>makes the change' in page
    assert "<bdi>40</bdi>% of the value" in page
    assert "page 9: change of heading, with no simple assembly" in page
    assert "1 January 2026" in page
    assert "7228 CN 40\n7229:GB</textarea>" in page
    assert "/api/v1/origin?to=us&amp;hs=93.05&amp;made_in=mx&amp;simple_assembly=no&amp;material=7228+CN+40" in page
    open_page = _page(ASKED)
    assert "The origin is not decided" in open_page
    assert "Codes alone do not tell whether materials of" in open_page
    # A box that is ticked, and an address that was written for the API, mean the same.
    assert "Origin: Mexico" in _page(ASKED | {"whole": "1", "material": "7228 MX 40"})
    assert "are not wholly obtained; leave out" in _page(ASKED | {"whole": "1"}, status=422)
    for share, told in (
        ("140", "not from 0 to 100 per cent"),
        ("-4", "not from 0 to 100 per cent"),
        ("40\n7229 GB 61", "more than the whole"),
    ):
        assert told in _page(ASKED | {"material": f"7228 CN {share}"}, status=422)
    assert "The origin is not decided" in _page(ASKED | {"whole": "no"})
    assert "is yes or no" in _page(ASKED | {"whole": "perhaps"}, status=422)
    assert "is yes or no" in _page(ASKED | {"unassembled": "perhaps"}, status=422)
    # An answer links to the page with the goods alone, which asks nothing yet.
    filled_in = _page({"to": "US", "hs": "9305", "made_in": "MX"})
    assert 'value="9305"' in filled_in
    assert 'class="field wrong"' not in filled_in
    refused = _page(ASKED | {"material": "steel\n" * (MOST_MATERIALS - 1), "hs": "9"}, status=422)
    assert "Give the tariff code of the goods with 4 to 10 digits" in refused
    assert refused.count("cannot be read as a material") == 9
    assert all(len(text.encode()) < 60_000 for text in (page, open_page, filled_in, refused))


def _run(*words: str, materials: tuple[str, ...] = FOREIGN, status: int = 0) -> str:
    result = CliRunner().invoke(main, ["origin", *GUNS, *materials, *words])
    assert result.exit_code == status, result.output
    return result.output


def _ask(**facts: str | list[str]) -> tuple[int, dict[str, Any]]:
    response = DescribedClient().get("/api/v1/origin", {**ASKED, **facts})
    return response.status_code, response.json()


def _page(facts: Mapping[str, str], status: int = 200) -> str:
    response = Client().get("/origin", facts)
    assert response.status_code == status, response.content
    return page_text(response.content.decode())
