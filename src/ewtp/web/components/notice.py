"""Notices and empty states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()

# The ARIA role by kind: an alert interrupts a screen reader, a status waits.
_ROLES = {"good": "status", "warn": "", "alarm": "alert"}


@register.simple_block_tag
def notice(content: SafeString, kind: str, strong: str = "") -> str:
    """A notice of kind ``good``, ``warn`` or ``alarm``; ``strong`` is its emphasised beginning."""
    role = format_html(' role="{}"', _ROLES[kind]) if _ROLES[kind] else ""
    first = format_html("<strong>{}</strong> ", strong) if strong else ""
    return format_html('<div class="notice {}"{}>{}{}</div>', kind, role, first, content)


@register.simple_block_tag
def empty_state(content: SafeString) -> str:
    """A part of the page without content: the reason, or the next step."""
    return format_html('<div class="none">{}</div>', content)
