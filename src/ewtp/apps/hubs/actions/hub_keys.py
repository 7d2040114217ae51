"""Another key for a hub that lost its own: trusted by the operator, who says so by name and in public."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import transaction

from ewtp.apps.decisions.actions.row_locks import RowLocks
from ewtp.apps.hubs.actions.hub_imports import HubEvent
from ewtp.apps.hubs.reading.sentences import (
    HUB_KEY_KNOWN,
    HUB_KEY_OF_ANOTHER,
    HUB_KEY_RETIRED,
    HUB_TRUST_UNEXPLAINED,
    HUB_UNKNOWN,
)
from ewtp.apps.hubs.store.models import LONGEST_KEY, LONGEST_NAME, FollowedHub
from ewtp.apps.log.actions.events import event_append
from ewtp.core.log.event import EventPayload
from ewtp.core.log.note import read_key
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.log.note import NoteKey
    from ewtp.core.values.actor import Actor

LONGEST_REASON = 300


@immutable
class KeyTrusted(EventPayload):
    """The operator trusts ``key`` for the log of another hub, in place of ``replaces``, after ``size`` entries of it.

    Nothing that the replaced key signed says so; ``reason`` is what the operator said.
    """

    kind: ClassVar = HubEvent.TRUSTED
    public: ClassVar = True
    origin: str
    key: str
    replaces: str
    size: int
    reason: str


def hub_key_trust(*, origin: str, key: str, reason: str, actor: Actor, now: datetime) -> KeyTrusted | Refusal:
    """Follow a hub under another key from the next entry on, as the operator.

    What was taken in stays as it is, and the log has to go on from there: one that does not is a fork. The key before
    is trusted again where nothing was taken in since it was replaced so. Refuses with ``operator_needed``,
    ``hub_unknown``, ``key_unreadable``, ``hub_key_of_another``, ``hub_trust_unexplained``, ``hub_key_known`` or
    ``hub_key_retired``.
    """
    if not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    given = read_key(key[: LONGEST_KEY + 1])
    if isinstance(given, Refusal):
        return given.under("key")
    if given.name != origin:
        named = {"name": given.name, "origin": origin[:LONGEST_NAME]}
        return Refusal(HUB_KEY_OF_ANOTHER, named, where="key")
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON or not said.isprintable():
        return Refusal(HUB_TRUST_UNEXPLAINED, {"most": LONGEST_REASON}, where="reason")
    with transaction.atomic():
        rows = RowLocks().lock_rows(FollowedHub.objects.filter(origin=origin))
        return _trust(rows[0], given, said, actor, now) if rows else Refusal(HUB_UNKNOWN, {"name": origin})


def _trust(hub: FollowedHub, key: NoteKey, reason: str, actor: Actor, now: datetime) -> KeyTrusted | Refusal:
    keys = _list_keys_with(hub, key.text)
    if isinstance(keys, Refusal):
        return keys
    trusted = KeyTrusted(hub.origin, key.text, hub.list_keys()[-1][0], hub.size, reason)
    told = {"key": key.text, "replaces": trusted.replaces, "size": hub.size, "at": now.isoformat(), "reason": reason}
    hub.keys, hub.breaks = keys, [*hub.breaks, told]
    hub.save(update_fields=["keys", "breaks"])
    event_append(subject=hub.origin, actor=actor, payload=trusted, now=now)
    return trusted


def _list_keys_with(hub: FollowedHub, key: str) -> list[tuple[str, int]] | Refusal:
    """The keys of a hub with one more; without those that were trusted since, where it is one of before."""
    keys = hub.list_keys()
    texts = [text for text, _ in keys]
    if key == texts[-1]:
        return Refusal(HUB_KEY_KNOWN, {"origin": hub.origin, "key": key}, where="key")
    if key not in texts:
        return [*keys, (key, hub.size)]
    kept, later = keys[: texts.index(key) + 1], keys[texts.index(key) + 1 :]
    trusted = hub.list_trusted_keys()
    if all(text in trusted and first == hub.size for text, first in later):
        return kept
    return Refusal(HUB_KEY_RETIRED, {"origin": hub.origin, "key": key}, where="key")
