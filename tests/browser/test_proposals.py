"""Pages of proposals, votes and barriers: nothing is in anybody's way, on a phone and in Arabic either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client

from ewtp.apps.accounts.store.models import User
from ewtp.apps.barriers.reading.barrier_list import open_barriers_forget
from ewtp.apps.hubs.store.models import FollowedHub, HubFork
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.proposals.actions.alarm_answers import bodies_draw
from ewtp.apps.proposals.actions.alarms import alarms_raise
from ewtp.apps.proposals.actions.votes import ballot_cast
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from tests.apps.proposals.test_alarms import judges
from tests.apps.proposals.test_proposal_story import ACTS
from tests.apps.proposals.vote_rows import HELD, TERRITORIES, write_running_vote
from tests.browser.axe import obstacles
from tests.browser.navigation import follow

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from playwright.sync_api import Page

    from ewtp.core.values.actor import Actor
    from tests.apps.proposals.vote_rows import RunningVote

PHONE, DESK = 360, 1200
# The elements that make a page wider than its window, where it is.
_WIDE = """
() => document.documentElement.scrollWidth <= innerWidth + 1 ? [] : [...document.querySelectorAll('main *')].filter(
  one => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1
).map(one => `wide: ${one.outerHTML.slice(0, 160)}`)
"""


@pytest.fixture
def vote(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunningVote:  # noqa: ARG001
    """A vote that an alarm has stopped, whose answering body is drawn; the clock stands at that moment."""
    monkeypatch.setattr(HELD, lambda *_: TERRITORIES)
    open_barriers_forget()
    found = write_running_vote(tmp_path)
    ballot_cast(proposal=found.proposal, choice="for", actor=found.houses["small"][1], now=found.now)
    assert alarms_raise(proposal=found.proposal, now=found.now) > 0
    sequence_events(now=found.now)
    assert bodies_draw(proposal=found.proposal, now=found.now) == 1
    monkeypatch.setattr("django.utils.timezone.now", lambda: found.now)
    read_cached_book().forget()
    return found


@pytest.fixture
def site(vote: RunningVote, live_server: Any) -> str:  # noqa: ARG001 - the vote is in the database
    """A live server with that vote."""
    return str(live_server.url)


def sign_in(page: Page, actor: Actor, site: str) -> None:
    """Continue as somebody; how people sign in is tested elsewhere."""
    user, _ = User.objects.get_or_create(
        person=actor.name, defaults={"username": actor.name, "email": f"{actor.name}@example.org"}
    )
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


def followed_hub(now: datetime) -> int:
    """Another hub that showed two histories; its number."""
    note = f"hub-b.example/log\n12\n{'A' * 43}=\n\n— hub-b.example/log {'A' * 92}\n"
    key = f"hub-b.example/log+0a0b0c0d+{'A' * 44}"
    hub = FollowedHub.objects.create(origin="hub-b.example/log", key=key, size=12, note=note, at=now)
    HubFork.objects.create(
        hub=hub, size=12, kept_root="a" * 64, shown_root="b" * 64, kept_note=note, shown_note=note, leaves=b"", at=now
    )
    return hub.id


@pytest.mark.parametrize(("width", "language"), [(DESK, "en-GB"), (PHONE, "ar")])
def test_axe_finds_nothing(
    open_page: Callable[..., Page], site: str, vote: RunningVote, width: int, language: str
) -> None:
    page = open_page("/barriers/report", width=width, language=language)
    page.emulate_media(color_scheme="dark" if width == PHONE else "light", reduced_motion="reduce")
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        broken = obstacles(page)
        broken += page.evaluate(_WIDE)
        if broken:
            found[name] = broken

    def visit(address: str, name: str = "") -> None:
        page.goto(site + address)
        look(name or address)

    look("report")
    page.fill("#text", "Two agencies ask for the same.")
    page.select_option("#economy", "ZM")
    follow(page.locator("form button.primary").last)
    look("barrier")
    proposal = f"/proposals/{vote.proposal}"
    hub = f"/hubs/{followed_hub(vote.now)}"
    for address in ("/barriers", "/proposals", proposal, f"{proposal}/shipments", f"{proposal}/effect", "/hubs", hub):
        visit(address)
    voter = vote.houses["large"][1]
    sign_in(page, voter, site)
    visit(proposal, "to vote")
    page.locator("input[name=choice]").first.check()
    follow(page.locator("form:has(input[name=choice]) button").first)
    look("receipt")
    sign_in(page, judges(vote)[0], site)
    visit(proposal, "to answer an alarm")
    sign_in(page, vote.houses["small"][1], site)
    rule = "/proposals/new?rule=permit&product=090111"
    for address in ("/proposals/new", rule, f"{rule}&way=end"):
        visit(address)
    page.fill("#acts", ACTS)
    follow(page.locator("button[value=look]"))
    look("looked at")
    page.fill("#acts", 'title "x"\nend requirement')
    follow(page.locator("button[value=save]"))
    look("a faulty draft")
    assert found == {}
