"""The compiled rulebook counts the same rules as the scalar path: no proposal, and adopted rules before the law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.citation import Adoption
from ewtp.core.rulebook.measure import Kind, Measure, Status
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import DAY, RATES, VOCABULARY, Texts, book, rule
from tests.core.compiled.changing_law import SUBHEADINGS
from tests.core.compiled.drawn_lines import SCHEMA, differences, expected
from tests.core.compiled.test_compiled_answers import answered

pytestmark = pytest.mark.kernel
LAW = rule(Kind.DUTY, "0101", "10%")
ADOPTED = replace(
    LAW, id="reform", expression="5%", status=Status.ADOPTED, validity=Period(date(2026, 3, 1), date(2026, 6, 30))
)
PROPOSED = rule(Kind.ADDITIONAL_DUTY, "0101", "20%", programme="p", status=Status.PROPOSED)


def rows(*measures: Measure) -> list[dict[str, Any]]:
    """A line before, during and after the days of the adopted rule, as both paths answer it."""
    scalar = Scalar(WholeBook(book(measures)), RATES, Texts(), VOCABULARY)
    line = dict.fromkeys(SCHEMA.names) | {"from": "BB", "to": "AA", "hs": "01012100", "value": Decimal(1000)}
    days = (date(2026, 2, 28), DAY, date(2026, 7, 1))
    lines = pa.Table.from_pylist([line | {"currency": "USD", "date": day} for day in days], schema=SCHEMA)
    answers = answered(compile_book(scalar.reader.frame, VOCABULARY.economies, SUBHEADINGS), scalar, lines)
    assert differences(answers, expected(lines, scalar)) == []
    found: list[dict[str, Any]] = answers.to_pylist()
    assert not any(row["scalar"] for row in found)
    return found


def test_a_proposed_duty_is_not_charged():
    found = rows(LAW, PROPOSED)
    assert [(row["duty"], row["additional_duty"]) for row in found] == [(Decimal(100), 0)] * 3
    assert found == rows(LAW)


def test_an_abolished_charge_is_not_charged_on_the_days_of_the_abolition():
    law = rule(Kind.ADDITIONAL_DUTY, "0101", "20%", programme="p")
    abolished = replace(law, status=Status.ADOPTED, validity=ADOPTED.validity, adoption=Adoption(abolishes=True))
    assert [row["additional_duty"] for row in rows(LAW, law, abolished)] == [200, 0, 200]


def test_an_adopted_duty_is_charged_on_its_days_instead_of_the_law():
    found = rows(LAW, ADOPTED, PROPOSED)
    assert [row["duty"] for row in found] == [100, 50, 100]
    assert [row["duty_measure"] for row in found] == [LAW.id, ADOPTED.id, LAW.id]
    assert all("duty_ambiguous" not in (row["unknowns"] or ()) for row in found)
