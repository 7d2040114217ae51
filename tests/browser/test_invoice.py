"""A broker's invoice of ten lines in a browser: faults named, one table, on a phone, in Arabic, without JavaScript."""

from __future__ import annotations

import pytest

from tests.apps.assessment.test_invoice_page import TEN
from tests.browser.axe import obstacles
from tests.browser.navigation import follow

PHONE = 360
DESK = 1280


def fill(page, table):
    page.select_option("#from", "ZA")
    page.select_option("#to", "GB")
    page.select_option("#currency", "GBP")
    page.fill("#date", "2026-06-30")
    page.fill("#table", table)


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize(
    ("width", "language", "javascript"),
    [(DESK, "en-GB", True), (PHONE, "en-GB", False), (PHONE, "ar", True), (PHONE, "sw", False)],
)
def test_an_invoice_of_ten_lines_is_corrected_and_answered(open_page, width, language, javascript):
    page = open_page(width=width, language=language, javascript=javascript)
    follow(page.locator("a[href='/invoice']"))
    wrong = TEN.replace("1000", "1,000", 1).replace("0901.11\t2000", "green coffee\t2000")
    fill(page, wrong)
    follow(page.locator("button.primary"))
    assert page.locator("td.sentence").count() == 2
    assert page.input_value("#table") == wrong
    assert overflow(page) <= 0
    if javascript:
        assert obstacles(page) == []
    page.locator("input.fix").first.fill("1000")
    page.locator("input.fix").last.fill("0901.11")
    follow(page.locator("button.primary"))
    assert "/answers/" in page.url
    assert page.locator("a[href^='#line-']").count() == 10
    assert overflow(page) <= 0
    if javascript:
        assert obstacles(page) == []
    follow(page.locator(".option button[name=line]").first)
    assert page.locator(".claimed").count() == 1
    follow(page.locator("aside.take a.button").first)
    assert "claims" in page.input_value("#table").splitlines()[0]


def test_words_are_chosen_from_a_list(open_page):
    page = open_page("/invoice", width=PHONE, javascript=False)
    fill(page, "product\tvalue\ncotton t-shirt\t1000\ncotton t-shirt\t5\n")
    follow(page.locator("button.primary"))
    page.select_option("#choice-1", "610910")
    follow(page.locator("button.primary"))
    assert "/answers/" in page.url
    assert page.locator("a[href^='#line-']").count() == 2


def test_a_file_is_read(open_page, tmp_path):
    file = tmp_path / "invoice.csv"
    file.write_text("Commodity code;Line total\n6109.10;1000,50\n0901.11;5\n", encoding="utf-8-sig")
    page = open_page("/invoice")
    fill(page, "")
    page.set_input_files("#file", file)
    follow(page.locator("button.primary"))
    assert "quantity_kg" in page.inner_text("tbody")
    assert page.input_value("#table").splitlines()[1] == "6109.10;1000,50"
