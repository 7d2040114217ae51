"""A request with an ``Idempotency-Key`` whose process is killed at each of its steps in turn.

For each step there is a key of its own. A process sends the request and kills itself with SIGKILL before a statement or
on either side of a commit; its client, who got no answer, sends the same twice from the next process. What the request
makes is an organisation, a new one each time that it is done.
"""

from __future__ import annotations

import json
import os
from typing import Any

from tests.apps.jobs.killed_worker import go_through, killed_at  # isort: split

from django.test import Client

import ewtp.web.urls  # noqa: F401 - so that no process has to load the site

SECRET = os.environ["KILLED_REQUEST_TOKEN"]


def send(name: str) -> Any:
    """Register an organisation of this name, with the name as the key."""
    return Client(raise_request_exception=False, SERVER_NAME="localhost").post(
        "/api/v1/organisations",
        json.dumps({"name": name, "kind": "firm", "economy": "KE"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {SECRET}", "Idempotency-Key": name},
    )


def work_until(name: str, step: int) -> None:
    """Repeat the request that was killed; then send one of this name and end at that step."""
    if step:
        first, again = (send(f"step {step - 1}") for _ in range(2))
        assert (first.status_code, again.content) == (201, first.content), (first.content, again.content)
    with killed_at(step):
        assert send(name).status_code == 201


if __name__ == "__main__":
    go_through(work_until)
