"""Everything that is wrong with a question is refused at once, each thing at its field, the first one first."""

from __future__ import annotations

from typing import Any

import pytest

from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import MOST_LINES, MOST_REFUSALS, Question, read_question
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Sentence
from tests.core.assessment.small_book import DAY, RATES, VOCABULARY, Texts, book, rule

VALUE = {"amount": "1000.00", "currency": "USD"}
GOOD = {"hs": "01012100", "value": VALUE}
LAW = book([rule(Kind.DUTY, "0101", "10%"), rule(Kind.DUTY, "0201", "2 USD/kg")])


def question(*lines: Any, **fields: Any) -> dict[str, Any]:
    return {"from": "BB", "to": "AA", "lines": list(lines), **fields}


def refusals(body: object) -> list[tuple[str, str | None]]:
    """Codes and places of all that is wrong, whether the reader finds it or the law."""
    read = read_question(body, today=DAY, vocabulary=VOCABULARY)
    answer = assess(read, LAW, RATES, Texts()) if isinstance(read, Question) else read
    assert isinstance(answer, Refusal), answer
    assert (answer.code, answer.where) == (answer.every[0].code, answer.every[0].where)
    assert all(each.others == () for each in answer.every)
    return [(each.code, each.where) for each in answer.every]


def test_every_field_and_every_line_is_named():
    body = {
        "colour": "red",
        "from": "ZZ",
        "to": "QQ",
        "date": "30/06/2026",
        "known_at": "yesterday",
        "buyer": "robot",
        "transport": "camel",
        "freight": {"amount": "80"},
        "insurance": {"amount": "80", "currency": "XXXX"},
        "lines": [
            {"hs": "six", "value": {"amount": "0", "currency": "USD"}, "origin": "QQ", "claims": "all", "size": "L"},
            GOOD,
            "nothing",
            {
                "hs": "01012100",
                "value": VALUE,
                "quantities": {"furlong": "1", "kg": "-1"},
                "parts": {"case": 5, "lid": 6},
            },
        ],
    }
    assert refusals(body) == [
        ("field_unknown", None),
        ("economy_unknown", "from"),
        ("economy_unknown", "to"),
        ("date_unreadable", "date"),
        ("known_at_unreadable", "known_at"),
        ("buyer_unknown", "buyer"),
        ("transport_unknown", "transport"),
        ("money_unreadable", "freight"),
        ("currency_unknown", "insurance"),
        ("field_unknown", "lines[0]"),
        ("code_unreadable", "lines[0].hs"),
        ("economy_unknown", "lines[0].origin"),
        ("value_zero", "lines[0].value"),
        ("claims_unreadable", "lines[0].claims"),
        ("question_unreadable", "lines[2]"),
        ("unit_unknown", "lines[3].quantities.furlong"),
        ("amount_negative", "lines[3].quantities.kg"),
        ("money_unreadable", "lines[3].parts.case"),
        ("money_unreadable", "lines[3].parts.lid"),
    ]


def test_the_law_refuses_every_line_at_once():
    claiming = {**GOOD, "claims": ["NO-1", "NO-2"]}
    weighed = {"hs": "02011000", "value": VALUE, "claims": ["NO-3"]}
    assert refusals(question(claiming, GOOD, {**GOOD, "hs": "99999999"}, weighed)) == [
        ("claim_unknown", "lines[0].claims"),
        ("claim_unknown", "lines[0].claims"),
        ("code_unknown", "lines[2].hs"),
        ("claim_unknown", "lines[3].claims"),
        ("quantity_missing", "lines[3].quantities"),
    ]


def test_every_amount_without_a_rate_is_named():
    yen = {"amount": "1", "currency": "JPY"}
    in_yen = {**GOOD, "value": yen}
    body = question(GOOD, in_yen, in_yen, freight=yen)
    assert refusals(body) == [
        ("exchange_rate_missing", "lines[1].value"),
        ("exchange_rate_missing", "lines[2].value"),
        ("exchange_rate_missing", "freight"),
    ]


def test_an_amount_without_a_rate_hides_no_code():
    in_yen = {**GOOD, "value": {"amount": "1", "currency": "JPY"}}
    assert refusals(question({**GOOD, "hs": "99999999"}, in_yen, {**in_yen, "hs": "88888888"})) == [
        ("exchange_rate_missing", "lines[1].value"),
        ("exchange_rate_missing", "lines[2].value"),
        ("code_unknown", "lines[0].hs"),
        ("code_unknown", "lines[2].hs"),
    ]


@pytest.mark.parametrize("body", [None, [], "ask", 7])
def test_what_is_not_an_object_is_one_refusal(body):
    assert refusals(body) == [("question_unreadable", None)]


def test_nonsense_is_not_answered_by_more_than_a_page_can_hold():
    worst = dict.fromkeys((f"field {number}" for number in range(50)), 1)
    found = refusals(question(*[worst] * MOST_LINES))
    # The last line whose refusals still fitted is told in full.
    assert MOST_REFUSALS <= len(found) < MOST_REFUSALS + 60


def test_one_refusal_alone_has_no_list():
    alone = Refusal(Sentence("too_late", "Come earlier."), where="date")
    assert Refusal.join([alone]) == alone
    assert "errors" not in alone.as_json()
    several = Refusal.join([alone, Refusal(Sentence("too_far", "Come nearer."))]).under("lines[0]")
    assert several.as_json()["errors"] == [
        {"code": "too_late", "message": "Come earlier.", "params": {}, "where": "lines[0].date"},
        {"code": "too_far", "message": "Come nearer.", "params": {}, "where": "lines[0]"},
    ]


def test_both_halves_of_a_sum_and_of_a_quantity_are_named():
    line = {"hs": "01012100", "value": {"amount": 1.5, "currency": "XXQ"}, "quantities": {"blob": "x"}}
    assert refusals(question(line)) == [
        ("currency_unknown", "lines[0].value"),
        ("amount_unreadable", "lines[0].value"),
        ("unit_unknown", "lines[0].quantities.blob"),
        ("amount_unreadable", "lines[0].quantities.blob"),
    ]
