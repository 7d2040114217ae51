"""Rules reach some origins by name and others as part of all: that decides which of them replaces the other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import Group, Membership, TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import RATES, SINCE, SOURCE, VOCABULARY, Texts, rule, territory
from tests.core.compiled.drawn_lines import SCHEMA

pytestmark = pytest.mark.kernel


def test_a_rule_that_names_an_origin_beside_all_of_them_is_the_more_specific_one_for_that_origin_alone():
    book = build_book(
        "v1",
        territories=[territory()],
        groups=[],
        measures=[
            rule(Kind.DUTY, "", "1%"),
            rule(Kind.ADDITIONAL_DUTY, "", "20%", include=("*", "BB"), id="named", programme="p"),
            rule(Kind.ADDITIONAL_DUTY, "0101", "30%", id="longer", programme="p"),
        ],
        lines=[TariffLine("AA", "01012100", SINCE)],
    )
    line: dict[str, Any] = dict.fromkeys(SCHEMA.names)
    line |= {"to": "AA", "date": date(2026, 6, 1), "hs": "01012100", "value": Decimal(100), "currency": "USD"}
    lines = pa.Table.from_pylist([line | {"from": origin} for origin in ("BB", "DD", "BB")], schema=SCHEMA)
    compiled = compile_book(book, VOCABULARY.economies, ("010121",))
    found = TableAssessor(compiled, Scalar(WholeBook(book), RATES, Texts(), VOCABULARY)).assess_table(lines)
    assert not isinstance(found, Refusal), found
    assert found["additional_measures"].to_pylist() == ["named", "longer", "named"]
    assert found["scalar"].to_pylist() == [False, False, False]


def test_groups_that_part_the_origins_alike_on_two_days_are_told_apart():
    last, first = date(2026, 5, 31), date(2026, 6, 1)
    groups = [
        Group("G", "Group", (Membership("BB", Period(date(2020, 1, 1), last)),), SOURCE),
        Group("H", "Group", (Membership("BB", Period(first)),), SOURCE),
    ]
    book = build_book(
        "v1",
        territories=[territory()],
        groups=groups,
        measures=[
            rule(Kind.DUTY, "", "1%"),
            rule(Kind.ADDITIONAL_DUTY, "", "20%", include=("G",), id="of-g"),
            rule(Kind.ADDITIONAL_DUTY, "", "30%", include=("H",), id="of-h"),
        ],
        lines=[TariffLine("AA", "01012100", SINCE)],
    )
    line: dict[str, Any] = dict.fromkeys(SCHEMA.names)
    line |= {"from": "BB", "to": "AA", "hs": "01012100", "value": Decimal(100), "currency": "USD"}
    lines = pa.Table.from_pylist([line | {"date": day} for day in (last, first)], schema=SCHEMA)
    compiled = compile_book(book, VOCABULARY.economies, ("010121",))
    found = TableAssessor(compiled, Scalar(WholeBook(book), RATES, Texts(), VOCABULARY)).assess_table(lines)
    assert not isinstance(found, Refusal), found
    assert found["additional_measures"].to_pylist() == ["of-g", "of-h"]
    assert found["scalar"].to_pylist() == [False, False]
