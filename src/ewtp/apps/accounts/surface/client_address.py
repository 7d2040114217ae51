"""The address that a request came from, and who counts as one client."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest

# One subscriber of IPv6 is given a network of 64 bits; the rest of the address is theirs to choose.
_HOST_BITS = 64


def client_address(request: HttpRequest) -> str:
    """The address of the caller, without a port; behind the operator's proxy, the one that the proxy added last."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    written = forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
    found = _read_address(written)
    return written if found is None else str(found)


def client_name(address: str) -> str:
    """Who counts as one client: an address of IPv4, or the first of the network that a subscriber of IPv6 is given.

    However an address is written, with or without a port, it has one name. Any other text is its own name.
    """
    found = _read_address(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Address(int(found) >> _HOST_BITS << _HOST_BITS))
    return address if found is None else str(found)


def client_of(request: HttpRequest) -> str:
    """The client that sent a request, as far as its address tells."""
    return client_name(client_address(request))


def _read_address(written: str) -> IPv4Address | IPv6Address | None:
    """The address in ``1.2.3.4``, ``1.2.3.4:80``, ``::1``, ``[::1]`` or ``[::1]:80``; None where there is none."""
    if written.startswith("["):
        host = written[1:].partition("]")[0]
    elif written.count(":") == 1:
        host = written.partition(":")[0]
    else:
        host = written
    try:
        found = ip_address(host)
    except ValueError:
        return None
    # A socket of both families names callers over IPv4 as ``::ffff:1.2.3.4``.
    return getattr(found, "ipv4_mapped", None) or found
