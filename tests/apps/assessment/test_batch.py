"""``ewtp batch``: a file in, a file out, and the refused lines beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from ewtp.apps.assessment.actions import question_answer
from ewtp.core.assessment.answer import Answer
from ewtp.web.command_line.batch import batch

if TYPE_CHECKING:
    from pathlib import Path

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
def installation(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: ARG001 - the rulebook is in the database
    from ewtp.apps.rulebook.books import cached_book  # noqa: PLC0415 - Django is set up after this file

    pack = tmp_path / "seed" / "zz"
    pack.mkdir(parents=True)
    (pack / "source.yaml").write_text(
        "source: {id: zz, title: Z, publisher: Z, published: 2026-01-01, retrieved: 2026-01-01}\n",
    )
    monkeypatch.setenv("EWTP_RULEBOOK", str(tmp_path / "seed"))
    cached_book().forget()
    return tmp_path


def test_lines_are_answered_and_the_refused_set_aside(installation: Path):
    source, target = installation / "in.parquet", installation / "out.parquet"
    parquet.write_table(lines(), source)
    result = CliRunner().invoke(batch, [str(source), str(target), "--threads", "1", "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    found = orjson.loads(result.output)
    assert (found["answered"], found["refused"]) == (2, 1)
    answers = parquet.read_table(target).to_pylist()
    assert [row["line"] for row in answers] == [0, 2]
    body = {"from": "ZA", "to": "XK", "date": DAY.isoformat()}
    one = question_answer({**body, "lines": [{"hs": "61091010", "value": {"amount": "1000.00", "currency": "EUR"}}]})
    assert isinstance(one, Answer)
    assert answers[0]["total"] == one.totals.landed_cost.amount
    (bad,) = parquet.read_table(f"{target}.refused.parquet").to_pylist()
    assert (bad["line"], bad["hs"], bad["code"]) == (1, "999999", "code_unknown")


def test_a_file_that_is_no_table_of_lines_is_refused(tmp_path: Path):
    (tmp_path / "in.parquet").write_text("no Parquet")
    result = CliRunner().invoke(batch, [str(tmp_path / "in.parquet"), str(tmp_path / "out.parquet"), "--json"])
    assert orjson.loads(result.output)["error"]["code"] == "file_unreadable"
    parquet.write_table(lines().drop_columns(["to"]), tmp_path / "in.parquet")
    result = CliRunner().invoke(batch, [str(tmp_path / "in.parquet"), str(tmp_path / "out.parquet"), "--json"])
    assert orjson.loads(result.output)["error"]["code"] == "column_missing"
    assert not (tmp_path / "out.parquet").exists()
