"""Conditions of requirements and prohibitions, reliefs and recognitions mean the same in the compiled path."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from ewtp.core.assessment.question import Question, read_question
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.measure import Condition, Direction, Kind, Measure, Origins, Product
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import DAY, RATES, VOCABULARY, Texts, rule
from tests.core.compiled.changing_law import LINES as CODES
from tests.core.compiled.changing_law import MANY, SUBHEADINGS, drawn_measure, law, small_lines
from tests.core.compiled.drawn_lines import SCHEMA, differences, expected
from tests.core.compiled.test_compiled_answers import answered
from tests.core.compiled.test_market_table import differences as row_differences
from tests.core.compiled.test_market_table import made_up

if TYPE_CHECKING:
    import random

pytestmark = pytest.mark.kernel

BOOKS = 40
MEASURES = 14
LINES = 100
RELIEVED_COLUMNS = ("duty_measure", "excise_measures", "tax_measures", "fee_measures")
ON_PAPERS = (Kind.REQUIREMENT, Kind.PROHIBITION, Kind.RELIEF)


def drawn(chance: random.Random) -> tuple[Measure, ...]:
    """Law of which most measures are about papers, or relieve; without exports, which the scalar path answers."""
    measures: list[Measure] = []
    while len(measures) < MEASURES:
        measure = drawn_measure(chance, len(measures))
        if measure.kind not in ON_PAPERS and chance.random() < 0.7:
            continue
        wide = chance.random() < 0.6
        measures.append(
            replace(
                measure,
                id=f"m{len(measures)}",
                direction=Direction.IMPORT,
                product=Product("TEST", chance.choice(("", "02", "0201"))) if wide else measure.product,
                origins=Origins() if wide and measure.kind in ON_PAPERS else measure.origins,
            )
        )
    return tuple(measures)


def asked(chance: random.Random) -> pa.Table:
    """Lines that can mostly be answered: codes of the schedules, few claims, no goods that stay where they are."""
    rows = [row for row in small_lines(chance, 3 * LINES).to_pylist() if row["from"] != row["to"]][:LINES]
    for row in rows:
        row["hs"] = chance.choice((*CODES, *MANY))
        row["claims"] = chance.choice((None, None, None, "special", "waiver", row["claims"]))
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def test_both_paths_agree_on_drawn_law(seeded: random.Random):
    settled = relieved = still_open = 0
    for _ in range(BOOKS):
        measures = drawn(seeded)
        book = law(measures)
        scalar = Scalar(WholeBook(book), RATES, Texts(), VOCABULARY)
        lines = asked(seeded)
        wanted = expected(lines, scalar)
        answers = answered(compile_book(book, VOCABULARY.economies, SUBHEADINGS), scalar, lines)
        assert differences(answers, wanted) == []
        reliefs = {m.id for m in measures if m.kind is Kind.RELIEF}
        for given, row in zip(answers.to_pylist(), wanted, strict=True):
            if given["scalar"] or isinstance(row, Refusal):
                continue
            settled += 1
            relieved += any(not reliefs.isdisjoint((given[name] or "").split()) for name in RELIEVED_COLUMNS)
            still_open += "paper_open" in given["unknowns"]
    # The comparison means something only where the kernel settles lines that meet such rules.
    assert settled > BOOKS * LINES // 8
    assert relieved > BOOKS // 8
    assert still_open > BOOKS // 8


def test_the_market_finder_agrees_on_drawn_law(seeded: random.Random):
    still_open = by_kernel = 0
    for _ in range(BOOKS // 2):
        finder = made_up(law(drawn(seeded)), Texts())
        for _ in range(6):
            question = product(seeded)
            rows, wanted = finder.both(question)
            assert row_differences(rows, wanted) == []
            still_open += sum("paper_open" in {unknown.code for unknown in row.unknowns} for row in rows)
            by_kernel += len(rows) - finder.found.left
    # Each run draws other law, so the bounds are far below what is usual.
    assert still_open > BOOKS // 4
    assert by_kernel > BOOKS // 4


def product(chance: random.Random) -> Question:
    """One product, so that the same sentences are met again under other values."""
    body = {
        "from": "BB",
        "to": "AA",
        "date": DAY.isoformat(),
        "buyer": chance.choice((None, "consumer")),
        "lines": [{"hs": "020130", "value": {"amount": chance.choice(("100.00", "900.00")), "currency": "USD"}}],
    }
    question = read_question(body, today=DAY, vocabulary=VOCABULARY)
    assert isinstance(question, Question), question
    return question


RELIEVED = (
    rule(
        Kind.EXCISE,
        "020130",
        "5%",
        territory="EE",
        include=("BB",),
        conditions=(Condition("minimum_value", "500 USD"), Condition("buyer", "consumer")),
    ),
    rule(
        Kind.RELIEF,
        "0201",
        "",
        territory="EE",
        programme="relief:duty",
        agency="Port",
        conditions=(Condition("unless_claim", "special"),),
    ),
    rule(
        Kind.ADDITIONAL_DUTY,
        "",
        "5%",
        territory="EE",
        include=("BB", "CC"),
        programme="q",
        conditions=(Condition("claim", "special"),),
    ),
)
FLAT = (
    rule(Kind.DUTY, "0201", "5%"),
    rule(
        Kind.RELIEF,
        "",
        "",
        programme="relief:duty",
        minimum="3.00 EUR",
        maximum="3.00 EUR",
        conditions=(Condition("maximum_value", "150.00 EUR"), Condition("buyer", "consumer")),
    ),
)
PARCEL = {"from": "BB", "to": "AA", "value": Decimal(80), "currency": "EUR"}
QUOTA = (
    rule(
        Kind.QUOTA,
        "0201",
        "7 EUR/pair",
        include=("AA-BB",),
        order_number="093",
        conditions=(Condition("below_value", "150.00 EUR"),),
    ),
)


@pytest.mark.parametrize(
    ("measures", "line"),
    [
        # Goods sent from elsewhere than their origin: what a claim would save is judged by the duties, not the levies.
        (RELIEVED, {"from": "AA", "to": "EE", "origin": "BB", "value": Decimal("970.42"), "currency": "USD"}),
        # An amount in place of the duty, which a consumer owes and a buyer who is not stated may owe.
        (FLAT, {**PARCEL, "buyer": "consumer"}),
        (FLAT, PARCEL),
        # Of a claimed quota that does not apply for certain, the rest of the law is told as without it.
        (
            QUOTA,
            {
                "from": "BB",
                "to": "CC",
                "value": Decimal(58296),
                "currency": "JPY",
                "claims": "quota:093",
                "quantity_pair": Decimal(2),
            },
        ),
    ],
    ids=["relief", "flat duty", "flat duty open", "quota"],
)
def test_both_paths_leave_the_same_open(measures: tuple[Measure, ...], line: dict[str, Any]):
    book = law(measures)
    scalar = Scalar(WholeBook(book), RATES, Texts(), VOCABULARY)
    row = dict.fromkeys(SCHEMA.names) | {"date": date(2026, 5, 1), "hs": "02013020"} | line
    lines = pa.Table.from_pylist([row], schema=SCHEMA)
    answers = answered(compile_book(book, VOCABULARY.economies, SUBHEADINGS), scalar, lines)
    assert differences(answers, expected(lines, scalar)) == []
