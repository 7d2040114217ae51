"""Going from one page to the next in a test of the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator


def follow(control: Locator) -> None:
    """Click a link or a button that leads to another page, and wait until that page is there whole.

    A click alone ends as soon as the next page's first byte has come: what a test counts then is
    counted on a page that is still empty.
    """
    with control.page.expect_navigation():
        control.click()
