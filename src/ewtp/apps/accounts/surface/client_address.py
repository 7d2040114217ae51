"""The address that a request came from, and who counts as one client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the caller; behind the operator's proxy, the one that the proxy added last."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def client_name(address: str) -> str:
    """Who counts as one client: an address of IPv4, or the network of 64 bits that one subscriber of IPv6 is given."""
    if ":" not in address:
        return address
    return ":".join(address.partition("::")[0].split(":")[:4])


def client_of(request: HttpRequest) -> str:
    """The client that sent a request, as far as its address tells."""
    return client_name(client_address(request))
