"""What the tests of accounts share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ewtp.apps.accounts.store.models import User


@pytest.fixture
def ann() -> User:
    """A person who may sign in."""
    from tests.apps.accounts.people import made_person  # noqa: PLC0415 - its table needs the settings

    return made_person()
