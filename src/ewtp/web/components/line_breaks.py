"""Text that a template has on several lines and a page on one, such as the query of an address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import mark_safe

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()
_BREAK = re.compile(r"\n\s*")


@register.simple_block_tag
def unbroken(content: SafeString) -> SafeString:
    """The content without its line breaks and the indents after them; a space before a break stays."""
    return mark_safe(_BREAK.sub("", content))  # noqa: S308 - nothing is added to what was escaped already
