"""Another hub over HTTP: the bundle of its log since a size."""

from __future__ import annotations

from urllib.parse import urlsplit

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.http_client.address_fetch import FetchLimits, fetch_address
from ewtp.gateways.hubs.sentences import HUB_ADDRESS_UNREADABLE

# Bundles are read whole, to be checked before anything of them is kept.
MOST_BUNDLE_BYTES = 200_000_000
# Whoever gave the address of a hub gave no other computer's, so no redirect is followed.
_LIMITS = FetchLimits(MOST_BUNDLE_BYTES, seconds=600, plain_http=True)
_LONGEST = 200


def fetch_bundle(address: str, since: int) -> bytes | Refusal:
    """The bundle of the hub at an address, such as https://hub.example.

    Refuses with ``hub_address_unreadable``, also where the address is of another kind than http and https, leads
    elsewhere, or gives more than ``MOST_BUNDLE_BYTES``.
    """
    shown = address[:_LONGEST]
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or len(address) > _LONGEST:
        return Refusal(
            HUB_ADDRESS_UNREADABLE,
            {"address": shown, "reason": "no address of http or https of at most 200 characters"},
        )
    url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/api/v1/hubs/bundle?since={since}"
    fetched = fetch_address(url, _LIMITS)
    if isinstance(fetched, Refusal):
        return Refusal(HUB_ADDRESS_UNREADABLE, {"address": shown, "reason": fetched.message})
    return fetched.content
