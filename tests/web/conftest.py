"""What tests of the command line share."""

from __future__ import annotations

import pytest

from tests.apps.conftest import write_seed


@pytest.fixture
def small_rulebook(db, tmp_path, monkeypatch):  # noqa: ARG001 - the rulebook is in the database
    """The commands find a small rulebook where they look for the seed."""
    from ewtp.apps.rulebook.reading.book_cache import read_cached_book  # noqa: PLC0415 - Django is set up after this file

    write_seed(tmp_path, "12%")
    monkeypatch.setenv("EWTP_RULEBOOK", str(tmp_path))
    read_cached_book().forget()
    yield
    read_cached_book().forget()
