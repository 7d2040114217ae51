"""An event has one way to be written, and its leaf hides it behind a salt."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from ewtp.core.log.event import MOST_BODY_BYTES, Event, EventKind, EventPayload, event_leaf
from ewtp.core.values.actor import Actor, ActorKind, Capacity


class SampleEvent(EventKind):
    """Kinds of a source made up here."""

    SENT = "sample:parcel:sent"


@dataclass(frozen=True, slots=True)
class ParcelSent(EventPayload):
    """A parcel was sent."""

    kind: ClassVar = SampleEvent.SENT
    weight_kg: Decimal
    parts: tuple[str, ...]
    lines: tuple[dict[str, Any], ...] = ()


AT = datetime(2026, 6, 30, 12, 0, 0, 5, tzinfo=UTC)
SENT = ParcelSent(Decimal("1.50"), ("a", "b"), ({"at": AT},))


def test_an_event_is_written_in_one_way():
    body = Event("p-1", "someone", AT, SENT).body
    assert body == (
        b'{"actor":"someone","at":"2026-06-30T12:00:00.000005+00:00","edition":1,"kind":"sample:parcel:sent",'
        b'"payload":{"lines":[{"at":"2026-06-30T12:00:00.000005+00:00"}],"parts":["a","b"],"weight_kg":"1.50"},'
        b'"subject":"p-1"}'
    )
    assert json.loads(body)["payload"]["weight_kg"] == "1.50"


def test_an_actor_is_written_with_whom_it_acts_for():
    actor = Actor(ActorKind.TOKEN, "ewtp_abc", on_behalf_of="org-1", capacity=Capacity.AGENCY)
    written = json.loads(Event("p-1", actor, AT, SENT).body)
    assert (written["actor"], written["on_behalf_of"], written["capacity"]) == ("token:ewtp_abc", "org-1", "agency")


def test_a_leaf_is_hashed_over_salt_and_body():
    assert event_leaf(b"s" * 32, b"body") == hashlib.sha256(b"\x00" + b"s" * 32 + b"body").digest()
    assert event_leaf(b"s" * 32, b"body") != event_leaf(b"t" * 32, b"body")


def test_an_event_that_no_entry_can_hold_is_a_bug():
    with pytest.raises(ValueError, match="longer than an entry"):
        _ = Event("p-1", "x" * MOST_BODY_BYTES, AT, SENT).body


@pytest.mark.parametrize("text", ["sent", "a:b", "a:b:c:d", "A:b:c", "a::c", "a:b:c\n"])
def test_a_kind_names_source_subject_and_action(text):
    with pytest.raises(ValueError, match="source:subject:action"):

        class BadEvent(EventKind):
            BAD = text
