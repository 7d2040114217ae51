"""The compiled rulebook opens a day that the schedule cannot speak for, as the scalar path does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.measure import Kind
from tests.core.assessment.small_book import RATES, SOURCE, VOCABULARY, Texts, book, rule, territory
from tests.core.compiled.changing_law import SUBHEADINGS
from tests.core.compiled.drawn_lines import SCHEMA, differences, expected
from tests.core.compiled.test_compiled_answers import answered

pytestmark = pytest.mark.kernel
LAST = SOURCE.retrieved + timedelta(days=365)
CODE = "schedule_for_earlier_days"


@pytest.mark.parametrize("old_edition", [False, True])
def test_both_paths_open_the_same_days(*, old_edition: bool):
    taxes = rule(Kind.TAX, "", "20%", base="duty_paid")
    # The second schedule was published ten years before the last day that the first one speaks for.
    source = replace(SOURCE, published=LAST - timedelta(days=3652), retrieved=LAST) if old_edition else SOURCE
    law = book([rule(Kind.DUTY, "0101", "10%"), taxes], where=territory(schedule=source))
    scalar = Scalar(WholeBook(law), RATES, Texts(), VOCABULARY)
    line = dict.fromkeys(SCHEMA.names) | {"from": "BB", "to": "AA", "hs": "01012100", "value": Decimal(1000)}
    days = (LAST, LAST + timedelta(days=1), date(2035, 1, 1))
    lines = pa.Table.from_pylist([line | {"currency": "USD", "date": day} for day in days], schema=SCHEMA)
    answers = answered(compile_book(scalar.reader.frame, VOCABULARY.economies, SUBHEADINGS), scalar, lines)
    assert differences(answers, expected(lines, scalar)) == []
    found: list[dict[str, Any]] = answers.to_pylist()
    assert not any(row["scalar"] for row in found)
    assert [CODE in (row["unknowns"] or ()) for row in found] == [False, True, True]
    assert [row["duty"] for row in found] == [Decimal(100)] * 3
    assert [row["total_at_least"] for row in found][1:] == [Decimal(1000)] * 2
