"""``ewtp serve`` as a process: it answers, and ends when it is told to."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import ExitStack, suppress
from itertools import chain
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from ewtp.web.gate.gate_limits import GateLimits
from tests.apps.batches.batch_lines import command, environment
from tests.apps.conftest import write_seed
from tests.server_process import free_port, kill_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

pytestmark = pytest.mark.server

_STARTS_WITHIN, _COMPILES_WITHIN, _ENDS_WITHIN = 60, 900, 15
MARKETS = "/api/v1/markets?from=ZA&hs=610910&value=1000&currency=GBP"


def readiness(port: int) -> dict[str, Any] | None:
    """The answer of /readyz; None while nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except OSError:
        return None


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def server(
    transactional_db: None,  # noqa: ARG001 - the server's processes connect to it
    tmp_path: Path,
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server on the small rulebook, in a process group of its own as a terminal makes one."""
    write_seed(tmp_path, "12%")
    port = free_port()
    words = command("serve", "--port", str(port))
    process = subprocess.Popen(
        words, env=environment(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_for(lambda: readiness(port) is not None, _STARTS_WITHIN)
        assert process.poll() is None
        yield process, port
    finally:
        kill_server(process)


def test_control_c_reaches_every_process_and_ends_the_server(server: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = server
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(_ENDS_WITHIN) == 0
    assert readiness(port) is None


def follower_of(process: subprocess.Popen[bytes]) -> psutil.Process:
    """The process that compiles versions for a server."""
    found = [child for child in psutil.Process(process.pid).children() if "--follow" in child.cmdline()]
    assert len(found) == 1
    return found[0]


@pytest.mark.kernel
def test_control_c_ends_a_server_that_answers_from_the_compiled_rulebook(
    server: tuple[subprocess.Popen[bytes], int],
) -> None:
    process, port = server
    follower = follower_of(process)

    def compiled() -> bool:
        found = readiness(port)
        return found is not None and found["rulebook"]["compiled"] == "ready"

    wait_for(compiled, _COMPILES_WITHIN)
    # The processes that answer load it by themselves; the question may meet one that is loading.
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{MARKETS}", timeout=60) as answer:
        assert json.load(answer)["markets"][0]["landed_cost"] == {"amount": "1344.00", "currency": "GBP"}
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(_ENDS_WITHIN) == 0
    assert readiness(port) is None
    assert not follower.is_running()


def parts_of(process: subprocess.Popen[bytes]) -> dict[str, list[psutil.Process]]:
    """The processes of a server by what they do."""
    found: dict[str, list[psutil.Process]] = {"compile": [], "work": [], "answer": []}
    for child in psutil.Process(process.pid).children():
        try:
            words = child.cmdline()
        except (psutil.ZombieProcess, psutil.NoSuchProcess):
            continue
        found["work" if "--parent" in words else "compile" if "--follow" in words else "answer"].append(child)
    return found


def has_ended(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_every_part_ends_with_a_server_that_is_killed(server: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = server
    parts = list(chain.from_iterable(parts_of(process).values()))
    assert len(parts) == 4
    process.kill()
    process.wait(10)
    try:
        wait_for(lambda: all(map(has_ended, parts)), _ENDS_WITHIN)
        assert readiness(port) is None
    finally:
        for part in parts:
            with suppress(psutil.NoSuchProcess):
                part.kill()


def test_every_part_that_is_killed_is_started_again(server: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = server
    before = parts_of(process)
    assert {name: len(parts) for name, parts in before.items()} == {"compile": 1, "work": 1, "answer": 2}
    for part in chain.from_iterable(before.values()):
        part.kill()

    def again() -> bool:
        after = parts_of(process)
        return all(
            len(after[name]) == len(parts) and not {part.pid for part in parts} & {part.pid for part in after[name]}
            for name, parts in before.items()
        )

    wait_for(again, _STARTS_WITHIN)
    wait_for(lambda: readiness(port) is not None, _STARTS_WITHIN)
    assert process.poll() is None


@pytest.fixture
def many_files() -> Iterator[None]:
    """This process may open as many sockets as the system allows."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def slow_sockets(port: int, clients: Iterable[str]) -> list[socket.socket]:
    """Connections that send one byte of what they promise: of a head, of a body, or nothing at all."""
    starts = (b"", b"G", b"POST /api/v1/assessments HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n{")
    opened = []
    for number, client in enumerate(clients):
        address = (client, 0)
        opened.append(socket.create_connection(("127.0.0.1", port), timeout=_STARTS_WITHIN, source_address=address))
        opened[-1].sendall(starts[number % len(starts)])
    return opened


def whole_answer(client: socket.socket) -> bytes:
    """Everything that the server sends before it closes the connection."""
    return b"".join(iter(lambda: client.recv(10_000), b""))


def still_open(clients: Sequence[socket.socket]) -> int:
    """How many connections the server has neither answered nor closed."""
    ended = select.poll()
    for client in clients:
        ended.register(client, select.POLLIN)
    return len(clients) - len(ended.poll(0))


@pytest.mark.usefixtures("many_files")
def test_the_pages_stay_up_while_thousands_of_sockets_send_one_byte(
    server: tuple[subprocess.Popen[bytes], int],
) -> None:
    _, port = server

    def ask_around() -> None:
        for path in ("/healthz", "/", "/api/v1/rulebook/versions"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=_STARTS_WITHIN) as answer:
                assert answer.status == 200

    with ExitStack() as stack:
        # A thousand of 250 clients, and a thousand of one, whose oldest are closed beyond its bound.
        clients = [f"127.0.1.{1 + number % 250}" for number in range(1_000)]
        slow = [stack.enter_context(opened) for opened in slow_sockets(port, clients)]
        crowd = [stack.enter_context(opened) for opened in slow_sockets(port, ["127.0.0.2"] * 1_000)]
        for _ in range(10):
            ask_around()
        wait_for(lambda: still_open(crowd) <= 2 * GateLimits().connections_of_client, _STARTS_WITHIN)
        # A body that is too large is refused before it is sent, and the connection closed.
        large = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=_STARTS_WITHIN))
        large.sendall(b"POST /api/v1/assessments HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000000\r\n\r\n")
        refused = whole_answer(large)
        assert refused.startswith(b"HTTP/1.1 413 ")
        assert b'"code":"body_too_large"' in refused
        # Each slow one is told, or its connection is closed, without another byte of its own.
        answers = [whole_answer(opened) for opened in slow[:3]]
    assert answers[:2] == [b"", b""]
    assert answers[2].startswith(b"HTTP/1.1 408 ")
    assert b'"code":"body_too_slow"' in answers[2]
