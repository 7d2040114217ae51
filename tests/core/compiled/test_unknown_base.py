"""A stored charge on a base that no answer knows: both paths leave it open, and neither takes it on another base."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ewtp.core.assessment.exchange import RateTable
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.charge_kinds import CHARGE_KINDS, ChargeKind
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import DAY, SINCE, VOCABULARY, Texts, rule, territory
from tests.core.compiled.drawn_lines import differences, expected, table_of

pytestmark = pytest.mark.kernel
CODE = "01012100"


@pytest.mark.parametrize("charge", CHARGE_KINDS, ids=lambda charge: charge.kind)
def test_a_charge_on_an_unknown_base_is_open_on_both_paths(charge: ChargeKind):
    unread = replace(rule(charge.kind, CODE, "10%"), base="landed_cost")
    others = [rule(other, CODE, "5%") for other in (Kind.DUTY, Kind.TAX) if other is not charge.kind]
    book = build_book(
        "v1",
        territories=[territory(currency="USD")],
        groups=[],
        measures=[unread, *others],
        lines=[TariffLine("AA", CODE, SINCE)],
    )
    line = {"from": "BB", "to": "AA", "date": DAY, "hs": CODE, "currency": "USD", "value": Decimal(100)}
    lines = table_of([line])
    scalar = Scalar(WholeBook(book), RateTable({}), Texts(), VOCABULARY)
    found = TableAssessor(compile_book(book, VOCABULARY.economies, ("010121",)), scalar).assess_table(lines)
    assert not isinstance(found, Refusal), found
    assert differences(found, expected(lines, scalar)) == []
    row = found.to_pylist()[0]
    assert not row["complete"]
    assert row[charge.column] == 0
