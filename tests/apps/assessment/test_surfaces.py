"""One question has one set of bounds, whatever it is read on: the API, the page, the table, the print, the command."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pyarrow as pa
import pytest
from rich.console import Console

from ewtp.apps.assessment.surface import documents
from ewtp.library.questions import answer_table
from ewtp.web.command_line.answer_table import print_answer
from tests.apps.assessment.test_pages import changed

DAY = date(2026, 6, 30)
FREE_CARRIAGE = {"freight": {"amount": "0.00", "currency": "GBP"}}


def question(hs: str, **rest: Any) -> dict[str, Any]:
    line = {"hs": hs, "value": {"amount": "1000.00", "currency": "GBP"}, **rest.pop("line", {})}
    return {"from": "ZA", "to": "GB", "date": DAY.isoformat(), "lines": [line], **rest}


# Open at both ends, known, open above, and with a claim.
QUESTIONS = (
    question("61091000"),
    question("61091000", **FREE_CARRIAGE),
    question("09011100", line={"quantities": {"kg": "100"}}),
    question("61091000", line={"claims": ["GB-TEST"]}, **FREE_CARRIAGE),
)


def bounds_of(answer: dict[str, Any]) -> tuple[str, str, bool]:
    totals = answer["totals"]
    return totals["at_least"]["amount"], (totals["at_most"] or {"amount": ""})["amount"], totals["complete"]


def shown(bounds: tuple[str, str, bool], text: str) -> bool:
    """Whether a text states the bounds, or that the cost is known."""
    least, most, complete = (*(f"{Decimal(each):,}" if each else "" for each in bounds[:2]), bounds[2])
    plain = text.replace("\u00a0", " ")
    if complete:
        return "upper bound" not in plain and "At least" not in plain
    return f"{least} GBP" in plain and (f"{most} GBP" in plain if most else "no upper bound is known" in plain)


def read_everywhere(client: Any, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]) -> None:
    """Hold every surface of an answer to the bounds of its JSON."""
    bounds = bounds_of(answer)
    page = client.get(f"/answers/{answer['id']}").content.decode()
    verdict = page.split('<header class="verdict">')[1].split("</header>")[0]
    assert ("open-total" in verdict) is not bounds[2]
    assert shown(bounds, verdict.replace("<bdi>", "").replace("</bdi>", ""))
    rows = csv.DictReader(io.StringIO(client.get(f"/answers/{answer['id']}.csv").content.decode()))
    totals = {row["kind"]: row["amount"] for row in rows if row["record"] == "total"}
    assert (totals["at_least"], totals["at_most"], totals["complete"] == "yes") == bounds
    printed: list[dict[str, Any]] = []

    def keep(_template: bytes, inputs: dict[str, str]) -> bytes:
        printed.append(orjson.loads(inputs["data"]))
        return b"%PDF-"

    monkeypatch.setattr(documents, "set_document", keep)
    client.get(f"/answers/{answer['id']}.pdf")
    assert printed[0]["complete"] is bounds[2]
    assert shown(bounds, printed[0]["bounds"])
    out = io.StringIO()
    print_answer(answer, console=Console(file=out, width=300))
    assert shown(
        (*(f"{Decimal(each):f}" if each else "" for each in bounds[:2]), bounds[2]), with_commas(out.getvalue())
    )


def with_commas(text: str) -> str:
    """The terminal's figures as the page writes them."""
    return " ".join(f"{Decimal(word):,}" if word.replace(".", "", 1).isdigit() else word for word in text.split())


@pytest.mark.kernel
@pytest.mark.usefixtures("rulebook")
def test_every_surface_states_the_same_bounds(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [client.post("/api/v1/assessments", body, content_type="application/json").json() for body in QUESTIONS]
    assert [bounds_of(answer)[2] for answer in answers] == [False, True, False, True]
    for answer in answers:
        read_everywhere(client, monkeypatch, answer)

    def bound(answer: dict[str, Any]) -> None:
        least = {"amount": "1120.00", "currency": "GBP"}
        answer["totals"] |= {"at_least": least, "at_most": answer["totals"]["landed_cost"], "complete": False}

    read_everywhere(client, monkeypatch, changed(bound))
    _hold_tables_to(client, answers)


def _hold_tables_to(client: Any, answers: list[dict[str, Any]]) -> None:
    """Hold the columns of a batch and a row of markets to the bounds of the answers."""
    columns = {
        "from": ["ZA"] * len(answers),
        "to": ["GB"] * len(answers),
        "hs": [body["lines"][0]["hs"] for body in QUESTIONS],
        "value": [Decimal("1000.00")] * len(answers),
        "currency": ["GBP"] * len(answers),
        "date": [DAY] * len(answers),
        "freight": [Decimal(0) if "freight" in body else None for body in QUESTIONS],
        "claims": [" ".join(body["lines"][0].get("claims", ())) for body in QUESTIONS],
        "quantity_kg": [Decimal(100) if "quantities" in body["lines"][0] else None for body in QUESTIONS],
    }
    table = answer_table(pa.table(columns))
    assert isinstance(table, pa.Table), table
    for answer, row in zip(answers, table.to_pylist(), strict=True):
        least, most, complete = bounds_of(answer)
        assert (row["total_at_least"], row["complete"]) == (Decimal(least), complete)
        assert row["total_at_most"] == (Decimal(most) if most else None)
    asked = {"from": "ZA", "hs": "610910", "value": "1000", "currency": "GBP", "date": DAY.isoformat()}
    found = client.get("/api/v1/markets", asked).json()["markets"]
    (row,) = (row for row in found if row["to"] == "GB")
    # Markets compare costs before freight where none is given.
    assert (row["at_least"]["amount"], row["at_most"]["amount"]) == bounds_of(answers[1])[:2]
