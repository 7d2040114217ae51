"""A real Chromium against a live server with a small invented rulebook."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ewtp.core.values.refusal import Refusal
from tests.actors import OPERATOR
from tests.apps.conftest import write_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, ConsoleMessage, Page, Response

# Chromium without the parts that draw a window takes half the processor time for the same pages.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("google-chrome")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where there is no browser its tests are skipped, with the reason; one worker runs those of a file."""
    for item in items:
        if _is_of_browser(item):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(f"browser {item.path.stem}"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


def _is_of_browser(item: pytest.Item | None) -> bool:
    return item is not None and "tests/browser/" in str(item.path)


_open_browsers = ExitStack()
_opened: list[Browser] = []


@pytest.fixture
def browser() -> Browser:
    """One browser for all tests that follow each other on a worker."""
    if not _opened:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - costs time that other tests need not spend

        playwright = _open_browsers.enter_context(sync_playwright())
        # The driver's event loop lives in this thread, and Django would take it for asynchronous code.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        _open_browsers.callback(os.environ.pop, "DJANGO_ALLOW_ASYNC_UNSAFE")
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        _opened.append(launched)
        _open_browsers.callback(_opened.clear)
        _open_browsers.callback(launched.close)
    return _opened[0]


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Close the browser before a test that needs none, in whose thread its loop would be in the way."""
    if not _is_of_browser(nextitem):
        _open_browsers.close()


@pytest.fixture
def site(transactional_db: None, live_server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:  # noqa: ARG001 - the rulebook is in the database
    """The address of a live server whose rulebook knows T-shirts and coffee."""
    from ewtp.apps.assessment.actions import assessment  # noqa: PLC0415 - Django is set up after this file
    from ewtp.apps.http.reading.lru_map import LruMap  # noqa: PLC0415 - Django is set up after this file
    from ewtp.apps.rulebook.actions.seed_loader import seed_load  # noqa: PLC0415 - Django is set up after this file
    from ewtp.apps.rulebook.reading.book_cache import read_cached_book  # noqa: PLC0415 - Django is set up after this file
    from ewtp.gateways.reference.hs_index import load_index  # noqa: PLC0415 - Django is set up after this file

    # Each test has an empty database, so what the process remembers of the last one is forgotten.
    monkeypatch.setattr(assessment, "_recent", LruMap(1))
    write_seed(tmp_path, "12%")
    report = seed_load(root=tmp_path, actor=OPERATOR, now=datetime(2026, 2, 1, tzinfo=UTC))
    assert not isinstance(report, Refusal), report
    read_cached_book().forget()
    load_index()
    return str(live_server.url)


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open an address in a window of a width, in a language, with or without JavaScript; faults of the page fail."""
    contexts = []
    faults: list[str] = []

    def opening(address: str = "/", *, width: int = 1280, language: str = "en-GB", javascript: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 740},
            locale=language,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.extend(_said(said)))
        page.on("response", lambda response: faults.extend(_missing(response)))
        page.goto(site + address)
        return page

    yield opening
    for context in contexts:
        context.close()
    assert faults == []


def _said(message: ConsoleMessage) -> list[str]:
    """What the browser complains about, such as a policy that was broken; failed loads are looked at one by one."""
    return [message.text] if message.type == "error" and "Failed to load resource" not in message.text else []


def _missing(response: Response) -> list[str]:
    """A style, script or picture that did not come; a page with a status of its own is an answer."""
    failed = response.status >= 400 and response.request.resource_type != "document"
    return [f"{response.status} {response.url}"] if failed else []
