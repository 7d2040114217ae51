"""``ewtp rulebook``: JSON for programs, tables for people, status 2 with a stable code for what cannot be done."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.utils import translation

from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.core.rulebook.changeset.canonical import changeset_digest
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json
from ewtp.core.rulebook.changeset.plain_words import word_changeset
from ewtp.core.rulebook.measure import Kind, Status
from ewtp.core.rulebook.territory import Territory
from ewtp.core.values.period import Period
from ewtp.gateways.reference.sentence_texts import sentence_fragments
from ewtp.web.command_line.rulebook import rulebook

from .conftest import Desk, a_duty

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.rulebook.measure import Measure

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


@pytest.fixture
def desk(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An operator whose installation has a seed of one source and no rule."""
    pack = tmp_path / "seed" / "zz"
    pack.mkdir(parents=True)
    (pack / "source.yaml").write_text(
        "source: {id: zz, title: Z, publisher: Z, published: 2026-01-01, retrieved: 2026-01-01}\n",
    )
    monkeypatch.setenv("EWTP_RULEBOOK", str(tmp_path / "seed"))
    read_cached_book().forget()
    return desk


def run(*arguments: object, status: int = 0) -> str:
    result = CliRunner().invoke(rulebook, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result.output


def as_json(*arguments: object, status: int = 0) -> Any:
    return orjson.loads(run(*arguments, "--json", status=status))


def test_a_file_is_imported_listed_compared_checked_and_exported(desk: Desk) -> None:
    report = as_json("import", "ewtp-jsonl", desk.write(a_duty("0901", "5%", JANUARY), a_duty("0902", "x", JANUARY)))
    assert report["counts"]["measures"]["new"] == 2
    second = as_json(
        "import",
        "ewtp-jsonl",
        desk.write(a_duty("0901", "4%", MARCH)),
        "--effective",
        MARCH,
        "--allow-removals",
    )
    listed = as_json("list")
    assert listed["version"] == second["version"]
    assert [(s["id"], s["measures"]) for s in listed["sources"]] == [("zm-tariff", 3), ("zz", 0)]
    made = as_json("diff", report["version"], second["version"])
    assert made["counts"] == {"added": 0, "ended": 1, "amended": 1}
    checked = as_json("check")
    assert checked["sound"] is True
    assert checked["schedules"][0]["read_percent"] == "66.6"
    records = [orjson.loads(line) for line in run("export", "--territory", "zm", "--date", MARCH).splitlines()]
    assert [(r["record"], r.get("expression")) for r in records] == [("source", None), ("measure", "4%")]


ACT = ("--territory", "zm", "--title", "Act 7", "--publisher", "Parliament", "--reference", "section 2")


def test_an_adoption_is_shown_before_it_is_made(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    law = a_duty("0901", "5%", JANUARY)
    zambia = {"ZM": Territory("ZM", "Zambia", ("ZM",), "ZMW")}
    monkeypatch.setattr("ewtp.apps.rulebook.reading.version_records.territories_at", lambda *_: zambia)
    run("import", "ewtp-jsonl", desk.write(law))
    reform = replace(law, id="reform", expression="4%", validity=Period(MARCH), status=Status.PROPOSED)
    path = tmp_path / "change.json"
    path.write_bytes(orjson.dumps(changeset_as_json(Changeset("law", "reform", amended=(Amended(law, reform),)))))
    shown = run("adopt", path, *ACT, "--check")
    assert "The act would state:" in shown
    assert re.search(r"\+ +ZM duty 0901 \* +2026-03-01 +4%", shown)
    assert as_json("adopt", path, *ACT, "--check")["version"] is None
    made = as_json("adopt", path, *ACT, "--from", "proposal 3", "--published", "2026-02-01")
    (record,) = made["records"]
    assert (record["status"], record["adopted_from"], record["abolishes"]) == ("adopted", "proposal 3", False)
    (latest, *_) = as_json("list")["versions"]
    assert (latest["label"], latest["origin"], latest["title"]) == (made["version"], "adoption", "ZM: Act 7, section 2")
    assert as_json("adopt", path, *ACT, status=2)["error"]["code"] == "change_not_held"
    assert as_json("adopt", tmp_path / "none.json", *ACT, status=2)["error"]["form"] == "missing"


def test_acts_are_compiled_on_the_law_in_force(desk: Desk, tmp_path: Path) -> None:
    first = desk.write(a_duty("0901", "5%", JANUARY), a_duty("0902", "6%", JANUARY))
    version = as_json("import", "ewtp-jsonl", first)["version"]
    file, made = tmp_path / "reform.acts", tmp_path / "change.json"
    file.write_text(
        "article coffee end duty of ZM on 0901 from 2026-03-01\n"
        'article tea why "As for coffee." requires coffee end duty of ZM on 0902 from 2026-03-01\n'
        "article join join NOWHERE economy KE from 2026-03-01"
    )
    compiled = as_json("changeset", "compile", file, "--article", "tea")
    assert [(each["name"], each["rules"]) for each in compiled["articles"]] == [("coffee", 1), ("tea", 1)]
    assert compiled["rulebook"] == version
    made.write_bytes(orjson.dumps(as_json("changeset", "compile", file, "--article", "coffee")["changeset"]))
    assert as_json("changeset", "digest", made)["counts"] == {"added": 0, "ended": 1, "amended": 0}
    checked = as_json("changeset", "check", file, status=1)
    assert [(each["number"], each.get("where")) for each in checked["faults"]] == [
        ("CS6", "added[0]"),
        ("CS15", "articles[2].acts[0]"),
    ]
    shown = run("changeset", "show", file)
    assert "ends the ordinary duty on 0901, from 1 March 2026." in shown
    assert "The author's reason: As for coffee." in shown
    assert len(as_json("changeset", "show", file, "--language", "fr")["acts"]) == 3
    refused = as_json("changeset", "compile", file, "--article", "milk", status=2)
    assert refused["error"]["code"] == "article_requires_wrong"
    assert "usage_wrong" in run("changeset", "compile", made, status=2)
    file.write_text("join NOWHERE economy KE from 2026-03-01 until 2026-03-01")
    checked = as_json("changeset", "check", file, status=1)
    assert [(each["form"], each["where"]) for each in checked["remarks"]] == [("one_day", "added[0]")]
    assert "holds on one day alone, 2026-03-01" in run("changeset", "check", file, status=1)
    file.write_text("end duty of ZM untill 2026-03-01")
    assert as_json("changeset", "check", file, status=2)["error"]["at"] == 15
    file.write_bytes(b"\xff")
    assert as_json("changeset", "check", file, status=2)["error"]["code"] == "changeset_unreadable"


def test_people_get_tables(desk: Desk) -> None:
    first = desk.write(a_duty("0901", "5%", JANUARY), a_duty("0902", "6%", JANUARY), a_duty("09.03", "6%", JANUARY))
    imported = run("import", "ewtp-jsonl", first)
    assert "published version" in imported
    assert "not made of digits" in imported
    assert "nothing changed" in run("import", "ewtp-jsonl", first)
    run("import", "ewtp-jsonl", desk.write(a_duty("0901", "4%", MARCH)), "--effective", MARCH, "--allow-removals")
    assert "zm-tariff" in run("list")
    assert "5% → 4%" in run("diff", "2026-01-01", "2026-03-01")
    assert "sound" in run("check")


def test_packs_are_written(desk: Desk, tmp_path: Path) -> None:
    run("import", "ewtp-jsonl", desk.write(a_duty("0901", "5%", JANUARY)))
    assert as_json("export", "--seed", tmp_path / "packs")["packs"] == 1
    assert (tmp_path / "packs" / "zm" / "zm-tariff" / "measures.csv").exists()


def test_a_seed_can_be_loaded_from_elsewhere(desk: Desk, tmp_path: Path) -> None:
    run("import", "ewtp-jsonl", desk.write(a_duty("0901", "5%", JANUARY)))
    assert as_json("seed-load")["version"] is None
    assert as_json("seed-load", "--root", tmp_path / "nowhere", status=2)["error"]["code"] == "seed_missing"


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("import", "tarot", "file"), "format_unknown"),
        (("import", "usitc-hts", "no-such-file"), "file_missing"),
        (("diff", "1", "999"), "version_unknown"),
        (("diff", "2026-03-01", "2026-01-01"), "dates_reversed"),
    ],
)
def test_what_cannot_be_done_ends_with_status_2(arguments: tuple[str, ...], code: str) -> None:
    refused = as_json(*arguments, status=2)
    assert refused["error"]["code"] == code
    assert refused["error"]["message"].endswith(".")
    assert code in run(*arguments, status=2)


