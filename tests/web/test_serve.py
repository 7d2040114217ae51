"""``ewtp serve`` as a process: it answers, and ends when it is told to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from typing import TYPE_CHECKING

import pytest

from tests.apps.batches.batch_lines import command, environment
from tests.apps.conftest import write_seed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_STARTS_WITHIN, _ENDS_WITHIN = 60, 15


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


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
        deadline = time.monotonic() + _STARTS_WITHIN
        while not ready(port):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield process, port
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def test_control_c_reaches_every_process_and_ends_the_server(server: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = server
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(_ENDS_WITHIN) == 0
    assert not ready(port)
