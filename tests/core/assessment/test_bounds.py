"""Every total has bounds: what each unknown may do to what is owed, and what the rulebook states of its coverage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.effects import EFFECTS, Effect, effect_of
from ewtp.core.assessment.question import read_question
from ewtp.core.compiled.format.unknown_bits import LOWERING, RAISING, UNKNOWN_CODES, unknown_bit
from ewtp.core.rulebook.coverage_statement import COVERED_KINDS
from ewtp.core.rulebook.measure import Condition, Kind
from ewtp.core.rulebook.reduced_rate import lowest_rate
from ewtp.core.rulebook.rule import Rule
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import (
    DAY,
    RATES,
    VOCABULARY,
    Texts,
    answered,
    ask,
    book,
    condition,
    rule,
    stated,
    territory,
)

if TYPE_CHECKING:
    from ewtp.core.assessment.answer import Answer
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.territory import Practice

DUTY = rule(Kind.DUTY, "0101", "10%")
VAT = rule(Kind.TAX, "", "20%", base="duty_paid", title="VAT")
CARRIAGE: dict[str, Any] = {"freight": {"amount": "0.00", "currency": "USD"}}


def bounds(answer: Answer) -> tuple[str, str | None]:
    least, most = answer.totals.at_least, answer.totals.at_most
    return str(least.amount), None if most is None else str(most.amount)


def codes(answer: Answer) -> dict[str, tuple[str, str | None]]:
    """The unknowns that have an effect: the effect and the amount of each."""
    said = [unknown.as_json() for unknown in answer.lines[0].unknowns if unknown.effect is not Effect.NONE]
    return {each["code"]: (each["effect"], each["amount"] and each["amount"]["amount"]) for each in said}


def of(measures: list[Measure], *practices: Practice, held: bool = True, **fields: Any) -> Answer:
    where = territory(held=held)
    return answered(ask(book(measures, where=replace(where, practices=(*where.practices, *practices))), **fields))


def reduced(value: str) -> Measure:
    return replace(VAT, conditions=(Condition("reduced", value, value),))


def test_a_whole_question_about_held_law_is_complete():
    answer = of([DUTY, VAT], **CARRIAGE)
    assert bounds(answer) == ("1320.00", "1320.00")
    assert answer.totals.complete
    assert codes(answer) == {}
    assert answer.lines[0].owed.as_json()["at_most"] == {"amount": "320.00", "currency": "USD"}


@pytest.mark.parametrize(
    ("rates", "least", "amount"),
    [
        ("5%", "1155.00", "165.00"),
        ("5% 0%", "1100.00", "220.00"),
        ("unlisted", "1100.00", "220.00"),
        ("25%", "1320.00", "0.00"),
    ],
)
def test_a_reduced_rate_bounds_the_total_below(rates: str, least: str, amount: str):
    answer = of([DUTY, reduced(rates)], **CARRIAGE)
    assert bounds(answer) == (least, "1320.00")
    assert codes(answer)["reduced_rate_possible"] == ("lowers", amount)
    assert answer.totals.complete is (least == "1320.00")


def test_the_lowest_rate_is_zero_for_a_tax_that_is_more_than_a_percentage():
    measure = replace(reduced("5%"), expression="20% + 1.00 USD/kg")
    assert lowest_rate(Rule(measure)) == Decimal(0)
    assert lowest_rate(Rule(VAT)) is None


def test_freight_that_was_not_given_may_raise_the_total():
    answer = of([DUTY, VAT])
    assert bounds(answer) == ("1320.00", None)
    assert codes(answer) == {"freight_not_given": ("raises", None)}
    assert not answer.totals.complete


def test_a_charge_that_exists_and_is_not_held_leaves_the_total_open_upwards():
    spirits = rule(Kind.EXCISE, "0101", "set by strength, and not held", title="Excise on spirits")
    answer = of([DUTY, VAT, spirits], **CARRIAGE)
    assert bounds(answer) == ("1320.00", None)
    assert codes(answer)["amount_not_held"] == ("raises", None)
    # The goods beside it are not touched.
    assert of([DUTY, VAT, spirits, rule(Kind.DUTY, "0201", "10%")], hs="02011000", **CARRIAGE).totals.complete


@pytest.mark.parametrize(
    ("practice", "code"),
    [
        (stated(Kind.EXCISE, "not_held"), "charges_not_held"),
        (stated(Kind.EXCISE, "none"), ""),
        (None, "charges_not_looked_at"),
    ],
)
def test_a_kind_of_charge_is_held_only_where_somebody_says_so(practice: Practice | None, code: str):
    others = [stated(kind, "whole") for kind in (Kind.ADDITIONAL_DUTY, Kind.FEE)]
    answer = of([DUTY, VAT], *others, *([practice] if practice else []), held=False, **CARRIAGE)
    assert answer.totals.complete is not bool(code)
    assert codes(answer) == ({code: ("raises", None)} if code else {})
    if code:
        (said,) = [unknown for unknown in answer.lines[0].unknowns if unknown.code == code]
        assert "excise" in said.message
        assert "fees" not in said.message


def test_charges_held_until_a_day_name_it_and_the_answer_asks_for_it():
    others = [stated(kind, "whole") for kind in (Kind.EXCISE, Kind.FEE)]
    until = replace(stated(Kind.ADDITIONAL_DUTY, "part"), validity=Period(date(2020, 1, 1), date(2026, 5, 31)))
    since = replace(stated(Kind.ADDITIONAL_DUTY, "not_held"), validity=Period(date(2026, 6, 1)))
    answer = of([DUTY, VAT], *others, until, since, held=False, **CARRIAGE)
    (said,) = [unknown for unknown in answer.lines[0].unknowns if unknown.code == "charges_not_held"]
    assert (said.form, said.params["last"], answer.totals.complete) == ("since", date(2026, 5, 31), False)
    assert [(fact.fact, fact.choices) for fact in answer.lines[0].asks] == [("date", (("2026-05-31", ""),))]
    assert of([DUTY, VAT], *others, until, held=False, date="2026-05-31", **CARRIAGE).totals.complete


def test_a_tax_that_does_not_exist_is_no_gap():
    without = territory(held=False)
    kinds = (Kind.ADDITIONAL_DUTY, Kind.EXCISE, Kind.FEE)
    practices = [*without.practices, *(stated(kind, "whole") for kind in kinds), stated(Kind.TAX, "none")]
    answer = answered(ask(book([DUTY], where=replace(without, practices=tuple(practices))), **CARRIAGE))
    assert bounds(answer) == ("1100.00", "1100.00")
    assert codes(of([DUTY], **CARRIAGE))["tax_not_in_rulebook"] == ("raises", None)


def test_what_lowers_by_an_unknown_amount_leaves_goods_and_carriage():
    relief = rule(Kind.RELIEF, "", "", programme="relief:duty", conditions=(condition("moon", "full"),), title="Relief")
    freight: dict[str, Any] = {"freight": {"amount": "50.00", "currency": "USD"}}
    answer = of([DUTY, VAT, relief], **freight)
    assert codes(answer)["relief_open"] == ("lowers", None)
    assert answer.totals.at_least.amount == Decimal("1050.00")


def test_a_flat_amount_takes_the_place_of_the_duty_and_may_be_more_or_less_than_it():
    """Three euros an item in place of the duty, as in Regulation (EU) 2026/382, here in dollars."""
    flat: dict[str, Any] = {"programme": "relief:duty", "minimum": "3.00 USD", "maximum": "3.00 USD", "title": "Flat"}
    consumers = rule(Kind.RELIEF, "", "", conditions=(condition("buyer", "consumer"),), **flat)
    answer = of([DUTY, VAT, consumers], buyer="consumer", **CARRIAGE)
    assert [str(charge.amount.amount) for charge in answer.lines[0].charges] == ["3.00", "200.60"]
    assert of([DUTY, VAT, consumers], buyer="business", **CARRIAGE).totals.duty.amount == Decimal("100.00")
    undecided = of([DUTY, VAT, consumers], **CARRIAGE)
    assert codes(undecided)["flat_duty_open"] == ("either", None)
    assert [fact.fact for fact in undecided.lines[0].asks] == ["buyer"]
    moon = of([DUTY, VAT, rule(Kind.RELIEF, "", "", conditions=(condition("moon", "full"),), **flat)], **CARRIAGE)
    assert codes(moon)["flat_duty_open"] == ("either", None)
    foreign = of([DUTY, VAT, rule(Kind.RELIEF, "", "", **{**flat, "minimum": "3 XDR", "maximum": "3 XDR"})], **CARRIAGE)
    assert codes(foreign)["exchange_rate_missing"] == ("raises", None)
    assert bounds(foreign)[1] is None


def test_a_valuation_that_is_not_known_matters_only_where_carriage_was_counted():
    bare = replace(territory(), practices=territory().practices[1:])
    without = answered(ask(book([DUTY, VAT], where=bare), **CARRIAGE))
    assert codes(without)["valuation_not_in_rulebook"] == ("lowers", "0.00")
    assert without.totals.complete
    counted = answered(ask(book([DUTY, VAT], where=bare), freight={"amount": "50.00", "currency": "USD"}))
    assert codes(counted)["valuation_not_in_rulebook"] == ("lowers", None)
    assert counted.totals.at_least.amount == Decimal("1050.00")


def test_bounds_of_several_lines_add_up():
    lines = [{"hs": code, "value": {"amount": "1000.00", "currency": "USD"}} for code in ("01012100", "02011000")]
    law = [DUTY, rule(Kind.DUTY, "0201", "10%"), reduced("5%")]
    answer = answered(ask(book(law), lines=lines, **CARRIAGE))
    assert bounds(answer) == ("2310.00", "2640.00")


def test_every_code_of_the_table_has_its_bit_and_the_bits_their_effects():
    for code in UNKNOWN_CODES:
        effect = effect_of(*code.split(":"))
        bit = unknown_bit(code)
        assert bool(RAISING & bit) is effect.raises, code
        assert bool(LOWERING & bit) is (effect.lowers and code != "reduced_rate_possible"), code
    assert EFFECTS.keys() <= {code.partition(":")[0] for code in UNKNOWN_CODES}


UNTAXED = [stated(kind, "none" if kind is Kind.TAX else "whole") for kind in COVERED_KINDS]
BY_SEA = rule(Kind.FEE, "", "0.125%", title="Harbour fee", conditions=(condition("transport", "sea"),))


def test_a_fee_that_a_missing_fact_decides_raises_by_its_amount():
    answer = of([DUTY, BY_SEA], *UNTAXED, held=False, **CARRIAGE)
    assert bounds(answer) == ("1100.00", "1101.25")
    assert codes(answer) == {"condition_open": ("raises", "1.25")}
    assert not answer.totals.complete
    given = of([DUTY, BY_SEA], *UNTAXED, held=False, transport="air", **CARRIAGE)
    assert given.totals.complete
    assert bounds(given) == ("1100.00", "1100.00")


def test_a_fee_that_may_be_owed_is_bounded_for_the_consignment_and_shared_by_its_lines():
    capped = replace(BY_SEA, minimum="10.00 USD", maximum="12.00 USD")
    where = territory(held=False)
    the_book = book([DUTY, capped], where=replace(where, practices=(*where.practices, *UNTAXED)))
    lines = [{"hs": "01012100", "value": {"amount": amount, "currency": "USD"}} for amount in ("1000.00", "3000.00")]
    body = {"from": "BB", "to": "AA", "date": DAY.isoformat(), "lines": lines, **CARRIAGE}
    question = read_question(body, today=DAY, vocabulary=VOCABULARY)
    assert not isinstance(question, Refusal)
    answer = answered(assess(question, the_book, RATES, Texts()))
    assert [unknown.amount.amount for line in answer.lines for unknown in line.unknowns if unknown.amount] == [
        Decimal("2.50"),
        Decimal("7.50"),
    ]
    assert bounds(answer) == ("4400.00", "4410.00")
