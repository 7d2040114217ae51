"""The gate before the site: an event loop takes requests in, so that only one that has arrived whole takes a thread."""

from __future__ import annotations

import logging
from collections import Counter
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from ewtp.apps.accounts.surface.client_address import client_name
from ewtp.core.values.refusal import Refusal
from ewtp.web.gate.client_count import count_open
from ewtp.web.gate.gate_refusals import TurnedAwayError, response_of_refusal
from ewtp.web.gate.request_body import BodyIntake
from ewtp.web.gate.work_lane import CallerGoneError, LaneFullError, WorkLane
from ewtp.web.gate.wsgi_call import WsgiAnswer, address_of, wsgi_answer, wsgi_environ
from ewtp.web.metrics import count_turned_away
from ewtp.web.sentences import INTERNAL_ERROR, SERVER_BUSY

if TYPE_CHECKING:
    import asyncio
    from wsgiref.types import WSGIApplication

    from granian._granian import RSGIHTTPProtocol
    from granian.rsgi import Scope

    from ewtp.web.gate.gate_limits import GateLimits

_LOG = logging.getLogger("ewtp.web")
# Comparisons of markets: quick on a compiled rulebook, whole seconds without one.
_MARKET_PATHS = frozenset({"/markets", "/markets.csv", "/api/v1/markets"})
# Addresses whose answers take whole seconds and much memory, beside questions with long bodies.
_HEAVY_ENDING = ".pdf"


class RequestGate:
    """An RSGI application that calls a WSGI application in threads, within limits.

    Behind a proxy (``proxied``) a client is who the proxy names last in ``X-Forwarded-For``.
    """

    def __init__(self, application: WSGIApplication, limits: GateLimits, *, threads: int, proxied: bool) -> None:
        self._application = application
        self._limits = limits
        self._proxied = proxied
        self._bodies = BodyIntake(limits)
        self._open: Counter[str] = Counter()
        seconds = limits.waiting_seconds
        self._lane = WorkLane("answer", threads=threads, waiting=limits.waiting, seconds=seconds)
        self._market_lane = WorkLane(
            "markets", threads=limits.market_threads, waiting=limits.market_waiting, seconds=seconds
        )
        self._heavy_lane = WorkLane(
            "heavy", threads=limits.heavy_threads, waiting=limits.heavy_waiting, seconds=seconds
        )

    async def __call__(self, scope: Scope, protocol: RSGIHTTPProtocol) -> None:
        """Answer a request."""
        try:
            answer = await self._answer(scope, protocol)
        except TurnedAwayError as error:
            count_turned_away(error.refusal.code)
            answer = response_of_refusal(scope, error)
        except LaneFullError:
            count_turned_away(SERVER_BUSY.code)
            answer = response_of_refusal(scope, TurnedAwayError(HTTPStatus.SERVICE_UNAVAILABLE, Refusal(SERVER_BUSY)))
        except CallerGoneError:
            return
        except Exception:  # noqa: BLE001 - whatever failed, the caller gets an answer
            # Django answers its own failures; this is one of the gate, and the caller is told no more.
            _LOG.exception("%s %s failed before it reached the site", scope.method, scope.path)
            failed = TurnedAwayError(HTTPStatus.INTERNAL_SERVER_ERROR, Refusal(INTERNAL_ERROR))
            answer = response_of_refusal(scope, failed)
        protocol.response_bytes(answer.status, answer.headers, answer.body)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """Drop what waits when the process ends."""
        self._lane.close()
        self._market_lane.close()
        self._heavy_lane.close()

    async def _answer(self, scope: Scope, protocol: RSGIHTTPProtocol) -> WsgiAnswer:
        length, client = _read_declared_length(scope), self._client(scope)
        with self._bodies.share(client) as share:
            body = await self._bodies.read(protocol, share, length)
            if len(body) < length:
                raise CallerGoneError
            lane = self._lane_of(scope.path, length)
            work = partial(wsgi_answer, self._application, wsgi_environ(scope, body))
            with count_open(self._open, client, self._limits.requests_of_client):
                return await lane.run(work, protocol.client_disconnect, client)

    def _lane_of(self, path: str, length: int) -> WorkLane:
        if length >= self._limits.heavy_body_bytes or path.endswith(_HEAVY_ENDING):
            return self._heavy_lane
        return self._market_lane if path in _MARKET_PATHS else self._lane

    def _client(self, scope: Scope) -> str:
        forwarded = (scope.headers.get("x-forwarded-for") or "") if self._proxied else ""
        return client_name(forwarded.rpartition(",")[2].strip() or address_of(scope.client))


def _read_declared_length(scope: Scope) -> int:
    """The length of the body; 0 where none is declared, and the site refuses a body without a length."""
    declared = scope.headers.get("content-length") or "0"
    return int(declared) if declared.isascii() and declared.isdigit() else 0
