"""Stops an installation's own database server once no process uses it; started by ``server``."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from pathlib import Path

from ewtp.gateways.database.server import server_stop

# Commands often follow one another; a server that lingers saves each of them a start.
LINGER_SECONDS = 3


def guard(users: Path, data: Path, guard_lock: int, linger_seconds: float = LINGER_SECONDS) -> None:
    """Wait until no process has held the lock on ``users`` for ``linger_seconds``, then stop the server in ``data``.

    ``guard_lock`` is the open file that marks this guard as the only one.
    """
    # Opened for reading, so that a home that was removed meanwhile does not come back.
    with users.open("rb") as file:
        while True:
            fcntl.flock(file, fcntl.LOCK_EX)
            fcntl.flock(file, fcntl.LOCK_UN)
            time.sleep(linger_seconds)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            break
        # Holding the lock makes a newcomer wait; it starts the server again and needs a new guard, so this one releases
        # its mark first.
        server_stop(data)
        os.close(guard_lock)


if __name__ == "__main__":
    guard(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
