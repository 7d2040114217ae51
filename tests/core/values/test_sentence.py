"""A sentence is written from its template and its parameters, and read back from what was stored."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Parameter, Sentence, Statement, parameters, read_statement, sentence_table
from ewtp.core.values.unit import UNITS

RATE_MISSING = Sentence("rate_missing", "No rate turns {source} into {target} on {day:date}.")
NOT_COMPUTED = Sentence("", "{title:english} could not be computed: {problem:sentence}", form="not_computed")


def filled(template: str, **params: object) -> str:
    return Statement(Sentence("any_code", template), params).message


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("text", "ewtp.csv", "ewtp.csv"),
        ("quoted", "a\x1b", "'a\\x1b'"),
        ("code", "610910", "610910"),
        ("number", 1000, "1000"),
        ("number", Decimal("120.500"), "120.5"),
        ("amount", Decimal("8.5"), "8.50"),
        ("amount", Decimal(1) / 3, "0.333333333333…"),
        ("money", Money(Decimal(85), "USD"), "85.00 USD"),
        ("date", date(2026, 6, 30), "2026-06-30"),
        ("unit", UNITS["KGM"], "kg"),
        ("economy", "KE", "KE"),
        ("territory", {"code": "GB", "name": "Great Britain"}, "Great Britain"),
        ("season", {"from": "01-01", "to": "05-14"}, "01 JAN - 14 MAY"),
        ("term", "quota", "tariff quotas"),
        ("expression", "5.1¢/kg", "5.1¢/kg"),
        ("english", "General duty", "General duty"),
        ("field", "value", "value"),
    ],
)
def test_each_kind_is_written_in_english(kind, value, shown):
    assert filled(f"It is {{it:{kind}}}.", it=value) == f"It is {shown}."


@pytest.mark.parametrize(
    ("join", "values", "shown"),
    [
        ("list", ("a", "b", "c"), "a, b, c"),
        ("and", ("a", "b", "c"), "a, b and c"),
        ("or", ("a", "b"), "a or b"),
        ("plus", ("a", "b", "c"), "a + b + c"),
        ("and", ("a",), "a"),
    ],
)
def test_lists_are_joined(join, values, shown):
    assert filled(f"{{them:{join} text}}", them=values) == shown


def test_braces_are_written_twice_in_a_template():
    assert filled('Give {field} as {{"kg": 1}}.', field="it") == 'Give it as {"kg": 1}.'


@pytest.mark.parametrize(
    "template", ["", "{0}", "{day:weekday}", "{days:with date}", "{name!r}", "{open", "{a.b}"], ids=str
)
def test_a_template_that_cannot_be_filled_is_a_bug(template):
    with pytest.raises((ValueError, KeyError)):
        Sentence("any_code", template)


@pytest.mark.parametrize("params", [{}, {"day": "x"}, {"source": "USD", "target": "GBP", "day": "", "more": 1}])
def test_parameters_are_those_of_the_template(params):
    with pytest.raises(ValueError, match="rate_missing takes"):
        Statement(RATE_MISSING, params)


def test_parameters_are_read_from_the_template():
    assert parameters("{a} {b:list code} {a}") == (Parameter("a"), Parameter("b", "code", "list"), Parameter("a"))


def test_a_refusal_says_its_sentence_with_plain_parameters():
    refusal = Refusal(RATE_MISSING, {"source": "USD", "target": "GBP", "day": date(2026, 6, 30)}, where="value")
    assert refusal.under("lines[0]").as_json() == {
        "code": "rate_missing",
        "message": "No rate turns USD into GBP on 2026-06-30.",
        "params": {"source": "USD", "target": "GBP", "day": "2026-06-30"},
        "where": "lines[0].value",
    }


def test_a_sentence_without_a_code_takes_that_of_the_one_inside():
    inside = Statement(RATE_MISSING, {"source": "USD", "target": "GBP", "day": "2026-06-30"})
    whole = Statement(NOT_COMPUTED.about(inside), {"title": "Duty", "problem": inside})
    assert whole.code == "rate_missing"
    assert whole.message == "Duty could not be computed: No rate turns USD into GBP on 2026-06-30."


def test_what_was_stored_is_read_back():
    table = sentence_table([RATE_MISSING, NOT_COMPUTED])
    inside = Statement(RATE_MISSING, {"source": "USD", "target": "GBP", "day": date(2026, 6, 30)})
    whole = Statement(NOT_COMPUTED.about(inside), {"title": "Duty", "problem": inside})
    read = read_statement(whole.as_json(), table)
    assert read.as_json() == whole.as_json()
    assert read.params["problem"].sentence == RATE_MISSING


@pytest.mark.parametrize(
    "body",
    [
        {"code": "rate_missing", "message": "No rate {known}."},
        {"code": "rate_missing", "message": "No rate {known}.", "params": {"old_name": "USD"}},
        {"code": "long_gone", "message": "No rate {known}.", "params": {}},
    ],
)
def test_what_an_older_edition_stored_keeps_its_english_message(body):
    read = read_statement(body, sentence_table([RATE_MISSING]))
    assert (read.code, read.message) == (body["code"], "No rate {known}.")


def test_two_sentences_of_one_code_differ_in_form():
    other = Sentence("rate_missing", "There is no rate.")
    with pytest.raises(ValueError, match="share"):
        sentence_table([RATE_MISSING, other])
    assert len(sentence_table([RATE_MISSING, Sentence("rate_missing", "There is none.", form="short")])) == 2
