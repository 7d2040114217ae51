"""Whose idempotency keys they are over HTTP, and when they expire."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from django.db import connection
from django.utils import timezone

from ewtp.apps.accounts.actions.tokens import NewToken, token_create
from ewtp.apps.http.actions import repeat_storage
from ewtp.apps.http.surface import idempotency
from ewtp.gateways.database.row_security import system_rows
from tests.actors import OPERATOR

QUESTION = {
    "from": "ZA",
    "to": "GB",
    "date": "2026-06-30",
    "lines": [{"hs": "6109.10.00", "value": {"amount": "1000.00", "currency": "GBP"}}],
}
OTHER = {**QUESTION, "date": "2026-07-01"}

pytestmark = pytest.mark.usefixtures("rulebook")


def post(client, body, address="192.0.2.1", **headers):
    return client.post(
        "/api/v1/assessments",
        orjson.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": "1", **headers},
        REMOTE_ADDR=address,
    )


def stored_callers():
    with system_rows("a test"), connection.cursor() as cursor:
        cursor.execute("SELECT caller FROM http_idempotencyrecord ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def age_keys(age):
    with system_rows("a test"), connection.cursor() as cursor:
        cursor.execute("UPDATE http_idempotencyrecord SET created = created - %s", [age])


def test_one_caller_cannot_take_the_key_of_another(client):
    assert post(client, QUESTION).status_code == 201
    assert post(client, OTHER).status_code == 422
    assert post(client, OTHER, "192.0.2.2").status_code == 201
    made = token_create(name="test", now=timezone.now(), scopes=["read"], actor=OPERATOR)
    assert isinstance(made, NewToken)
    assert post(client, OTHER, Authorization=f"Bearer {made.secret}").status_code == 201
    assert len(set(stored_callers())) == 3


def test_an_address_is_not_stored(client):
    post(client, QUESTION)
    (caller,) = stored_callers()
    assert caller.startswith("anonymous:")
    assert "192.0.2.1" not in caller


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_added(client, settings):
    settings.HTTPS = True
    behind = "10.0.0.1"
    for forwarded in ("192.0.2.1", "198.51.100.9, 192.0.2.1", "192.0.2.7"):
        post(client, QUESTION, behind, **{"X-Forwarded-For": forwarded})
    assert len(stored_callers()) == 2
    settings.HTTPS = False
    # Without a proxy of the operator's, anybody could write that header.
    for forwarded in ("192.0.2.1", "192.0.2.7"):
        post(client, QUESTION, behind, **{"X-Forwarded-For": forwarded})
    assert len(stored_callers()) == 3


def test_a_key_expires(client, settings):
    settings.IDEMPOTENCY_LIFETIME = timedelta(hours=2)
    first = post(client, QUESTION)
    age_keys(timedelta(hours=1, minutes=59))
    assert post(client, QUESTION).content == first.content
    assert post(client, OTHER).status_code == 422
    age_keys(timedelta(minutes=2))
    assert post(client, OTHER).status_code == 201
    assert post(client, QUESTION).status_code == 422


def test_what_is_stored_for_repeats_is_bounded_in_all(client, settings, monkeypatch):
    monkeypatch.setattr(repeat_storage, "_LOOK_SECONDS", 0.0)
    made = token_create(name="test", now=timezone.now(), scopes=["read"], actor=OPERATOR)
    assert isinstance(made, NewToken)
    bearer = {"Authorization": f"Bearer {made.secret}"}
    # A tenth of this is for repeats, and half of that for those without a token.
    settings.ANSWER_STORAGE = replace(settings.ANSWER_STORAGE, kept_bytes=200_000)
    statuses = []
    for number in range(60):
        address = f"192.0.2.{number}"
        statuses.append(post(client, question(number), address).status_code)
    stored = statuses.count(201)
    assert statuses == [201] * stored + [507] * (60 - stored)
    # Bounded by the half, to within one answer: the row of the request that is refused is counted as well.
    assert 9_000 <= stored_bytes() < 12_500
    refused = post(client, OTHER)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    refused = post(client, OTHER, "192.0.2.99")
    assert (refused.status_code, refused.json()["code"]) == (507, "repeats_full")
    # A repeat is answered as before, and so is the same question without a key.
    assert post(client, question(0), "192.0.2.0").status_code == 201
    without = client.post("/api/v1/assessments", orjson.dumps(OTHER), content_type="application/json")
    assert without.status_code == 201
    # Whoever has a token is served, until all of it is used.
    number, answered = 0, post(client, question(0), **{**bearer, "Idempotency-Key": "0"})
    while answered.status_code == 201 and number < 60:
        number += 1
        answered = post(client, question(number), **{**bearer, "Idempotency-Key": f"{number}"})
    assert (answered.status_code, answered.json()["code"]) == (507, "repeats_full")
    assert 19_000 <= stored_bytes() < 22_500
    # Nothing is remembered of what was refused: once there is space, the same key is answered.
    settings.ANSWER_STORAGE = replace(settings.ANSWER_STORAGE, kept_bytes=400_000)
    again = post(client, question(number), **{**bearer, "Idempotency-Key": f"{number}"})
    assert again.status_code == 201


def question(number):
    """A question of its own for each number."""
    return {**QUESTION, "lines": [{"hs": "6109.10.00", "value": {"amount": f"{number + 1}", "currency": "GBP"}}]}


def stored_bytes():
    with system_rows("a test"), connection.cursor() as cursor:
        cursor.execute("SELECT sum(pg_column_size(answer) + 600) FROM http_idempotencyrecord")
        return int(cursor.fetchone()[0])


def test_new_keys_remove_expired_ones_now_and_then(client, settings, monkeypatch):
    monkeypatch.setattr(idempotency, "EXPIRE_EVERY", 3)
    monkeypatch.setattr(idempotency, "_fresh_keys", itertools.count(1))
    settings.IDEMPOTENCY_LIFETIME = timedelta(hours=2)
    for number in range(2):
        post(client, QUESTION, **{"Idempotency-Key": f"old {number}"})
    age_keys(timedelta(hours=3))
    post(client, QUESTION, **{"Idempotency-Key": "new"})
    assert len(stored_callers()) == 1
    assert idempotency.keys_expired_before() < timezone.now() - timedelta(hours=1, minutes=59)
