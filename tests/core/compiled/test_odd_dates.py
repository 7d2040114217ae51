"""A day outside the calendar sets its own line aside and no other."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook, bodies
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import RATES, SINCE, VOCABULARY, Texts, rule, territory
from tests.core.compiled.drawn_lines import SCHEMA

# Days since 1970: the first and the last that Arrow can hold, and the neighbours of the first and last of the calendar.
ODD = (-(2**31), 2**31 - 1, -719_163, 2_932_897)
GOOD = 20_605


def lines_of(days: list[int]) -> pa.Table:
    line: dict[str, Any] = dict.fromkeys(SCHEMA.names)
    line |= {"from": "BB", "to": "AA", "hs": "01012100", "value": Decimal(100), "currency": "USD"}
    table = pa.Table.from_pylist([line] * len(days), schema=SCHEMA)
    column = pa.array(np.array(days, np.int32)).view(pa.date32())
    return table.set_column(table.schema.get_field_index("date"), "date", column)


def test_days_outside_the_calendar_are_refused_before_they_are_converted():
    found = bodies(lines_of([GOOD, *ODD, -719_162, 2_932_896, GOOD]))
    codes = [body.code if isinstance(body, Refusal) else body["day"].isoformat() for body in found]
    assert codes == ["2026-06-01", *["date_absurd"] * len(ODD), "0001-01-01", "9999-12-31", "2026-06-01"]


@pytest.mark.kernel
@pytest.mark.parametrize("odd", ODD)
def test_only_the_line_of_such_a_day_is_set_aside(odd: int):
    book = build_book(
        "v1",
        territories=[territory()],
        groups=[],
        measures=[rule(Kind.DUTY, "", "1%")],
        lines=[TariffLine("AA", "01012100", SINCE)],
    )
    scalar = Scalar(WholeBook(book), RATES, Texts(), VOCABULARY)
    assessor = TableAssessor(compile_book(book, VOCABULARY.economies, ("010121",)), scalar)
    answers = assessor.assess_table(lines_of([GOOD, odd, GOOD]))
    assert not isinstance(answers, Refusal), answers
    assert answers["refusal"].to_pylist() == [None, "date_absurd", None]
    assert answers["scalar"].to_pylist() == [False, True, False]
