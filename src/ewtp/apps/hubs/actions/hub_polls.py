"""Other hubs asked over HTTP for what their logs have grown by: by the operator, or at intervals."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ewtp.apps.hubs.actions.hub_imports import hub_import
from ewtp.apps.hubs.reading.sentences import HUB_BUNDLE_LARGE
from ewtp.apps.hubs.store.models import FollowedHub
from ewtp.core.log.bundle_format import MOST_LINE_BYTES
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.hubs.hub_address import MOST_BUNDLE_BYTES, fetch_bundle

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.apps.hubs.actions.hub_imports import HubImport
    from ewtp.core.values.actor import Actor

HUBS_ASKED = "hubs"
_POLL = system_actor("hubs")


def hub_fetch(*, address: str, key: str, actor: Actor, now: datetime, since: int | None = None) -> HubImport | Refusal:
    """Take in what the hub at an address has added since the size that is known of it, and remember the address.

    ``since`` asks from another size on. Refuses as ``fetch_bundle`` and ``hub_import`` do, and with
    ``hub_bundle_large``; what came of asking a hub that is followed is kept either way.
    """
    known = FollowedHub.objects.filter(address=address).first()
    held = 0 if known is None else known.size
    content = fetch_bundle(address, held if since is None else since)
    done = content if isinstance(content, Refusal) else bundle_take_in(content=content, key=key, actor=actor, now=now)
    if isinstance(done, Refusal):
        FollowedHub.objects.filter(address=address).update(asked=now, problem=done.as_json())
        return done
    FollowedHub.objects.filter(address=address).exclude(origin=done.origin).update(address="")
    FollowedHub.objects.filter(origin=done.origin).update(address=address, asked=now, problem={})
    return done


def bundle_take_in(*, content: bytes, key: str, actor: Actor, now: datetime) -> HubImport | Refusal:
    """Take in the bytes of a bundle; refuses with ``hub_bundle_large``, and as ``hub_import`` does."""
    if len(content) > MOST_BUNDLE_BYTES:
        return Refusal(HUB_BUNDLE_LARGE, {"most": MOST_BUNDLE_BYTES})
    file = io.BytesIO(content)
    lines = list(iter(lambda: file.readline(MOST_LINE_BYTES + 1), b""))
    return hub_import(lines=lines, key=key, actor=actor, now=now)


def hubs_poll(*, now: datetime) -> int:
    """Ask every hub whose address is known for what is new; returns how many answered.

    One that does not answer is asked again at the next interval, and its page says why.
    """
    addresses = FollowedHub.objects.exclude(address="").order_by("origin").values_list("address", flat=True)
    done = [hub_fetch(address=each, key="", actor=_POLL, now=now) for each in addresses]
    return sum(not isinstance(each, Refusal) for each in done)
