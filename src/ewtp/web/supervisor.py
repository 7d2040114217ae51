"""Keeps the parts of a serving installation alive: a process that ends is started again, and so is the database."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING, Protocol

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.server import server_keep

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_LOG = logging.getLogger("ewtp.supervisor")
_EWTP = (sys.executable, "-c", "from ewtp.web.command_line.main import main; main()")
_LOOK_SECONDS = 0.5
_END_LOOK_SECONDS = 0.01
_STOP_SECONDS = 5.0
# A part that ends soon after its start is started again after longer and longer pauses.
_SOON_SECONDS = 10.0
_LONGEST_PAUSE_SECONDS = 30.0


@dataclass(slots=True)
class Part:
    """A process of the installation beside those that answer: ``words`` are what follows the name of the command.

    It is told the id of the process that keeps it as its last word, and ends with that process.
    """

    words: tuple[str, ...]
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _started: float = field(default=0.0, repr=False)
    _pause: float = field(default=0.0, repr=False)

    def keep(self) -> None:
        """Start the process, or start it again if it ended and its pause is over."""
        now = time.monotonic()
        if self._process is not None:
            status = self._process.poll()
            if status is None:
                return
            _LOG.error("`ewtp %s` ended with status %s; it is started again", " ".join(self.words), status)
            lived = now - self._started
            doubled = min(max(2 * self._pause, 1.0), _LONGEST_PAUSE_SECONDS)
            self._pause = doubled if lived < _SOON_SECONDS + self._pause else 0.0
            self._process, self._started = None, now + self._pause
        if now < self._started:
            return
        # A session of its own, so that Ctrl-C reaches it through this process alone.
        command = [*_EWTP, *self.words, str(os.getpid())]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
        self._started = now

    def stop(self) -> None:
        """End the process: asked first, then killed."""
        if self._process is None:
            return
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_SECONDS)
        self._process.kill()
        self._process.wait()


class Ending(Protocol):
    """A process that answers, as the HTTP server keeps it."""

    def is_alive(self) -> bool:
        """Whether it has not ended, as far as is known."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""

    def join(self) -> None:
        """Wait until it has ended."""


def processes_end(processes: Iterable[Ending], seconds: float) -> None:
    """End the processes: asked first, and killed where they are alive after ``seconds``.

    Each is watched by a thread, which may be given the status of one that has ended; until it has stored that, the
    process seems to be alive. So they are asked until the time is over, and not once.
    """
    asked = list(processes)
    for process in asked:
        process.terminate()
    until = time.monotonic() + seconds
    while any(process.is_alive() for process in asked) and time.monotonic() < until:
        time.sleep(_END_LOOK_SECONDS)
    for process in asked:
        if process.is_alive():
            _LOG.warning("a process that answers did not end within %s s; it is killed", seconds)
            process.kill()
            process.join()


@contextmanager
def installation_supervised(home: Path, parts: Sequence[Part]) -> Iterator[Event]:
    """Keep the parts and the database of ``home`` running meanwhile, and stop the parts at the end.

    Nothing is started again once the event is set, as it is when the installation is told to end.
    """
    stopped = Event()
    keeper = Thread(target=_keep, args=(home, parts, stopped), name="supervisor", daemon=True)
    for part in parts:
        part.keep()
    keeper.start()
    try:
        yield stopped
    finally:
        stopped.set()
        keeper.join(_STOP_SECONDS)
        for part in parts:
            part.stop()


def _keep(home: Path, parts: Sequence[Part], stopped: Event) -> None:
    while not stopped.wait(_LOOK_SECONDS):
        try:
            kept = server_keep(home)
            if isinstance(kept, Refusal):
                _LOG.error("%s", kept.message)
            elif kept:
                _LOG.error("the database server had ended; it was started again")
            for part in parts:
                part.keep()
        except OSError:
            # The next look may find what this one lacked, such as memory for another process.
            _LOG.exception("a part of the installation could not be started")
