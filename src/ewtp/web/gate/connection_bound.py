"""A bound on the connections of one client and of all, kept by closing the oldest.

The HTTP server accepts and reads connections itself and has no bound for a client, so a thread looks once a second at
the sockets of its process.
"""

from __future__ import annotations

import logging
import os
import socket
import stat
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from ewtp.apps.accounts.surface.client_address import client_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.web.gate.gate_limits import GateLimits

_LOG = logging.getLogger("ewtp.web")
_LOOK_SECONDS = 1.0
_DESCRIPTORS = Path("/dev/fd")


class ConnectionBound:
    """Closes the oldest connections to ``port`` of a client that has too many, and the oldest of all.

    Behind a proxy (``proxied``) every connection is the proxy's, and only the bound on all holds.
    """

    def __init__(self, limits: GateLimits, *, port: int, proxied: bool) -> None:
        self._limits = limits
        self._port = port
        self._proxied = proxied
        # Connections by the inodes of their sockets, in the order in which they were first seen.
        self._seen: dict[int, str] = {}

    def keep(self) -> None:
        """Look once a second, for as long as the process lives."""
        while True:
            time.sleep(_LOOK_SECONDS)
            try:
                self.look()
            except OSError:
                _LOG.exception("the connections could not be counted")

    def look(self) -> int:
        """Close what is above the bounds; returns how many connections that were."""
        now = dict(self._connections())
        # A connection keeps its place, so that those seen first come first.
        self._seen = {inode: now[inode] for inode in (*self._seen, *now) if inode in now}
        excess = self._excess()
        for inode, connection in self._sockets():
            if inode in excess:
                _shut(connection)
        return len(excess)

    def _excess(self) -> set[int]:
        excess: set[int] = set()
        if not self._proxied:
            of_client: defaultdict[str, list[int]] = defaultdict(list)
            for inode, client in self._seen.items():
                of_client[client].append(inode)
            for inodes in of_client.values():
                excess.update(inodes[: max(0, len(inodes) - self._limits.connections_of_client)])
        left = [inode for inode in self._seen if inode not in excess]
        excess.update(left[: max(0, len(left) - self._limits.connections)])
        return excess

    def _connections(self) -> Iterator[tuple[int, str]]:
        for inode, connection in self._sockets():
            try:
                if connection.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    self._limit_unread(connection)
                    continue
                yield inode, client_name(str(connection.getpeername()[0]))
            except OSError:
                # The peer is gone, and the server is about to notice.
                continue

    def _limit_unread(self, listening: socket.socket) -> None:
        """Have the system drop connections whose peer leaves what was sent to it unread; they inherit the option."""
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1_000 * self._limits.unread_seconds)

    def _sockets(self) -> Iterator[tuple[int, socket.socket]]:
        """The sockets of this process at the port, each through a descriptor of its own while it is looked at.

        The server may close any of them meanwhile and reuse its number.
        """
        for path in tuple(_DESCRIPTORS.iterdir()):
            try:
                descriptor = os.dup(int(path.name))
            except OSError:
                continue
            status = os.fstat(descriptor)
            if not stat.S_ISSOCK(status.st_mode):
                os.close(descriptor)
                continue
            with socket.socket(fileno=descriptor) as found:
                if self._is_ours(found):
                    yield status.st_ino, found

    def _is_ours(self, found: socket.socket) -> bool:
        if found.family not in {socket.AF_INET, socket.AF_INET6} or found.type != socket.SOCK_STREAM:
            return False
        try:
            return bool(found.getsockname()[1] == self._port)
        except OSError:
            return False


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It ended by itself.
        return
