"""What one client has open at a moment, counted and bounded."""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from ewtp.core.values.refusal import Refusal
from ewtp.web.gate.gate_refusals import TurnedAwayError
from ewtp.web.sentences import REQUESTS_OPEN_TOO_MANY

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator


@contextmanager
def count_open(opened: Counter[str], client: str, most: int) -> Iterator[None]:
    """Count one more for the client meanwhile; ``TurnedAwayError`` where that is more than ``most``."""
    if opened[client] >= most:
        raise TurnedAwayError(HTTPStatus.TOO_MANY_REQUESTS, Refusal(REQUESTS_OPEN_TOO_MANY, {"most": most}))
    opened[client] += 1
    try:
        yield
    finally:
        opened[client] -= 1
        if opened[client] == 0:
            del opened[client]
