"""What one fetch takes, and where it goes."""

from __future__ import annotations

import socket
import time
from threading import Thread

import pytest

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.http_client.address_fetch import Fetched, FetchLimits, fetch_address
from tests.playing_server import Played, playing_server

LIMITS = FetchLimits(most_bytes=1_000, seconds=5, redirects=frozenset())
BODY = b"x" * 900


def refusal_code(address: str, limits: FetchLimits = LIMITS) -> str:
    refused = fetch_address(address, limits)
    assert isinstance(refused, Refusal)
    return refused.code


def test_what_has_not_changed_is_not_sent_again():
    with playing_server() as server:
        server.has["/a"] = Played(BODY, etag='"1"', headers={"Last-Modified": "Tue, 01 Dec 2026 00:00:00 GMT"})
        first = fetch_address(f"{server.address}/a", LIMITS)
        assert isinstance(first, Fetched)
        assert (first.content, first.is_unchanged) == (BODY, False)
        again = fetch_address(f"{server.address}/a", LIMITS, first.validators)
        assert isinstance(again, Fetched)
        assert (again.content, again.is_unchanged) == (b"", True)
        assert server.asked[1][1]["if-modified-since"] == "Tue, 01 Dec 2026 00:00:00 GMT"


@pytest.mark.parametrize(
    ("played", "code"),
    [
        (Played(BODY, sent=500), "fetch_cut_short"),
        (Played(BODY, sent=500, chunked=True), "fetch_cut_short"),
        (Played(b"x" * 1_001), "fetch_too_large"),
        (Played(b"x" * 1_001, chunked=True), "fetch_too_large"),
        (Played(status=500), "fetch_status"),
        (Played(status=204), "fetch_status"),
        (Played(status=302, headers={"Location": "https://elsewhere.example/a"}), "fetch_redirected"),
        (Played(status=302, headers={"Location": "/a"}), "fetch_redirected"),
        (Played(status=302, headers={"Location": "http://elsewhere.example/a"}), "fetch_address_unsafe"),
        (Played(status=302, headers={"Location": "file:///etc/passwd"}), "fetch_address_unsafe"),
    ],
)
def test_a_fault_of_the_server_gives_nothing(played, code):
    with playing_server() as server:
        server.has["/a"] = played
        assert refusal_code(f"{server.address}/a") == code


@pytest.mark.parametrize("sent", [0, 500])
def test_the_time_is_for_the_whole_fetch(sent):
    limits = FetchLimits(most_bytes=1_000, seconds=0.3, redirects=frozenset())
    with playing_server() as server:
        server.has["/a"] = Played(BODY, sent=sent, silent=True)
        began = time.monotonic()
        assert refusal_code(f"{server.address}/a", limits) == "fetch_slow"
        assert time.monotonic() - began < 3


def test_a_server_that_sends_its_headers_one_by_one_is_cut_off():
    """Each byte would renew a limit on silence alone."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def trickle() -> None:
            connection, _ = listening.accept()
            with connection:
                try:
                    connection.sendall(b"HTTP/1.1 200 OK\r\n")
                    for _ in range(100):
                        connection.sendall(b"X")
                        time.sleep(0.05)
                except OSError:
                    return

        thread = Thread(target=trickle)
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/a"
        began = time.monotonic()
        assert refusal_code(address, FetchLimits(1_000, seconds=0.3)) == "fetch_slow"
        assert time.monotonic() - began < 3
        thread.join()


def test_a_redirect_is_followed_to_hosts_that_were_named():
    with playing_server() as server, playing_server() as other:
        other.has["/b"] = Played(BODY)
        server.has["/a"] = Played(status=302, headers={"Location": f"{other.address}/b"})
        server.has["/c"] = Played(status=301, headers={"Location": "/d"})
        server.has["/d"] = Played(BODY)
        assert refusal_code(f"{server.address}/a") == "fetch_redirected"
        assert other.asked == []
        named = FetchLimits(1_000, 5, redirects=frozenset({other.address.removeprefix("http://")}))
        for address, limits in ((f"{server.address}/a", named), (f"{server.address}/c", LIMITS)):
            found = fetch_address(address, limits)
            assert isinstance(found, Fetched)
            assert found.content == BODY


@pytest.mark.parametrize(
    "address",
    [
        "http://publisher.example/a",
        "file:///etc/passwd",
        "ftp://publisher.example",
        "https://",
        "https://u:p@h.example",
    ],
)
def test_an_address_that_is_not_safe_is_not_asked(address):
    assert refusal_code(address) == "fetch_address_unsafe"


def test_a_proxy_that_the_environment_names_is_asked(monkeypatch):
    with playing_server() as proxy:
        proxy.has["http://127.0.0.1:9/a"] = Played(BODY)
        monkeypatch.setenv("http_proxy", proxy.address)
        monkeypatch.delenv("no_proxy", raising=False)
        found = fetch_address("http://127.0.0.1:9/a", LIMITS)
        assert isinstance(found, Fetched)
        assert (found.content, proxy.paths) == (BODY, ["http://127.0.0.1:9/a"])


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert refusal_code(f"http://127.0.0.1:{port}/a") == "fetch_unreachable"
