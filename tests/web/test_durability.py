"""What was acknowledged is there after the database was killed at that moment."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.web.test_serve import wait_for
from tests.web.test_unavailable import QUESTION, Site
from tests.web.test_unavailable import site as site  # noqa: PLC0414 - a fixture is found by its name

if TYPE_CHECKING:
    from typing import Any

pytestmark = pytest.mark.server
_QUESTIONS = 40


def question(number: int) -> dict[str, Any]:
    line = {"hs": "61091000", "value": {"amount": f"{1_000 + number}.00", "currency": "GBP"}}
    return {**QUESTION, "lines": [line], "keep": number % 2 == 0}


def test_answers_survive_a_database_that_is_killed_whether_they_are_kept_or_not(site: Site) -> None:
    database = psutil.Process(site.database())
    parts = [database, *database.children(recursive=True)]
    given = []
    for number in range(_QUESTIONS):
        status, _, body = site.ask("/api/v1/assessments", question(number))
        assert status == 201
        given.append(json.loads(body))
        assert given[-1]["kept"] is (number % 2 == 0)
    # Nothing has a chance to write what it had put off.
    parts += [part for part in database.children(recursive=True) if part not in parts]
    for part in parts:
        # Some serve one connection, and may have ended with it.
        with suppress(psutil.NoSuchProcess):
            part.kill()
    wait_for(lambda: site.ask("/readyz")[0] == 200, 60)
    for number, answer in enumerate(given):
        status, _, body = site.ask(f"/api/v1/assessments/{answer['id']}")
        assert status == 200, f"answer {number} is gone"
        assert json.loads(body) == answer
