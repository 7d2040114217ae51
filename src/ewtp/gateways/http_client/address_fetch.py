"""One GET over HTTP, bounded in size and in time, that goes nowhere but where its caller said."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.http_client.sentences import (
    FETCH_ADDRESS_UNSAFE,
    FETCH_CUT_SHORT,
    FETCH_REDIRECTED,
    FETCH_SLOW,
    FETCH_STATUS,
    FETCH_TOO_LARGE,
    FETCH_UNREACHABLE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 3
_CHUNK_BYTES = 1 << 16
# Nobody is waited for longer than this for one answer of the network, however long the whole may take.
_SILENT_SECONDS = 30.0
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What a fetch may take, and where it may go.

    ``seconds`` are for the whole fetch. ``redirects`` are the hosts to which the address may lead besides its own;
    None where no redirect is followed at all. ``plain_http`` allows http to hosts other than this computer.
    """

    most_bytes: int
    seconds: float
    redirects: frozenset[str] | None = None
    plain_http: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: its content, or nothing where it has not changed since the validators that were sent.

    ``headers`` are those of the answer, by name in lower case, and ``address`` is where it came from in the end.
    """

    address: str
    status: int
    content: bytes
    headers: Mapping[str, str]

    @property
    def is_unchanged(self) -> bool:
        """Whether the server said that nothing has changed."""
        return self.status == HTTPStatus.NOT_MODIFIED

    @property
    def validators(self) -> dict[str, str]:
        """The headers by which a later request asks for what is newer."""
        pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        return {asked: self.headers[name] for asked, name in pairs if name in self.headers}


def fetch_address(address: str, limits: FetchLimits, validators: Mapping[str, str] | None = None) -> Fetched | Refusal:
    """What an address has; ``validators`` of an earlier answer ask for it only where it has changed since.

    A proxy is used where the environment names one (``HTTPS_PROXY``). Refuses with ``fetch_address_unsafe``,
    ``fetch_cut_short``, ``fetch_redirected``, ``fetch_slow``, ``fetch_status``, ``fetch_too_large`` or
    ``fetch_unreachable``.
    """
    deadline = _Deadline(time.monotonic() + limits.seconds)
    headers = {"User-Agent": "eWTP", "Accept": "*/*", **(validators or {})}
    url = address
    for _ in range(_MOST_REDIRECTS + 1):
        refused = _refuse_address(url, address, limits)
        if refused is not None:
            return refused
        answer = _ask(url, headers, limits, deadline)
        if not isinstance(answer, _Redirect):
            return answer
        url = urljoin(url, answer.location)
    return Refusal(FETCH_REDIRECTED, {"address": _shorten(address), "host": urlsplit(url).netloc[:_LONGEST]})


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str


@dataclass(slots=True)
class _Deadline:
    """The moment by which everything has to be over, and the connections that are cut off then."""

    moment: float
    expired: bool = False
    connections: list[http.client.HTTPConnection] = field(default_factory=list)

    @property
    def left(self) -> float:
        return self.moment - time.monotonic()

    def cut_off(self) -> None:
        """Make whoever waits for the other side wait no longer."""
        self.expired = True
        for each in self.connections:
            if each.sock is not None:
                try:
                    # What reads a header may wait again for every byte of it, and only this ends that.
                    each.sock.shutdown(socket.SHUT_RDWR)
                except (OSError, ValueError):
                    continue


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect by itself: where one leads to is looked at first."""

    def redirect_request(self, *_given: Any) -> None:
        """Take the redirect for the error that it is here."""


def _handlers(deadline: _Deadline) -> list[urllib.request.BaseHandler]:
    """Handlers whose connections the deadline knows."""

    class Plain(http.client.HTTPConnection):
        def connect(self) -> None:
            super().connect()
            deadline.connections.append(self)

    class Secure(http.client.HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            deadline.connections.append(self)

    class PlainHandler(urllib.request.HTTPHandler):
        def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Plain, req)

    class SecureHandler(urllib.request.HTTPSHandler):
        def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Secure, req)

    return [PlainHandler(), SecureHandler(), _NoRedirect()]


