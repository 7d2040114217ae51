"""Passwords, second factors and sessions, as the pages of an account and its cookies treat them."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from ewtp.apps.accounts.store.models import User
from tests.apps.accounts.people import ADDRESS, OWN, PASSWORD
from tests.sent_mail import sent_mails

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _attempts_are_forgotten():
    cache.clear()


def sign_in(client, password=PASSWORD):
    return client.post("/account/login/", {"login": ADDRESS, "password": password})


def is_in(client):
    return client.get(OWN).status_code == 200


def sign_up(client, password):
    return client.post("/account/signup/", {"email": "bo@example.org", "password1": password})


def prove(client, address):
    """Open a page that asks again who is there."""
    asked = client.get(address)
    if asked.status_code == 302:
        client.post(asked.headers["Location"], {"password": PASSWORD})
    return client.get(address).content.decode()


def with_codes(client):
    """Turn one-time codes on; gives their secret."""
    page = prove(client, "/account/2fa/totp/activate/")
    secret = re.search(r'value="([A-Z2-7]{16,})"', page)
    assert secret is not None
    done = client.post("/account/2fa/totp/activate/", {"code": code_of(secret.group(1))})
    assert done.status_code == 302
    return secret.group(1)


def code_of(secret, later=0):
    counters = sorted(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2] + later))


def signed_up_code():
    code = re.search(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{2,4})$", str(sent_mails()[-1].body), re.MULTILINE)
    assert code is not None
    return code.group(1)


@pytest.mark.parametrize("password", ["short", "elevenchars", "qwerty123456", "ann@example.org"])
def test_a_password_is_long_and_neither_common_nor_the_address(client, password):
    refused = client.post("/account/signup/", {"email": ADDRESS, "password1": password})
    assert (refused.status_code, User.objects.count()) == (200, 0)


@pytest.mark.parametrize(
    "password", ["abandoned lighthouse", "mawimbi ya bahari", "无边落木萧萧下不尽长江滚滚来", "x7!" * 30 + "end of it"]
)
def test_a_password_is_of_any_characters_and_up_to_a_hundred_of_them(client, password):
    assert sign_up(client, password).headers["Location"] == "/account/confirm-email/"
    assert User.objects.get().check_password(password)


@pytest.mark.parametrize(
    "other", [PASSWORD.upper(), PASSWORD[:-1], f"{PASSWORD} ", f" {PASSWORD}", PASSWORD.replace(" ", "")]
)
def test_a_password_is_compared_as_it_was_typed(client, ann, other):
    del ann
    sign_in(client, other)
    assert not is_in(client)
    sign_in(client)
    assert is_in(client)


def test_a_password_lasts_and_is_changed_by_whoever_knows_it(client, ann):
    User.objects.filter(pk=ann.pk).update(last_login=timezone.now() - timedelta(days=4_000))
    sign_in(client)
    address, following = (
        "/account/password/change/",
        {"password1": "staple of the trade", "password2": "staple of the trade"},
    )
    prove(client, address)
    client.post(address, {"oldpassword": "wrong", **following})
    assert User.objects.get().check_password(PASSWORD)
    client.post(address, {"oldpassword": PASSWORD, **following})
    assert User.objects.get().check_password("staple of the trade")


def test_fields_for_passwords_are_masked_and_open_to_managers(client):
    for address in ("/account/login/", "/account/signup/"):
        page = client.get(address).content.decode()
        field = re.search(r"<input[^>]*password[^>]*>", page)
        assert field is not None
        assert 'type="password"' in field.group()
        assert re.search('autocomplete="(current|new)-password"', field.group())
        assert "onpaste" not in page


def test_a_new_installation_has_no_accounts():
    assert User.objects.count() == 0


def test_a_code_that_was_mailed_is_tried_three_times_and_lasts_ten_minutes(monkeypatch):
    for wrong, later, expected in ((3, 0, False), (0, 601, False), (2, 500, True)):
        cache.clear()
        client = Client()
        sign_up(client, PASSWORD)
        code = signed_up_code()
        for _ in range(wrong):
            client.post("/account/confirm-email/", {"code": "ZZZ-ZZZ"})
        moment = time.time() + later
        with monkeypatch.context() as patch:
            patch.setattr(time, "time", lambda moment=moment: moment)
            client.post("/account/confirm-email/", {"code": code})
        assert is_in(client) is expected, (wrong, later)
        User.objects.all().delete()


def test_a_forgotten_password_is_replaced_and_the_second_factor_still_asked_for(client, ann):
    sign_in(client)
    secret = with_codes(client)
    client.post("/account/logout/")
    client.post("/account/password/reset/", {"email": ADDRESS})
    address = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(sent_mails()[-1].body))
    assert address is not None
    form = client.get(address.group(1)).headers["Location"]
    client.post(form, {"password1": "staple of the trade", "password2": "staple of the trade"})
    ann.refresh_from_db()
    assert ann.check_password("staple of the trade")
    assert not is_in(client)
    assert sign_in(client, "staple of the trade").headers["Location"].startswith("/account/2fa/authenticate/")
    assert not is_in(client)
    client.post("/account/2fa/authenticate/", {"code": code_of(secret, later=1)})
    assert is_in(client)
    # The address is good once.
    assert "password1" not in client.get(address.group(1), follow=True).content.decode()


def test_a_one_time_code_is_good_once(client, ann):
    del ann
    sign_in(client)
    secret = with_codes(client)
    for expected in (True, False):
        other = Client()
        sign_in(other)
        other.post("/account/2fa/authenticate/", {"code": code_of(secret, later=1)})
        assert is_in(other) is expected


def test_a_recovery_code_is_good_once_and_is_sealed(client, ann):
    sign_in(client)
    with_codes(client)
    prove(client, "/account/2fa/recovery-codes/")
    client.post("/account/2fa/recovery-codes/generate/")
    page = prove(client, "/account/2fa/recovery-codes/")
    codes = re.findall(r"\b[0-9a-f]{8}\b|\b[0-9]{8}\b", page)
    assert len(codes) >= 10
    kept = Authenticator.objects.get(user=ann, type=Authenticator.Type.RECOVERY_CODES)
    assert not any(code in str(kept.data) for code in codes)
    for expected in (True, False):
        other = Client()
        sign_in(other)
        other.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert is_in(other) is expected


def test_a_session_begins_with_a_name_of_its_own_and_ends_on_the_server(client, ann):
    del ann
    client.get("/account/login/")
    sign_in(client)
    first = client.cookies["sessionid"].value
    assert len(first) >= 32
    client.post("/account/logout/")
    client.cookies["sessionid"] = first
    assert not is_in(client)
    sign_in(client)
    assert client.cookies["sessionid"].value != first


def test_a_session_that_was_planted_is_not_the_one_that_is_signed_in(client, ann):
    del ann
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    sign_in(client)
    assert client.cookies["sessionid"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_a_session_ends_two_weeks_after_it_began(client, ann):
    del ann
    client.post("/account/login/", {"login": ADDRESS, "password": PASSWORD, "remember": "on"})
    assert is_in(client)
    session = Session.objects.get(session_key=client.cookies["sessionid"].value)
    assert session.expire_date <= timezone.now() + timedelta(days=14)
    is_in(client)
    session.refresh_from_db()
    Session.objects.filter(pk=session.pk).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_in(client)


def test_a_new_password_ends_every_other_session(client, ann):
    del ann
    other = Client()
    sign_in(client)
    sign_in(other)
    assert is_in(other)
    prove(client, "/account/password/change/")
    following = "staple of the trade"
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": following, "password2": following})
    assert (is_in(client), is_in(other)) == (True, False)


def test_sessions_are_listed_and_ended_by_their_owner(client, ann):
    del ann
    other = Client(headers={"User-Agent": "Other browser"})
    sign_in(client)
    sign_in(other)
    is_in(client)
    is_in(other)
    assert "Other browser" in client.get("/account/sessions/").content.decode()
    asked = client.post("/account/sessions/", {"action": "end"})
    assert is_in(other)
    # Once it is known who is there, what was asked for is done.
    client.post(asked.headers["Location"], {"password": PASSWORD})
    assert (is_in(client), is_in(other)) == (True, False)


def test_an_account_that_was_closed_has_no_session(client, ann):
    sign_in(client)
    User.objects.filter(pk=ann.pk).update(is_active=False)
    assert not is_in(client)


@pytest.mark.parametrize(
    "address",
    ["/account/email/", "/account/2fa/totp/activate/", "/account/2fa/webauthn/add/"],
)
def test_what_decides_who_gets_in_is_changed_by_whoever_proves_it_again(client, ann, address):
    client.force_login(ann)
    body = {"action_add": "", "email": "eve@example.org"} if "email" in address else {}
    asked = client.post(address, body)
    assert asked.headers["Location"].startswith("/account/reauthenticate/"), address
    assert EmailAddress.objects.count() == 1


def test_signing_out_is_on_every_page_of_an_account(client, ann):
    del ann
    sign_in(client)
    for address in (OWN, "/account/email/", "/account/sessions/", "/account/2fa/"):
        assert "/account/logout/" in client.get(address, follow=True).content.decode(), address


def attempt(client, *, origin, password=None):
    """Whether an attempt from an address is heard at all: it may fail, but not for there being too many."""
    answer = client.post("/account/login/", {"login": ADDRESS, "password": password or "wrong"}, REMOTE_ADDR=origin)
    return "Too many failed login attempts" not in answer.content.decode()


def test_one_stranger_closes_an_account_for_nobody_but_themselves(ann):
    del ann
    stranger = Client()
    assert [attempt(stranger, origin="198.51.100.7") for _ in range(11)] == [True] * 10 + [False]
    # Another of the same network of IPv6 is the same stranger.
    heard = [attempt(Client(), origin=f"2001:db8:0:7::{number}") for number in range(11)]
    assert heard == [True] * 10 + [False]
    assert not attempt(stranger, password=PASSWORD, origin="198.51.100.7")
    owner = Client()
    assert attempt(owner, password=PASSWORD, origin="203.0.113.9")
    assert is_in(owner)


def test_many_strangers_are_stopped_and_the_owner_has_other_ways_in(ann):
    del ann
    before = Client()
    sign_in(before)
    before.post("/account/logout/")
    heard = [attempt(Client(), origin=f"198.51.100.{number // 9}") for number in range(54)]
    assert heard.count(True) == 49
    # In a new browser the right password is one more attempt; where the owner signed in before it is not.
    elsewhere = Client()
    assert not attempt(elsewhere, password=PASSWORD, origin="203.0.113.9")
    assert attempt(before, password=PASSWORD, origin="198.51.100.1")
    assert is_in(before)
    # Whoever reads the account's mail gets in by a new password, and only there.
    elsewhere.post("/account/password/reset/", {"email": ADDRESS})
    address = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(sent_mails()[-1].body))
    assert address is not None
    form = elsewhere.get(address.group(1)).headers["Location"]
    following = "staple of the trade"
    elsewhere.post(form, {"password1": following, "password2": following})
    assert not attempt(Client(), password=following, origin="203.0.113.10")
    sign_in(elsewhere, following)
    assert is_in(elsewhere)


def test_a_known_browser_has_ten_attempts_of_its_own_and_for_its_own_account(client, ann):
    del ann
    sign_in(client)
    token = client.cookies["known_browser"]
    assert (token["httponly"], token["samesite"]) == (True, "Lax")
    client.post("/account/logout/")
    # The first was the one that succeeded; the name stays when it does again.
    assert [attempt(client, origin="203.0.113.9") for _ in range(11)] == [True] * 10 + [False]
    User.objects.create_user(username="bo", email="bo@example.org", password=PASSWORD)
    for number, taken in enumerate((token.value, f"{token.value}x", "", "a:b:c")):
        stranger = Client(REMOTE_ADDR=f"192.0.2.{number}")
        stranger.cookies["known_browser"] = taken
        wrong = {"login": "bo@example.org", "password": "wrong"}
        *_, last = [stranger.post("/account/login/", wrong).content.decode() for _ in range(11)]
        assert "Too many failed login attempts" in last


def test_a_browser_is_known_once_the_second_factor_was_given(client, ann):
    del ann
    sign_in(client)
    secret = with_codes(client)
    other = Client()
    sign_in(other)
    assert "known_browser" not in other.cookies
    other.post("/account/2fa/authenticate/", {"code": code_of(secret, later=1)})
    assert "known_browser" in other.cookies


@pytest.mark.parametrize(
    "password",
    [
        "123456789012",
        "098765432109",
        "aaaaaaaaaaaa",
        "abcdefghijkl",
        "QWERTYuiop123",
        "1q2w3e4r5t6y",
        "qazwsxedcrfv",
        "abc123abc123",
        "sunshinesunshine",
        "xy xy xy xy xy",
    ],
)
def test_a_password_is_neither_a_sequence_nor_a_repetition(client, password):
    assert sign_up(client, password).status_code == 200
    assert User.objects.count() == 0


@pytest.mark.parametrize("password", ["WorldTradePlatform1", "customs-duty-2026", "ewtpewtpewtp", "Tariff!Tariff!Vote"])
def test_a_password_is_not_made_of_the_words_of_the_site(client, password):
    refused = sign_up(client, password)
    assert refused.status_code == 200
    assert "words of this site" in refused.content.decode()
    assert User.objects.count() == 0


def test_a_password_may_hold_a_word_of_the_site(client):
    assert sign_up(client, "trade winds of 14 gales").status_code == 302
