"""Which houses are too small for anything to pass today."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from ewtp.apps.proposals.surface.presentation import house_sizes_context

register = template.Library()


@register.inclusion_tag("components/small_houses.html")
def houses_too_small() -> dict[str, Any]:
    """A sentence that names the houses in which too few are active; nothing where there are none."""
    return house_sizes_context(timezone.now())
