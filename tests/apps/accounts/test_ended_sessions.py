"""The operator ends the sessions of somebody, and of nobody else, and lets in who lost the second factors."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from ewtp.apps.accounts.actions.second_factors import SecondFactorsRemoved, second_factors_remove
from ewtp.apps.accounts.actions.sessions import SessionsEnded, sessions_end
from ewtp.apps.accounts.store.models import User
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.core.values.refusal import Refusal
from tests.actors import OPERATOR, person
from tests.apps.accounts.people import ADDRESS, PASSWORD, made_person
from tests.apps.accounts.test_sign_in import is_in, sign_in
from tests.sent_mail import sent_mails

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


def test_the_operator_lets_somebody_in_again_who_lost_every_factor(client):
    ann, bo = made_person(PASSWORD), User.objects.create_user(username="bo", email="bo@example.org")
    for user in (ann, bo):
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    Authenticator.objects.create(user=ann, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    client.force_login(ann)
    refused = second_factors_remove(email=ADDRESS, actor=person(ann.person), now=timezone.now())
    assert isinstance(refused, Refusal)
    assert refused.code == "operator_needed"
    unknown = second_factors_remove(email="nobody@example.org", actor=OPERATOR, now=timezone.now())
    assert isinstance(unknown, Refusal)
    assert unknown.code == "person_unknown"
    assert Authenticator.objects.count() == 3
    for count in (2, 0):
        removed = second_factors_remove(email=ADDRESS.upper(), actor=OPERATOR, now=timezone.now())
        assert removed == SecondFactorsRemoved(ann.person, count)
    assert list(Authenticator.objects.values_list("user", flat=True)) == [bo.pk]
    assert [each.kind for each in events_about(ann.person)] == ["accounts:second_factors:removed"]
    (mail,) = sent_mails()
    assert (mail.to, "If that was not you" in str(mail.body)) == ([ADDRESS], True)
    # The password still opens the account, and nothing else does.
    fresh = Client()
    sign_in(fresh)
    assert is_in(fresh)
