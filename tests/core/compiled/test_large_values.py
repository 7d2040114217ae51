"""Goods that are worth trillions of coins are charged exactly, by the kernel as far as its integers reach."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import TariffLine, Territory
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.core.compiled.drawn_lines import differences, expected, table_of
from tests.core.synthetic.synthetic_book import YEAR, rule
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    import random

pytestmark = pytest.mark.kernel


def test_a_line_to_a_currency_of_small_coins_is_settled_by_the_kernel(seeded: random.Random):
    duties = {"61091000": "12.5%", "09011100": "7.125%", "85071000": "3.3333%"}
    book = build_book(
        "made-up.4",
        territories=[Territory("ID", "Indonesia", ("ID",), "IDR", "TEST", "HS2022", 8)],
        groups=[],
        measures=[
            *(rule("ID", Kind.DUTY, code, duty, currency="IDR") for code, duty in duties.items()),
            rule("ID", Kind.TAX, "", "11%", base="duty_paid", currency="IDR"),
        ],
        lines=[TariffLine("ID", code, YEAR) for code in duties],
    )
    scalar = Scalar(WholeBook(book), seed_rate_table(), hs_texts, vocabulary())
    line: dict[str, Any] = {"from": "CN", "to": "ID", "date": date(2026, 5, 4), "freight": Decimal(900)}
    rows = [
        {**line, "hs": code, "value": Decimal(seeded.randrange(10**most)).scaleb(-2) + 1, "currency": currency}
        for code in duties
        for currency in ("EUR", "USD", "IDR")
        for most in range(6, 18)
        for _ in range(5)
    ]
    lines = table_of(rows)
    compiled = compile_book(book, scalar.vocabulary.economies, hs_texts.subheadings())
    found = TableAssessor(compiled, scalar).assess_table(lines)
    assert not isinstance(found, Refusal)
    assert differences(found, expected(lines, scalar)) == []
    answers = found.to_pylist()
    settled = [row["value"] for row, answer in zip(rows, answers, strict=True) if not answer["scalar"]]
    assert max(settled) > 10**6
    assert len(settled) < len(rows)
    # The largest ones do not fit into the columns, which is said of their lines alone.
    assert {answer["refusal"] for answer in answers} == {None, "amount_absurd"}
