"""From a real rule that asks for a paper to the answer that no longer does: one story, on pages, in one browser.

The law is that of vanilla (heading 0905) as the seed has it; organisations are invented. What many would do on the same
pages, such as vote, is done once there and otherwise by the same actions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from ewtp.apps.assessment.reading.answers import question_answer
from ewtp.apps.barriers.reading.barrier_list import open_barriers_forget
from ewtp.apps.jobs.actions.outbox import outbox_drain
from ewtp.apps.proposals.actions.proposals import proposal_change
from ewtp.apps.proposals.actions.votes import ballot_cast, vote_close
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.replay_reports import REPLAY_WANTED
from ewtp.apps.rulebook.actions.seed_loader import seed_load
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.core.proposals.proposal_commands import RecordReplay, SponsorProposal
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.vote_state import VoteStage
from ewtp.web.job_handlers import LONG_HANDLERS
from tests.actors import OPERATOR
from tests.apps.proposals.conftest import ECONOMIES, LARGE, NOW, World
from tests.apps.proposals.test_proposal_story import DAY, beat, kept
from tests.browser.navigation import follow
from tests.browser.test_proposals import sign_in
from tests.seed_extract import write_heading

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from ewtp.core.values.actor import Actor

PACKS = ("us/schedule", "us/agencies", "us/coverage", "gb/global_tariff", "gb/coverage")
EFFECTIVE = "2026-11-01"
DUTY = f'article duty\n  replace expression with "0%" in duty of GB on 0905 from {EFFECTIVE} without sunset\n'


@dataclass
class Story:
    """Whoever takes part, and the time that it is."""

    world: World
    authorities: dict[str, Actor]
    houses: dict[str, list[Actor]]
    now: datetime

    @property
    def exporter(self) -> Actor:
        """A small firm of Kenya."""
        return self.houses["small"][1]


@pytest.fixture
def story(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:  # noqa: ARG001
    """The law of vanilla, organisations in four houses, and a clock that stands until somebody moves it."""
    open_barriers_forget()
    read_cached_book().forget()
    write_heading(tmp_path / "seed", "0905", PACKS)
    loaded = seed_load(root=tmp_path / "seed", actor=OPERATOR, now=NOW - timedelta(days=100))
    assert not isinstance(loaded, Refusal), loaded
    world = World()
    authorities = {economy: world.found("agency", economy) for economy in (*ECONOMIES, "US", "GB")}
    houses = {
        "small": [world.found("firm", economy) for economy in ECONOMIES],
        "large": [world.found("firm", economy, size=LARGE) for economy in ECONOMIES],
        "civil": [world.found("civil_society", economy) for economy in ECONOMIES],
        "government": list(authorities.values()),
    }
    made = Story(world, authorities, houses, NOW)
    monkeypatch.setattr("django.utils.timezone.now", lambda: made.now)
    monkeypatch.setattr("ewtp.apps.proposals.actions.replays.LINES", 200)
    return made


@pytest.fixture
def site(story: Story, live_server: Any) -> str:  # noqa: ARG001 - its law is in the database
    """A live server with that law."""
    return str(live_server.url)


def requirement(agency: str) -> str:
    """The rule by which an agency of the United States asks for a paper on vanilla of Kenya."""
    line = {"hs": "0905100000", "value": {"amount": "1000", "currency": "USD"}}
    answer = question_answer({"from": "KE", "to": "US", "date": "2026-06-30", "lines": [line]})
    assert not isinstance(answer, Refusal), answer
    return next(each.measure.id for each in answer.lines[0].requirements if each.measure.agency == agency)


def ask(page: Page, site: str, to: str, currency: str) -> str:
    """The answer for vanilla of Kenya, as a page shows it."""
    page.goto(f"{site}/?product=0905100000&from=KE&to={to}&value=1000&currency={currency}#ask")
    follow(page.locator("#ask button.primary, form.sheet button.primary").first)
    page.wait_for_url(re.compile("/answers/"))
    return page.locator("main").inner_text()


def pass_it(story: Story, proposal: str) -> None:
    """Everybody else votes for it, and its time goes by."""
    opened = story.now
    for actor in [each for those in story.houses.values() for each in those if each is not story.exporter]:
        cast = ballot_cast(proposal=proposal, choice="for", actor=actor, now=opened + DAY)
        assert not isinstance(cast, Refusal), cast
    beat(opened)
    stages = []
    for days in (15, 23):
        story.now = opened + days * DAY
        state = vote_close(proposal=proposal, now=story.now)
        assert not isinstance(state, Refusal), state
        stages.append(state.stage)
    assert stages == [VoteStage.RETURNABLE, VoteStage.PASSED]


def adopt_and_decline(page: Page, story: Story, address: str) -> None:
    """The authority of the United States adopts the article about its law; that of the United Kingdom does not."""
    site = address.partition("/proposals")[0]
    sign_in(page, story.authorities["US"], site)
    page.goto(address)
    page.get_by_text("For the authority of an economy").click()
    page.select_option("#territory", "US")
    page.locator("input[name=articles]").first.check()
    page.fill("#effective", EFFECTIVE)
    page.fill("#title", "Act made up for a test")
    page.fill("#publisher", "Nobody")
    page.fill("#reference", "section 1")
    follow(page.locator("button[value=adopt]"))
    assert page.get_by_text("In force from").first.is_visible()
    sign_in(page, story.authorities["GB"], site)
    page.goto(address)
    page.get_by_text("For the authority of an economy").click()
    page.select_option("#territory", "GB")
    page.fill("#declines", "The duty protects nobody here, and stays.")
    follow(page.locator("button[value=decline]"))
    assert page.get_by_text("The duty protects nobody here, and stays.").first.is_visible()


def papers(answer: str) -> int:
    """How many papers of agencies an answer names."""
    return len(set(re.findall(r"[A-Z]{2}\d data", answer)))


def draft(page: Page) -> str:
    """Report the paper that an answer asks for, and draft from the barrier; returns the address of the proposal."""
    rule = requirement("APHIS")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    follow(page.locator(f'a[href*="report?answer"][href*="{quote(rule, safe="")}"]').first)
    page.fill("#text", "The Food and Drug Administration has looked at it already.")
    follow(page.get_by_role("button", name="Report", exact=True))
    follow(page.locator('a.button[href*="/proposals/new"]'))
    follow(page.locator('a[href*="way=end"]'))
    acts = page.locator("#acts").input_value()
    assert "end requirement of US by APHIS" in acts
    act = re.sub(r"from \d{4}-\d\d-\d\d", f"from {EFFECTIVE}", acts.splitlines()[-1])
    page.fill("#acts", f'title "One look at vanilla is enough"\n\narticle paper\n  {act}\n\n{DUTY}')
    follow(page.locator("button[value=look]"))
    assert page.get_by_text("United States ends the requirement of APHIS").first.is_visible()
    follow(page.locator("button[value=save]"))
    follow(page.locator("button[value=submit]"))
    assert page.get_by_text("Seeking sponsors").first.is_visible()
    return page.url


def sponsor_and_amend(page: Page, story: Story, address: str) -> None:
    """Five stand behind it; one of them suggests another rate for the second article, which the author accepts."""
    site, _, proposal = address.partition("/proposals/")
    other = story.houses["civil"][3]
    follow(page.locator("button[value=sponsor]"))
    for each in (story.houses["small"][2], other, story.houses["civil"][4], story.houses["large"][0]):
        kept(proposal_change(proposal=proposal, command=SponsorProposal(), actor=each, now=story.now))
    sign_in(page, other, site)
    page.goto(address)
    page.get_by_text("Suggest a change").click()
    page.fill("#acts", page.locator("#acts").input_value().replace('"0%"', '"2%"'))
    follow(page.locator("button[value=suggest]"))
    sign_in(page, story.exporter, site)
    page.goto(address)
    follow(page.locator("button[value=accept]"))
    assert page.get_by_text("United Kingdom sets the ordinary duty on 0905 to 2%").first.is_visible()


def replay(page: Page, story: Story, proposal: str) -> None:
    """It is replayed over trade that is made up, and another organisation gets the same result."""
    follow(page.locator("button[value=replay]"))
    drained = outbox_drain(topic=REPLAY_WANTED, handler=LONG_HANDLERS[REPLAY_WANTED], now=story.now, chance=lambda: 0.0)
    assert (drained.delivered, drained.failed) == (1, 0)
    page.reload()
    assert page.get_by_text("These lines are synthetic.").is_visible()
    made = proposal_read(proposal)
    assert made is not None
    confirmed, other = RecordReplay(made.replays[-1].record), story.houses["civil"][3]
    kept(proposal_change(proposal=proposal, command=confirmed, actor=other, now=story.now))


def test_from_a_barrier_to_an_answer_that_asks_for_one_paper_less(
    open_page: Callable[..., Page], site: str, story: Story
) -> None:
    page = open_page("/")
    sign_in(page, story.exporter, site)
    assert "6.0%" in ask(page, site, "GB", "GBP")
    before = ask(page, site, "US", "USD")
    assert "AQ1 data" in before
    assert "FD4 data" in before
    address = draft(page)
    proposal = address.rpartition("/")[2]
    sponsor_and_amend(page, story, address)
    replay(page, story, proposal)
    # After a month of discussion four houses vote, the exporter on the page.
    story.now = NOW + 31 * DAY
    sign_in(page, story.exporter, site)
    page.goto(address)
    follow(page.locator("button[value=open]"))
    page.locator("input[name=choice][value=for]").check()
    follow(page.locator("button[value=ballot]"))
    assert page.get_by_text("Your ballot was cast. Keep this receipt").is_visible()
    pass_it(story, proposal)
    adopt_and_decline(page, story, address)
    # The next answers differ where the law does.
    story.now = datetime(2026, 11, 2, 12, tzinfo=UTC)
    sign_in(page, story.exporter, site)
    read_cached_book().forget()
    after = ask(page, site, "US", "USD")
    assert "AQ1 data" not in after
    assert "FD4 data" in after
    assert papers(after) == papers(before) - 1
    assert "6.0%" in ask(page, site, "GB", "GBP")
    page.goto(f"{address}/effect")
    assert page.get_by_text("cannot be measured yet").first.is_visible()
