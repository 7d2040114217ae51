"""``ewtp proposal replay`` and ``shipments``, and ``ewtp outcomes load``: what they do, say, and refuse."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.store.outcome_models import OutcomeLoad
from ewtp.web.command_line.main import main
from tests.apps.proposals.test_replays import MINE, proposal

if TYPE_CHECKING:
    from click.testing import Result

pytestmark = pytest.mark.django_db
__all__ = ["proposal"]
COLUMNS = "destination,origins,products,month,outcome,value,lines,firms"
DAYS = f"{COLUMNS}\nZM,KE,09,2026-01,days,4.5,40,12\nZM,GH,09,2026-01,days,3,8,4\n"


@pytest.fixture(autouse=True)
def _prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The law is in the database, and needs no seed."""
    for module in ("proposal", "outcomes"):
        monkeypatch.setattr(f"ewtp.web.command_line.{module}.prepare", lambda **_: None)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in words])


def refused(*words: object) -> str:
    ran = run(*words, "--json")
    assert ran.exit_code == 2, ran.output
    code: str = json.loads(ran.output)["error"]["code"]
    return code


def test_a_replay_is_published_under_the_name_of_the_installation(proposal: Any) -> None:
    found, _ = proposal
    ran = run("proposal", "replay", found.id, "--currency", "ZMW")
    assert ran.exit_code == 0, ran.output
    kept = proposal_read(found.id)
    assert kept is not None
    (made,) = kept.replays
    assert (made.by, made.record.recipe.currency) == ("hub", "ZMW")
    *summary, last = ran.output.splitlines()
    assert last == f"Result {made.record.result}."
    # Once more the result is the same, which is not a second record.
    told = json.loads(run("proposal", "replay", found.id, "--currency", "ZMW", "--json").output)
    assert [each["result"] for each in told["replays"]] == [made.record.result]
    assert [each["message"] for each in told["replays"][0]["report"]["summary"]] == summary


def test_a_replay_without_proposal_currency_or_lines_is_refused(proposal: Any, tmp_path: Any) -> None:
    found, _ = proposal
    assert refused("proposal", "replay", "none") == "proposal_unknown"
    assert refused("proposal", "replay", found.id, "--currency", "zmw") == "currency_unknown"
    broken = tmp_path / "lines.parquet"
    assert refused("proposal", "replay", found.id, "--lines", broken) == "file_unreadable"
    broken.write_bytes(b"no Parquet")
    assert refused("proposal", "replay", found.id, "--lines", broken) == "file_unreadable"
    kept = proposal_read(found.id)
    assert kept is not None
    assert kept.replays == ()


def test_own_shipments_are_compared_and_not_kept(proposal: Any, tmp_path: Any) -> None:
    found, _ = proposal
    file = tmp_path / "mine.csv"
    file.write_text(MINE)
    ran = run("proposal", "shipments", found.id, file)
    assert ran.exit_code == 0, ran.output
    # The permit ends in 2027, so the line of December keeps it.
    *lines, bounds = ran.output.splitlines()
    assert lines == ["     1 090111 KE>ZM 0.00 ZMW -Permit", "1 of 2 lines change."]
    # What is open of the first line may be another thing with the change than without it.
    assert bounds == "ZMW: no bound to no bound, counting what is not known."
    told = json.loads(run("proposal", "shipments", found.id, file, "--json").output)
    assert [each["affected"] for each in told["lines"]] == [True, False]
    assert refused("proposal", "shipments", "none", file) == "proposal_unknown"
    assert refused("proposal", "shipments", found.id, tmp_path / "absent.csv") == "file_unreadable"
    file.write_text("from,to\nKE,ZM\n")
    assert refused("proposal", "shipments", found.id, file)


def test_outcomes_are_loaded_whole_or_not_at_all(tmp_path: Any) -> None:
    file = tmp_path / "days.csv"
    file.write_text(DAYS)
    told = json.loads(run("outcomes", "load", file, "--title", "Days at the border", "--json").output)
    # Four firms are too few to show what each of them did.
    assert (told["cells"], told["withheld"]) == (2, 1)
    said = run("outcomes", "load", file, "--title", "Days, corrected")
    assert said.output.endswith(": 2 figures, of which 1 are withheld.\n")
    kept = OutcomeLoad.objects.count()
    for content, code in (
        (f"{COLUMNS}\n", "outcome_table_empty"),
        ("destination\nZM\n", "outcome_column_missing"),
        (DAYS.replace(",4.5,", ",soon,"), "outcome_row_invalid"),
        (DAYS + DAYS.splitlines()[1] + "\n", "outcome_row_twice"),
    ):
        file.write_text(content)
        assert refused("outcomes", "load", file, "--title", "Days") == code
    file.write_bytes(b"\xff\xfe\x00")
    assert refused("outcomes", "load", file, "--title", "Days")
    file.write_text(DAYS)
    assert refused("outcomes", "load", file, "--title", " ") == "proposal_title_invalid"
    assert OutcomeLoad.objects.count() == kept
