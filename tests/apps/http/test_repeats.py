"""Whose idempotency keys they are over HTTP, and when they expire."""

from __future__ import annotations

import itertools
from datetime import timedelta

import orjson
import pytest
from django.db import connection
from django.utils import timezone

from ewtp.apps.accounts.actions.tokens import NewToken, token_create
from ewtp.apps.http.surface import idempotency
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
    with connection.cursor() as cursor:
        cursor.execute("SELECT caller FROM http_idempotencyrecord ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def age_keys(age):
    with connection.cursor() as cursor:
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
