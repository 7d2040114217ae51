"""What proposals change in a market around the day of an answer, which counts none of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils import timezone

from ewtp.apps.proposals.reading.market_outlook import outlook_changes

register = template.Library()
# So many are shown; the API has all.
_MOST = 8


@register.inclusion_tag("components/changes_around.html")
def changes_around(territory: str, lines: list[dict[str, Any]], day: str) -> dict[str, Any]:
    """A notice of what is coming, ending, over or only proposed for the goods of an answer; nothing without any."""
    codes = sorted({str(line["hs"]) for line in lines})
    found = outlook_changes(territory, codes, date.fromisoformat(day), timezone.now())
    return {"territory": territory, "changes": found[:_MOST]}
