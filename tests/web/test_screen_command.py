"""``ewtp screen`` and ``ewtp screening``: hits as the contract has them, and nobody cleared without a list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from ewtp.web.command_line.main import main
from tests.gateways.official_files.screening.test_list_folder import SDN, UN

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EWTP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*words: str):
    return CliRunner().invoke(main, list(words))


def test_without_a_list_nobody_is_cleared(home: Path):
    found = run("screen", "Anton Karvelino", "--json")
    assert found.exit_code == 2
    assert json.loads(found.stdout)["error"]["code"] == "lists_not_loaded"
    assert "ewtp screening import" in run("screening", "list").output
    assert home.is_dir()


def test_hits_have_the_fields_of_the_contract_and_the_lists_their_ages(home: Path, tmp_path: Path):
    un, sdn = tmp_path / "un.xml", tmp_path / "sdn.csv"
    un.write_text(UN)
    sdn.write_text(SDN)
    loaded = run("screening", "import", str(un), str(sdn), "--published", "2026-06-01", "--json")
    assert loaded.exit_code == 0, loaded.output
    assert [(each["list"], each["published"]) for each in json.loads(loaded.stdout)["lists"]] == [
        ("un-consolidated", "2026-06-01"),
        ("us-ofac-sdn", "2026-06-01"),
    ]
    found = json.loads(run("screen", "Anton Karvelino", "Nobody Here", "--json").stdout)
    assert [(hit["name"], hit["list"], hit["entry"], hit["tier"]) for hit in found["hits"]] == [
        ("Anton Karvelino", "un-consolidated", "TSi.001", "exact"),
        ("Anton Karvelino", "us-ofac-sdn", "7", "exact"),
    ]
    assert {"name", "list", "entry", "tier", "score", "evidence"} <= set(found["hits"][0])
    assert found["lists"][0]["age_days"] > 0
    shown = run("screen", "Nobody Here").output
    assert "Nobody Here: no hit" in shown
    assert "un-consolidated: United Nations Security Council Consolidated List, 2 entries, of 2026-06-01" in shown
    assert home.is_dir()


def test_a_folder_of_lists_is_screened_without_loading(home: Path, tmp_path: Path):
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "un.xml").write_text(UN)
    found = run("screen", "Anton Karvelino", "--lists", str(tmp_path / "lists"), "--born", "1999")
    assert "(differs)" in found.output
    assert "TSi.001" in found.output
    assert not (home / "screening").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [(["…"], "name_without_letters"), (["Anton", "--born", "soon"], "birth_unreadable")],
)
def test_what_cannot_be_looked_for_is_refused(home: Path, tmp_path: Path, words: list[str], code: str):
    (tmp_path / "un.xml").write_text(UN)
    found = run("screen", *words, "--lists", str(tmp_path), "--json")
    assert (found.exit_code, json.loads(found.stdout)["error"]["code"]) == (2, code)
    assert home.parent == tmp_path
