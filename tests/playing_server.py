"""A web server on this computer that plays a publisher, faults included."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass
class Played:
    """What the server has at one address.

    ``sent`` are how many bytes of the body arrive before it breaks off; ``silent`` that they are all, and nothing
    follows while the connection stays open. An ``etag`` that a request repeats is answered with 304.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    sent: int | None = None
    silent: bool = False
    chunked: bool = False


@dataclass
class PlayingServer:
    """The server's address, what it has by path with its query, and what it was asked for, with the headers."""

    address: str
    has: dict[str, Played] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@contextmanager
def playing_server() -> Iterator[PlayingServer]:
    """A server that has nothing yet, until the context ends."""
    over = Event()

    class Playing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            played = shown.has.get(self.path, Played(status=404))
            unchanged = played.etag and self.headers.get("If-None-Match") == played.etag
            self.send_response(304 if unchanged else played.status)
            for name, value in played.headers.items():
                self.send_header(name, value)
            if played.etag:
                self.send_header("ETag", played.etag)
            if unchanged:
                self.end_headers()
                return
            self._send(played)

        def _send(self, played: Played) -> None:
            body = played.body[: played.sent]
            if played.chunked:
                self.send_header("Transfer-Encoding", "chunked")
                body = f"{len(played.body):x}\r\n".encode() + body
            else:
                self.send_header("Content-Length", str(len(played.body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()
            if played.silent:
                over.wait(30)

        def log_message(self, *_given: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Playing) as server:
        shown = PlayingServer(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield shown
        finally:
            over.set()
            server.shutdown()
            thread.join()
