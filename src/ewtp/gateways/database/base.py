"""Django's PostgreSQL backend, which starts the installation's own server when it is first needed.

A command that needs no database therefore starts none, and no command can forget to start it.
"""

from __future__ import annotations

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.utils import OperationalError

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.roles import role_take_on
from ewtp.gateways.database.server import database_url
from ewtp.gateways.database.time_limits import process_limits_take_on
from ewtp.gateways.installation.home import home_path


class DatabaseRefusedError(OperationalError):
    """The database cannot be used; ``refusal`` gives the reason and what to do."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    _answers = False

    def is_usable(self) -> bool:
        """Whether the server still holds the connection.

        Django asks before the first statement of a request. The server is silent between statements, so one that has
        said nothing has not ended the connection either, and need not be asked.
        """
        return not self._has_news() or bool(super().is_usable())

    def _has_news(self) -> bool:
        waiting = select.poll()
        try:
            waiting.register(self.connection.fileno(), select.POLLIN)
        except (psycopg.Error, ValueError):
            return True
        return bool(waiting.poll(0))

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, after making sure once in this process that a usable server runs."""
        if not DatabaseWrapper._answers:
            url = database_url(home_path())
            if isinstance(url, Refusal):
                raise DatabaseRefusedError(url)
            DatabaseWrapper._answers = True
        return super().get_new_connection(conn_params)

    def init_connection_state(self) -> None:
        """Prepare a new connection: work on it as the application from now on, within the limits of the process."""
        super().init_connection_state()
        role_take_on(self)
        process_limits_take_on(self)
