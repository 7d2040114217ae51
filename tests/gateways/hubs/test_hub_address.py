"""What is asked of another hub's address, and what is not."""

from __future__ import annotations

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.hubs.hub_address import fetch_bundle

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def hub(status: int, location: str = "") -> Iterator[tuple[str, list[str]]]:
    """The address of a hub that answers so, and what it was asked for."""
    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(b"bundle")

        def log_message(self, *_given: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def test_a_redirect_is_not_followed():
    with hub(200) as (other, asked), hub(302, f"{other}/elsewhere") as (address, _):
        refused = fetch_bundle(address, 3)
        assert isinstance(refused, Refusal)
        assert refused.code == "hub_address_unreadable"
        assert asked == []
        assert fetch_bundle(other, 3) == b"bundle"
        assert asked == ["/api/v1/hubs/bundle?since=3"]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://hub.example", "gopher://hub.example", "hub.example"])
def test_an_address_of_another_kind_is_not_asked(address):
    refused = fetch_bundle(address, 0)
    assert isinstance(refused, Refusal)
    assert refused.code == "hub_address_unreadable"
