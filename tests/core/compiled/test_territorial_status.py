"""Parts of customs territories, customs unions and disputed practices: the kernel and the scalar path answer alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from ewtp.core.assessment.exchange import RateTable
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.patch.patch import find_affected_scope, patch_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import Practice, TariffLine, Territory
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.core.assessment.small_book import SINCE, SOURCE, VOCABULARY, Texts, condition, rule, territory
from tests.core.compiled.compiled_seed import compiled_seed
from tests.core.compiled.drawn_lines import differences, expected, table_of
from tests.seed_book import whole_book
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    import pyarrow as pa

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Measure

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


# Between AA and CC entry fees alone are not owed, between AA and EE neither taxes nor excises. DD is in a customs union
# with AA from April on, and a border lay between them until then.
INSIDE = (
    Territory("CC", "Cland", (), "USD", practices=(practice("customs_territory", "AA"),)),
    Territory("DD", "Dland", ("DD",), "USD", practices=(practice("customs_union", "AA", Period(date(2026, 4, 1))),)),
    Territory(
        "EE", "Eland", (), "USD", practices=(practice("customs_territory", "AA"), practice("tax_territory", "AA"))
    ),
)
FEE, EXCISE = rule(Kind.FEE, CODE, "2%"), rule(Kind.EXCISE, CODE, "3%")
# A fee that nobody claims.
CLAIMED_FEE = rule(Kind.FEE, "", "1 USD", conditions=(condition("claim", "formal-entry"),))


def law_inside(*measures: Measure) -> Book:
    return build_book(
        "v1",
        territories=[territory(currency="USD"), *INSIDE],
        groups=[],
        measures=measures,
        lines=[TariffLine("AA", CODE, SINCE)],
    )


def lines_inside() -> pa.Table:
    return table_of(
        [
            {"from": one, "to": "AA", "date": day, "hs": CODE, "currency": "USD", "value": Decimal(100)}
            for one in ("CC", "DD", "EE")
            for day in (BEFORE, BETWEEN)
        ]
    )


def test_what_is_not_owed_inside_a_territory_is_settled_without_the_scalar_path():
    law, lines = law_inside(DUTY, TAX, FEE, EXCISE, CLAIMED_FEE), lines_inside()
    scalar = Scalar(WholeBook(law), RateTable({}), Texts(), VOCABULARY)
    found = TableAssessor(compile_book(law, VOCABULARY.economies, ("010121",)), scalar).assess_table(lines)
    assert not isinstance(found, Refusal), found
    assert differences(found, expected(lines, scalar)) == []
    rows = found.to_pylist()
    assert [row["scalar"] for row in rows] == [False] * len(rows)
    # Duty 10%, excise 3%, fee 2%, and a tax of 20% on the value of 100 with all of these.
    assert [(row["duty"], row["excise"], row["fees"], row["tax"]) for row in rows] == [
        *[(0, 3, 0, Decimal("20.6"))] * 2,
        (10, 3, 2, 23),
        (0, 3, 2, 21),
        *[(0, 0, 0, 0)] * 2,
    ]


@pytest.mark.parametrize(
    ("before", "after", "settled"),
    [
        ((DUTY,), (DUTY, FEE), True),
        ((DUTY, FEE), (DUTY,), False),
        ((DUTY, TAX, FEE), (DUTY, FEE), False),
        ((DUTY, TAX), (DUTY, TAX, FEE, EXCISE), True),
        ((DUTY, TAX, FEE), (DUTY, TAX, replace(FEE, expression="4%", id="AA-fee-raised")), True),
    ],
)
def test_a_patched_book_says_which_charges_are_not_owed_as_the_scalar_path_does(before, after, settled):
    law, lines = law_inside(*after), lines_inside()
    changed = [measure for measure in {*before, *after} if (measure in before) is not (measure in after)]
    patched = patch_book(compile_book(law_inside(*before), VOCABULARY.economies, ("010121",)), law, changed)
    assert patched is not None
    scalar = Scalar(WholeBook(law), RateTable({}), Texts(), VOCABULARY)
    found = TableAssessor(patched, scalar).assess_table(lines)
    assert not isinstance(found, Refusal), found
    assert differences(found, expected(lines, scalar)) == []
    # Where the last rule of a kind may be gone, the scalar path says so for goods that do not owe it.
    assert any(found["scalar"].to_pylist()) is not settled


def test_a_patched_book_reaches_the_parts_of_the_changed_territory():
    before, raised = book(taxed=False), replace(DUTY, expression="30%", id="AA-raised")
    after = build_book(
        "v2",
        territories=before.territories.values(),
        groups=[],
        measures=[raised, OWN_TAX],
        lines=[TariffLine("AA", CODE, SINCE)],
    )
    scope = find_affected_scope(after, [DUTY, raised])
    assert scope is not None
    assert {"AA", "BB", "CC"} <= scope.territories
    patched = patch_book(compile_book(before, VOCABULARY.economies, ("010121",)), after, [DUTY, raised])
    assert patched is not None
    scalar = Scalar(WholeBook(after), RateTable({}), Texts(), VOCABULARY)
    lines = table_of(every_line())
    found = TableAssessor(patched, scalar).assess_table(lines)
    assert not isinstance(found, Refusal), found
    assert differences(found, expected(lines, scalar)) == []


# What a question may be about, on 2026-06-30 or the day given, with the duty where it is known.
ASKED = (
    *((part, "GB", None) for part in ("JE", "GG", "IM")),
    *((part, "FR", None) for part in ("RE", "GP", "MC", "AX", "IC", "TR", "AD")),
    ("AX", "FI", None),
    ("SM", "IT", None),
    ("PR", "US", None),
    ("GB", "IM", None),
    ("US", "PR", None),
    ("SY", "US", "165.0000"),
    ("FR", "RE", None),
    *(("CN", part, "132.0000") for part in ("IM", "JE", "GG", "RE", "GP", "GF", "MQ", "YT", "AX", "IC", "MC")),
    *(("CN", part, None) for part in ("EA", "SM", "AD", "GL", "MF", "GI", "VI", "LI")),
    *((outside, "FR", "132.0000") for outside in ("EA", "NC", "GL", "VA", "GI", "CW")),
)


@pytest.mark.seed
def test_parts_of_the_seed_are_answered_alike_on_both_paths():
    scalar = Scalar(WholeBook(whole_book()), seed_rate_table(), hs_texts, vocabulary())
    currencies = {"GB": "GBP", "IM": "GBP", "JE": "GBP", "GG": "GBP", "US": "USD", "PR": "USD"}
    lines = [
        {
            "from": one,
            "to": other,
            "date": date(2026, 6, 30),
            "hs": {"US": "6109100012", "PR": "6109100012"}.get(other, "610910"),
            "currency": currencies.get(other, "EUR"),
            "value": Decimal(1000),
            "freight": Decimal(100),
            "buyer": "business",
            "transport": "sea",
        }
        for one, other, _ in ASKED
    ]
    table = table_of(lines)
    found = TableAssessor(compiled_seed(), scalar).assess_table(table)
    assert not isinstance(found, Refusal), found
    assert differences(found, expected(table, scalar)) == []
    for (one, other, duty), row in zip(ASKED, found.to_pylist(), strict=True):
        # The one part whose own taxes are held, and bear no doubt for T-shirts.
        assert row["complete"] is ((one, other) == ("CN", "JE")), (one, other)
        assert str(row["duty"]) == (duty or "0.0000"), (one, other)
        unknown = set(row["unknowns"].split())
        # One territory for VAT, and one customs territory, whose fees of entry are held.
        one_area = {one, other} == {"GB", "IM"} or (one, other) == ("MC", "FR")
        assert ("tax_not_on_entry" in unknown) is one_area, (one, other)
        assert row["tax"] == 0 or not one_area, (one, other)
        one_entry = {one, other} == {"PR", "US"}
        assert "fee_not_on_entry" in unknown or not one_entry, (one, other)
        assert row["fees"] == 0 or not one_entry, (one, other)
        assert ("trade_may_be_prohibited" in unknown) is (one == "SY"), (one, other)
        open_duty = {"inside_customs_union", "tariff_not_in_rulebook"}
        assert bool(unknown & open_duty) is (duty is None), (one, other, unknown)
