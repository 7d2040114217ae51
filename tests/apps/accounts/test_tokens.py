"""A token opens what it was made for until it is revoked, and its secret is kept nowhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import serializers
from django.db import IntegrityError, transaction

from ewtp.apps.accounts.actions.tokens import NewToken, token_create, token_revoke, token_used
from ewtp.apps.accounts.reading.tokens import Token, token_by_secret, token_list
from ewtp.apps.accounts.store.models import ApiToken
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.row_security import system_rows
from tests.actors import OPERATOR

NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def made(**changes) -> NewToken:
    new = token_create(**{"name": "shop", "scopes": ["write", "read"], "now": NOW, "actor": OPERATOR, **changes})
    assert isinstance(new, NewToken)
    return new


def test_a_secret_finds_its_token():
    new = made()
    assert token_by_secret(new.secret) == new.token
    assert new.token.scopes == ("read", "write")
    assert new.secret.startswith(new.token.prefix)
    assert token_by_secret(new.secret + "x") is None
    assert token_by_secret(new.token.prefix) is None


def test_the_secret_is_kept_nowhere():
    new = made()
    with system_rows("a test"):
        kept = serializers.serialize("json", ApiToken.objects.all())
    assert new.token.prefix in kept
    assert new.secret not in kept
    assert new.secret not in repr(events_about(new.token.prefix))


def test_a_revoked_token_opens_nothing_and_keeps_its_first_moment():
    new = made()
    first = token_revoke(prefix=new.token.prefix, now=NOW, actor=OPERATOR)
    again = token_revoke(prefix=new.token.prefix, now=NOW + timedelta(days=1), actor=OPERATOR)
    assert isinstance(first, Token)
    assert first == again
    assert first.revoked == NOW
    assert token_by_secret(new.secret) is None
    kinds = [entry.kind for entry in events_about(new.token.prefix)]
    assert kinds == ["accounts:token:created", "accounts:token:revoked"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "token_name_invalid"),
        ({"name": "x" * 101}, "token_name_invalid"),
        ({"scopes": []}, "token_scope_unknown"),
        ({"scopes": ["read", "everything"]}, "token_scope_unknown"),
    ],
)
def test_what_a_token_cannot_be(changes, code):
    refusal = token_create(**{"name": "shop", "scopes": ["read"], "now": NOW, "actor": OPERATOR, **changes})
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert token_list() == ()


@pytest.mark.parametrize("scopes", [[], ["everything"], ["read", "everything"]])
def test_the_database_refuses_a_scope_that_nobody_checks(scopes):
    with pytest.raises(IntegrityError, match="api_token_scopes"), system_rows("a test"), transaction.atomic():
        ApiToken.objects.create(prefix="ewtp_x", digest="0" * 64, name="x", scopes=scopes)


def test_an_unknown_prefix_is_refused():
    refusal = token_revoke(prefix="ewtp_none", now=NOW, actor=OPERATOR)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "token_unknown"


def test_use_is_noted_to_the_hour():
    prefix = made().token.prefix
    token_used(prefix=prefix, now=NOW)
    token_used(prefix=prefix, now=NOW + timedelta(minutes=59))
    assert token_list()[0].last_used == NOW
    token_used(prefix=prefix, now=NOW + timedelta(minutes=61))
    assert token_list()[0].last_used == NOW + timedelta(minutes=61)
