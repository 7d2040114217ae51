"""Parts of customs territories, customs unions and disputed practices: the kernel and the scalar path answer alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from ewtp.core.assessment.exchange import RateTable
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.patch.patch import affected_scope, patch_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import Practice, TariffLine, Territory
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import SINCE, SOURCE, VOCABULARY, Texts, rule, territory
from tests.core.compiled.drawing import differences, expected, table_of

pytestmark = pytest.mark.kernel
CODE = "01012100"
BEFORE, BETWEEN, AFTER = date(2026, 2, 1), date(2026, 5, 1), date(2026, 8, 1)
DUTY, TAX = rule(Kind.DUTY, CODE, "10%"), rule(Kind.TAX, "", "20%", base="duty_paid")
OWN_TAX = rule(Kind.TAX, "", "5%", base="duty_paid", territory="CC")


def practice(name: str, value: str, validity: Period = SINCE) -> Practice:
    return Practice(name, value, validity, SOURCE, "act, s. 9")


# BB applies the tariff of AA from April to June, CC always; DD is in a customs union with AA from July on.
PARTS = (
    Territory(
        "BB",
        "Bland",
        (),
        "USD",
        practices=(practice("customs_territory", "AA", Period(date(2026, 4, 1), date(2026, 6, 30))),),
    ),
    Territory("CC", "Cland", (), "USD", practices=(practice("customs_territory", "AA"), practice("named_with", "AA"))),
    Territory("DD", "Dland", ("DD",), "USD", practices=(practice("customs_union", "AA", Period(date(2026, 7, 1))),)),
)


def book(*, taxed: bool, disputed: bool = False) -> Book:
    where = territory(currency="USD")
    if disputed:
        where = replace(where, practices=(practice("valuation", "unknown"), practice("tax_base", "unknown")))
    measures = [DUTY, OWN_TAX, *([TAX] if taxed else [])]
    return build_book(
        "v1", territories=[where, *PARTS], groups=[], measures=measures, lines=[TariffLine("AA", CODE, SINCE)]
    )


def every_line() -> list[dict[str, object]]:
    return [
        {
            "from": one,
            "to": other,
            "date": day,
            "hs": CODE,
            "currency": "USD",
            "value": Decimal(100),
            "freight": freight,
        }
        for one, other in permutations(("AA", "BB", "CC", "DD", "EE"), 2)
        for day in (BEFORE, BETWEEN, AFTER)
        for freight in (None, Decimal(0), Decimal(7))
    ]


@pytest.mark.parametrize("disputed", [False, True])
@pytest.mark.parametrize("taxed", [False, True])
def test_parts_and_unions_are_answered_alike_on_both_paths(taxed, disputed):
    the_book = book(taxed=taxed, disputed=disputed)
    lines = table_of(every_line())
    scalar = Scalar(WholeBook(the_book), RateTable({}), Texts(), VOCABULARY)
    found = TableAssessor(compile_book(the_book, VOCABULARY.economies, ("010121",)), scalar).assess_table(lines)
    assert not isinstance(found, Refusal), found
    assert differences(found, expected(lines, scalar)) == []


def test_a_part_has_the_tariff_and_not_the_taxes_of_its_customs_territory():
    scalar = Scalar(WholeBook(book(taxed=True)), RateTable({}), Texts(), VOCABULARY)
    lines = [
        {"from": "EE", "to": to, "date": day, "hs": CODE, "currency": "USD", "value": Decimal(100)}
        for to, day in (("AA", BETWEEN), ("CC", BETWEEN), ("BB", BETWEEN), ("BB", AFTER))
    ]
    compiled = compile_book(book(taxed=True), VOCABULARY.economies, ("010121",))
    found = TableAssessor(compiled, scalar).assess_table(table_of(lines))
    assert not isinstance(found, Refusal), found
    rows = found.to_pylist()
    assert [(row["duty"], row["tax"]) for row in rows] == [
        (Decimal(10), Decimal(22)),
        (Decimal(10), Decimal("5.5")),
        (Decimal(10), Decimal(0)),
        (Decimal(0), Decimal(0)),
    ]
    assert [row["unknowns"].split()[:1] for row in rows[2:]] == [["tax_not_in_rulebook"], ["tariff_not_in_rulebook"]]


def test_a_patched_book_reaches_the_parts_of_the_changed_territory():
    before, raised = book(taxed=False), replace(DUTY, expression="30%", id="AA-raised")
    after = build_book(
        "v2",
        territories=before.territories.values(),
        groups=[],
        measures=[raised, OWN_TAX],
        lines=[TariffLine("AA", CODE, SINCE)],
    )
    scope = affected_scope(after, [DUTY, raised])
    assert scope is not None
    assert {"AA", "BB", "CC"} <= scope.territories
    patched = patch_book(compile_book(before, VOCABULARY.economies, ("010121",)), after, [DUTY, raised])
    assert patched is not None
    scalar = Scalar(WholeBook(after), RateTable({}), Texts(), VOCABULARY)
    lines = table_of(every_line())
    found = TableAssessor(patched, scalar).assess_table(lines)
    assert not isinstance(found, Refusal), found
    assert differences(found, expected(lines, scalar)) == []
