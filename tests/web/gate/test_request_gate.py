"""What the gate lets through to the site, what it turns away, and that nothing waits without a bound."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.apps.accounts.surface.client_address import client_name
from ewtp.web.gate.gate_limits import GateLimits
from ewtp.web.gate.request_gate import RequestGate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterable

LIMITS = GateLimits(idle_body_seconds=0.05, body_seconds=0.2, waiting=2, waiting_seconds=5.0)


def run_apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end in a thread of its own: a browser of other tests may have an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class Headers:
    """The headers of a request as the server gives them."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = list(pairs)

    def keys(self) -> list[str]:
        return list(dict(self._pairs))

    def items(self) -> list[tuple[str, str]]:
        return [(name, text) for name, text in self._pairs if text.isascii()]

    def get(self, name: str) -> str | None:
        return dict(self._pairs).get(name)


@dataclass
class Scope:
    """What the server says about a request."""

    path: str = "/api/v1/x"
    method: str = "POST"
    query_string: str = ""
    http_version: str = "1.1"
    scheme: str = "http"
    server: str = "127.0.0.1:8000"
    client: str = "192.0.2.1:5000"
    headers: Headers = field(default_factory=lambda: Headers([]))


class Protocol:
    """A caller who sends ``parts``, waits ``pause`` seconds before each, and then stays or leaves."""

    def __init__(self, parts: Iterable[bytes] = (), pause: float = 0.0, *, leaves: bool = False) -> None:
        self._parts = tuple(parts)
        self._pause = pause
        self._leaves = leaves
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            await asyncio.sleep(self._pause)
            yield part

    async def client_disconnect(self) -> None:
        if not self._leaves:
            await asyncio.Event().wait()

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = int(status), dict(headers), body

    @property
    def code(self) -> str:
        found: str = json.loads(self.body)["code"]
        return found


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [("X-Path", environ["PATH_INFO"])])
    return [environ["wsgi.input"].read()]


def gate(limits: GateLimits = LIMITS, application: Any = echo, *, proxied: bool = False) -> Any:
    return RequestGate(application, limits, threads=1, proxied=proxied)


def posted(length: int, **given: Any) -> Any:
    return Scope(headers=Headers([("content-length", str(length))]), **given)


def ask(scope: Any, protocol: Protocol, limits: GateLimits = LIMITS, application: Any = echo) -> Protocol:
    run_apart(gate(limits, application)(scope, protocol))
    return protocol


def test_a_body_in_pieces_reaches_the_site_whole():
    answer = ask(posted(6), Protocol([b"ab", b"c", b"def"]))
    assert (answer.status, answer.body) == (200, b"abcdef")


