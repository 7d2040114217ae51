"""Secrets are drawn from the system, never from the generator that a seed repeats."""

from __future__ import annotations

import os
import random
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.sessions.backends.db import SessionStore
from django.middleware.csrf import get_token
from django.test import RequestFactory

from ewtp.apps.accounts.actions.tokens import NewToken, token_create
from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.gateways.installation.home import secret_key
from tests.actors import OPERATOR

pytestmark = pytest.mark.django_db


def new_session() -> str:
    session = SessionStore()
    session.create()
    return str(session.session_key)


def token_secret() -> str:
    made = token_create(name="t", scopes=[Scope.READ], actor=OPERATOR, now=datetime(2026, 6, 30, tzinfo=UTC))
    assert isinstance(made, NewToken)
    return made.secret


# Beside each, the fewest characters that it may have: 128 bits, or 20 where attempts are counted.
@pytest.mark.parametrize(
    ("draw", "least"),
    [
        (token_secret, 22),
        (new_session, 25),
        (lambda: get_token(RequestFactory().get("/")), 22),
        (generate_totp_secret, 26),
        (RecoveryCodes.generate_seed, 25),
        (lambda: secret_key(Path(tempfile.mkdtemp(dir=os.environ["EWTP_HOME"]))), 50),
        (lambda: get_adapter().generate_email_verification_code(), 6),
    ],
    ids=["token", "session", "form", "one-time codes", "recovery codes", "installation", "mailed code"],
)
def test_a_secret_is_long_and_no_seed_repeats_it(draw, least, monkeypatch):
    monkeypatch.delenv("EWTP_SECRET_KEY", raising=False)
    drawn = []
    for _ in range(2):
        random.seed(7)
        drawn.append(draw())
    assert drawn[0] != drawn[1]
    assert min(len(each) for each in drawn) >= least
