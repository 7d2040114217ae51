"""Threads for one kind of work, with a bound on how much of it waits and for how long."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from concurrent.futures import Future

_Result = TypeVar("_Result")


class LaneFullError(Exception):
    """Raised where too much work waits already, or where it would have waited too long."""


class CallerGoneError(Exception):
    """Raised where the caller left before the work began."""


class WorkLane:
    """Runs work in ``threads`` threads; at most ``waiting`` pieces wait for one, each at most ``seconds``.

    Belongs to one event loop. Work that has begun is always finished.
    """

    def __init__(self, name: str, *, threads: int, waiting: int, seconds: float) -> None:
        self._threads = threads
        self._most = threads + waiting
        self._seconds = seconds
        self._open = 0
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def run(self, work: Callable[[], _Result], gone: Callable[[], Awaitable[object]]) -> _Result:
        """The result of ``work``, or what it raises.

        ``gone`` waits until the caller has left: work that nobody waits for is not begun. Raises ``LaneFullError`` and
        ``CallerGoneError``.
        """
        if self._open >= self._most:
            raise LaneFullError
        at_once = self._open < self._threads
        self._open += 1
        try:
            job = self._pool.submit(work)
            finished = asyncio.wrap_future(job)
            if not at_once:
                await self._wait(job, finished, gone)
            return await finished
        finally:
            self._open -= 1

    async def _wait(
        self, job: Future[_Result], finished: asyncio.Future[_Result], gone: Callable[[], Awaitable[object]]
    ) -> None:
        """Wait until the job is done, the caller has left or the time is over; a job that has begun is not stopped."""
        left = asyncio.ensure_future(gone())
        awaited: tuple[asyncio.Future[Any], ...] = (finished, left)
        try:
            await asyncio.wait(awaited, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
            if not finished.done() and job.cancel():
                raise CallerGoneError if left.done() else LaneFullError
        finally:
            left.cancel()

    def close(self) -> None:
        """Drop what waits; what has begun is finished by its thread."""
        self._pool.shutdown(wait=False, cancel_futures=True)
