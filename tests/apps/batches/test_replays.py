"""``ewtp batch --change``: the same lines under two rulebooks, each as a batch of its own would answer them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from ewtp.apps.assessment.reading.queries import hs_texts
from ewtp.apps.batches.actions import replay_job
from ewtp.apps.batches.actions.assess_job import pin_version
from ewtp.apps.batches.reading import affected_law
from ewtp.apps.rulebook.actions.adoption import ActCited, changeset_adopt
from ewtp.apps.rulebook.reading import changeset_file, place_records
from ewtp.apps.rulebook.reading.diff import rulebook_difference
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.patch import patch
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.replay.comparison import tally_lines
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.changeset.overlay import Overlay
from ewtp.core.rulebook.measure import Condition, Kind
from ewtp.core.rulebook.territory import Group, GroupMember, Practice, TariffLine, TerritoryPractice
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_texts import subheadings
from ewtp.gateways.reference.iso_codes import vocabulary
from ewtp.web.command_line.batch import batch
from tests.actors import OPERATOR
from tests.apps.batches.conftest import COUNT, DEARER
from tests.apps.batches.replay_lines import CHEAPER, GROUP_REFORMS, PERMIT, change, held, rows, run, shown
from tests.apps.conftest import SINCE, SOURCE, a_measure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Measure

pytestmark = pytest.mark.kernel


@pytest.mark.parametrize("threads", ["1", "3"])
def test_both_sides_are_what_a_batch_of_each_version_answers(
    home: Path, publish: Callable[[str, datetime], None], threads: str
):
    run(home, name="dearer.parquet")
    publish(CHEAPER, datetime(2026, 3, 1, tzinfo=UTC))
    run(home, name="cheaper.parquet")
    back = rulebook_difference("2026-03-01.1", "2026-02-01.1")
    assert not isinstance(back, Refusal), back
    assert len(back.amended) == 1
    found = run(home, "--change", change(home, back), "--threads", threads)
    assert found["change"]["not_held"]["count"] == 0
    assert found["rulebook"] == "2026-03-01.1"
    cheaper, dearer, both = (rows(home / f"{name}.parquet") for name in ("cheaper", "dearer", "out"))
    assert cheaper.keys() == dearer.keys() == both.keys()
    refused = [parquet.read_table(home / f"{name}.parquet.refused.parquet") for name in ("cheaper", "out")]
    assert refused[0].equals(refused[1])
    cost = Decimal(0)
    for line, row in both.items():
        assert {name: row[name] for name in cheaper[line]} == cheaper[line]
        assert row["changed"] == (cheaper[line] != dearer[line])
        for name, value in dearer[line].items():
            if f"{name}_after" in row:
                assert (row[f"{name}_after"] if row["changed"] else row[name]) == value
        assert row["change"] == dearer[line]["total"] - cheaper[line]["total"]
        cost += row["change"]
    assert cost > 0
    assert found["lines"]["lost"] == found["lines"]["affected"] == sum(row["changed"] for row in both.values()) > 0
    assert sum(Decimal(one["cost"]["change"]) for one in found["totals"]) == cost
    assert sum(Decimal(row["loss"]) for row in found["by"]["firm_size"]) == cost
    assert found["firms"]["pay_more"] > 0
    assert found["in_one_currency"]["currency"] == "USD"
    again = run(home, "--change", home / "change.json", "--currency", "GBP", "--overwrite")["in_one_currency"]
    pounds = sum(row["change"] for row in both.values() if row["currency"] == "GBP")
    assert Decimal(again["cost"]) >= pounds > 0
    assert found["columns_ignored"] == ["note"]


def test_a_new_paper_costs_filings_and_no_money(home: Path):
    found = run(home, "--change", change(home, Changeset("now", "more", added=(PERMIT,))))
    counts = found["lines"]
    assert counts["same_cost"] == counts["affected"] > 0
    (agency,) = found["agencies"]
    assert (agency["territory"], agency["agency"]) == ("GB", "Ministry made up")
    assert agency["filings"] == {"before": 0, "after": counts["affected"], "change": counts["affected"]}
    text = shown(home, "--change", home / "change.json")
    assert "Ministry made up" in text
    assert "No sum changes." in text


def test_lines_that_could_claim_what_lifts_a_paper_are_counted(home: Path):
    permit = replace(PERMIT, conditions=(Condition("unless_claim", "waiver"),))
    path = change(home, Changeset("now", "more", added=(permit,)))
    found = run(home, "--change", path)
    assert found["could_file_less"] == found["lines"]["affected"] > 0
    always = change(home, Changeset("now", "more", added=(PERMIT,)))
    assert run(home, "--change", always, name="always.parquet")["could_file_less"] == 0


def test_where_a_duty_goes_without_another_nobody_is_said_to_gain(home: Path):
    found = run(home, "--change", change(home, held()))
    assert found["lines"]["gained"] == 0
    assert (
        found["lines"]["became_incomplete"] + found["lines"]["otherwise_incomplete"] == found["lines"]["affected"] > 0
    )
    assert "no longer answered whole" in shown(home, "--change", home / "change.json")


def test_a_replay_that_was_stopped_goes_on_to_the_same(home: Path, monkeypatch: pytest.MonkeyPatch):
    path = change(home, Changeset("now", "more", added=(PERMIT, a_measure(Kind.FEE, "0901", "1%"))))
    whole = run(home, "--change", path, "--threads", "1", name="whole.parquet")
    pieces: list[int] = []

    def stopping(*args: Any, **kwargs: Any) -> Any:
        pieces.append(1)
        if len(pieces) == 3:
            raise KeyboardInterrupt
        return tally_lines(*args, **kwargs)

    monkeypatch.setattr("ewtp.apps.batches.actions.replay_job.tally_lines", stopping)
    words = [home / "in.parquet", home / "out.parquet", "--lines-at-once", "45", "--threads", "1", "--change", path]
    assert CliRunner().invoke(batch, [*map(str, words)]).exit_code == 130
    other = change(home, Changeset("now", "other", added=(PERMIT,)))
    assert run(home, "--change", other, status=2)["error"]["differ"] == ["the change"]
    change(home, Changeset("now", "more", added=(PERMIT, a_measure(Kind.FEE, "0901", "1%"))))
    again = run(home, "--change", path, "--threads", "2")
    assert 0 < again["resumed"] < COUNT
    ran = ("resumed", "seconds", "lines_per_second", "answers_file", "refused_file")
    assert {k: v for k, v in again.items() if k not in ran} == {k: v for k, v in whole.items() if k not in ran}
    assert rows(home / "out.parquet") == rows(home / "whole.parquet")


def test_what_the_rulebook_does_not_hold_is_said(home: Path):
    gone = a_measure(Kind.DUTY, "8517", "3%")
    path = change(home, Changeset("then", "less", ended=(Ended(gone, None),)))
    found = run(home, "--change", path)
    assert found["change"]["not_held"] == {"count": 1, "first": [f"{gone.id} from 2026-01-01"]}
    assert found["lines"]["affected"] == 0
    assert gone.id in shown(home, "--change", path).replace("\n", " ")


@pytest.mark.parametrize("column", [True, False])
def test_synthetic_lines_are_labelled_before_anything_else(home: Path, *, column: bool):
    lines = parquet.read_table(home / "in.parquet")
    if column:
        lines = lines.append_column("synthetic", pa.array([True] * COUNT))
    else:
        lines = lines.replace_schema_metadata({"ewtp.synthetic": orjson.dumps({"seed": 5})})
    parquet.write_table(lines, home / "in.parquet")
    path = change(home, Changeset("now", "more", added=(PERMIT,)))
    found = run(home, "--change", path)
    assert found["synthetic"] == {"lines": COUNT, "stated": None if column else {"seed": 5}}
    assert shown(home, "--change", path).startswith("These lines are synthetic")


def test_lines_of_real_trade_are_not_labelled(home: Path):
    assert run(home, "--change", change(home, held()))["synthetic"] is None


def test_a_replay_of_other_records_says_what_answers_say_once_they_are_adopted(home: Path):
    lines = parquet.read_table(home / "in.parquet")
    claims = pa.array([("GB-TEST", None)[place % 2] for place in range(COUNT)])
    lines = lines.append_column("claims", claims)
    july = Period(date(2026, 7, 1))
    # What the change is about is met whatever was drawn: shirts of the new member, on its day.
    shirts = {"from": "CN", "to": "GB", "date": july.start, "hs": "61091010", "currency": "GBP", "claims": "GB-TEST"}
    drawn = lines.to_pylist()
    drawn[0] |= shirts
    parquet.write_table(pa.Table.from_pylist(drawn, schema=lines.schema), home / "in.parquet", row_group_size=70)
    cif = Practice("valuation", "CIF", SINCE, SOURCE, "section 1")
    fob = replace(cif, value="FOB", validity=july, reference="section 2")
    reform: Changeset[Any] = Changeset(
        "now",
        "reform",
        added=(
            GroupMember("GB-TEST", "CN", july, SOURCE, "accession"),
            *(TariffLine("GB", f"610910{n}0", july) for n in (1, 2)),
        ),
        ended=(Ended(TariffLine("GB", "61091000", SINCE), date(2026, 6, 30)),),
        amended=(Amended(TerritoryPractice("GB", cif), TerritoryPractice("GB", fob)),),
    )
    found = run(home, "--change", change(home, reform))
    assert found["change"]["not_held"]["count"] == 0
    assert found["lines"]["no_longer_refused"] > 0
    cited = ActCited("GB", "Act 7", "Parliament", "section 2")
    adopted = changeset_adopt(changeset=reform, cited=cited, actor=OPERATOR, now=datetime(2026, 3, 1, tzinfo=UTC))
    assert not isinstance(adopted, Refusal), adopted
    run(home, name="adopted.parquet")
    after, replayed = rows(home / "adopted.parquet"), rows(home / "out.parquet")
    assert {line for line, row in replayed.items() if row["refused_after"] is None} == after.keys()
    for line, wanted in after.items():
        row = replayed[line]
        now = {name: row[f"{name}_after" if row["changed"] else name] for name in wanted if f"{name}_after" in row}
        assert now == {name: wanted[name] for name in now}


def test_a_practice_is_replayed_without_compiling_the_law_again(home: Path, monkeypatch: pytest.MonkeyPatch):
    cif = Practice("valuation", "CIF", SINCE, SOURCE, "section 1")
    fob = TerritoryPractice("GB", replace(cif, value="FOB"))
    reform: Changeset[Any] = Changeset("now", "fob", amended=(Amended(TerritoryPractice("GB", cif), fob),))
    monkeypatch.setattr(RulebookReader, "whole", lambda _: pytest.fail("the whole law was read"))
    found = run(home, "--change", change(home, reform))
    assert found["lines"]["gained"] == found["lines"]["affected"] > 0


@pytest.mark.parametrize("reform", GROUP_REFORMS.values(), ids=GROUP_REFORMS)
def test_a_change_of_groups_is_replayed_without_compiling_the_law_again(
    home: Path, monkeypatch: pytest.MonkeyPatch, reform: Changeset[Any]
):
    lines = parquet.read_table(home / "in.parquet")
    claim = "GB-NEW" if any(isinstance(record, Group) for record in reform.added) else "GB-TEST"
    # One line at least is of goods that the agreement is about, whatever is drawn.
    party = "CN" if reform.added else "ZA"
    sure = {"from": party, "to": "GB", "date": date(2026, 7, 1), "hs": "61091000", "quantity_kg": Decimal(100)}
    drawn = [{**row, **(sure if place == 0 else {})} for place, row in enumerate(lines.to_pylist())]
    claims = pa.array([(claim, None)[place % 2] for place in range(COUNT)])
    lines = pa.Table.from_pylist(drawn, lines.schema).append_column("claims", claims)
    parquet.write_table(lines, home / "in.parquet", row_group_size=70)
    path = change(home, reform)
    run(home, name="before.parquet")
    with monkeypatch.context() as patch_context:
        patch_context.setattr(RulebookReader, "whole", lambda _: pytest.fail("the whole law was read"))
        found = run(home, "--change", path)
    assert found["change"]["not_held"]["count"] == 0
    assert found["lines"]["no_longer_refused" if reform.added else "newly_refused"] > 0
    cited = ActCited("GB", "Act 7", "Parliament", "section 2")
    adopted = changeset_adopt(changeset=reform, cited=cited, actor=OPERATOR, now=datetime(2026, 3, 1, tzinfo=UTC))
    assert not isinstance(adopted, Refusal), adopted
    run(home, name="adopted.parquet")
    after, replayed = rows(home / "adopted.parquet"), rows(home / "out.parquet")
    assert {line for line, row in replayed.items() if row["refused_after"] is None} == after.keys()
    for line, wanted in after.items():
        row = replayed[line]
        now = {
            column: row[f"{column}_after" if row["changed"] else column]
            for column in wanted
            if f"{column}_after" in row
        }
        assert now == {column: wanted[column] for column in now}


def code_of(home: Path, path: Path) -> str:
    error = run(home, "--change", path, status=2)["error"]
    assert error["message"].endswith(".")
    assert not (home / "out.parquet").exists()
    return str(error["code"])


def test_a_change_that_cannot_be_carried_out_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch):
    duty = a_measure(Kind.DUTY, "610910", DEARER)
    overlapping = replace(duty, validity=Period(date(2026, 3, 1)), expression="4%")
    assert code_of(home, change(home, Changeset("now", "twice", added=(overlapping,)))) == "changeset_contradicts"
    early = Changeset("now", "early", ended=(Ended(duty, date(2025, 12, 31)),))
    assert code_of(home, change(home, early)) == "changeset_contradicts"
    stranger = GroupMember("GB-TEST", "ZA", Period(date(2026, 1, 1)), SOURCE, "another treaty")
    assert code_of(home, change(home, Changeset("now", "again", added=(stranger,)))) == "changeset_base_moved"
    path = home / "change.json"
    for text in ("{}", "[]", '{"not JSON'):
        path.write_text(text)
        assert code_of(home, path) == "changeset_unreadable"
    # A text that is not JSON is read as acts in their text form.
    for text in ("not JSON", "5"):
        path.write_text(text)
        assert code_of(home, path) == "acts_unreadable"
    assert code_of(home, home / "absent.json") == "changeset_unreadable"
    change(home, held())
    monkeypatch.setattr(changeset_file, "LARGEST_CHANGESET", 10)
    assert code_of(home, path) == "changeset_too_large"


def test_a_currency_that_is_none_or_of_no_use_is_refused(home: Path):
    for words, code in (
        (("--change", change(home, held()), "--currency", "XXQ"), "currency_unknown"),
        (("--currency", "USD"), "currency_without_change"),
    ):
        assert run(home, *words, status=2)["error"]["code"] == code


def test_columns_that_a_replay_cannot_read_are_refused(home: Path):
    lines = parquet.read_table(home / "in.parquet").drop_columns(["firm"])
    parquet.write_table(lines.append_column("firm", pa.array(range(COUNT))), home / "in.parquet")
    assert code_of(home, change(home, held())) == "column_type"


def test_the_scalar_path_with_a_change_says_what_the_compiled_book_says(home: Path):
    table = parquet.read_table(home / "in.parquet").drop_columns(["note", "firm", "firm_size"])
    # What two words claim is left to the scalar path.
    claims = pa.array([("GB-TEST GB-TEST", None)[place % 2] for place in range(COUNT)])
    table = table.append_column("claims", claims)
    version = pin_version()
    assert not isinstance(version, Refusal)
    proposal = replay_job.changeset_read(change(home, held()))
    assert not isinstance(proposal, Refusal)
    ready = replay_job.change_ready(version, proposal)
    assert not isinstance(ready, Refusal)
    answers = ready.answer(table)
    assert not isinstance(answers, Refusal)
    by_scalar = {row["scalar"] for row in answers.to_pylist() if row["currency"] == "GBP"}
    assert by_scalar == {True, False}
    for row in answers.to_pylist():
        if row["currency"] == "GBP" and not row["refusal"]:
            assert a_measure(Kind.DUTY, "610910", DEARER).id not in row["duty_measure"]


KINDS = [
    pytest.param(
        Changeset("now", "one", ended=(Ended(a_measure(Kind.DUTY, "610910", DEARER), None),)), id="one of two"
    ),
    pytest.param(
        Changeset("now", "vat", ended=(Ended(a_measure(Kind.TAX, "", "20%", base="duty_paid"), None),)),
        id="the only one",
    ),
    pytest.param(
        Changeset("now", "claimed", ended=(Ended(a_measure(Kind.PREFERENCE, "610910", "Free", ("GB-TEST",)), None),)),
        id="what lines claim",
    ),
    pytest.param(Changeset("now", "new", added=(PERMIT,)), id="a kind that was not there"),
]


@pytest.mark.parametrize("changeset", KINDS)
@pytest.mark.parametrize(("most", "prefixes"), [(0, 100), (100, 100), (100, 0)])
def test_the_law_around_a_change_serves_as_well_as_the_whole(
    home: Path, monkeypatch: pytest.MonkeyPatch, changeset: Changeset[Measure], most: int, prefixes: int
):
    monkeypatch.setattr(patch, "_MOST_MEASURES", most)
    monkeypatch.setattr(place_records, "_MOST_PREFIXES", prefixes)
    version = pin_version()
    assert not isinstance(version, Refusal)
    read: list[VersionRef] = []
    whole_book = RulebookReader.whole

    def reading(self: RulebookReader) -> Book:
        read.append(self.version)
        return whole_book(self)

    monkeypatch.setattr(RulebookReader, "whole", reading)
    proposal = replay_job.changeset_read(change(home, changeset))
    assert not isinstance(proposal, Refusal)
    ready = replay_job.change_ready(version, proposal)
    assert not isinstance(ready, Refusal)
    # Only what cannot be followed measure by measure takes the whole law.
    assert len(read) == (0 if most else 1)
    assert ready.missing == ()
    overlay = Overlay(proposal.changeset)
    reader = RulebookReader(version)
    whole = overlay.over(reader.whole())
    law = affected_law.law_around(reader, overlay)
    assert overlay.over(law.book).coverage == whole.coverage
    table = parquet.read_table(home / "in.parquet").drop_columns(["note", "firm", "firm_size"])
    claims = pa.array([("GB-TEST", None, "nobody's")[place % 3] for place in range(table.num_rows)])
    table = table.append_column("claims", claims)
    scalar = Scalar(WholeBook(whole), reader.rates.latest, hs_texts(), vocabulary())
    full = TableAssessor(compile_book(whole, vocabulary().economies, subheadings()), scalar)
    found, wanted = ready.answer(table), full.assess_table(table)
    assert not isinstance(found, Refusal)
    assert not isinstance(wanted, Refusal)
    assert found.to_pylist() == wanted.to_pylist()
