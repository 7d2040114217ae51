"""Rows that several tests begin with are written once, in a transaction around the transactions of these tests.

A fixture of such rows is made by ``shared_rows``. Tests that ask for it follow one another, as far as the order of
tests with a database allows, and what a test changes is rolled back to what was written. A test that commits, and so
has no transaction of its own, gets the rows written for it alone.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Callable

_COMMITTING = {"transactional_db", "live_server", "django_db_reset_sequences"}
_writers: dict[str, Callable[[Path], Any]] = {}


class _OpenRows:
    """Which rows are written at the moment, what their writer returned, and the transaction that they are in."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.returned: Any = None
        self._wanted: str | None = None
        self._transaction: Any = None
        self._blocker: Any = None

    def want(self, name: str | None) -> None:
        """Have the rows of this name and no others, now or as soon as there is a database."""
        self._wanted = name
        if self._blocker is not None:
            self._turn()

    def begin(self, blocker: Any) -> None:
        """There is a database."""
        self._blocker = blocker
        self._turn()

    def end(self) -> None:
        """There is no database any more."""
        self.want(None)
        self._blocker = None

    def _turn(self) -> None:
        if self.name == self._wanted:
            return
        with self._blocker.unblock():
            if self.name is not None:
                self.name = None
                transaction.set_rollback(True)
                self._transaction.__exit__(None, None, None)
            if self._wanted is not None:
                self._transaction = transaction.atomic()
                self._transaction.__enter__()
                # Whatever happens in the writer, there is a transaction to be left.
                self.name = self._wanted
                self.returned = _write(self._wanted)
                # What the database checks at the end of a transaction is checked, so that tests may alter tables.
                connection.check_constraints()


_open = _OpenRows()


def _write(name: str) -> Any:
    with TemporaryDirectory(prefix="rows-") as folder:
        return _writers[name](Path(folder))


def shared_rows(write: Callable[[Path], Any]) -> Callable[[None], Any]:
    """A fixture of the rows that ``write`` writes, with an empty folder at hand; the test gets what it returned.

    That object is shared, so nobody changes it.
    """
    name = write.__name__
    assert name not in _writers, f"two writers are called {name}"
    _writers[name] = write

    @pytest.fixture(name=name)
    def rows(db: None) -> Any:  # noqa: ARG001 - a test rolls back what it changes
        return _open.returned if _open.name == name else _write(name)

    return rows


def rows_of(item: pytest.Item) -> str | None:
    """The name of the rows that a test shares with others."""
    names = getattr(item, "fixturenames", ())
    marker = item.get_closest_marker("django_db")
    if _COMMITTING.intersection(names) or (marker is not None and (marker.args or marker.kwargs)):
        return None
    return next((name for name in names if name in _writers), None)


def order_by_rows(items: list[pytest.Item]) -> None:
    """Let tests of the same rows follow one another; others keep their order."""
    items.sort(key=lambda item: rows_of(item) or "~")


def want_rows(item: pytest.Item) -> None:
    """Have the rows of a test before its fixtures begin."""
    _open.want(rows_of(item))


def begin_rows(blocker: Any) -> None:
    """There is a database, which ``blocker`` lets tests use."""
    _open.begin(blocker)


def end_rows() -> None:
    """Leave the transaction, before the database goes."""
    _open.end()
