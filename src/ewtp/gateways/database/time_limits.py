"""How long statements and locks may take in a process that answers requests; a command or a worker has no limit.

An import may rightly hold locks for minutes, and a compilation read for as long. A request that waits for them would
keep its thread, and a few of those the whole site.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

_LIMIT = """
SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false),
       set_config('idle_in_transaction_session_timeout', %s, false)
"""


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Times in seconds: of one statement, of waiting for one lock, and of a transaction between two statements.

    A lock is waited for before its statement is cut off, so the refusal names the lock.
    """

    statement_seconds: float = 20.0
    lock_seconds: float = 8.0
    idle_seconds: float = 120.0

    def take_on(self, connection: BaseDatabaseWrapper) -> None:
        """Keep to these limits on a connection from now on."""
        times = (self.statement_seconds, self.lock_seconds, self.idle_seconds)
        with connection.cursor() as cursor:
            cursor.execute(_LIMIT, [f"{round(1_000 * seconds)}ms" for seconds in times])


_of_process: list[TimeLimits] = []


def limit_process(limits: TimeLimits) -> None:
    """Keep to these limits on every connection that this process opens from now on."""
    _of_process[:] = [limits]


def process_limits_take_on(connection: BaseDatabaseWrapper) -> None:
    """Keep to the limits of this process on a new connection, if it has any."""
    for limits in _of_process:
        limits.take_on(connection)
