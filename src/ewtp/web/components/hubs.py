"""What other hubs say of an economy that adopts rules here as well."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from ewtp.apps.hubs.reading.double_adoption import double_adoptions

register = template.Library()


@register.inclusion_tag("components/adopted_elsewhere.html")
def adopted_elsewhere(territory: str) -> dict[str, Any]:
    """A notice where an economy adopted rules here and at another hub, with what it adopted there; else nothing."""
    return {"territory": territory, "adoptions": double_adoptions(territory, timezone.now().date())}
