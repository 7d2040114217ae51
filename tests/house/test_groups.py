"""What pytest-xdist is told to keep on one worker is kept there: a mark alone does not prove it."""

from __future__ import annotations

import os

import pytest


@pytest.mark.seed
@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="one process runs everything, so nothing is apart")
def test_a_test_of_the_whole_seed_is_sent_with_its_group(request: pytest.FixtureRequest):
    assert request.node.nodeid.endswith("@seed")