def test_a_change_is_checked_against_the_law_in_force(desk: Desk, tmp_path: Path) -> None:
    first = desk.write(a_duty("0901", "5%", JANUARY), a_duty("0902", "6%", JANUARY))
    version = as_json("import", "ewtp-jsonl", first)["version"]
    held, cheaper = a_duty("0901", "5%", JANUARY), a_duty("0901", "3%", MARCH, status=Status.PROPOSED)
    file = tmp_path / "change.json"

    def written(changeset: Changeset[Measure]) -> Path:
        file.write_bytes(orjson.dumps(changeset_as_json(changeset)))
        return file

    amending = Changeset("law", "reform", amended=(Amended(held, cheaper),))
    made = as_json("changeset", "check", written(amending), status=1)
    # The desk has no territories, so that is all there can be said against the change.
    assert [(fault["number"], fault["where"]) for fault in made["faults"]] == [("CS5", "amended[0].after")]
    assert made["rulebook"] == version
    assert made["digest"] == changeset_digest(amending) == run("changeset", "digest", file).strip()
    moved = replace(amending, amended=(Amended(replace(held, expression="99%"), cheaper),), base="0" * 64)
    shown = run("changeset", "check", written(moved), status=1)
    assert "CS1  " in shown
    assert "CS2  ZM-duty-0901-2026-01-01 from 2026-01-01 has other content" in shown
    assert "0 added, 0 ended, 1 amended" in shown
    file.write_text('{"before": "\\ud800"')
    assert as_json("changeset", "check", file, status=2)["error"]["code"] == "changeset_unreadable"
    file.write_text("[" * 100_000)
    assert as_json("changeset", "digest", file, status=2)["error"]["code"] == "changeset_unreadable"
    assert as_json("changeset", "digest", tmp_path, status=2)["error"]["code"] == "changeset_unreadable"


