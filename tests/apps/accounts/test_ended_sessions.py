"""The operator ends the sessions of somebody, and of nobody else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ewtp.apps.accounts.actions.sessions import SessionsEnded, sessions_end
from ewtp.apps.accounts.store.models import User
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.core.values.refusal import Refusal
from tests.actors import OPERATOR, person
from tests.apps.accounts.people import ADDRESS, PASSWORD, made_person
from tests.apps.accounts.test_sign_in import is_in, sign_in

pytestmark = pytest.mark.django_db


def test_the_operator_ends_the_sessions_of_one_person(client):
    ann = made_person(PASSWORD)
    user = User.objects.create_user(username="cy", email="cy@example.org")
    first, second, stranger = Client(), Client(), client
    sign_in(first)
    sign_in(second)
    stranger.force_login(user)
    assert all(is_in(each) for each in (first, second, stranger))
    refused = sessions_end(email=ADDRESS, actor=person(user.person), now=timezone.now())
    assert isinstance(refused, Refusal)
    assert (refused.code, is_in(first)) == ("operator_needed", True)
    for count in (2, 0):
        assert sessions_end(email=ADDRESS.upper(), actor=OPERATOR, now=timezone.now()) == SessionsEnded(
            ann.person, count
        )
    assert [is_in(each) for each in (first, second, stranger)] == [False, False, True]
    assert [each.kind for each in events_about(ann.person)] == ["accounts:sessions:ended"]
    sign_in(first)
    assert is_in(first)
