"""Servers that tests start as processes: a port that nobody else takes meanwhile, and an end of all their parts."""

from __future__ import annotations

import os
import random
import signal
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    import subprocess

# Below the ports that systems give to outgoing connections: one of those may be given away before the server binds it.
_PORTS = range(20_000, 32_000)


def free_port() -> int:
    """A port of this computer that nobody listens at. Whoever asks next is most likely given another one."""
    # Runs repeat the seed of the shared generator, and each of their processes would draw the same ports.
    chance = random.SystemRandom()
    while True:
        port = chance.choice(_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def kill_server(process: subprocess.Popen[bytes]) -> None:
    """Kill a server that leads a process group, and its parts, which have sessions of their own.

    A part notices by itself that its server has gone, but works on in the test's database until it does.
    """
    parts: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        parts = psutil.Process(process.pid).children(recursive=True)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
    for part in parts:
        with suppress(psutil.NoSuchProcess):
            part.kill()
    _, alive = psutil.wait_procs(parts, timeout=10)
    assert not alive
