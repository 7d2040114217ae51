"""Real rates with hand-computed duties, and the arithmetic that is shown for them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from ewtp.core.rulebook.expressions.duty_needs import Need, list_required_facts
from ewtp.core.rulebook.expressions.evaluation import Computation, Facts, evaluate
from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.expressions.printer import render
from ewtp.core.rulebook.expressions.tree import Alternatives, with_rule
from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal
from tests.core.rulebook.expressions.helpers import computed, read, refused

CASES = yaml.safe_load((Path(__file__).parent / "worked.yaml").read_text(encoding="utf-8"))


def _money(text):
    amount, currency = text.split()
    return Money(Decimal(amount), currency)


def _facts(case):
    return Facts(
        _money(case.get("value") or f"1000.00 {case['schedule']}"),
        {key: Decimal(amount) for key, amount in case.get("quantities", {}).items()},
        {part: _money(value) for part, value in case.get("parts", {}).items()},
        Decimal(case["inherited"]) if "inherited" in case else None,
        {tuple(pair.split("/")): Decimal(rate) for pair, rate in case.get("rates", {}).items()},
        case.get("date"),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:50])
def test_a_real_rate_comes_to_the_duty_worked_out_by_hand(case):
    expression = parse(case["text"], currency=case.get("schedule"))
    assert not isinstance(expression, Refusal), expression
    answer = evaluate(expression, _facts(case))
    if "refusal" in case:
        assert isinstance(answer, Refusal)
        assert answer.code == case["refusal"]
    else:
        assert isinstance(answer, Computation), answer
        assert answer.amount == Decimal(case["amount"])
    assert parse(render(expression)) == expression


def test_there_are_enough_worked_cases_of_every_dialect():
    assert len(CASES) >= 100
    assert {case.get("schedule") for case in CASES} >= {"USD", "GBP", "EUR", "ZAR", "CAD", "CHF"}


def _trace(text, **case):
    return [step.text for step in computed(read(text, currency=case["schedule"]), _facts(case)).trace]


def test_the_trace_is_arithmetic_that_can_be_checked():
    assert _trace("5.1¢/kg + 8.5%", schedule="USD", quantities={"KGM": "100"}) == [
        "100 kg \N{MULTIPLICATION SIGN} 0.051 USD/kg = 5.10 USD",
        "8.5% of 1000.00 USD = 85.00 USD",
        "5.10 + 85.00 = 90.10 USD",
    ]
    assert _trace("13.80 % MIN 13.00 GBP / 100 kg", schedule="GBP", quantities={"KGM": "1200"}) == [
        "13.80% of 1000.00 GBP = 138.00 GBP",
        "1200 kg \N{MULTIPLICATION SIGN} 13.00 GBP/100 kg = 156.00 GBP",
        "the minimum 13.00 GBP/100 kg (156.00 GBP) applies: 156.00 GBP",
    ]
    assert _trace(
        "10 EUR/t",
        schedule="EUR",
        value="1 GBP",
        quantities={"KGM": "500"},
        rates={"EUR/GBP": "0.8571"},
    ) == [
        "0.5 tonne \N{MULTIPLICATION SIGN} 10 EUR/tonne = 5.00 EUR",
        "5.00 EUR \N{MULTIPLICATION SIGN} 0.8571 GBP/EUR = 4.2855 GBP",
    ]
    assert _trace("14% (01 JUL-31 JAN), Free", schedule="GBP", date=date(2026, 7, 1))[-1] == (
        "on 2026-07-01 the season 01 JUL - 31 JAN applies: 140.00 GBP"
    )


def test_a_missing_fact_is_named_with_the_way_to_give_it():
    quantity = refused(read("3.7¢/kg on drained weight"), Facts(Money(Decimal(1), "USD")))
    assert dict(quantity.details)["unit"] == "KGM.drained"
    assert "in kg_drained." in quantity.message
    assert dict(quantity.details)["asked_as"] == "kg_drained"
    part = refused(read("6% on the case"), Facts(Money(Decimal(1), "USD")))
    assert part.details == (("part", "case"),)
    assert "value" in part.message
    rate = refused(read("1 EUR/kg"), Facts(Money(Decimal(1), "USD"), {"KGM": Decimal(1)}))
    assert "EUR/USD" in rate.message


def test_an_open_choice_shows_both_amounts_and_a_cited_rule_settles_it():
    expression = read("40% or 240c/kg", currency="ZAR")
    facts = Facts(Money(Decimal(1000), "ZAR"), {"KGM": Decimal(100)})
    refusal = refused(expression, facts)
    assert dict(refusal.details)["amounts"] == ("400.00", "240.00")
    settled = with_rule(expression, "higher")
    assert isinstance(settled, Alternatives)
    assert computed(settled, facts).amount == 400


def test_what_a_form_has_to_ask_for():
    assert list_required_facts(read("44¢ each + 6% on the case")) == (
        Need("quantity", "C62"),
        Need("currency", "USD"),
        Need("part", "case"),
    )
    assert list_required_facts(read("1.40 GBP / % vol / hl"))[:2] == (Need("quantity", "HLT"), Need("quantity", "ASV"))
    assert list_required_facts(read("8.5%")) == ()


def test_a_fact_that_is_no_fact_is_a_bug():
    with pytest.raises(ValueError, match="zero or more"):
        Facts(Money(Decimal(-1), "USD"))
    with pytest.raises(ValueError, match="zero or more"):
        Facts(Money(Decimal(1), "USD"), {"KGM": Decimal("NaN")})
