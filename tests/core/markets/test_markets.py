"""The market finder on an invented world of six economies; every figure can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import Question, read_question
from ewtp.core.markets.finder import destinations, find_markets, find_origins
from ewtp.core.markets.market_row import MarketOutcome, Span, span_of
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.correlation import in_edition
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.records import CodeReplaced
from ewtp.core.rulebook.territory import Group, Membership, TariffLine, Territory
from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import DAY, RATES, SINCE, SOURCE, VOCABULARY, Texts, rule, territory

HORSE = "010121"
PHONE = "851713"


def world():
    """AA taxes and has an agreement with BB; CC and DD are the union UU of an older edition; EE has only VAT."""
    agreement = Group("AA-BB", "Agreement with BB", (Membership("BB", SINCE),), SOURCE, proof="Declaration")
    union = Territory("UU", "Union", ("CC", "DD"), "EUR", "TEST", "HS2017", 8, territory().practices, SOURCE)
    return build_book(
        "v1",
        territories=[
            territory(schedule=SOURCE),
            union,
            Territory("CC", "Ceeland", ("CC",), "EUR"),
            Territory("DD", "Deeland", ("DD",), "EUR"),
            Territory("EE", "Eeland", ("EE",), "USD"),
        ],
        groups=[agreement],
        measures=[
            rule(Kind.DUTY, HORSE, "10%"),
            rule(Kind.PREFERENCE, HORSE, "Free", include=("AA-BB",)),
            rule(Kind.DUTY, PHONE, "2 USD/kg"),
            rule(Kind.TAX, "", "20%", base="duty_paid"),
            rule(Kind.REQUIREMENT, HORSE, "", agency="Horse Board", document="Passport"),
            rule(Kind.DUTY, "01012110", "4%", territory="UU", id="UU-1"),
            rule(Kind.DUTY, "01012190", "8%", territory="UU", id="UU-2"),
            rule(Kind.DUTY, "851712", "5%", territory="UU", id="UU-3"),
            rule(Kind.TAX, "", "25%", territory="CC", base="duty_paid", id="CC-tax"),
            rule(Kind.TAX, "", "15%", territory="DD", base="duty_paid", id="DD-tax"),
            rule(Kind.TAX, "", "12%", territory="EE", base="duty_paid", id="EE-tax"),
        ],
        lines=[
            *(TariffLine("AA", code, SINCE) for code in ("01012100", "85171300")),
            *(TariffLine("UU", code, SINCE) for code in ("01012110", "01012190", "85171200")),
        ],
        replaced=[
            CodeReplaced("HS2017", "851712", "HS2022", "851713"),
            CodeReplaced("HS2017", "851712", "HS2022", "851714"),
            CodeReplaced("HS2017", "111111", "HS2022", "222222"),
            CodeReplaced("HS2017", "333333", "HS2022", "222222"),
        ],
    )


def asked(hs=HORSE, **line):
    body = {
        "from": "BB",
        "to": "AA",
        "date": DAY.isoformat(),
        "lines": [{"hs": hs, "value": {"amount": "1000.00", "currency": "USD"}, **line}],
    }
    question = read_question(body, today=DAY, vocabulary=VOCABULARY)
    assert isinstance(question, Question), question
    return question


def found(question, book=None):
    rows = find_markets(question, book or world(), RATES, Texts())
    assert not isinstance(rows, Refusal), rows
    return {row.economy: row for row in rows}


def usd(amount):
    return Money(Decimal(amount), "USD")


def test_every_member_of_a_union_is_a_destination_and_the_union_is_none():
    assert destinations(world()) == ("AA", "CC", "DD", "EE")


def test_complete_answers_come_first_then_ranges_then_what_is_only_taxed():
    rows = found(asked())
    assert [(row.economy, row.outcome) for row in rows.values()] == [
        ("AA", MarketOutcome.COMPLETE),
        ("DD", MarketOutcome.RANGE),
        ("CC", MarketOutcome.RANGE),
        ("EE", MarketOutcome.TAX_ONLY),
    ]


def test_a_row_is_the_answer_of_the_same_question():
    question = asked("01012100")
    row = found(question)["AA"]
    answer = assess(question, world(), RATES, Texts())
    assert not isinstance(answer, Refusal)
    assert row.landed_cost == Span(answer.totals.landed_cost, answer.totals.landed_cost) == span_of([usd("1320.00")])
    assert row.duty == span_of([usd("100.00")])
    assert row.tax == span_of([usd("220.00")])
    assert row.fees is None
    assert (row.agencies, row.documents) == (("Horse Board",), ("Passport",))


def test_the_best_option_gives_its_saving_and_the_cost_with_it_tax_included():
    best = found(asked())["AA"].best
    assert best is not None
    assert (best.claim, best.proof) == ("AA-BB", "Declaration")
    assert best.saving == span_of([usd("100.00")])
    assert best.landed_cost == span_of([usd("1200.00")])


def test_national_lines_that_differ_give_a_span_in_the_currency_of_the_question():
    row = found(asked())["CC"]
    assert row.lines == 2
    assert row.duty == Span(usd("40.00"), usd("80.00"))
    # 4% and 8% of the price, and 25% on what that makes.
    assert row.landed_cost == Span(usd("1300.00"), usd("1350.00"))
    written = row.as_json(1)
    assert written["landed_cost"] is None
    assert written["range"]["landed_cost"]["highest"] == {"amount": "1350.00", "currency": "USD"}


def test_where_only_the_tax_is_known_no_landed_cost_is_given():
    row = found(asked())["EE"]
    assert row.landed_cost is None
    assert row.duty is None
    assert row.tax_rates == ("12%",)
    assert "tariff_not_in_rulebook" in {unknown.code for unknown in row.unknowns}


def test_a_missing_quantity_is_said_in_the_row_and_stops_nothing():
    rows = found(asked(PHONE))
    assert rows["AA"].outcome is MarketOutcome.REFUSED
    assert rows["AA"].refusal is not None
    assert rows["AA"].refusal.code == "quantity_missing"
    assert list(rows)[-1] == "AA"
    assert found(asked(PHONE, quantities={"kg": "10"}))["AA"].duty == span_of([usd("20.00")])


def test_a_code_of_a_newer_edition_is_asked_under_its_one_older_name_and_the_row_says_so():
    row = found(asked(PHONE))["CC"]
    assert row.code == "851712"
    assert row.as_json(1)["resolved"] == {"from": "851713", "to": "851712", "edition": "HS2017"}
    assert row.duty == span_of([usd("50.00")])


def test_a_code_that_came_from_several_is_not_guessed():
    assert in_edition(world(), "222222", "HS2017") is None
    rows = found(asked("222222"), replace(world()))
    assert rows["CC"].outcome is MarketOutcome.REFUSED
    assert rows["CC"].refusal is not None
    assert rows["CC"].refusal.code == "code_wrong_edition"


def test_a_code_of_no_edition_is_refused_once():
    refused = find_markets(asked("990000"), world(), RATES, Texts())
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.where) == ("code_unknown", "hs")


def test_digits_beyond_six_are_one_economys_own_and_are_not_compared():
    assert found(asked("0101219099"))["CC"].lines == 2


@pytest.mark.parametrize(("origin", "claim"), [("BB", "AA-BB"), ("FF", None)])
def test_the_other_way_every_origin_has_its_duty_and_its_option(origin, claim):
    rows = find_origins(asked(), ["FF", "BB", "AA"], world(), RATES, Texts())
    assert not isinstance(rows, Refusal)
    assert [row.economy for row in rows] == ["BB", "FF"]
    row = next(row for row in rows if row.economy == origin)
    assert row.duty == span_of([usd("100.00")])
    assert (row.best.claim if row.best else None) == claim


def test_a_span_goes_from_low_to_high():
    with pytest.raises(ValueError, match="low to high"):
        Span(usd("2"), usd("1"))
