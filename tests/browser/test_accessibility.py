"""axe-core finds nothing to object to, on any page and in any state of it."""

from __future__ import annotations

import re

import pytest

from tests.apps.assessment.test_pages import changed, make_open
from tests.browser.axe import obstacles
from tests.browser.navigation import follow

PHONE = 360
DESK = 1200
MARKETS = "/markets?from=ZA&hs=610910&value=1000&currency=GBP"
ORIGINS = "/markets?to=GB&hs=610910&value=1000&currency=GBP"
ADDRESSES = ("/", "/?product=6109.10&from=ZA", "/markets", MARKETS, f"{MARKETS}&compare=GB&sort=duty", ORIGINS,
             "/markets?from=ZA&hs=cotton+shirt&value=1000&currency=GBP", "/markets?from=ZA&hs=99&value=x",
             "/invoice", "/trade", "/clear", "/rules", "/proposals", "/authorities",
             "/log", "/rulebook", "/rulebook/GB", "/rulebook/burden", "/rulebook/sources", "/distances",
             "/origin?hs=9&material=x", "/nowhere")  # fmt: skip


def ask(page, **changes):
    """Send the form of the start page with these fields."""
    for name, text in {"product": "6109.10", "value": "1000", **changes}.items():
        page.fill(f"#{name}", text)
    page.select_option("#from", "ZA")
    page.select_option("#to", "GB")
    page.select_option("#currency", "GBP")
    follow(page.locator("button.primary"))


@pytest.mark.parametrize(("width", "language", "scheme"), [(DESK, "en-GB", "light"), (PHONE, "ar", "dark")])
def test_axe_finds_nothing(open_page, width, language, scheme):
    page = open_page(width=width, language=language)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    start = page.url
    found = {}

    def look(name):
        if broken := obstacles(page):
            found[name] = broken

    for address in ADDRESSES:
        page.goto(start.rstrip("/") + address)
        look(address)
    page.goto(start)
    follow(page.locator("button.primary"))
    look("errors")
    page.goto(start)
    page.click("#product")
    page.keyboard.type("cotton", delay=20)
    page.locator("#suggestions [role=option]").first.wait_for()
    look("suggestions")
    page.goto(start)
    ask(page, product="cotton t-shirt")
    page.locator("#candidates").wait_for()
    look("choice of codes")
    page.goto(start)
    ask(page, product="0901.11.00")
    look("missing quantity")
    page.goto(start)
    ask(page)
    page.wait_for_url(re.compile("/answers/"))
    answer = page.url
    look("answer")
    measure = page.get_attribute(".citation a", "href")
    page.goto(start.rstrip("/") + measure)
    look("measure")
    for below in ("/change", "/ruling", ".pdf?product=%F0%BF%BF%BD"):
        page.goto(f"{answer}{below}")
        look(below)
    page.goto(answer)
    follow(page.locator("button[name=claim]").first)
    page.wait_for_url(lambda address: address != answer)
    look("claimed answer")
    page.goto(f"{start.rstrip('/')}/answers/{changed(make_open)['id']}")
    look("answer with an open code, papers and a prohibition")
    assert found == {}
