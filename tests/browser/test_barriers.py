"""From an answer to a report, its page and what follows: without a script, on a phone, in every language, for all."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from ewtp.apps.accounts.store.models import User
from ewtp.apps.barriers.reading.barrier_list import open_barriers_forget
from ewtp.apps.organisations.actions.organisations import organisation_register
from ewtp.core.organisations.organisation import Organisation
from tests.actors import OPERATOR, person
from tests.browser.axe import obstacles
from tests.browser.navigation import follow
from tests.verified_firms import verify_firm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

PASSWORD = "correct horse battery"
QUESTION = "/?product=6109100010&from=ZA&to=GB&value=1000&currency=GBP#ask"
LANGUAGES = ("en-GB", "fr", "es", "ar", "zh-Hans", "sw")
# The folder in which pictures are kept, to be looked at.
PICTURES = os.environ.get("EWTP_SCREENSHOTS")


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    cache.clear()
    open_barriers_forget()
    yield
    open_barriers_forget()


def member_of(name: str, kind: str, economy: str) -> Organisation:
    user = User.objects.create_user(username=name, email=f"{name}@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    actor = OPERATOR if kind == "agency" else person(user.person)
    made = organisation_register(
        name=name.title(), kind=kind, economy=economy, founder=user.person, actor=actor, now=datetime.now(UTC)
    )
    assert isinstance(made, Organisation)
    return made


def sign_in(page: Page, name: str, site: str) -> None:
    page.goto(f"{site}/account/login/")
    page.fill("#id_login", f"{name}@example.org")
    page.fill("#id_password", PASSWORD)
    follow(page.get_by_role("button", name="Sign In", exact=True))


def answered(page: Page) -> None:
    follow(page.locator("#ask button.primary, form.sheet button.primary").first)
    page.wait_for_url(re.compile("/answers/"))


def pictured(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for it; the page is never wider than its window."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), (name, page.url)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_the_story_from_an_answer_to_a_public_page(open_page: Callable[..., Page], site: str) -> None:
    verify_firm(member_of("amina", "firm", "KE"), datetime.now(UTC))
    member_of("revenue", "agency", "GB")
    page = open_page("/", width=360, javascript=False)
    sign_in(page, "amina", site)
    page.goto(site + QUESTION)
    answered(page)
    page.locator("details.charge summary").first.click()
    follow(page.get_by_role("link", name="This stops me: report it").first)
    assert page.get_by_text("Attached automatically, and shown to everybody").is_visible()
    pictured(page, "report")
    page.fill("#text", "Twelve percent on a cotton shirt is more than we earn.")
    follow(page.get_by_role("button", name="Report", exact=True))
    barrier = page.url
    assert page.get_by_text("Twelve percent on a cotton shirt").first.is_visible()
    assert "Amina" not in page.content()
    pictured(page, "barrier")
    page.goto(site)
    assert page.get_by_text("1 barrier is open.").is_visible()
    # An authority answers and claims; the reporter says no.
    other = open_page("/", width=1280)
    sign_in(other, "revenue", site)
    other.goto(barrier)
    other.select_option("#kind", "disagree")
    other.fill("#reason", "It protects our mills.")
    follow(other.get_by_role("button", name="Answer", exact=True))
    assert other.get_by_text("We disagree").first.is_visible()
    other.fill("#reason", "Gone since Monday.")
    follow(other.get_by_role("button", name="It is gone: ask the reporters"))
    assert other.get_by_text("Said to be gone; reporters are asked").first.is_visible()
    pictured(other, "claimed-wide")
    page.goto(barrier)
    follow(page.get_by_role("button", name="No, it is still there"))
    assert page.get_by_text("Said to be gone, not confirmed").first.is_visible()
    page.fill("#text", "It was asked for again today.")
    follow(page.get_by_role("button", name="Reopen", exact=True))
    assert page.get_by_text("Reopened by a reporter").is_visible()
    pictured(page, "reopened")
    assert obstacles(other) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_every_language_on_a_phone(open_page: Callable[..., Page], site: str, language: str) -> None:
    page = open_page("/barriers/report", width=360, language=language)
    assert obstacles(page) == []
    pictured(page, f"form-{language}")
    page.fill("#text", "Slow and dear.")
    page.select_option("#economy", "GB")
    page.fill("#product", "6109.10")
    follow(page.locator("form.sheet button.primary"))
    assert obstacles(page) == []
    pictured(page, f"barrier-{language}")
    for address, name in (("/barriers", "list"), ("/rules", "rules"), ("/", "front")):
        response = page.goto(site + address)
        assert response is not None
        if address != "/":
            assert len(response.body()) < 60_000
            assert obstacles(page) == []
        pictured(page, f"{name}-{language}")
    follow(page.locator('a[href="/barriers"]').first)
    wide = open_page("/barriers", width=1280, language=language)
    pictured(wide, f"list-wide-{language}")