def _ask(
    url: str, headers: Mapping[str, str], limits: FetchLimits, deadline: _Deadline
) -> Fetched | _Redirect | Refusal:
    """One request; a redirect is returned as where it leads."""
    shown = _shorten(url)
    opener = urllib.request.build_opener(*_handlers(deadline))
    timer = threading.Timer(max(0.0, deadline.left), deadline.cut_off)
    timer.daemon = True
    timer.start()
    slow = Refusal(FETCH_SLOW, {"address": shown, "seconds": round(limits.seconds)})
    try:
        request = urllib.request.Request(url, headers=dict(headers))  # noqa: S310 - its kind was looked at
        try:
            with opener.open(request, timeout=min(_SILENT_SECONDS, max(0.1, deadline.left))) as answer:
                found: Fetched | _Redirect | Refusal = _read(answer, url, limits)
        except urllib.error.HTTPError as error:
            with error:
                found = _read_status(error, url)
    except TimeoutError:
        return slow
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        timed_out = deadline.expired or isinstance(reason, TimeoutError)
        unreachable = Refusal(FETCH_UNREACHABLE, {"address": shown, "reason": f"{reason}"[:_LONGEST]})
        return slow if timed_out else unreachable
    finally:
        timer.cancel()
    return slow if deadline.expired else found


def _read_status(error: urllib.error.HTTPError, url: str) -> Fetched | _Redirect | Refusal:
    location = error.headers.get("Location", "")
    if error.code in _REDIRECTS and location:
        return _Redirect(location)
    if error.code == HTTPStatus.NOT_MODIFIED:
        return Fetched(url, error.code, b"", _names(error.headers))
    return Refusal(FETCH_STATUS, {"address": _shorten(url), "status": str(error.code)})


def _read(answer: http.client.HTTPResponse, url: str, limits: FetchLimits) -> Fetched | Refusal:
    if answer.status != HTTPStatus.OK:
        return Refusal(FETCH_STATUS, {"address": _shorten(url), "status": str(answer.status)})
    too_large = Refusal(FETCH_TOO_LARGE, {"address": _shorten(url), "most": limits.most_bytes})
    size = answer.length
    if size is not None and size > limits.most_bytes:
        return too_large
    parts, got = [], 0
    whole = True
    try:
        for part in _parts(answer):
            got += len(part)
            if got > limits.most_bytes:
                return too_large
            parts.append(part)
    except http.client.IncompleteRead:
        whole = False
    if not whole or (size is not None and got != size):
        return Refusal(FETCH_CUT_SHORT, {"address": _shorten(url), "got": got})
    return Fetched(url, answer.status, b"".join(parts), _names(answer.headers))


def _parts(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    """What arrives, as it arrives: a read of many bytes would wait for all of them."""
    while part := answer.read1(_CHUNK_BYTES):
        yield part


def _names(headers: Any) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in headers.items()}


def _refuse_address(url: str, first: str, limits: FetchLimits) -> Refusal | None:
    """Why an address is not asked: of another kind, without encryption, or another host's than the first."""
    try:
        parts, origin = urlsplit(url), urlsplit(first)
        host, home = parts.hostname or "", origin.hostname or ""
    except ValueError:
        return Refusal(FETCH_ADDRESS_UNSAFE, {"address": _shorten(url)})
    plain = parts.scheme == "http" and (limits.plain_http or (_is_loopback(host) and _is_loopback(home)))
    if not host or not (parts.scheme == "https" or plain) or parts.username is not None:
        return Refusal(FETCH_ADDRESS_UNSAFE, {"address": _shorten(url)})
    if url != first and (limits.redirects is None or parts.netloc not in {origin.netloc, *limits.redirects}):
        return Refusal(FETCH_REDIRECTED, {"address": _shorten(first), "host": parts.netloc[:_LONGEST]})
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shorten(address: str) -> str:
    return address[:_LONGEST]
