"""What a page tells its reader apart from its contents: notices, and that there is nothing to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()

# How loud a notice is, and whether a screen reader interrupts what it reads.
_ROLES = {"good": "status", "warn": "", "alarm": "alert"}


@register.simple_block_tag
def notice(content: SafeString, kind: str, strong: str = "") -> str:
    """A notice of kind ``good``, ``warn`` or ``alarm``; ``strong`` is what it says first."""
    role = format_html(' role="{}"', _ROLES[kind]) if _ROLES[kind] else ""
    first = format_html("<strong>{}</strong> ", strong) if strong else ""
    return format_html('<div class="notice {}"{}>{}{}</div>', kind, role, first, content)


@register.simple_block_tag
def empty_state(content: SafeString) -> str:
    """That a part of the page has nothing to show, and why, or what to do about it."""
    return format_html('<div class="none">{}</div>', content)
