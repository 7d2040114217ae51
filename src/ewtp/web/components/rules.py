"""Where a rule comes from and since when: its standing, its citation, and what was known of it over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext

from ewtp.web.components.figures import day
from ewtp.web.components.names import status_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def status(standing: str) -> str:
    """What stands behind a rule (``law``, ``adopted`` or ``proposed``), as a stamp that needs no colour to be read."""
    return format_html('<span class="tag stamp-{}">{}</span>', standing, status_name(standing))


@register.inclusion_tag("components/citation.html")
def citation(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The source of a figure: ``status``, ``measure`` and ``citation`` of a charge, an option or a requirement."""
    return {"status": rule["status"], "measure": rule["measure"], "citation": rule["citation"]}


@register.simple_block_tag
def timeline(content: SafeString) -> str:
    """What happened one after the other; each part is a ``moment``."""
    return format_html('<ol class="timeline">{}</ol>', content)


@register.simple_block_tag
def moment(content: SafeString, start: str, end: str | None = None) -> str:
    """A part of a ``timeline``: what was so from an ISO date to another, or until now."""
    until = day(end) if end else gettext("now")
    return format_html('<li><span class="thin">{} \u2013 {}</span> {}</li>', day(start), until, content)
