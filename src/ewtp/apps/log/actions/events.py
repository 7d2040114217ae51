"""Events: written in the transaction of the action that they tell of, and erased where they must be forgotten."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import connection, transaction

from ewtp.apps.log.reading.sentences import ENTRY_ERASED, ENTRY_KEPT, ENTRY_UNKNOWN, REASON_MISSING
from ewtp.apps.log.store.event_rows import store_event
from ewtp.apps.log.store.models import LogEntry
from ewtp.core.log.erasures import ERASED
from ewtp.core.log.event import SALT_BYTES, Event, EventKind, EventPayload, event_leaf
from ewtp.core.log.key_history import ROTATED
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED
from ewtp.gateways.database.row_security import rows_for

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.values.actor import Actor


LONGEST_REASON = 200


class LogEvent(EventKind):
    """What happens to the log itself."""

    KEY_INTRODUCED = "log:key:introduced"
    KEY_ROTATED = ROTATED
    ENTRY_ERASED = ERASED


@dataclass(frozen=True, slots=True)
class KeyIntroduced(EventPayload):
    """The log is signed with this public key from now on, on the word of the operator alone."""

    kind: ClassVar = LogEvent.KEY_INTRODUCED
    public: ClassVar = True
    key: str


@dataclass(frozen=True, slots=True)
class KeyRotated(EventPayload):
    """The log is signed with this public key from now on, and with the one that it replaces for the last time."""

    kind: ClassVar = LogEvent.KEY_ROTATED
    public: ClassVar = True
    key: str
    replaces: str


@dataclass(frozen=True, slots=True)
class EntryErased(EventPayload):
    """The content of an entry of the kind ``erased_kind`` was erased; its hash stays."""

    kind: ClassVar = LogEvent.ENTRY_ERASED
    public: ClassVar = True
    index: int
    reason: str
    erased_kind: str


def event_append(*, subject: str, actor: Actor, payload: EventPayload, now: datetime) -> bytes:
    """Write an event, in the transaction of the action that it tells of; returns the hash of its leaf.

    The event gets its number within about a second after that transaction; the hash finds it.
    """
    if not connection.in_atomic_block:
        msg = "an event is written in the transaction of its action"
        raise RuntimeError(msg)
    event = Event(subject, actor, now, payload)
    body = event.body
    salt = secrets.token_bytes(SALT_BYTES)
    leaf = event_leaf(salt, body)
    store_event(event, leaf=leaf, salt=salt, body=body)
    return leaf


@transaction.atomic
def event_erase(*, index: int, reason: str, actor: Actor, now: datetime) -> bytes | Refusal:
    """Erase the content of an entry for good, and note that as an event, whose leaf's hash is returned.

    Refuses with ``operator_needed``, ``log_entry_unknown``, ``log_entry_erased``, ``log_entry_kept`` or
    ``log_reason_missing``.
    """
    if not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        return Refusal(REASON_MISSING, {"most": LONGEST_REASON}, where="reason")
    with rows_for(actor):
        return _erase(index, reason, actor, now)


def _erase(index: int, reason: str, actor: Actor, now: datetime) -> bytes | Refusal:
    entry = LogEntry.objects.select_for_update().filter(index=index).first()
    if entry is None:
        return Refusal(ENTRY_UNKNOWN, {"entry": str(index)})
    if entry.erased_at is not None:
        return Refusal(ENTRY_ERASED, {"entry": index})
    if entry.kind in set(LogEvent):
        return Refusal(ENTRY_KEPT, {"entry": index})
    # The event comes first: the database lets no entry go whose erasure is not noted.
    payload = EntryErased(index, reason, entry.kind)
    noted = event_append(subject=str(index), actor=actor, payload=payload, now=now)
    LogEntry.objects.filter(index=index).update(
        salt=None, body=None, subject="", actor="", erased_at=now, erased_reason=reason
    )
    return noted
