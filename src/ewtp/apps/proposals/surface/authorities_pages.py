"""The page of the keys with which authorities sign what their economies adopt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ewtp.apps.proposals.reading.authority_key_list import authority_keys

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
def authorities(request: Any) -> HttpResponse:
    """Every key by economy, and who holds it."""
    return render(request, "pages/authorities.html", {"keys": authority_keys()})
