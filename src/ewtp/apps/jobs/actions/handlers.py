"""What handles the messages of a topic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from ewtp.core.values.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message being delivered; ``attempts`` counts the earlier failures, ``payload`` is an object of JSON."""

    message_id: UUID
    topic: str
    payload: dict[str, Any]
    attempts: int


@dataclass(frozen=True, slots=True)
class Handler:
    """How messages of one topic are handled.

    ``handle`` gets a delivery and the moment; it returns None, or the refusal because of which to try again later. It
    runs in the transaction that removes the message: what it writes to the database happens exactly once. What it does
    outside may happen again if the process is killed before the commit, so it passes the message's id on, by which the
    receiver recognises a repeat. ``batch`` messages share a transaction; where one of them
    fails, all are undone and handled again, each on its own. A handler that reaches outside sets it to 1. What is
    refused with one of the ``final`` codes is not tried again.
    """

    handle: Callable[[Delivery, datetime], Refusal | None]
    batch: int = 50
    final: frozenset[str] = frozenset()
