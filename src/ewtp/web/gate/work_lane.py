"""Threads for one kind of work, shared fairly by clients, with a bound on how much of it waits and for how long."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from concurrent.futures import Future

_Result = TypeVar("_Result")


class LaneFullError(Exception):
    """Raised where too much work waits already, or where it would have waited too long."""


class CallerGoneError(Exception):
    """Raised where the caller left before the work began."""


@dataclass(slots=True, eq=False)
class _LaneWork:
    """A piece of work; ``job`` is None while the piece waits for its client's turn."""

    client: str
    work: Callable[[], Any]
    finished: asyncio.Future[Any]
    job: Future[Any] | None = None


class WorkLane:
    """Runs work in ``threads`` threads; at most ``waiting`` pieces wait for one, each at most ``seconds``.

    Clients take turns, so that one that asks a hundred things at once waits for itself. Where too much waits, the
    latest piece of the client that has most is dropped for that of one that has less. Belongs to one event loop. Work
    that has begun is always finished.
    """

    def __init__(self, name: str, *, threads: int, waiting: int, seconds: float) -> None:
        self._threads = threads
        self._most = threads + waiting
        self._seconds = seconds
        self._open = 0
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        # Each thread has its next piece at hand, so that it need not wait for the event loop between two.
        self._most_given = 2 * threads
        self._given = 0
        # Waiting pieces by client, in the order of their turns; a client without any is left out.
        self._waiting: OrderedDict[str, deque[_LaneWork]] = OrderedDict()

    async def run(
        self, work: Callable[[], _Result], gone: Callable[[], Awaitable[object]], client: str = ""
    ) -> _Result:
        """The result of ``work``, or what it raises.

        ``gone`` waits until the caller has left: work that nobody waits for is not begun. Raises ``LaneFullError`` and
        ``CallerGoneError``.
        """
        if self._open >= self._most and not self._drop_for(client):
            raise LaneFullError
        at_once = self._open < self._threads
        self._open += 1
        try:
            piece = _LaneWork(client, work, asyncio.get_running_loop().create_future())
            self._waiting.setdefault(client, deque()).append(piece)
            self._give()
            if not at_once:
                await self._wait(piece, gone)
            result: _Result = await piece.finished
            return result
        finally:
            self._open -= 1

    async def _wait(self, piece: _LaneWork, gone: Callable[[], Awaitable[object]]) -> None:
        """Wait until the work is done, the caller has left or the time is over; work that has begun is not stopped."""
        left = asyncio.ensure_future(gone())
        awaited: tuple[asyncio.Future[Any], ...] = (piece.finished, left)
        try:
            await asyncio.wait(awaited, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
            if not piece.finished.done() and self._take_back(piece):
                raise CallerGoneError if left.done() else LaneFullError
        finally:
            left.cancel()

    def _give(self) -> None:
        """Hand pieces to the threads, one of each client in turn."""
        while self._waiting and self._given < self._most_given:
            client, pieces = self._waiting.popitem(last=False)
            piece = pieces.popleft()
            if pieces:
                self._waiting[client] = pieces
            self._given += 1
            piece.job = self._pool.submit(piece.work)
            asyncio.wrap_future(piece.job).add_done_callback(partial(self._finish, piece))

    def _finish(self, piece: _LaneWork, done: asyncio.Future[Any]) -> None:
        self._given -= 1
        self._give()
        if done.cancelled():
            piece.finished.cancel()
            return
        error = done.exception()
        if piece.finished.done():
            return
        if error is None:
            piece.finished.set_result(done.result())
        else:
            piece.finished.set_exception(error)

    def _take_back(self, piece: _LaneWork) -> bool:
        """Have the piece never begin; whether that was in time."""
        if piece.job is not None:
            return piece.job.cancel()
        pieces = self._waiting[piece.client]
        pieces.remove(piece)
        if not pieces:
            del self._waiting[piece.client]
        return True

    def _drop_for(self, client: str) -> bool:
        """Drop the latest piece of the client that has most waiting; not for one that would have as many."""
        if not self._waiting:
            return False
        most = max(self._waiting, key=lambda each: len(self._waiting[each]))
        if len(self._waiting[most]) <= len(self._waiting.get(client, ())) + 1:
            return False
        piece = self._waiting[most][-1]
        self._take_back(piece)
        piece.finished.set_exception(LaneFullError())
        return True

    def close(self) -> None:
        """Drop what waits; what has begun is finished by its thread."""
        self._waiting.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)
