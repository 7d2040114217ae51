"""The API's documentation in a browser: readable under the site's strict policy, and its examples run."""

from __future__ import annotations

import json


def try_out(page, operation):
    """Open an operation, take its example as it stands, send it, and read what came back."""
    block = page.locator(f"#operations-{operation}")
    block.locator(".opblock-summary-control").click()
    block.locator("button.try-out__btn").click()
    block.locator("button.execute").click()
    block.locator(".live-responses-table").wait_for()
    return block


def test_every_operation_is_listed_and_examples_run(open_page):
    page = open_page("/api/v1/docs", width=1280)
    page.locator(".opblock").first.wait_for()
    described = page.evaluate("fetch('/api/v1/openapi.json').then(response => response.json())")
    assert page.locator(".opblock").count() == sum(len(methods) for methods in described["paths"].values())
    block = try_out(page, "assessments-assessment_create")
    assert block.locator(".live-responses-table .response-col_status").last.inner_text().startswith("201")
    body = json.loads(block.locator(".live-responses-table code").first.inner_text())
    assert body["totals"]["landed_cost"] == {"amount": "1344.00", "currency": "GBP"}
    # The page lists every operation, so it is opened once; this one has its example in the address.
    block = try_out(page, "hs-hs_search")
    assert block.locator(".live-responses-table .response-col_status").last.inner_text().startswith("200")
