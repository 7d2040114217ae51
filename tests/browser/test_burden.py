"""What rules cost small firms, in a browser: a small file is ranked on a desk and on a phone, in Arabic as well."""

from __future__ import annotations

import pytest

from tests.apps.batches.test_burden import LINES
from tests.browser.axe import obstacles
from tests.browser.navigation import follow

PHONE = 360
DESK = 1280


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize(
    ("width", "language", "javascript"), [(DESK, "en-GB", True), (PHONE, "ar", True), (PHONE, "fr", False)]
)
def test_rules_are_ranked_over_a_file(open_page, tmp_path, width, language, javascript):
    file = tmp_path / "lines.csv"
    file.write_text(LINES)
    page = open_page("/rulebook", width=width, language=language, javascript=javascript)
    follow(page.locator("a[href='/rulebook/burden']"))
    assert overflow(page) <= 0
    page.set_input_files("#file", file)
    page.select_option("#currency", "GBP")
    follow(page.locator("button.primary"))
    assert page.locator("#rules tbody tr").count() == 1
    assert overflow(page) <= 0
    if javascript:
        assert obstacles(page) == []
    page.set_input_files("#file", file)
    page.check("[name=each]")
    page.check("[name=taxes]")
    follow(page.locator("button.primary"))
    assert page.locator("#rules tbody tr").count() == 3


def test_a_file_without_sizes_says_what_is_needed(open_page, tmp_path):
    file = tmp_path / "lines.csv"
    file.write_text(LINES.replace("firm_size", "size"))
    page = open_page("/rulebook/burden", width=PHONE)
    page.set_input_files("#file", file)
    follow(page.locator("button.primary"))
    assert "firm_size" in page.inner_text("#file-problem")
    assert obstacles(page) == []
