"""Every component, photographed in six languages and both directions, light and dark, on a phone and on a desk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.browser.axe import obstacles
from tests.browser.navigation import follow

LANGUAGES = {"en": "ltr", "fr": "ltr", "es": "ltr", "ar": "rtl", "zh-hans": "ltr", "sw": "ltr"}
WIDTHS = (360, 1200)
SCHEMES = ("light", "dark")
# A page of this size that shows nothing is a picture of a few kilobytes.
LEAST_BYTES = 40_000
# Pictures are kept here for people to look at, where it is set.
FOLDER = os.environ.get("EWTP_SCREENSHOTS")


def browser_language(code):
    return {"zh-hans": "zh-CN", "en": "en-GB"}.get(code, code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_components_fit_and_show_in_every_language_scheme_and_width(open_page, language):
    page = open_page("/components", language=browser_language(language))
    assert page.get_attribute("html", "lang") == language
    assert page.get_attribute("html", "dir") == LANGUAGES[language]
    seen = set()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wider <= 0, (width, scheme)
            picture = page.screenshot(full_page=True)
            assert len(picture) > LEAST_BYTES, (width, scheme)
            seen.add(picture)
            if FOLDER:
                Path(FOLDER).mkdir(parents=True, exist_ok=True)
                (Path(FOLDER) / f"components-{language}-{width}-{scheme}.png").write_bytes(picture)
    assert len(seen) == len(WIDTHS) * len(SCHEMES)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_the_components(open_page, scheme):
    page = open_page("/components", width=360)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert obstacles(page) == []


# Where the words of an element are, from the left and from the right edge of the window.
GAPS = """
selector => { const range = document.createRange(); range.selectNodeContents(document.querySelector(selector));
  const box = range.getBoundingClientRect(); return [box.left, document.documentElement.clientWidth - box.right]; }
"""


@pytest.mark.parametrize(("language", "turned"), [("en-GB", False), ("ar", True)])
def test_a_page_begins_at_the_side_where_reading_begins(open_page, language, turned):
    page = open_page("/components", width=1200, language=language)
    for selector in (".mark", "h1", "#fields", ".stepper li", "label[for=sample_text]", ".timeline li", ".pages span"):
        left, right = page.evaluate(GAPS, selector)
        assert (right < left) == turned, (selector, left, right)


def test_the_samples_sort_page_and_are_saved_without_a_script(open_page):
    page = open_page("/components", javascript=False)
    follow(page.locator(".ranked thead a").nth(1))
    assert page.get_attribute(".ranked th[aria-sort]", "aria-sort") == "ascending"
    follow(page.locator(".ranked thead a").nth(1))
    assert page.get_attribute(".ranked th[aria-sort]", "aria-sort") == "descending"
    follow(page.locator("a[rel=next]").first)
    assert page.get_attribute(".ranked th[aria-sort]", "aria-sort") == "descending"
    assert page.locator(".pages [aria-current=page]").first.inner_text().split() == ["Page", "2"]
    with page.expect_download() as download:
        page.locator("a[download]").click()
    assert download.value.suggested_filename == "sample.csv"
