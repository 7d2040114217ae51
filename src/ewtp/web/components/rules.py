"""The status, citation and history of a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext

from ewtp.web.components.figures import day
from ewtp.web.components.names import status_name
from ewtp.web.components.sentences import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def status(standing: str) -> str:
    """The status of a rule (``law``, ``adopted`` or ``proposed``) as a labelled stamp."""
    return format_html('<span class="tag stamp-{}">{}</span>', standing, status_name(standing))


@register.simple_tag
def source_link(url: str | None, title: str, rest: str = "") -> SafeString:
    """A publication as a ``cite``: its title as a link where it has a web address, then the ``rest`` after a comma.

    An address comes from whoever imported the law, so any other scheme than http and https stays a text.
    """
    said = phrase(title)
    named = format_html('<a href="{}" rel="noopener external">{}</a>', url, said) if _is_web_address(url) else said
    return format_html("<cite>{}{}</cite>", named, format_html(", {}", phrase(rest)) if rest else "")


def _is_web_address(url: str | None) -> bool:
    return bool(url) and str(url).lower().startswith(("https://", "http://"))


@register.simple_tag
def link_citation(citation: Mapping[str, Any]) -> SafeString:
    """The source of a citation with its place; an answer of an older edition states no address."""
    return source_link(citation.get("url"), citation["source"], citation.get("reference") or "")


@register.inclusion_tag("components/citation.html")
def citation(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The source of a figure: ``status``, ``measure`` and ``citation`` of a charge, an option or a requirement."""
    return {"status": rule["status"], "measure": rule["measure"], "citation": rule["citation"]}


@register.simple_block_tag
def timeline(content: SafeString) -> str:
    """States in order of time; each is a ``moment``."""
    return format_html('<ol class="timeline">{}</ol>', content)


@register.simple_block_tag
def moment(content: SafeString, start: str, end: str | None = None) -> str:
    """A state of a ``timeline`` from an ISO date to another, or to now."""
    until = day(end) if end else gettext("now")
    return format_html('<li><span class="thin">{} \u2013 {}</span> {}</li>', day(start), until, content)
