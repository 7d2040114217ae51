"""What other hubs say of an economy that adopts rules here as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

if TYPE_CHECKING:
    from collections.abc import Sequence

register = template.Library()


@register.inclusion_tag("components/adopted_elsewhere.html")
def adopted_elsewhere(territory: str, adoptions: Sequence[Any]) -> dict[str, Any]:
    """A notice where an economy adopted rules here and at another hub, with what it adopted there; else nothing."""
    return {"territory": territory, "adoptions": adoptions}
