"""A worker that is killed at each of its steps in turn, or whose database is: a program that forks a process for each.

Every statement that goes to the database is a step, and so is every commit, before it and after it. For each step there
is work of its own: two messages and a timer that enqueues a third. A process begins it and kills itself with SIGKILL at
that step; the next process finishes it, before it begins its own. The effect of a message is a row in the inbox, which
takes each id once: a message that is handled twice fails there.

With the argument ``database`` all processes of the installation's own database are killed at the step, and the process
meets what comes of that; the database is started again before the next one.

Prints how each killed process ended.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import django
import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

django.setup()

from django.db import connection  # noqa: E402 - settings come first
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402 - settings come first
from django.db.utils import InterfaceError, OperationalError  # noqa: E402 - settings come first
from django.utils import timezone  # noqa: E402 - settings come first

from ewtp.apps.jobs.actions.handlers import Delivery, Handler  # noqa: E402 - settings come first
from ewtp.apps.jobs.actions.inbox import inbox_accept  # noqa: E402 - settings come first
from ewtp.apps.jobs.actions.outbox import messages_enqueue  # noqa: E402 - settings come first
from ewtp.apps.jobs.actions.timers import timer_set  # noqa: E402 - settings come first
from ewtp.gateways.database.base import DatabaseWrapper  # noqa: E402 - settings come first
from ewtp.gateways.database.server import database_url, server_keep  # noqa: E402 - settings come first
from ewtp.gateways.installation.home import home_path  # noqa: E402 - settings come first
from ewtp.web.installation import prepare_installation  # noqa: E402 - settings come first
from ewtp.web.work_loop import work_once  # noqa: E402 - settings come first

MESSAGES = ("first", "second", "of the timer")
KILLS_DATABASE = sys.argv[1:] == ["database"]
# How a process ends that outlived its database.
BEREFT = 3
_killed = False


def prepare(topic: str) -> None:
    """Enqueue two messages, and set a timer for the third."""
    now = timezone.now()
    *enqueued, later = MESSAGES
    messages_enqueue(topic=topic, payloads=[{"name": name} for name in enqueued], now=now)
    timer_set(key=topic, topic=topic, payload={"name": later}, due=now, now=now)


def work_off(topics: Iterable[str]) -> None:
    """Do all that is due."""

    def handle(delivery: Delivery, now: Any) -> None:
        accepted = inbox_accept(source=delivery.topic, message_id=delivery.payload["name"], content=b"", now=now)
        assert accepted is True, delivery

    handlers = {topic: Handler(handle, batch=2) for topic in topics}
    while work_once(handlers, timezone.now, lambda: 0.0):
        pass


def kill() -> None:
    """Kill this process, or every process of its database."""
    global _killed  # noqa: PLW0603 - what a process has met is not an argument of its steps
    _killed = True
    if not KILLS_DATABASE:
        os.kill(os.getpid(), signal.SIGKILL)
    postmaster = psutil.Process(int((home_path() / "postgres/postmaster.pid").read_text().split()[0]))
    parts = [postmaster, *postmaster.children(recursive=True)]
    for part in parts:
        part.kill()
    while any(part.is_running() and part.status() != psutil.STATUS_ZOMBIE for part in parts):
        time.sleep(0.01)


@contextmanager
def killed_at(step: int, *, writes_alone: bool = False) -> Iterator[None]:
    """Kill this process, or its database, at the step of that number.

    With ``writes_alone`` a statement that reads is not a step: whoever is killed before it leaves the same behind as
    whoever is killed before the next one that writes.
    """
    taken = 0

    def count() -> None:
        nonlocal taken
        if taken == step:
            kill()
        taken += 1

    def execute_counted(execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        if not writes_alone or sql.startswith(("INSERT", "UPDATE", "DELETE")):
            count()
        return execute(sql, *given)

    commit: Callable[[Any], None] = vars(BaseDatabaseWrapper)["_commit"]

    def commit_counted(wrapper: Any) -> None:
        count()
        commit(wrapper)
        count()

    with connection.execute_wrapper(execute_counted), patch.object(BaseDatabaseWrapper, "_commit", commit_counted):
        yield


def work_until(topic: str, step: int) -> None:
    """Finish what was left, begin new work, and kill this process at the step of that number."""
    work_off([f"step {step - 1}"])
    prepare(topic)
    with killed_at(step, writes_alone=KILLS_DATABASE):
        work_off([topic])


def forked(work: Callable[..., object], *given: Any) -> int:
    """Do it in a process of its own; its exit status, or the negative number of the signal that ended it."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work(*given)
            status = BEREFT if _killed else 0
        except (OperationalError, InterfaceError):
            if not _killed:
                raise
            status = BEREFT
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def go_through(work: Callable[[str, int], None]) -> None:
    """Do the work in a process for every step until there are no more."""
    if KILLS_DATABASE:
        assert isinstance(database_url(home_path()), str)
        assert forked(prepare_installation) == 0
    # The test has a server; asking it each time whether it can be used would take longer than the work.
    DatabaseWrapper._answers = True
    for step in range(1_000):
        ended = forked(work, f"step {step}", step)
        sys.stdout.write(f"{ended}\n")
        if ended not in (-signal.SIGKILL, BEREFT):
            break
        if KILLS_DATABASE:
            assert server_keep(home_path()) is True


if __name__ == "__main__":
    go_through(work_until)
