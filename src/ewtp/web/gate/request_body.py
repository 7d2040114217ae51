"""The body of a request, taken in without a thread, within limits of size and time."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from ewtp.core.values.refusal import Refusal
from ewtp.web.gate.client_count import count_open
from ewtp.web.gate.gate_refusals import TurnedAwayError
from ewtp.web.sentences import BODY_TOO_LARGE, BODY_TOO_SLOW, SERVER_BUSY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from granian._granian import RSGIHTTPProtocol

    from ewtp.web.gate.gate_limits import GateLimits


@dataclass(slots=True)
class BodyShare:
    """The memory that one request's body holds, in bytes."""

    client: str
    held: int = 0


class BodyIntake:
    """Reads bodies, and counts what those of each client and all of them hold; belongs to one event loop.

    What has arrived counts, not what was declared: a declaration costs its sender nothing.
    """

    def __init__(self, limits: GateLimits) -> None:
        self._limits = limits
        self._held = 0
        self._held_by: Counter[str] = Counter()
        self._arriving: Counter[str] = Counter()

    @contextmanager
    def share(self, client: str) -> Iterator[BodyShare]:
        """A share of the memory for bodies, which is given back at the end."""
        share = BodyShare(client)
        try:
            yield share
        finally:
            self._held -= share.held
            self._held_by[client] -= share.held
            if self._held_by[client] == 0:
                del self._held_by[client]

    async def read(self, protocol: RSGIHTTPProtocol, share: BodyShare, length: int) -> bytes:
        """The body of a request that declares its length; shorter where the client left before its end.

        Raises ``TurnedAwayError`` where the body is too long, arrives too slowly, or is one too many.
        """
        if length == 0:
            return b""
        limits = self._limits
        if length > limits.body_bytes:
            too_large = Refusal(BODY_TOO_LARGE, {"most": limits.body_bytes})
            raise TurnedAwayError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
        with count_open(self._arriving, share.client, limits.bodies_of_client):
            try:
                async with asyncio.timeout(limits.body_seconds):
                    return await self._read_arrived(protocol, share, length)
            except TimeoutError:
                raise TurnedAwayError(HTTPStatus.REQUEST_TIMEOUT, Refusal(BODY_TOO_SLOW)) from None

    async def _read_arrived(self, protocol: RSGIHTTPProtocol, share: BodyShare, length: int) -> bytes:
        parts: list[bytes] = []
        stream = protocol.__aiter__()
        while share.held < length:
            try:
                async with asyncio.timeout(self._limits.idle_body_seconds):
                    # `anext` with a default cannot be cancelled: the server's awaitables have no `throw`.
                    part = await stream.__anext__()
            except StopAsyncIteration:
                break
            self._take(share, len(part))
            parts.append(part)
        return b"".join(parts)

    def _take(self, share: BodyShare, length: int) -> None:
        share.held += length
        self._held += length
        self._held_by[share.client] += length
        limits = self._limits
        if self._held > limits.held_bytes or self._held_by[share.client] > limits.held_bytes_of_client:
            raise TurnedAwayError(HTTPStatus.SERVICE_UNAVAILABLE, Refusal(SERVER_BUSY))
