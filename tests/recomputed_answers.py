"""Answers about lines of a new schedule, for tests that compute them again from the official file itself."""

from __future__ import annotations

import csv
import gzip
import random
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.assessment.answer import Answer
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import read_question
from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.seed_book import read_seed
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date
    from pathlib import Path

VALUE = Decimal(10000)
COUNT = Decimal(100)
# Every unit that a schedule may charge by, a hundred of each.
_QUANTITIES = {unit: str(COUNT) for unit in ("kg", "number", "litre", "m2", "m", "pair", "kWh")}
ANSWERS = 200


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a gzipped CSV file, by the names of its columns."""
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def draw_lines(rows: list[dict[str, str]], chosen: Callable[[dict[str, str]], bool] = bool) -> list[dict[str, str]]:
    """The rows that a test computes again: half at random, half of those that are out of the ordinary."""
    draw = random.Random(13)
    odd = [row for row in rows if chosen(row)]
    return draw.sample(rows, ANSWERS // 2) + draw.sample(odd, min(ANSWERS // 2, len(odd)))


def book_of(territory: str, codes: Collection[str]) -> Book:
    """What the seed holds for these lines of a territory."""
    seed = read_seed()
    heads = {code[:length] for code in codes for length in range(len(code) + 1)}
    return build_book(
        "seed",
        territories=seed.territories,
        groups=seed.groups,
        measures=[m for m in seed.measures if m.territory == territory and m.product.prefix in heads],
        lines=[line for line in seed.lines if line.territory == territory and line.code in heads],
        replaced=seed.replaced,
    )


def ask(book: Book, destination: str, code: str, day: date, *, origin: str, currency: str, claim: str = "") -> Any:
    """The first line of the answer as JSON; the Refusal where there is none."""
    line = {"hs": code, "value": {"amount": str(VALUE), "currency": currency}, "quantities": _QUANTITIES}
    body = {
        "from": origin,
        "to": destination,
        "date": day.isoformat(),
        "freight": {"amount": "0.00", "currency": currency},
        "lines": [line | ({"claims": [claim]} if claim else {})],
    }
    question = read_question(body, today=day, vocabulary=vocabulary())
    assert not isinstance(question, Refusal), question
    answer = assess(question, book, seed_rate_table(), hs_texts)
    return answer.as_json()["lines"][0] if isinstance(answer, Answer) else answer


def charged(line: dict[str, Any], kind: str) -> Decimal | None:
    """What the answer charges of a kind; None where it charges nothing of it."""
    found = [Decimal(charge["amount"]["amount"]) for charge in line["charges"] if charge["kind"] == kind]
    return sum(found, Decimal(0)) if found else None
