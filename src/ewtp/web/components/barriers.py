"""How many barriers are open, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone

from ewtp.apps.barriers.reading.barrier_list import open_barriers

if TYPE_CHECKING:
    from ewtp.apps.barriers.reading.barrier_list import OpenBarriers

register = template.Library()


@register.inclusion_tag("components/open_barriers.html")
def barriers_standing() -> dict[str, OpenBarriers]:
    """The number and the median age of the open barriers, at most a minute old; nothing where none is open."""
    return {"open": open_barriers(timezone.now())}
