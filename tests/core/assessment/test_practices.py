"""What a territory's law says of values, and what an answer admits that nobody told it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import Practice
from tests.core.assessment.small_book import SINCE, SOURCE, answered, ask, book, condition, rule, stated, territory

if TYPE_CHECKING:
    from ewtp.core.assessment.answer import Answer
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.territory import Territory

DUTY = rule(Kind.DUTY, "0101", "10%")
PREFERENCE = rule(Kind.PREFERENCE, "0101", "2.5%", include=("AA-BB",))


def to_whole_units(where: Territory) -> Territory:
    rounding = Practice("rounding_value", "0:half_down", SINCE, SOURCE, "act, s. 3")
    return replace(where, practices=(*where.practices, rounding))


def said(answer: Answer, code: str) -> list[str]:
    return [unknown.message for unknown in answer.lines[0].unknowns if unknown.code == code]


@pytest.mark.parametrize(
    ("price", "value", "duty"),
    [("1000.50", "1000.00", "100.00"), ("1000.51", "1001.00", "100.10"), ("0.20", "1.00", "0.10")],
)
def test_customs_value_is_rounded_where_the_law_says_so(price, value, duty):
    answer = answered(ask(book([DUTY], where=to_whole_units(territory())), value=price))
    assert str(answer.lines[0].customs_value.amount) == value
    assert str(answer.totals.duty.amount) == duty
    assert str(answer.totals.goods.amount) == price
    assert ("rounding_value", "0:half_down") in [(p.name, p.value) for p in answer.practices]


def test_freight_in_the_customs_value_is_rounded_with_it():
    freight = {"amount": "80.40", "currency": "USD"}
    answer = answered(ask(book([DUTY], where=to_whole_units(territory("CIF"))), value="1000.20", freight=freight))
    assert str(answer.lines[0].customs_value.amount) == "1081.00"
    assert str(answer.totals.landed_cost.amount) == "1188.70"


def test_without_such_a_law_the_value_is_exact_and_nothing_is_said_of_it():
    answer = answered(ask(book([DUTY]), value="1000.50"))
    assert str(answer.lines[0].customs_value.amount) == "1000.50"
    assert "rounding_value" not in [p.name for p in answer.practices]


def test_a_tenth_of_the_value_is_written_in_the_coins_of_the_currency():
    where = territory(tax_base="customs_value+customs_value*0.10+duty")
    answer = answered(ask(book([DUTY, rule(Kind.TAX, "", "15%", base="duty_paid")], where=where)))
    tax = answer.lines[0].charges[-1]
    assert (str(tax.base.amount), str(tax.amount.amount)) == ("1200.00", "180.00")


def test_one_rule_of_a_kind_does_not_make_the_list_whole():
    message = said(answered(ask(book([DUTY, PREFERENCE]))), "not_in_rulebook")[0]
    missing, held = message.split("perhaps not all of these:")
    assert "preferences" not in missing
    assert "tariff quotas" in missing
    assert held.startswith(" preferences.")


def test_a_preference_offered_for_goods_sent_from_elsewhere_names_the_route():
    the_book = book([DUTY, PREFERENCE])
    elsewhere: dict[str, Any] = {"from": "CC", "line": {"origin": "BB"}}
    offered = said(answered(ask(the_book, **elsewhere)), "direct_transport")
    assert [text.startswith("A preference of BB is offered for goods sent from CC") for text in offered] == [True]
    assert said(answered(ask(the_book)), "direct_transport") == []
    assert said(answered(ask(book([DUTY]), **elsewhere)), "direct_transport") == []


def test_a_claim_that_lifts_a_paper_says_nothing_of_the_route():
    permit = rule(Kind.REQUIREMENT, "0101", "", agency="Vets", document="Permit")
    conditions = (condition("claim", "recognition:CC"), condition("document", "Certificate"))
    relief = rule(Kind.RELIEF, "0101", "", programme="recognition", agency="Vets", conditions=conditions)

    def route(measures: list[Measure], *claims: str) -> list[str]:
        elsewhere: dict[str, Any] = {"from": "CC", "line": {"origin": "BB", "claims": list(claims)}}
        messages = said(answered(ask(book(measures), **elsewhere)), "direct_transport")
        return [message.split(" for ")[0] for message in messages]

    assert route([DUTY, permit, relief], "recognition:CC") == []
    both = [DUTY, PREFERENCE, permit, relief]
    assert route(both, "recognition:CC") == ["A preference of BB is offered"]
    assert route(both, "recognition:CC", "AA-BB") == ["A preference of BB is claimed"]


@pytest.mark.parametrize(
    ("extents", "tax", "fees"),
    [
        ({Kind.TAX: "none", Kind.EXCISE: "part", Kind.FEE: "part"}, "none", "none"),
        ({Kind.TAX: "none", Kind.EXCISE: "not_held", Kind.FEE: "not_held"}, "not_held", "not_held"),
        ({Kind.EXCISE: "whole"}, "not_held", "not_known"),
        ({Kind.TAX: "none"}, "not_known", "not_known"),
    ],
)
def test_a_sum_without_charges_is_nothing_only_where_a_statement_says_so(extents, tax, fees):
    where = territory(held=False)
    where = replace(where, practices=(*where.practices, *(stated(kind, extent) for kind, extent in extents.items())))
    answer = answered(ask(book([DUTY], where=where)))
    assert answer.totals.as_json()["sums"] == {"duty": "charged", "tax": tax, "fees": fees}
    assert {p.name: (p.value, p.source) for p in answer.practices if p.name.startswith("coverage_")} == {
        f"coverage_{kind.value}": (extent, SOURCE.title) for kind, extent in extents.items()
    }


@pytest.mark.parametrize(
    ("expression", "conditions", "state"),
    [
        ("set by weight, and not held", (), "not_held"),
        ("1%", (condition("transport", "sea"),), "not_known"),
        ("1%", (condition("maximum_value", "1 USD"),), "none"),
        ("1%", (), "charged"),
    ],
)
def test_a_sum_that_some_rule_may_charge_is_not_known(expression, conditions, state):
    fee = rule(Kind.FEE, "", expression, conditions=conditions)
    assert answered(ask(book([DUTY, fee]))).lines[0].as_json()["sums"]["fees"] == state
