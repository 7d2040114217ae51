"""The market finder in a real browser: on a phone, by touch and without JavaScript."""

from __future__ import annotations

import pytest

PHONE = 360
ADDRESS = "/markets?from=ZA&hs=610910&value=1000&currency=GBP"


@pytest.mark.parametrize("language", ["en-GB", "ar"])
def test_a_phone_shows_the_map_and_cards_without_a_script(open_page, language):
    page = open_page(ADDRESS, width=PHONE, language=language, javascript=False)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    tile = page.locator("svg.region a[href='#to-GB'] rect").bounding_box()
    assert tile is not None
    assert tile["width"] >= 24
    row = page.locator("#to-GB")
    assert row.bounding_box()["width"] <= PHONE
    row.locator("input[name=compare]").check()
    page.locator(".compare-bar button").click()
    page.locator("#compare").wait_for()
    page.locator("#sorting a").nth(1).click()
    page.wait_for_url("**sort=economy**")
    page.locator("#to-GB").wait_for()