def test_what_the_site_is_told():
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        seen.update(environ)
        start_response("204 No Content", [])
        return []

    pairs = [
        ("host", "a.example"),
        ("x-forwarded_proto", "https"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
        ("authorization", "Bearer é"),
    ]
    scope = Scope(path="/é", method="GET", query_string="q=1", client="[2001:db8::1]:9", headers=Headers(pairs))
    assert ask(scope, Protocol(), application=application).status == 204
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/é"
    assert (seen["QUERY_STRING"], seen["REMOTE_ADDR"], seen["HTTP_HOST"]) == ("q=1", "2001:db8::1", "a.example")
    assert (seen["HTTP_COOKIE"], seen["SERVER_NAME"], seen["SERVER_PORT"]) == ("a=1; b=2", "127.0.0.1", "8000")
    # A text that the server cannot give is there, for the site to refuse it.
    assert seen["HTTP_AUTHORIZATION"] == ""
    # WSGI cannot distinguish this name from the header that a proxy sets.
    assert "HTTP_X_FORWARDED_PROTO" not in seen


@pytest.mark.parametrize("pause", [0.02, 1.0], ids=["all of it too slow", "idle"])
def test_a_body_that_arrives_too_slowly(pause):
    answer = ask(posted(1_000), Protocol([b"a"] * 1_000, pause))
    assert (answer.status, answer.code) == (408, "body_too_slow")
    assert answer.headers["Connection"] == "close"


def test_a_body_that_is_too_long_is_not_read():
    answer = ask(posted(LIMITS.body_bytes + 1), Protocol([b"a"], pause=60.0))
    assert (answer.status, answer.code) == (413, "body_too_large")


def test_bodies_together_hold_no_more_than_the_bound():
    limits = replace(LIMITS, held_bytes=10, heavy_body_bytes=100)
    assert ask(posted(11), Protocol([b"a" * 11]), limits).code == "server_busy"
    for_client = replace(LIMITS, held_bytes_of_client=10)
    assert ask(posted(11), Protocol([b"a" * 11]), for_client).code == "server_busy"
    served = gate(limits)

    async def one_after_another() -> list[int]:
        answers = [Protocol([b"a" * 8]) for _ in range(5)]
        for answer in answers:
            await served(posted(8), answer)
        return [answer.status for answer in answers]

    # What was held is given back with every answer.
    assert run_apart(one_after_another()) == [200] * 5


def test_slow_bodies_leave_the_threads_to_others():
    served = gate(replace(LIMITS, idle_body_seconds=5.0, body_seconds=5.0))

    async def with_slow_clients() -> int:
        slow = [asyncio.ensure_future(served(posted(9), Protocol([b"a", b"b"], 60.0))) for _ in range(100)]
        await asyncio.sleep(0)
        quick = Protocol()
        async with asyncio.timeout(2.0):
            await served(Scope(method="GET"), quick)
        for task in slow:
            assert not task.done()
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        return quick.status

    assert run_apart(with_slow_clients()) == 200


def test_a_client_has_a_bound_and_another_client_has_its_own():
    limits = replace(LIMITS, bodies_of_client=3, idle_body_seconds=5.0, body_seconds=5.0)
    served = gate(limits)

    async def many() -> list[int]:
        slow = [asyncio.ensure_future(served(posted(9), Protocol([b"a"], 60.0))) for _ in range(3)]
        await asyncio.sleep(0)
        fourth, other = Protocol([b"a"]), Protocol([b"a"])
        await served(posted(1), fourth)
        await served(posted(1, client="192.0.2.2:1"), other)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        assert fourth.code == "requests_open_too_many"
        assert fourth.headers["Retry-After"] == "5"
        later = Protocol([b"a"])
        await served(posted(1), later)
        return [fourth.status, other.status, later.status]

    assert run_apart(many()) == [429, 200, 200]


# Longer than a thread takes to begin on a computer that is busy with other tests.
_PATIENCE = 60.0


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not condition():  # noqa: ASYNC110 - the condition is another thread's
            await asyncio.sleep(0.001)


def held_application(release: Event, begun: list[str]) -> Any:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        begun.append(environ["PATH_INFO"])
        release.wait(_PATIENCE)
        start_response("200 OK", [])
        return [b""]

    return application


@pytest.mark.parametrize("path", ["/answers/1", "/markets", "/api/v1/markets"])
def test_heavy_work_waits_in_a_line_of_its_own_and_beyond_its_bound_is_refused(path):
    release, begun = Event(), list[str]()
    served = gate(replace(LIMITS, heavy_waiting=2), held_application(release, begun))

    async def flood() -> tuple[list[int], str]:
        documents = [Protocol() for _ in range(6)]
        tasks = [
            asyncio.ensure_future(served(Scope(path=f"/answers/{number}.pdf", method="GET"), document))
            for number, document in enumerate(documents)
        ]
        # One document is being made, two wait, and the others are refused at once.
        await until(lambda: bool(begun) and sum(bool(document.status) for document in documents) == 3)
        refused = [document for document in documents if document.status]
        page = Protocol()
        ordinary = asyncio.ensure_future(served(Scope(path=path, method="GET"), page))
        # An ordinary page begins while documents wait, and so does a comparison of markets.
        await until(lambda: path in begun)
        release.set()
        await asyncio.gather(*tasks, ordinary)
        assert {document.headers["Retry-After"] for document in refused} == {"5"}
        return sorted(document.status for document in documents), refused[0].headers["Content-Type"]

    statuses, kind = run_apart(flood())
    assert statuses == [200, 200, 200, 503, 503, 503]
    assert kind == "text/html; charset=utf-8"


def crowd_and_other(limits: GateLimits, crowd: int) -> tuple[list[str], list[int], int]:
    """What began, in order, and the statuses of a crowd of one client's requests and of a later one of another."""
    release, begun = Event(), list[str]()
    served = gate(limits, held_application(release, begun))

    async def ask_all() -> tuple[list[int], int]:
        answers, other = [Protocol() for _ in range(crowd)], Protocol()
        tasks = [
            asyncio.ensure_future(served(Scope(path=f"/{number}"), answer)) for number, answer in enumerate(answers)
        ]
        await until(lambda: bool(begun))
        tasks.append(asyncio.ensure_future(served(Scope(path="/other", client="192.0.2.2:1"), other)))
        await asyncio.sleep(0)
        release.set()
        await asyncio.gather(*tasks)
        return [answer.status for answer in answers], other.status

    return begun, *run_apart(ask_all())


def test_clients_take_turns():
    begun, crowd, other = crowd_and_other(replace(LIMITS, waiting=100), 20)
    assert (crowd, other) == ([200] * 20, 200)
    # One piece is being done and the next is at hand; then the first client has its turn, and the other after it.
    assert begun.index("/other") <= 3
    assert sorted(begun) == sorted(["/other", *(f"/{number}" for number in range(20))])


def test_where_too_much_waits_the_client_that_has_most_is_refused():
    begun, crowd, other = crowd_and_other(replace(LIMITS, waiting=5), 6)
    assert other == 200
    assert crowd == [200, 200, 200, 200, 200, 503]
    assert "/5" not in begun


def test_a_client_is_not_refused_for_one_that_has_as_much():
    begun, crowd, other = crowd_and_other(replace(LIMITS, waiting=2), 3)
    assert (crowd, other) == ([200, 200, 200], 503)
    assert "/other" not in begun


def test_work_that_waits_too_long_is_refused_and_what_nobody_waits_for_is_not_begun():
    release, begun = Event(), list[str]()
    served = gate(replace(LIMITS, waiting_seconds=0.05), held_application(release, begun))

    async def crowd() -> tuple[Protocol, Protocol]:
        first = asyncio.ensure_future(served(Scope(path="/first"), Protocol()))
        await asyncio.sleep(0)
        left, waited = Protocol(leaves=True), Protocol()
        await asyncio.gather(
            served(Scope(path="/left"), left),
            served(Scope(path="/api/v1/waited"), waited),
        )
        release.set()
        await first
        return left, waited

    left, waited = run_apart(crowd())
    assert begun == ["/first"]
    assert left.status == 0
    assert (waited.status, waited.code) == (503, "server_busy")


@pytest.mark.parametrize(
    ("headers", "language", "words"),
    [
        ([], "en", "try again in a few seconds"),
        ([("accept-language", "fr-CH, en;q=0.5")], "fr", "dans quelques secondes"),
        ([("cookie", "django_language=ar"), ("accept-language", "fr")], "ar", 'dir="rtl"'),
        ([("accept-language", "tlh, xx;q=")], "en", "try again in a few seconds"),
    ],
)
def test_a_page_is_refused_in_the_language_of_its_reader(headers, language, words):
    scope = Scope(path="/markets", headers=Headers([("content-length", "5"), *headers]))
    answer = ask(scope, Protocol([b"aaaaa"]), replace(LIMITS, held_bytes=1))
    assert (answer.status, answer.headers["Content-Language"]) == (503, language)
    assert words in answer.body.decode()
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_fault_of_the_gate_is_answered_and_logged(caplog):
    def application(_environ: dict[str, Any], _start_response: Callable[..., Any]) -> list[bytes]:
        raise ValueError

    answer = ask(Scope(), Protocol(), application=application)
    assert (answer.status, answer.code) == (500, "internal_error")
    assert "/api/v1/x failed" in caplog.text


def test_behind_a_proxy_a_client_is_whom_the_proxy_names():
    served = gate(replace(LIMITS, bodies_of_client=1, idle_body_seconds=5.0, body_seconds=5.0), proxied=True)

    def named(address: str) -> Any:
        return Scope(headers=Headers([("content-length", "1"), ("x-forwarded-for", f"198.51.100.1, {address}")]))

    async def two() -> list[int]:
        slow = asyncio.ensure_future(served(named("203.0.113.5"), Protocol([b"a"], 60.0)))
        await asyncio.sleep(0)
        same, other = Protocol([b"a"]), Protocol([b"a"])
        await served(named("203.0.113.5"), same)
        await served(named("203.0.113.6"), other)
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        return [same.status, other.status]

    assert run_apart(two()) == [429, 200]


def test_one_subscriber_of_ipv6_is_one_client():
    assert client_name("2001:db8:1:2:3::4") == client_name("2001:db8:1:2:ffff::1") != client_name("2001:db8:1:3::1")
    assert client_name("192.0.2.1") == "192.0.2.1"


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("192.0.2.1", ["192.0.2.1:5555", "::ffff:192.0.2.1", "[::ffff:192.0.2.1]:80", "::FFFF:c000:201"]),
        ("2001:db8::", ["2001:db8::1", "2001:0db8:0:0:0:0:0:1", "[2001:db8::2]:80", "[2001:db8::3]", "2001:DB8::4"]),
        ("2001:db8:1:2::", ["2001:db8:1:2:3::4", "2001:db8:1:2::"]),
        ("fe80::", ["fe80::1%eth0"]),
        ("::", ["::1", "[::1]:80"]),
        ("unknown", ["unknown"]),
        ("", [""]),
    ],
)
def test_however_an_address_is_written_it_is_one_client(name, ways):
    assert {client_name(way) for way in ways} == {name}
