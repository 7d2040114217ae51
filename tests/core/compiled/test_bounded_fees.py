"""A fee that a fact decides which the question leaves out bounds the total above, on both paths alike."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from ewtp.core.assessment.exchange import RateTable
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.coverage_statement import COVERED_KINDS
from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import DAY, SINCE, VOCABULARY, Texts, condition, rule, stated, territory
from tests.core.compiled.drawn_lines import differences, expected, table_of

pytestmark = pytest.mark.kernel
CODE = "01012100"
DUTY = rule(Kind.DUTY, CODE, "10%")
BY_SEA = rule(Kind.FEE, "", "0.125%", title="Harbour fee", conditions=(condition("transport", "sea"),))
TO_FIRMS = replace(
    rule(Kind.FEE, "", "1%", title="Entry fee", conditions=(condition("buyer", "business"),)),
    minimum="25.00 USD",
    maximum="40.00 USD",
)
ON_TERMS = rule(Kind.FEE, "", "2%", conditions=(condition("transport", "sea"), condition("scope", "some entries")))
BY_WEIGHT = rule(Kind.FEE, "", "1 USD/kg", conditions=(condition("transport", "sea"),))
NOT_HELD = rule(Kind.FEE, "", "set by port, and not held", conditions=(condition("transport", "sea"),))
EXCISE = rule(Kind.EXCISE, "", "3%", conditions=(condition("transport", "sea"),))
VAT = rule(Kind.TAX, "", "20%", base="duty_paid")
GIVEN: dict[str, Any] = {"transport": "air", "buyer": "consumer"}


def assessed(measures: list[Measure], **fields: Any) -> dict[str, Any]:
    """The answer of a line of 1,000 USD, the same on both paths."""
    where = territory(currency="USD", held=False)
    extents = {kind: "none" if kind is Kind.TAX and VAT not in measures else "whole" for kind in COVERED_KINDS}
    coverage = [stated(kind, extent) for kind, extent in extents.items()]
    book = build_book(
        "v1",
        territories=[replace(where, practices=(*where.practices, *coverage))],
        groups=[],
        measures=[replace(measure, id=f"m{place}") for place, measure in enumerate(measures)],
        lines=[TariffLine("AA", CODE, SINCE)],
    )
    line = {"from": "BB", "to": "AA", "date": DAY, "hs": CODE, "currency": "USD", "value": Decimal(1000)}
    lines = table_of([{**line, "freight": Decimal(0), **fields}])
    scalar = Scalar(WholeBook(book), RateTable({}), Texts(), VOCABULARY)
    found = TableAssessor(compile_book(book, VOCABULARY.economies, ("010121",)), scalar).assess_table(lines)
    assert not isinstance(found, Refusal), found
    assert differences(found, expected(lines, scalar)) == []
    row: dict[str, Any] = found.to_pylist()[0]
    return row


@pytest.mark.parametrize(
    ("measures", "fields", "least", "most"),
    [
        ([DUTY, BY_SEA], {}, "1100", "1101.25"),
        ([DUTY, BY_SEA], {"transport": "sea"}, "1101.25", "1101.25"),
        ([DUTY, BY_SEA], {"transport": "air"}, "1100", "1100"),
        # The floor of a fee bounds it too, and several fees add up.
        ([DUTY, TO_FIRMS], {}, "1100", "1125"),
        ([DUTY, BY_SEA, TO_FIRMS], {}, "1100", "1126.25"),
        ([DUTY, BY_SEA, TO_FIRMS], {"buyer": "business"}, "1125", "1126.25"),
        # What the question cannot state, a weight that it lacks, and an amount that is not held bound nothing.
        ([DUTY, ON_TERMS], {}, "1100", None),
        ([DUTY, BY_SEA, ON_TERMS], {}, "1100", None),
        ([DUTY, NOT_HELD], {}, "1100", None),
        ([DUTY, BY_WEIGHT], {}, "1100", None),
        ([DUTY, BY_WEIGHT], {"quantity_kg": Decimal(7)}, "1100", "1107"),
        # Taxes may be taken on a fee; other charges are not bounded.
        ([DUTY, BY_SEA, VAT], {}, "1320", None),
        ([DUTY, EXCISE], {}, "1100", None),
        ([DUTY, BY_SEA, EXCISE], {}, "1100", None),
    ],
)
def test_a_fee_that_a_missing_fact_decides_bounds_the_total(
    measures: list[Measure], fields: dict[str, Any], least: str, most: str | None
):
    row = assessed(measures, **fields)
    assert row["total_at_least"] == Decimal(least)
    assert row["total_at_most"] == (None if most is None else Decimal(most))
    assert row["complete"] is (least == most)
    assert ("condition_open" in row["unknowns"]) is (least != most)


def test_the_kernel_settles_lines_with_a_fee_that_may_be_owed():
    assert not assessed([DUTY, BY_SEA])["scalar"]
