"""An event: something that somebody did, as the log has it.

An entry of the log is a salt of 32 random bytes and the event's canonical JSON. Its leaf is hashed over both, so an
event that must be forgotten is erased with its salt, and nobody can guess it from the hash that stays.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

from ewtp.core.log.hash_tree import LEAF
from ewtp.core.values.actor import Actor
from ewtp.core.values.canonical_json import canonical_json
from ewtp.core.values.immutable import immutable
from ewtp.core.values.sentence import plain

if TYPE_CHECKING:
    from datetime import datetime

SALT_BYTES = 32
# An entry is preceded by its length in two bytes where logs pass entries on (C2SP tlog-tiles).
MOST_BODY_BYTES = 65_535 - SALT_BYTES
EDITION = 1
_KIND = re.compile(r"[a-z][a-z_]*(:[a-z][a-z_]*){2}\Z")


class EventKind(StrEnum):
    """What happened, as ``source:subject:action``; each package that writes events derives its own kinds."""

    def __init__(self, text: str) -> None:
        if not _KIND.match(text):
            msg = f"{text!r} is not source:subject:action"
            raise ValueError(msg)


class EventPayload:
    """The facts of one kind of event; derived classes are frozen dataclasses of values that JSON can hold."""

    __slots__ = ()
    kind: ClassVar[EventKind]
    # Whether anybody may read events of this kind; what names a person or a trade may not be.
    public: ClassVar[bool] = False

    def as_json(self) -> dict[str, Any]:
        """The facts as JSON has them."""
        return {name: _plain(value) for name, value in asdict(self).items()}  # type: ignore[call-overload]


@immutable
class Event:
    """What happened to ``subject``, the id of a thing of the kind's, who did it, and when (with a time zone).

    An actor of an earlier version is known by its name alone.
    """

    subject: str
    actor: Actor | str
    at: datetime
    payload: EventPayload

    @property
    def actor_label(self) -> str:
        """The actor's name."""
        return self.actor.label if isinstance(self.actor, Actor) else self.actor

    @property
    def body(self) -> bytes:
        """The event in canonical JSON; ValueError where it is longer than an entry may be."""
        acting = {}
        if isinstance(self.actor, Actor):
            acting = {"capacity": str(self.actor.capacity), "on_behalf_of": self.actor.on_behalf_of}
        body = canonical_json(
            {
                **acting,
                "actor": self.actor_label,
                "at": self.at.isoformat(),
                "edition": EDITION,
                "kind": str(self.payload.kind),
                "payload": self.payload.as_json(),
                "subject": self.subject,
            }
        )
        if len(body) > MOST_BODY_BYTES:
            msg = f"an event of {len(body)} bytes is longer than an entry of the log may be"
            raise ValueError(msg)
        return body


def event_leaf(salt: bytes, body: bytes) -> bytes:
    """The hash of the leaf of an entry."""
    # Of a million entries, one call less each is a tenth of a second.
    return sha256(LEAF + salt + body).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else plain(value)