def test_changes_are_rebased_and_merged_as_files(desk: Desk, tmp_path: Path) -> None:
    run("import", "ewtp-jsonl", desk.write(a_duty("0901", "5%", JANUARY), a_duty("0902", "6%", JANUARY)))
    held, other = a_duty("0901", "5%", JANUARY), a_duty("0902", "6%", JANUARY)
    cheaper = a_duty("0901", "3%", MARCH, status=Status.PROPOSED)

    def written(name: str, changeset: Changeset[Measure]) -> Path:
        (tmp_path / name).write_bytes(orjson.dumps(changeset_as_json(changeset)))
        return tmp_path / name

    amending = Changeset("law", "reform", amended=(Amended(held, cheaper),), base="0" * 64)
    one, ending = written("one", amending), written("two", Changeset("law", "end", ended=(Ended(other, None),)))
    rebased = as_json("changeset", "rebase", one)
    assert rebased["digest"] == changeset_digest(amending)
    assert rebased["base"] not in ("", "0" * 64)
    merged = as_json("changeset", "merge", one, ending)
    assert merged["counts"] == {"added": 0, "ended": 1, "amended": 1}
    assert merged == as_json("changeset", "merge", ending, one)
    dearer = written("three", replace(amending, amended=(Amended(held, replace(cheaper, expression="9%")),)))
    assert "differ on" in run("changeset", "merge", one, dearer, status=1)
    conflict = as_json("changeset", "merge", one, one, dearer)
    assert conflict["digest"] == orjson.loads(dearer.read_bytes())["digest"]
    (conflict,) = as_json("changeset", "merge", one, dearer, status=1)["conflicts"]
    assert (conflict["one"]["expression"], conflict["other"]["expression"]) == ("3%", "9%")
    assert "usage_wrong" in run("changeset", "merge", one, status=2)
    run("import", "ewtp-jsonl", desk.write(a_duty("0901", "4%", JANUARY), a_duty("0902", "6%", JANUARY)))
    (conflict,) = as_json("changeset", "rebase", one, status=1)["conflicts"]
    assert [conflict[side]["expression"] for side in ("base", "one", "other")] == ["5%", "3%", "4%"]


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_a_change_is_said_in_words_of_every_language(tmp_path: Path, language: str) -> None:
    held, cheaper = a_duty("0901", "5%", JANUARY), a_duty("0901", "3%", MARCH, status=Status.PROPOSED)
    paper = a_duty("0902", "", JANUARY, kind=Kind.REQUIREMENT, agency="ZABS", document="Certificate\x1b[31m")
    changeset = Changeset("law", "reform", amended=(Amended(held, cheaper),), ended=(Ended(paper, None),))
    file = tmp_path / "change.json"
    file.write_bytes(orjson.dumps(changeset_as_json(changeset)))
    shown = run("changeset", "show", file, "--language", language)
    assert ("becomes" in shown) == (language == "en")
    assert "ZABS Certificate\\x1b[31m" in shown
    assert "0901" in shown
    made = as_json("changeset", "show", file, "--language", language)
    assert [one["form"] for one in made["sentences"]] == ["changes_rate", "withdraws"]
    with translation.override(language):
        for statement in word_changeset(changeset):
            english = [fragment.text for fragment in sentence_fragments(statement) if fragment.kind == "english"]
            assert language == "en" or set(english) <= {"ZABS", paper.document}


def test_what_is_held_is_listed_for_people_and_programs(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "seed" / "territories.yaml").write_text(
        "territories:\n"
        "- {code: ZM, name: Zambia, members: ZM, currency: ZMW, nomenclature: HS2022,"
        " hs_edition: HS2022, schedule: zz,"
        " practices: [{name: coverage_excise, value: none, from: 2026-01-01, source: zz}]}\n"
        "- {code: MW, name: Malawi, members: MW, currency: MWK}\n"
        "sources: [{id: zz, title: Z, publisher: Z, published: 2026-01-01, retrieved: 2026-01-01}]\n",
    )
    run("import", "ewtp-jsonl", desk.write(a_duty("0901", "5%", JANUARY)))
    body = as_json("held", "--territory", "zm")
    (item,) = body["items"]
    assert (item["rules"], item["tariff"]["nomenclature"], item["tariff"]["lines"]) == ({"duty": 1}, "HS2022", 0)
    assert item["tariff"]["age_days"] == (date.fromisoformat(body["date"]) - JANUARY).days
    printed = run("held")
    assert re.search(r"^MW +0 *$", printed, re.MULTILINE)
    assert re.search(r"^ZM +ZM +[\d,]+ +0 +1 *excise none$", printed, re.MULTILINE)
