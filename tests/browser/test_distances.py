"""The map of distances in a browser: from every pair to a pair and a chapter, on a desk and a phone, in Arabic too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ewtp.core.values.refusal import Refusal
from tests.actors import OPERATOR
from tests.apps.distances.test_distances import write_seed
from tests.browser.axe import obstacles
from tests.browser.navigation import follow

PHONE, DESK = 360, 1280


@pytest.fixture
def schedules(site, tmp_path_factory):
    """Three small schedules beside the rulebook of the site."""
    from ewtp.apps.rulebook.actions.seed_loader import seed_load  # noqa: PLC0415 - Django is set up after this file

    folder = tmp_path_factory.mktemp("schedules")
    write_seed(folder)
    report = seed_load(root=folder, actor=OPERATOR, now=datetime(2026, 2, 2, tzinfo=UTC))
    assert not isinstance(report, Refusal), report
    assert not report.refused, report.refused
    return site


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.usefixtures("schedules")
@pytest.mark.parametrize(
    ("width", "language", "javascript"), [(DESK, "en-GB", True), (PHONE, "ar", True), (PHONE, "fr", False)]
)
def test_a_pair_is_found_on_the_map_and_a_chapter_in_the_pair(open_page, width, language, javascript):
    page = open_page("/rulebook", width=width, language=language, javascript=javascript)
    follow(page.locator("main a[href='/distances']"))
    assert page.locator(".heat tbody tr").count() >= 3
    assert page.locator(".overlaps li").count() == 1
    assert overflow(page) <= 0
    if javascript:
        assert obstacles(page) == []
    follow(page.locator(".heat a[href*='economy=KE'][href*='other=ZM']"))
    assert page.locator("#rows tbody tr").count() == 3
    assert overflow(page) <= 0
    if javascript:
        assert obstacles(page) == []
    follow(page.locator("#rows a[href*='product=64']"))
    assert page.locator("#rows tbody tr").count() == 1
    assert overflow(page) <= 0
    if javascript:
        assert obstacles(page) == []
    page.fill("#product", "5")
    follow(page.locator("button.primary"))
    assert page.locator(".field.wrong #product").count() == 1
