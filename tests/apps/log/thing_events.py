"""Events of a kind made up for the tests of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from django.db import transaction

from ewtp.apps.log.actions.events import event_append
from ewtp.core.log.event import EventKind, EventPayload
from tests.actors import OPERATOR

NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)


class SampleEvent(EventKind):
    """Kinds of a source made up here."""

    MADE = "sample:thing:made"


@dataclass(frozen=True, slots=True)
class ThingMade(EventPayload):
    """A thing was made."""

    kind: ClassVar = SampleEvent.MADE
    number: int


def append(*numbers: int) -> list[bytes]:
    """Write an event for each number, in one transaction; the hashes of their leaves."""
    with transaction.atomic():
        return [event_append(subject=f"t-{n}", actor=OPERATOR, payload=ThingMade(n), now=NOW) for n in numbers]
