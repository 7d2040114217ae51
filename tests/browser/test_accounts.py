"""People in a real browser: signing up, one-time codes, a passkey, an invitation, a token made and revoked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache

from ewtp.apps.accounts.store.models import User
from tests.browser.axe import obstacles
from tests.browser.navigation import follow
from tests.second_factor import give_second_factor
from tests.sent_mail import sent_mails

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _attempts_are_forgotten() -> None:
    cache.clear()


def made_person(email: str) -> None:
    user = User.objects.create_user(username=email, email=email, password=PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)


def sign_in(page: Page, email: str) -> None:
    page.fill("#id_login", email)
    page.fill("#id_password", PASSWORD)
    follow(page.get_by_role("button", name="Sign In", exact=True))


def register(page: Page) -> None:
    page.fill("#name", "Amina Textiles")
    page.select_option("#economy", "KE")
    follow(page.get_by_role("button", name="Register"))
    page.wait_for_url(re.compile("/organisations/org_"))


def prove_again(page: Page) -> None:
    if "/reauthenticate/" in page.url:
        page.fill("#id_password", PASSWORD)
        follow(page.get_by_role("button", name="Confirm").first)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_person_signs_up_and_makes_and_revokes_a_token(
    open_page: Callable[..., Page], *, javascript: bool, site: str
) -> None:
    page = open_page("/account/signup/", width=360, javascript=javascript)
    page.fill("#id_email", "ann@example.org")
    page.fill("#id_password1", PASSWORD)
    follow(page.get_by_role("button", name="Sign Up"))
    code = re.search(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{2,4})$", str(sent_mails()[-1].body), re.MULTILINE)
    assert code is not None
    page.fill("#id_code", code.group(1))
    follow(page.get_by_role("button", name="Confirm"))
    register(page)
    page.fill("#token_name", "price list")
    follow(page.get_by_role("button", name="Make a token"))
    secret = page.locator("#secret").inner_text()
    answer = page.request.get(f"{site}/api/v1/organisations", headers={"Authorization": f"Bearer {secret}"})
    assert [each["name"] for each in answer.json()["items"]] == ["Amina Textiles"]
    follow(page.get_by_role("button", name="Revoke"))
    assert page.get_by_text("revoked", exact=True).is_visible()
    assert page.locator("#secret").count() == 0


def test_an_invitation_brings_a_second_person(open_page: Callable[..., Page]) -> None:
    made_person("ann@example.org")
    made_person("bo@example.org")
    page = open_page("/account/login/", javascript=False)
    sign_in(page, "ann@example.org")
    register(page)
    page.fill("#email", "bo@example.org")
    follow(page.get_by_role("button", name="Invite", exact=True))
    address = re.search(r"/invitations/\S+", str(sent_mails()[-1].body))
    assert address is not None
    other = open_page(address.group(), javascript=False)
    follow(other.locator("main").get_by_role("link", name="Sign in"))
    sign_in(other, "bo@example.org")
    follow(other.get_by_role("button", name="Join"))
    other.wait_for_url(re.compile("/organisations/org_"))
    assert other.locator("#members + ul li").count() == 2
    assert other.get_by_text("Invite somebody").count() == 0


def let_operate(email: str) -> None:
    """Have somebody who is signed in operate the installation."""
    user = User.objects.get(email=email)
    give_second_factor(user)
    User.objects.filter(pk=user.pk).update(is_staff=True)


def test_an_operator_verifies_an_organisation_and_revokes_that(open_page: Callable[..., Page], site: str) -> None:
    made_person("ann@example.org")
    page = open_page("/account/login/", javascript=False)
    sign_in(page, "ann@example.org")
    register(page)
    let_operate("ann@example.org")
    page.goto(f"{site}/operator/organisations")
    follow(page.get_by_role("link", name="Amina Textiles"))
    page.fill("#evidence", "Extract of the register")
    page.fill("#sha256", "a" * 64)
    page.fill("#until", "2099-06-30")
    follow(page.get_by_role("button", name="State it"))
    page.fill("[name=reason]", "The extract was of another firm.")
    follow(page.get_by_role("button", name="Revoke"))
    assert page.get_by_text("The extract was of another firm.").is_visible()
    follow(page.get_by_role("link", name="What happened"))
    assert page.get_by_text("Verification revoked").is_visible()


def test_one_time_codes_are_asked_for_after_the_password(open_page: Callable[..., Page]) -> None:
    made_person("ann@example.org")
    page = open_page("/account/login/?next=/account/2fa/totp/activate/", javascript=False)
    sign_in(page, "ann@example.org")
    prove_again(page)
    secret = page.input_value("#authenticator_secret")
    page.fill("#id_code", code_of(secret))
    follow(page.get_by_role("button", name="Activate"))
    page.goto(page.url.partition("/account")[0] + "/account/logout/")
    follow(page.locator("main").get_by_role("button", name="Sign Out"))
    page.goto(page.url.rstrip("/") + "/account/login/")
    sign_in(page, "ann@example.org")
    page.wait_for_url(re.compile("/account/2fa/authenticate/"))
    # A code is good once, so the next one is needed.
    page.fill("#id_code", code_of(secret, later=1))
    follow(page.get_by_role("button", name="Sign In").first)
    page.wait_for_url(re.compile("/organisations"))


def code_of(secret: str, later: int = 0) -> str:
    counters = sorted(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2] + later)))


def virtual_authenticator(page: Page) -> None:
    session: Any = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_signs_in_without_a_password(open_page: Callable[..., Page], site: str) -> None:
    made_person("ann@example.org")
    # A passkey belongs to a name, not to a number.
    home = site.replace("127.0.0.1", "localhost")
    page = open_page("/account/login/")
    virtual_authenticator(page)
    page.goto(f"{home}/account/login/?next=/account/2fa/webauthn/add/")
    sign_in(page, "ann@example.org")
    prove_again(page)
    page.fill("#id_name", "phone")
    page.check("#id_passwordless")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(re.compile(r"/account/2fa/(recovery-codes|webauthn)/(generate/)?$"))
    page.goto(f"{home}/account/logout/")
    follow(page.locator("main").get_by_role("button", name="Sign Out"))
    page.goto(f"{home}/account/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(re.compile("/organisations$"))


@pytest.mark.parametrize("address", ["/account/login/", "/account/signup/", "/account/password/reset/"])
def test_sign_in_has_no_obstacles(open_page: Callable[..., Page], address: str) -> None:
    assert obstacles(open_page(address, width=360)) == []


def test_the_pages_of_an_account_have_no_obstacles(open_page: Callable[..., Page], site: str) -> None:
    made_person("ann@example.org")
    page = open_page("/account/login/", width=360)
    sign_in(page, "ann@example.org")
    register(page)
    assert obstacles(page) == []
    own = page.url.removeprefix(site)
    let_operate("ann@example.org")
    pages = ("/organisations", "/account/2fa/", "/account/email/", "/account/sessions/", "/invitations/none")
    for address in (*pages, f"{own}/history", "/operator/organisations", f"/operator{own}"):
        page.goto(site + address)
        assert obstacles(page) == [], address
