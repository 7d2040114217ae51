"""How much of a process one client, and all together, may hold, and for how long."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GateLimits:
    """Limits of one process that answers; sizes in bytes, times in seconds.

    - ``head_seconds``: from the opening of a connection, or the end of the last answer, to the end of a request's head
    - ``idle_body_seconds`` and ``body_seconds``: between two pieces of a body, and for all of it
    - ``unread_seconds``: for which a client may leave an answer unread
    - ``body_bytes``: the length of one body
    - ``held_bytes`` and ``held_bytes_of_client``: what the bodies of unanswered requests hold, of all and of one client
    - ``bodies_of_client``: a client's bodies that are arriving
    - ``requests_of_client``: a client's requests that have arrived and are not answered
    - ``connections_of_client`` and ``connections``: above these the oldest are closed, once a second
    - ``waiting``, ``market_waiting``, ``heavy_waiting`` and ``waiting_seconds``: requests that wait for a thread
    - ``heavy_body_bytes``: from which size a question is heavy work
    """

    head_seconds: int = 15
    idle_body_seconds: float = 10.0
    body_seconds: float = 60.0
    unread_seconds: int = 30
    body_bytes: int = 2 * 1024 * 1024
    held_bytes: int = 64 * 1024 * 1024
    held_bytes_of_client: int = 16 * 1024 * 1024
    bodies_of_client: int = 128
    requests_of_client: int = 128
    connections_of_client: int = 256
    connections: int = 4_096
    waiting: int = 512
    market_threads: int = 1
    market_waiting: int = 256
    heavy_threads: int = 1
    heavy_waiting: int = 64
    waiting_seconds: float = 15.0
    heavy_body_bytes: int = 16 * 1024
