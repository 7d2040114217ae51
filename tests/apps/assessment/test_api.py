"""Assessments over HTTP, on a real PostgreSQL: answers that stay, problems in sentences, harmless repeats."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from ewtp.apps.accounts.actions.tokens import NewToken, token_create
from ewtp.apps.accounts.reading.tokens import token_list
from tests.actors import OPERATOR

ADDRESS = "/api/v1/assessments"
LINE = {"hs": "6109.10.00", "value": {"amount": "1000.00", "currency": "GBP"}}
QUESTION = {
    "from": "ZA",
    "to": "GB",
    "date": "2026-06-30",
    "lines": [LINE],
}

pytestmark = pytest.mark.usefixtures("rulebook")


def post(client, body, **headers):
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return client.post(ADDRESS, content, content_type="application/json", headers=headers)


def problem(response, status, code):
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"].endswith(".")
    return body


def test_an_answer_has_the_shape_of_the_contract(client):
    response = post(client, QUESTION)
    assert response.status_code == 201
    body = response.json()
    assert set(body) >= {"id", "rulebook_version", "date", "known_at", "request", "lines", "totals", "stale"}
    (line,) = body["lines"]
    assert line["customs_value"] == {"amount": "1000.00", "currency": "GBP", "basis": "CIF"}
    assert [(c["kind"], c["amount"]["amount"], c["base"]["amount"]) for c in line["charges"]] == [
        ("duty", "120.00", "1000.00"),
        ("tax", "224.00", "1120.00"),
    ]
    for charge in line["charges"]:
        assert set(charge["citation"]) == {"source", "url", "reference", "valid_from", "valid_to", "retrieved"}
        assert charge["status"] == "law"
    assert line["options"][0]["claim"] == "GB-TEST"
    assert line["options"][0]["saving"] == {"amount": "120.00", "currency": "GBP"}
    assert body["totals"]["landed_cost"] == {"amount": "1344.00", "currency": "GBP"}


def test_the_same_bytes_for_ever(client, publish):
    first = post(client, QUESTION)
    kept = client.get(first.headers["Location"])
    assert kept.status_code == 200
    assert kept.content == first.content
    assert post(client, QUESTION).content == first.content
    # A newer law gives a new answer under a new address; the old one stays what it was.
    publish("5%", datetime(2026, 3, 1, tzinfo=UTC))
    newer = post(client, QUESTION)
    assert newer.json()["totals"]["duty"]["amount"] == "50.00"
    assert newer.json()["id"] != first.json()["id"]
    assert client.get(first.headers["Location"]).content == first.content


@pytest.mark.parametrize("keep", ["yes", 1, []])
def test_a_wish_that_is_no_yes_or_no_is_refused(client, keep):
    assert problem(post(client, {**QUESTION, "keep": keep}), 422, "keep_unreadable")["where"] == "keep"


def test_any_answer_can_be_asked_as_known_at_any_moment(client, publish):
    before = post(client, QUESTION).json()
    publish("5%", datetime(2026, 3, 1, tzinfo=UTC))
    then = post(client, {**QUESTION, "known_at": "2026-02-15T00:00:00Z"}).json()
    assert then["rulebook_version"] == before["rulebook_version"]
    assert (then["lines"], then["totals"]) == (before["lines"], before["totals"])
    problem(post(client, {**QUESTION, "known_at": "2026-01-15T00:00:00Z"}), 422, "known_at_too_early")


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({"from": "ZZ"}, "economy_unknown", "from"),
        ({"to": "UK"}, "economy_unknown", "to"),
        ({"to": "ZA"}, "same_economy", "to"),
        ({"date": "30/06/2026"}, "date_unreadable", "date"),
        ({"known_at": "2026-01-15"}, "known_at_unreadable", "known_at"),
        ({"lines": []}, "lines_missing", "lines"),
        ({"colour": "red"}, "field_unknown", None),
        ({"freight": {"amount": "-1", "currency": "GBP"}}, "amount_unreadable", "freight"),
        ({"freight": {"amount": 80, "currency": "ABC"}}, "currency_unknown", "freight"),
        ({"buyer": "robot"}, "buyer_unknown", "buyer"),
    ],
)
def test_a_bad_question_is_a_problem_that_names_the_field(client, change, code, where):
    body = post(client, {**QUESTION, **change}).json()
    if code == "amount_unreadable":
        assert body["code"] in {"amount_unreadable", "amount_negative"}
    else:
        assert body["code"] == code
    assert body.get("where") == where


@pytest.mark.parametrize(
    ("line", "code", "where"),
    [
        ({"hs": "61091"}, "code_too_short", "lines[0].hs"),
        ({"hs": "six"}, "code_unreadable", "lines[0].hs"),
        ({"hs": "610911"}, "code_unknown", "lines[0].hs"),
        ({"value": {"amount": "1000.005", "currency": "GBP"}}, "amount_too_fine", "lines[0].value"),
        ({"value": {"amount": "0", "currency": "GBP"}}, "value_zero", "lines[0].value"),
        ({"value": {"amount": "9" * 16, "currency": "GBP"}}, "amount_absurd", "lines[0].value"),
        ({"value": {"amount": 1000.5, "currency": "GBP"}}, "amount_unreadable", "lines[0].value"),
        ({"quantities": {"furlong": "1"}}, "unit_unknown", "lines[0].quantities.furlong"),
        ({"quantities": {"kg": "1", "KGM": "2"}}, "quantity_twice", "lines[0].quantities.KGM"),
        ({"hs": "090111"}, "quantity_missing", "lines[0].quantities"),
        ({"claims": ["GB-1013"]}, "claim_unknown", "lines[0].claims"),
    ],
)
def test_a_bad_line_is_a_problem_that_names_the_field(client, line, code, where):
    body = problem(post(client, {**QUESTION, "lines": [{**LINE, **line}]}), 422, code)
    assert body["where"] == where


def test_one_problem_names_everything_that_is_wrong(client):
    body = problem(
        post(client, {**QUESTION, "to": "ZZ", "lines": [LINE, {}, {**LINE, "hs": "61091"}]}), 422, "economy_unknown"
    )
    assert [(each["code"], each["where"]) for each in body["errors"]] == [
        ("economy_unknown", "to"),
        ("code_unreadable", "lines[1].hs"),
        ("money_unreadable", "lines[1].value"),
        ("code_too_short", "lines[2].hs"),
    ]
    assert (body["detail"], body["where"]) == (body["errors"][0]["message"], "to")
    alone = problem(post(client, {**QUESTION, "to": "ZZ"}), 422, "economy_unknown")
    assert len(alone["errors"]) == 1


def test_a_fault_of_one_line_hides_no_code_that_the_rulebook_refuses(client):
    unknown, finer = {**LINE, "hs": "999999"}, {**LINE, "hs": "888888", "value": {"amount": "x", "currency": "XXQ"}}
    body = problem(
        post(client, {**QUESTION, "lines": [{**LINE, "quantities": {"kg": "x"}}, unknown, LINE, finer]}),
        422,
        "amount_unreadable",
    )
    assert [(each["code"], each["where"]) for each in body["errors"]] == [
        ("amount_unreadable", "lines[0].quantities.kg"),
        ("currency_unknown", "lines[3].value"),
        ("amount_unreadable", "lines[3].value"),
        ("code_unknown", "lines[1].hs"),
        ("code_unknown", "lines[3].hs"),
    ]


@pytest.mark.parametrize("content", [b"", b"{", b"[1", b"\xff\xfe", b'{"from": ' + b"[" * 100_000])
def test_what_is_not_json_is_a_problem(client, content):
    problem(post(client, content), 400, "json_unreadable")


@pytest.mark.parametrize(
    ("content", "form", "at"), [(b" ", "empty", 0), (b"\xff{}", "not_text", 0), (b'{"from":\n x}', "", 10)]
)
def test_where_a_body_stops_being_json_is_told_in_words_of_ours(client, content, form, at):
    told = problem(post(client, content), 400, "json_unreadable")
    assert (told.get("form", ""), told["at"]) == (form, at)
    if not form:
        assert told["params"] == {"place": 11, "line": 2, "column": 2}


def test_ten_megabytes_of_nonsense_are_refused(client):
    response = post(client, b'{"from": "' + b"x" * 10_000_000 + b'"}')
    assert 400 <= response.status_code < 500
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_repeat_with_the_same_key_gets_the_first_answer(client):
    first = post(client, QUESTION, **{"Idempotency-Key": "one"})
    again = post(client, QUESTION, **{"Idempotency-Key": "one"})
    assert (again.status_code, again.content) == (201, first.content)
    other = {**QUESTION, "date": "2026-07-01"}
    problem(post(client, other, **{"Idempotency-Key": "one"}), 422, "idempotency_key_reused")
    refused = post(client, {"from": "ZZ"}, **{"Idempotency-Key": "two"})
    repeated = post(client, {"from": "ZZ"}, **{"Idempotency-Key": "two"})
    assert (repeated.status_code, repeated.content) == (refused.status_code, refused.content)
    assert repeated.headers["Content-Type"] == "application/problem+json"


def test_a_token_must_be_good_when_it_is_sent(client):
    made = token_create(name="test", now=timezone.now(), scopes=["read"], actor=OPERATOR)
    assert isinstance(made, NewToken)
    assert post(client, QUESTION, Authorization=f"Bearer {made.secret}").status_code == 201
    assert token_list()[-1].last_used is not None
    problem(post(client, QUESTION, Authorization="Bearer ewtp_wrong"), 401, "token_unknown")
    problem(post(client, QUESTION, Authorization="Basic abc"), 401, "token_unreadable")


def test_an_unknown_answer_and_an_unknown_address(client):
    problem(client.get(f"{ADDRESS}/anothing"), 404, "assessment_unknown")
    problem(client.get("/api/v1/nothing"), 404, "address_unknown")


def test_the_database_refuses_to_change_an_answer(client):
    stored = post(client, {**QUESTION, "keep": True}).json()["id"]
    for command in ("UPDATE assessment_assessment SET content = ''", "DELETE FROM assessment_assessment"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(command)
    assert client.get(f"{ADDRESS}/{stored}").status_code == 200


def test_the_description_names_every_address(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/assessments", "/api/v1/assessments/{assessment_id}"} <= set(paths)
    assert client.get("/api/v1/docs").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_remembered_answer_gives_way_to_a_newer_rulebook(client, publish):
    """Outside a transaction the process remembers what it answered; a published version must not be hidden by that."""
    first = post(client, QUESTION)
    assert post(client, QUESTION).content == first.content
    publish("5%", datetime(2026, 3, 1, tzinfo=UTC))
    assert post(client, QUESTION).json()["totals"]["duty"]["amount"] == "50.00"
    assert client.get(first.headers["Location"]).content == first.content


def test_a_field_given_twice_is_refused(client):
    content = orjson.dumps(QUESTION)[:-1] + b', "to": "US"}'
    problem(post(client, content), 422, "field_twice")


def test_nobody_knows_what_the_rulebook_will_hold(client):
    problem(post(client, {**QUESTION, "known_at": "2099-01-01T00:00:00Z"}), 422, "known_at_in_future")


def test_a_claimed_agreement_still_says_what_it_asks_for(client):
    answer = post(client, {**QUESTION, "lines": [{**LINE, "claims": ["GB-TEST"]}]}).json()
    (agreed,) = answer["lines"][0]["claimed"]
    assert (agreed["claim"], agreed["title"], agreed["proof"]) == ("GB-TEST", "Test agreement", "Declaration")
    page = client.get(f"/answers/{answer['id']}").content.decode()
    assert "Declaration" in page
    assert "Test agreement" in page


def test_the_table_for_spreadsheets_says_what_is_not_known(client):
    answer = post(client, QUESTION).json()
    rows = client.get(f"/answers/{answer['id']}.csv").content.decode().splitlines()
    assert any(row.startswith("unknown,") and "freight_not_given" in row for row in rows)
    assert any(row.startswith("option,") and "120.00" in row for row in rows)
    freight = next(row for row in rows if row.startswith("total,") and "freight" in row)
    assert "0.00" not in freight
