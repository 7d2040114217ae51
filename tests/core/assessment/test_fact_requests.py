"""Facts that an answer asks for: each settles what is open where it is stated."""

from __future__ import annotations

import pytest

from ewtp.core.rulebook.measure import Condition, Kind
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import answered, ask, book, rule

DUTY = rule(Kind.DUTY, "0101", "10%")
NO_FREIGHT = {"amount": "0.00", "currency": "USD"}


def asks(answer):
    return [(fact.fact, fact.name, [value for value, _ in fact.choices]) for fact in answered(answer).lines[0].asks]


def charges(answer):
    return [(charge.kind.value, str(charge.amount.amount)) for charge in answered(answer).lines[0].charges]


def open_codes(answer):
    return {unknown.code for unknown in answered(answer).lines[0].unknowns}


@pytest.mark.parametrize(("field", "value", "first"), [("transport", "sea", "sea"), ("buyer", "business", "consumer")])
def test_how_goods_travel_and_who_buys_them_are_asked_with_every_choice(field, value, first):
    fee = rule(Kind.FEE, "", "1%", conditions=(Condition(field, value),))
    the_book = book([DUTY, fee])
    ((fact, _, choices),) = asks(ask(the_book, freight=NO_FREIGHT))
    assert (fact, choices[0]) == (field, first)
    told = ask(the_book, freight=NO_FREIGHT, **{field: value})
    assert asks(told) == []
    assert "condition_open" not in open_codes(told)


def test_freight_is_asked_where_none_is_given():
    assert asks(ask(book([DUTY]))) == [("freight", "", [])]
    assert asks(ask(book([DUTY]), freight=NO_FREIGHT)) == []


def test_a_use_that_decides_is_asked_in_the_words_of_the_law():
    words = "parts of vehicles"
    conditions = (
        Condition("scope", "9903", words),
        Condition("unless_claim", "end_use:parts", words),
        Condition("unless_claim", "9903.06", "no parts of vehicles"),
    )
    open_rule = rule(Kind.ADDITIONAL_DUTY, "0101", "25%", title="Parts", conditions=conditions)
    due = rule(Kind.ADDITIONAL_DUTY, "0101", "25%", conditions=(Condition("end_use", "parts", words),), id="due")
    the_book = book([DUTY, open_rule, due])
    (fact,) = answered(ask(the_book, freight=NO_FREIGHT)).lines[0].asks
    assert fact.choices == (("end_use:parts", words), ("9903.06", "no parts of vehicles"))
    assert fact.titles == ("Parts",)
    for claim, owed in (("end_use:parts", [("duty", "100.00"), ("additional_duty", "250.00")]),
                        ("9903.06", [("duty", "100.00")])):  # fmt: skip
        told = ask(the_book, freight=NO_FREIGHT, line={"claims": [claim]})
        assert charges(told) == owed
        assert asks(told) == []


def test_the_value_of_a_part_is_asked_and_settles_its_duty():
    metal = rule(Kind.ADDITIONAL_DUTY, "0101", "50% upon the value of the steel content")
    the_book = book([DUTY, metal])
    assert asks(ask(the_book, freight=NO_FREIGHT)) == [("part", "steel content", [])]
    told = ask(the_book, freight=NO_FREIGHT, line={"parts": {"steel content": {"amount": "200.00", "currency": "USD"}}})
    assert ("additional_duty", "100.00") in charges(told)
    assert asks(told) == []


def taxed(rates):
    tax = rule(Kind.TAX, "0101", "20%", title="VAT", programme="vat", conditions=(Condition("reduced", rates, rates),))
    return book([DUTY, tax])


def test_the_rate_of_a_tax_is_asked_and_the_one_stated_is_charged():
    the_book = taxed("5% 0%")
    asked = ask(the_book, freight=NO_FREIGHT)
    assert asks(asked) == [("claim", "", ["vat:20%", "vat:5%", "vat:0%"])]
    assert not answered(asked).totals.complete
    for claim, tax in (("vat:20%", "200.00"), ("vat:5%", "50.00"), ("vat:0%", "0.00")):
        told = answered(ask(the_book, freight=NO_FREIGHT, line={"claims": [claim]}))
        assert ("tax", tax) in charges(told)
        assert told.totals.complete
        assert asks(told) == []
        assert told.lines[0].charges[-1].notes[0].code == "rate_stated"


def test_a_rate_that_is_not_listed_cannot_be_stated_and_two_contradict():
    assert asks(ask(taxed("5% unlisted"), freight=NO_FREIGHT)) == [("claim", "", ["vat:20%", "vat:5%"])]
    unknown = ask(taxed("5% unlisted"), line={"claims": ["vat:0%"]})
    assert isinstance(unknown, Refusal)
    assert unknown.code == "claim_unknown"
    both = ask(taxed("5% 0%"), line={"claims": ["vat:5%", "vat:0%"]})
    assert isinstance(both, Refusal)
    assert (both.code, both.form) == ("claims_conflict", "rate")


def test_a_tax_that_a_finer_one_takes_the_place_of_is_not_asked_for_its_rate():
    general = rule(Kind.TAX, "01", "20%", programme="vat", conditions=(Condition("reduced", "5% 0%", "5% 0%"),))
    finer = rule(Kind.TAX, "0101", "0%", programme="vat", id="zero")
    answer = ask(book([DUTY, general, finer]), freight=NO_FREIGHT)
    assert ("tax", "0.00") in charges(answer)
    assert asks(answer) == []
