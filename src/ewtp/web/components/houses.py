"""Which houses are too small for anything to pass today."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from ewtp.apps.organisations.surface.presentation import house_names
from ewtp.apps.proposals.reading.house_sizes import read_house_sizes

register = template.Library()


@register.inclusion_tag("components/small_houses.html")
def houses_too_small() -> dict[str, Any]:
    """The names of the houses and how many active owner groups each needs, at most a minute old; often nothing."""
    sizes, names = read_house_sizes(timezone.now()), house_names()
    return {"least_groups": sizes.least, "small_houses": [names[house] for house in sizes.too_small]}
