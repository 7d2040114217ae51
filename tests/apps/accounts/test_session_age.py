"""How long a session lasts and how many there are, what the log has of signing in, and what browsers are told."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core import signing
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from ewtp.apps.accounts.surface.known_browser import find_known_browser, keep_browser
from ewtp.apps.accounts.surface.session_age import LIFETIME, MOST_SESSIONS, UNUSED
from tests.apps.accounts.people import ADDRESS, OWN, PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _attempts_are_forgotten():
    cache.clear()


def sign_in(client, password=PASSWORD, **given):
    return client.post("/account/login/", {"login": ADDRESS, "password": password, "remember": "on", **given})


def is_in(client, monkeypatch, later=timedelta()):
    """Whether a page of one's own is shown after a time."""
    moment = time.time() + later.total_seconds()
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: moment)
        return client.get(OWN).status_code == 200


def test_a_session_that_nobody_used_for_three_days_is_over(client, ann, monkeypatch):
    del ann
    sign_in(client)
    for hours in range(0, 10 * 24, 71):
        assert is_in(client, monkeypatch, timedelta(hours=hours)), hours
    last = timedelta(hours=213)
    assert is_in(client, monkeypatch, last + UNUSED - timedelta(minutes=1))
    over = Client()
    sign_in(over)
    assert not is_in(over, monkeypatch, UNUSED + timedelta(minutes=1))
    # It does not come back, whatever the clock says.
    assert not is_in(over, monkeypatch)


def test_a_session_that_is_used_each_day_is_over_two_weeks_after_it_began(client, ann, monkeypatch):
    del ann
    sign_in(client)
    for day in range(14):
        assert is_in(client, monkeypatch, timedelta(days=day)), day
    assert not is_in(client, monkeypatch, LIFETIME + timedelta(minutes=1))


def test_use_is_noted_at_most_once_an_hour(client, ann, monkeypatch):
    del ann
    sign_in(client)
    used = client.session["used"]
    assert is_in(client, monkeypatch, timedelta(minutes=59))
    assert client.session["used"] == used
    assert is_in(client, monkeypatch, timedelta(minutes=61))
    assert client.session["used"] > used


def test_the_oldest_session_ends_where_an_account_has_too_many(ann, monkeypatch):
    browsers = [Client() for _ in range(MOST_SESSIONS + 1)]
    for number, browser in enumerate(browsers):
        # Of one client there would be too many attempts.
        browser.post("/account/login/", {"login": ADDRESS, "password": PASSWORD}, REMOTE_ADDR=f"192.0.2.{number}")
    assert UserSession.objects.filter(user=ann).count() == MOST_SESSIONS
    assert [is_in(browser, monkeypatch) for browser in browsers] == [False] + [True] * MOST_SESSIONS


def test_sessions_are_ended_by_whoever_proves_who_is_there(client, ann):
    client.force_login(ann)
    assert client.get("/account/sessions/").status_code == 200
    asked = client.post("/account/sessions/", {"action": "end"})
    assert asked.headers["Location"].startswith("/account/reauthenticate/")


def test_pages_of_whoever_signed_in_are_in_no_cache_and_forgotten_on_signing_out(client, ann):
    del ann
    assert "Clear-Site-Data" not in client.get("/trade").headers
    sign_in(client)
    for address in (OWN, "/trade", "/account/email/"):
        assert "no-store" in client.get(address, follow=True).headers["Cache-Control"], address
    assert client.post("/account/logout/").headers["Clear-Site-Data"] == '"cache", "storage"'


def test_signing_in_leads_to_no_other_site(client, ann):
    del ann
    assert sign_in(client, next="https://elsewhere.example/").headers["Location"] == OWN


def test_signing_in_and_out_is_logged_without_address_or_secret(client, ann, caplog):
    sign_in(client, "wrong")
    sign_in(client)
    client.post("/account/logout/")
    refused, accepted, out = [each.getMessage() for each in caplog.records if each.name == "ewtp.security"]
    assert refused.endswith(": password")
    assert accepted.startswith(f"person {ann.person} signed in by password from client ")
    assert out == f"person {ann.person} signed out"
    assert all(text not in caplog.text for text in (ADDRESS, PASSWORD, "127.0.0.1"))
    for _ in range(11):
        sign_in(client, "wrong")
    assert caplog.records[-1].getMessage().endswith(": too many attempts")


def test_the_cookie_of_a_known_browser_is_believed_for_a_year_and_for_its_purpose(rf, settings, monkeypatch):
    def known(token, account=ADDRESS):
        request = rf.get("/")
        request.session, request.COOKIES["known_browser"] = {}, token
        return find_known_browser(request, account)

    response = HttpResponse()
    keep_browser(rf.get("/"), response, ADDRESS)
    token = response.cookies["known_browser"].value
    assert known(token)
    assert not known(token, "bo@example.org")
    assert not known(token.rpartition(":")[0] + ":")
    assert not known(signing.dumps(signing.loads(token, salt="ewtp.accounts.known_browser"), salt="another purpose"))
    year = time.time() + timedelta(days=366).total_seconds()
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: year)
        assert not known(token)
    settings.SECRET_KEY = "the key of another installation"
    assert not known(token)
