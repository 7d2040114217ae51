"""Navigation: parts of the site, languages, tabs and steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from ewtp.gateways.reference.language_names import own_name
from ewtp.gateways.reference.locale_formats import is_right_to_left

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

register = template.Library()

# The part of the site that a page belongs to, by the name of its address.
_PARTS = {
    **{name: name for name in ("markets", "trade", "clear", "rules")},
    **dict.fromkeys(("barriers", "barrier", "barrier_acts", "report", "distances", "origin"), "rules"),
    **dict.fromkeys(("proposals", "proposal", "proposal_new", "proposal_act"), "rules"),
}


def _part(context: Mapping[str, Any]) -> str:
    """The part of the site that the reader is in; empty on an error page, which belongs to none."""
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None or match.url_name is None:
        return ""
    name = str(match.url_name)
    return "ask" if name in {"ask", "invoice"} or name.startswith("answer") else _PARTS.get(name, "")


@register.simple_tag
def text_direction() -> str:
    """``rtl`` or ``ltr``, for the language of the page."""
    return "rtl" if is_right_to_left(get_language() or settings.LANGUAGE_CODE) else "ltr"


@register.inclusion_tag("components/navigation.html", takes_context=True)
def navigation(context: Mapping[str, Any]) -> dict[str, Any]:
    """Links to the parts of the site; those that are not built are marked and lead to a page that states it."""
    here = _part(context)
    parts = (
        ("ask", pgettext("part of the site", "Ask"), True),
        ("markets", pgettext("part of the site", "Markets"), True),
        ("trade", pgettext("part of the site", "Trade"), False),
        ("clear", pgettext("part of the site", "Clear"), False),
        ("rules", pgettext("part of the site", "Rules"), True),
    )
    return {
        "entries": [
            {"name": name, "address": reverse(key), "current": key == here, "built": built}
            for key, name, built in parts
        ]
    }


@register.inclusion_tag("components/languages.html", takes_context=True)
def language_menu(context: Mapping[str, Any], form: str = "", *, stays: bool = False) -> dict[str, Any]:
    """The languages of the site, one button each.

    ``form`` is the id of the page's form and the name of its address. The buttons then submit the form's fields too,
    and the page is rendered again with them in the new language; with ``stays``, the page itself does that, because
    its fields are too long for an address.
    """
    here = get_language() or settings.LANGUAGE_CODE
    request: HttpRequest | None = context.get("request")
    return {
        "choices": [
            {
                "code": code,
                "name": own_name(code),
                "current": code == here,
                "direction": "rtl" if is_right_to_left(code) else "ltr",
            }
            for code, _ in settings.LANGUAGES
        ],
        "form": form,
        "form_action": reverse(form) if stays else reverse("language_of_form", args=[form]) if form else "",
        "next": request.get_full_path() if request and request.method == "GET" else "/",
        # A page without a request is that of a failure, where nothing can be chosen.
        "offered": request is not None,
    }


@register.simple_block_tag
def tabs(content: SafeString, label: str) -> str:
    """A row of ``tab`` links, so that every tab has an address."""
    return format_html('<nav class="tabs" aria-label="{}"><ul>{}</ul></nav>', label, content)


@register.simple_tag
def tab(address: str, name: str, *, current: bool) -> str:
    """One link of ``tabs``."""
    mark = SafeString(' aria-current="page"' if current else "")
    return format_html('<li><a href="{}"{}>{}</a></li>', address, mark, name)


@register.inclusion_tag("components/stepper.html")
def stepper(label: str, *names: str, current: int) -> dict[str, Any]:
    """Numbered steps; ``current``, counted from 1, is the reader's."""
    return {
        "label": label,
        "steps": [
            {"name": name, "number": number, "done": number < current, "current": number == current}
            for number, name in enumerate(names, start=1)
        ],
    }
