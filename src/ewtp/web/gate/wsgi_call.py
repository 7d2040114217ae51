"""A request whose body has arrived, as a call of the site's WSGI application."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from wsgiref.types import WSGIApplication

    from granian._granian import RSGIHeaders
    from granian.rsgi import Scope

_UNPREFIXED = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


@dataclass(frozen=True, slots=True)
class WsgiAnswer:
    """What the application answers: the status as a number, headers in their order, and the whole body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def wsgi_environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """The environment of PEP 3333 for a request.

    A header whose name has an underscore is left out: WSGI writes hyphens as underscores, so that it could pass for
    one that a proxy sets.
    """
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        # WSGI carries bytes as the characters of Latin-1.
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": address_of(scope.client),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    environ.update(_header_variables(scope.headers))
    return environ


def address_of(peer: str) -> str:
    """The address of ``address:port``, without the brackets of IPv6."""
    return peer.rpartition(":")[0].strip("[]")


def wsgi_answer(application: WSGIApplication, environ: Mapping[str, Any]) -> WsgiAnswer:
    """Call the application and take its whole answer; raises what it raises."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
        started.append((status, headers))

    parts = application(dict(environ), start_response)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    status, headers = started[-1]
    return WsgiAnswer(int(status[:3]), headers, body)


def _header_variables(headers: RSGIHeaders) -> dict[str, str]:
    # The server leaves out texts that are not ASCII. They become empty ones, so that a token or a key of a caller is
    # refused and not taken for one that was never sent.
    variables: dict[str, str] = {_variable(name): "" for name in headers.keys() if "_" not in name}  # noqa: SIM118
    for name, text in headers.items():
        if "_" in name:
            continue
        variable = _variable(name)
        earlier = variables[variable]
        # A header sent twice is one with both texts (RFC 9110, 5.2); cookies are joined by semicolons (RFC 6265, 5.4).
        joint = "; " if name == "cookie" else ","
        variables[variable] = earlier + joint + text if earlier else text
    return variables


def _variable(name: str) -> str:
    return _UNPREFIXED.get(name) or "HTTP_" + name.upper().replace("-", "_")
