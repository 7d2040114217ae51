"""Another hub over HTTP: the bundle of its log since a size."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.hubs.sentences import HUB_ADDRESS_UNREADABLE

# Bundles are read whole, to be checked before anything of them is kept.
MOST_BUNDLE_BYTES = 200_000_000
_SECONDS = 60
_LONGEST = 200


class StayingHandler(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: whoever gave the address of a hub gave no other computer's."""

    def redirect_request(self, *_given: Any) -> None:
        """Take the redirect for the error that it is here."""


_OPENER = urllib.request.build_opener(StayingHandler)


def fetch_bundle(address: str, since: int) -> bytes | Refusal:
    """The bundle of the hub at an address, such as https://hub.example, with one byte more where it is too large.

    Refuses with ``hub_address_unreadable``, also where the address is of another kind than http and https,
    or leads elsewhere.
    """
    shown = address[:_LONGEST]
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return Refusal(HUB_ADDRESS_UNREADABLE, {"address": shown, "reason": "no address of http or https"})
    url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/api/v1/hubs/bundle?since={since}"
    try:
        with _OPENER.open(url, timeout=_SECONDS) as answer:
            content: bytes = answer.read(MOST_BUNDLE_BYTES + 1)
    except (OSError, ValueError) as error:
        return Refusal(HUB_ADDRESS_UNREADABLE, {"address": shown, "reason": str(error)[:_LONGEST]})
    return content
