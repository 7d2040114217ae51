"""What holds for every question and every book: sums, order, and sameness."""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from ewtp.core.assessment.answer import Answer
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import Question, read_question
from ewtp.core.rulebook.measure import Kind, Measure
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
    territory,
)
from tests.drawn_inputs import input_count

AMOUNTS = st.integers(min_value=1, max_value=10**9).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
PERCENTS = st.sampled_from(["0%", "Free", "0.1%", "3.3%", "7%", "12.5%", "33 1/3%", "100%"])
EXPRESSIONS = st.one_of(
    PERCENTS,
    st.sampled_from(["5.1¢/kg + 8.5%", "13 USD/100 kg", "10% MIN 3 USD/100 kg MAX 900 USD/t", "2 EUR/kg"]),
)
KINDS = st.sampled_from([Kind.DUTY, Kind.ADDITIONAL_DUTY, Kind.FEE, Kind.TAX, Kind.EXCISE])


@st.composite
def measures(draw: st.DrawFn) -> list[Measure]:
    """Up to eight rules of any charging kind, at any length of prefix."""
    rules = []
    for number in range(draw(st.integers(min_value=0, max_value=8))):
        kind = draw(KINDS)
        rules.append(
            rule(
                kind,
                draw(st.sampled_from(["", "01", "0101", "010121"])),
                draw(EXPRESSIONS),
                id=f"m{number}",
                programme=f"p{number}",
                base="duty_paid" if kind is Kind.TAX else "customs_value",
            ),
        )
    return rules


@st.composite
def consignments(draw: st.DrawFn) -> dict[str, object]:
    """One to four lines, with or without carriage."""
    lines = [
        {
            "hs": "01012100",
            "value": {"amount": draw(AMOUNTS), "currency": draw(st.sampled_from(["USD", "EUR", "GBP"]))},
            "quantities": {"kg": str(draw(st.integers(min_value=1, max_value=10**6)))},
        }
        for _ in range(draw(st.integers(min_value=1, max_value=4)))
    ]
    freight = draw(st.one_of(st.none(), AMOUNTS))
    return {"lines": lines, "freight": None if freight is None else {"amount": freight, "currency": "USD"}}


def total(answer: Answer) -> Decimal:
    """What is paid besides the goods and their carriage."""
    return answer.totals.duty.amount + answer.totals.tax.amount + answer.totals.fees.amount


@settings(max_examples=input_count(150), deadline=None)
@given(measures(), consignments(), st.sampled_from(["FOB", "CIF"]))
def test_charges_add_up_to_the_totals_exactly(rules, consignment, valuation):
    answer = answered(ask(book(rules, where=territory(valuation)), **consignment))
    charged = sum((c.amount.amount for line in answer.lines for c in line.charges), Decimal(0))
    totals = answer.totals
    assert charged == total(answer)
    assert totals.landed_cost.amount == totals.goods.amount + totals.freight.amount + totals.insurance.amount + charged
    worth = totals.goods.amount + (totals.freight.amount if valuation == "CIF" else 0)
    assert totals.customs_value.amount == sum(line.customs_value.amount for line in answer.lines) == worth


@settings(max_examples=input_count(150), deadline=None)
@given(measures(), consignments(), KINDS, PERCENTS)
def test_one_more_charge_never_lowers_a_total(rules, consignment, kind, expression):
    extra = rule(
        kind,
        "0101",
        expression,
        id="extra",
        programme="extra",
        base="duty_paid" if kind is Kind.TAX else "customs_value",
    )
    if kind is Kind.DUTY and any(m.kind is Kind.DUTY for m in rules):
        # Another duty rule replaces the first and does not add to it.
        return
    before = answered(ask(book(rules), **consignment))
    after = answered(ask(book([*rules, extra]), **consignment))
    assert total(after) >= total(before)


