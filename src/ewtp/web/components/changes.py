"""What proposals change in a market around the day of an answer, which counts none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

if TYPE_CHECKING:
    from collections.abc import Sequence

register = template.Library()
# At most this many are shown; the API has all.
_MOST = 8


@register.inclusion_tag("components/changes_around.html")
def changes_around(territory: str, changes: Sequence[Any]) -> dict[str, Any]:
    """A notice of what is coming, ending, over or only proposed for the goods of an answer; nothing without any."""
    return {"territory": territory, "changes": changes[:_MOST]}
