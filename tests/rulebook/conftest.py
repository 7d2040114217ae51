"""The seed of the rulebook, for tests of its contents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.seed_book import read_seed

if TYPE_CHECKING:
    from ewtp.gateways.seed.reader import SeedBook


@pytest.fixture(scope="session")
def book() -> SeedBook:
    """Every pack of the committed seed."""
    return read_seed()