@settings(max_examples=input_count(100), deadline=None)
@given(measures(), consignments())
def test_an_answer_replayed_equals_itself_byte_for_byte(rules, consignment):
    the_book = book(rules)
    answer = answered(ask(the_book, **consignment))
    text = json.dumps(answer.as_json(), ensure_ascii=False)
    request = json.loads(text)["request"]
    question = read_question(request, today=DAY, vocabulary=VOCABULARY)
    assert isinstance(question, Question), question
    again = assess(question, book(rules), RATES, Texts())
    assert json.dumps(answered(again).as_json(), ensure_ascii=False) == text


@settings(max_examples=input_count(100), deadline=None)
@given(measures(), consignments())
def test_an_order_of_rules_is_no_part_of_the_law(rules, consignment):
    one = answered(ask(book(rules), **consignment)).as_json()
    other = answered(ask(book(list(reversed(rules))), **consignment)).as_json()
    assert one == other


@settings(max_examples=input_count(100), deadline=None)
@given(consignments(), PERCENTS, PERCENTS)
def test_an_option_never_costs_more(consignment, duty, preference):
    the_book = book([rule(Kind.DUTY, "0101", duty), rule(Kind.PREFERENCE, "0101", preference, include=("AA-BB",))])
    answer = answered(ask(the_book, **consignment))
    for number, line in enumerate(answer.lines):
        for option in line.options:
            assert option.saving is not None
            assert option.saving.amount > 0
            lines = [dict(entry) for entry in consignment["lines"]]
            lines[number]["claims"] = [option.claim]
            claimed = answered(ask(the_book, **{**consignment, "lines": lines}))
            assert answer.totals.duty.amount - claimed.totals.duty.amount == option.saving.amount


@settings(max_examples=input_count(100), deadline=None)
@given(st.decimals(min_value="0.01", max_value="1000000", places=2))
def test_a_bounded_fee_stays_within_its_bounds(value):
    fee = rule(Kind.FEE, "", "0.3464%", minimum="33.58 USD", maximum="651.50 USD")
    answer = answered(ask(book([fee]), value=str(value)))
    assert Decimal("33.58") <= answer.totals.fees.amount <= Decimal("651.50")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        name: st.one_of(JSON, value)
        for name, value in {
            "from": st.sampled_from(["BB", "bb", "ZZ", ""]),
            "to": st.sampled_from(["AA", "BB"]),
            "date": st.sampled_from(["2026-06-30", "2026-02-30", "1066-10-14"]),
            "known_at": st.sampled_from(["2026-06-30T00:00:00Z", "yesterday"]),
            "lines": st.lists(
                st.fixed_dictionaries(
                    {},
                    optional={
                        "hs": st.one_of(JSON, st.just("0101.21.00")),
                        "value": st.one_of(JSON, st.just({"amount": "1.00", "currency": "USD"})),
                        "quantities": st.one_of(JSON, st.just({"kg": "-1"})),
                        "claims": JSON,
                    },
                ),
                max_size=3,
            ),
        }.items()
    },
)


@settings(max_examples=input_count(300), deadline=None)
@given(st.one_of(JSON, FIELDS))
def test_nonsense_is_refused_in_a_sentence_and_never_raises(body):
    question = read_question(body, today=DAY, vocabulary=VOCABULARY)
    if isinstance(question, Refusal):
        assert question.message.endswith(".")
        assert len(question.message) < 500
    else:
        assert isinstance(assess(question, book([rule(Kind.DUTY, "0101", "10%")]), RATES, Texts()), Answer | Refusal)


def test_conditions_of_an_unknown_kind_are_left_open():
    odd = rule(Kind.ADDITIONAL_DUTY, "", "10%", programme="odd", conditions=(condition("phase of the moon", "full"),))
    answer = answered(ask(book([rule(Kind.DUTY, "0101", "10%"), odd])))
    assert any(unknown.code == "condition_open" for unknown in answer.lines[0].unknowns)
    assert not answer.totals.complete
