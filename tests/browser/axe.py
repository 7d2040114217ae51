"""Looks for obstacles to people with disabilities on a page, with axe-core."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Each rule that was broken, with the elements that break it.
_RUN = """
() => axe.run(document, {resultTypes: ['violations']}).then(result => result.violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 160)} (${node.target})`)))
"""


@cache
def _script() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def obstacles(page: Page) -> list[str]:
    """What axe finds on the page as it is shown, with every rule that it knows: WCAG and best practices."""
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    page.evaluate(_script())
    found: list[str] = page.evaluate(_RUN)
    return found
