"""Limits, bounds, tax bases and rounding have one reader each, and what it cannot read is refused at the door."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from ewtp.apps.rulebook.store.record_tables import MEASURES, TERRITORIES
from ewtp.core.rulebook.measure import INFORMATIVE, Base, Condition, ConditionKind, Kind
from ewtp.core.rulebook.measure_json import measure_as_json, measure_from_json
from ewtp.core.rulebook.rule import Bound, Rule
from ewtp.core.rulebook.tax_base import DEFAULT_TAX_BASE, parse_tax_base
from ewtp.core.rulebook.territory import Practice, PracticeName
from ewtp.core.values.money import Money, Rounding, parse_money, parse_rounding
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import SINCE, SOURCE, answered, ask, book, rule, territory


def test_money_and_rounding_are_read_in_one_form():
    assert parse_money("150.00 EUR") == Money(Decimal("150.00"), "EUR")
    assert parse_rounding("2:half_up") == Rounding(2, ROUND_HALF_UP)
    assert parse_rounding("0:down") == Rounding(0, ROUND_DOWN)
    for text in ("", "150", "150,00 EUR", "EUR 150", "150 EURO", "1e3 EUR", "150  EUR", "nan EUR", "150 EUR "):
        assert parse_money(text) is None
    for text in ("", "2", "2:up", ":down", "-1:down", "99:down", "two:down", "²:down"):
        assert parse_rounding(text) is None


def test_a_tax_base_is_terms_with_factors():
    found = parse_tax_base("customs_value + customs_value*0.10 + freight + insurance")
    assert found is not None
    tenth = Decimal("0.10")
    assert found.terms == (("customs_value", Decimal(1)), ("customs_value", tenth), ("freight", Decimal(1)))
    assert parse_tax_base(DEFAULT_TAX_BASE) is not None
    for text in ("", "customs_value+", "toll", "customs_value*", "customs_value*ten", "insurance", "tax"):
        assert parse_tax_base(text) is None


def test_a_condition_has_a_kind_where_answers_know_it():
    assert Condition("claim", "x").kind is ConditionKind.CLAIM
    assert Condition("area", "north").kind == "area"
    assert [Condition(kind, "x").claim for kind in ("claim", "unless_claim", "end_use", "note")] == [
        *("x", "x", "end_use:x", "")
    ]
    assert Condition("below_value", "22 EUR").limit == Money(Decimal(22), "EUR")
    assert Condition("note", "22 EUR").limit is None
    assert [Condition(kind, "sea air").taken for kind in ("transport", "note")] == [("sea", "air"), ()]
    assert {ConditionKind.CLAIM, ConditionKind.BUYER}.isdisjoint(INFORMATIVE)


def test_a_rule_has_its_measures_bounds_in_the_form_in_which_they_are_compared():
    fee = rule(Kind.FEE, "", "0.5%", minimum="5 USD", maximum="five USD")
    floor = Bound(is_floor=True, limit=Money(Decimal(5), "USD"))
    assert Rule(fee).bounds == (floor, Bound(is_floor=False, limit=None))
    assert Rule(replace(fee, minimum="", maximum="")).bounds == ()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"conditions": (Condition("below_value", "a few euros"),)}, "limit_unreadable"),
        ({"conditions": (Condition("season", "in winter"),)}, "season_unreadable"),
        ({"conditions": (Condition("season", ""),)}, "season_unreadable"),
        ({"minimum": "USD 5"}, "bound_unreadable"),
        ({"maximum": "five USD"}, "bound_unreadable"),
        ({"base": "landed_cost"}, "base_unknown"),
        ({"base": Base.DUTY_PAID, "maximum": "5 USD", "conditions": (Condition("area", "?"),)}, ""),
    ],
)
def test_a_measure_that_cannot_be_read_is_refused_at_every_door_and_crashes_no_answer(
    fields: dict[str, Any], code: str
):
    measure = replace(rule(Kind.FEE, "0101", "1%"), **fields)
    assert measure.unreadable == code
    assert (MEASURES.row(measure) == code) == bool(code)
    read = measure_from_json(measure_as_json(measure))
    assert isinstance(read, Refusal) == bool(code)
    assert code or read == measure
    answer = answered(ask(book([rule(Kind.DUTY, "0101", "5%"), measure])))
    # A charge that cannot be judged, bounded or based is not charged but left open.
    assert answer.totals.fees.amount == 0
    assert not answer.totals.complete


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("valuation", "EXW"),
        ("rounding_duty", "two places"),
        ("rounding_value", ""),
        ("tax_base", "customs_value+toll"),
        ("rate_source", " "),
        ("colour", "red"),
    ],
)
def test_a_practice_that_cannot_be_read_is_refused_and_as_good_as_none(name: str, value: str):
    where = territory()
    odd = replace(where, practices=(*where.practices[1:], Practice(name, value, SINCE, SOURCE, "act, s. 9")))
    assert TERRITORIES.row(odd) == "practice_unreadable"
    assert not isinstance(TERRITORIES.row(where), str)
    duty = rule(Kind.DUTY, "0101", "5%")
    plain = replace(where, practices=where.practices[1:])
    assert answered(ask(book([duty], where=odd))).totals == answered(ask(book([duty], where=plain))).totals


def test_every_practice_has_a_form():
    examples = {
        PracticeName.VALUATION: "CIF",
        PracticeName.ROUNDING_DUTY: "2:half_up",
        PracticeName.ROUNDING_TAX: "0:half_even",
        PracticeName.ROUNDING_VALUE: "0:half_down",
        PracticeName.TAX_BASE: DEFAULT_TAX_BASE,
        PracticeName.RATE_SOURCE: "HMRC ECB",
        PracticeName.CUSTOMS_TERRITORY: "EU",
        PracticeName.CUSTOMS_UNION: "EU GB",
        PracticeName.TAX_TERRITORY: "FR",
        PracticeName.NAMED_WITH: "FR",
        PracticeName.REQUIREMENT_CLASSES: "A B",
    }
    assert set(examples) == set(PracticeName)
    assert all(Practice(name, value, SINCE, SOURCE, "").readable for name, value in examples.items())
