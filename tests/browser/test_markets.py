"""The market finder in a real browser: on a phone, by touch, on paper and without JavaScript."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.seed.reader import write_pack
from tests.actors import OPERATOR
from tests.apps.conftest import SOURCE, TERRITORIES, a_measure, write_seed
from tests.browser.navigation import follow

PHONE = 360
# Some seven screens of a phone, with what is said of demand and of sanctions.
LONGEST_PIXELS = 6_300
ADDRESS = "/markets?from=ZA&hs=610910&value=1000&currency=GBP"
MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK NO CH IS JP KR VN TH MY"


@pytest.fixture
def many_markets(site, tmp_path):
    """The rulebook with a tax in many more economies, so that its markets fill several pages."""
    from ewtp.apps.rulebook.actions.seed_loader import seed_load  # noqa: PLC0415 - Django is set up after this file
    from ewtp.apps.rulebook.reading.book_cache import read_cached_book  # noqa: PLC0415 - Django is set up after this file

    root = tmp_path / "many"
    write_seed(root, "12%")
    entry = TERRITORIES[TERRITORIES.index("- code: GB") :]
    entries = [
        entry.replace("GB\n", f"{code}\n").replace("currency: GBP", "currency: EUR").replace("Great Britain", code)
        for code in MEMBERS.split()
    ]
    (root / "territories.yaml").write_text(TERRITORIES + "".join(entries))
    for code in MEMBERS.split():
        tax = replace(a_measure(Kind.TAX, "", "20%", base="duty_paid"), id=f"{code}-tax", territory=code)
        defaults = {"territory": code, "nomenclature": "TEST", "currency": "EUR", "valid_from": "2026-01-01"}
        write_pack(root / code.lower(), source=SOURCE, defaults=defaults, measures=[replace(tax, currency="EUR")])
    report = seed_load(root=root, actor=OPERATOR, now=datetime(2026, 2, 2, tzinfo=UTC))
    assert not isinstance(report, Refusal), report
    read_cached_book().forget()
    return site


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("language", ["en-GB", "ar"])
def test_a_phone_shows_the_map_and_cards_without_a_script(open_page, language):
    page = open_page(ADDRESS, width=PHONE, language=language, javascript=False)
    assert overflow(page) <= 0
    page.locator(".world summary").click()
    assert overflow(page) <= 0
    tile = page.locator("svg.region a[href='#to-GB'] rect").bounding_box()
    assert tile is not None
    assert tile["width"] >= 24
    row = page.locator("#to-GB")
    assert row.bounding_box()["width"] <= PHONE
    row.locator("input[name=compare]").check()
    follow(page.locator(".compare-bar button"))
    page.locator("#compare").wait_for()
    page.locator(".sorting summary").click()
    follow(page.locator(".sorting a").nth(1))
    page.wait_for_url("**sort=economy**")
    page.locator("#to-GB").wait_for()


def test_the_map_needs_no_opening_on_a_desk(open_page):
    page = open_page(ADDRESS, javascript=False)
    assert page.locator("svg.region a[href='#to-GB'] rect").is_visible()
    assert page.locator(".world summary").is_hidden()


def test_a_phone_reaches_every_market_on_pages_that_end(open_page, many_markets):
    page = open_page(ADDRESS, width=PHONE, javascript=False)
    seen = []
    while True:
        assert page.evaluate("document.documentElement.scrollHeight") < LONGEST_PIXELS
        assert overflow(page) <= 0
        seen += page.locator(".ranked tbody tr").evaluate_all("rows => rows.map(row => row.id)")
        following = page.locator("a[rel=next]").first
        if not following.count():
            break
        follow(following)
    assert sorted(seen) == sorted(f"to-{code}" for code in ["GB", *MEMBERS.split()])
    follow(page.locator("text=All rows").first)
    assert page.locator(".ranked tbody tr").count() == len(seen)
    # A tile leads to the page that has its row.
    page.goto(many_markets + ADDRESS + "&page=2")
    page.locator(".world summary").click()
    follow(page.locator("svg.region a[href$='#to-GB']"))
    assert page.locator("#to-GB").is_visible()


@pytest.mark.usefixtures("many_markets")
def test_a_market_chosen_on_another_page_is_compared_as_well(open_page):
    page = open_page(ADDRESS, javascript=False)
    page.locator("#to-GB input[name=compare]").check()
    follow(page.locator(".compare-bar button"))
    follow(page.locator("a[rel=next]").first)
    assert page.locator("#to-GB").count() == 0
    page.locator("input[name=compare]:visible").first.check()
    follow(page.locator(".compare-bar button"))
    assert page.locator("#compare thead th").count() == 2


def test_the_table_is_printed(open_page):
    page = open_page(ADDRESS)
    page.emulate_media(media="print")
    assert page.locator("#to-GB").is_visible()
    assert "1,344.00" in page.inner_text(".ranked")
    assert page.locator(".ranked thead").bounding_box()["height"] > 10
    assert page.locator("form.sheet").is_hidden()
    assert page.locator(".compare-bar").is_hidden()


def test_switching_the_language_keeps_what_was_typed_into_a_form_that_asks_by_get(open_page):
    page = open_page("/markets", javascript=False)
    for code, direction in (
        ("fr", "ltr"),
        ("es", "ltr"),
        ("ar", "rtl"),
        ("zh-hans", "ltr"),
        ("sw", "ltr"),
        ("en", "ltr"),
    ):
        page.fill("#hs", "6109.10")
        page.click(".languages summary")
        follow(page.locator(f"button[name=language][value={code}]"))
        assert (page.get_attribute("html", "lang"), page.get_attribute("html", "dir")) == (code, direction)
        assert page.input_value("#hs") == "6109.10"
        # The address can be passed on without a language, and neither it nor a token is a part of it.
        assert "language" not in page.url
        assert "token" not in page.url
