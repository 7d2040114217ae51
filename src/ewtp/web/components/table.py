"""A table that can be sorted, paged and saved; on a phone each row is a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ewtp.web.components.names import economy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.template import Context

    from ewtp.apps.http.surface.sorted_table import SortedTable

register = template.Library()


@register.inclusion_tag("components/table.html", takes_context=True)
def table(
    context: Context, listing: SortedTable[Any], row: str, caption: str, *, file: str = "", name: str = "rows"
) -> Any:
    """The listing's page of rows; the template ``row`` writes one row, which it finds as ``item``.

    ``caption`` describes the table, ``file`` is the address at which it can be saved, and ``name`` the id that
    links come back to.
    """
    return {
        **context.flatten(),
        "listing": listing,
        "row_template": row,
        "caption": caption,
        "file": file,
        "name": name,
    }


@register.simple_block_tag
def ranked_table(
    content: SafeString, caption: str, *columns: str, kind: str = "", shows_caption: bool = False
) -> SafeString:
    """A table whose rows the template writes itself, between the tags; on a phone each row is a card.

    ``columns`` are the headings; an empty one is left out. ``kind`` is a class of its own for the style sheet.
    """
    headings = format_html_join(
        "", '<th role="columnheader" scope="col">{}</th>', ((name,) for name in columns if name)
    )
    return format_html(
        '<table class="ranked{}" role="table"><caption{}>{}</caption>'
        '<thead role="rowgroup"><tr role="row">{}</tr></thead><tbody role="rowgroup">{}</tbody></table>',
        f" {kind}" if kind else "",
        SafeString("" if shows_caption else ' class="unseen"'),
        caption,
        headings,
        content,
    )


@register.simple_block_tag
def matrix(content: SafeString, caption: str, columns: Iterable[Any], kind: str = "") -> SafeString:
    """A table with headings on both sides, which scrolls sideways; the template writes the rows between the tags.

    ``columns`` are the headings of its columns, or things with a ``name``; the corner is empty. The group has a name
    and takes the focus, so that the keyboard can scroll it.
    """
    names = ((getattr(each, "name", each),) for each in columns)
    return format_html(
        '<div class="scroll" role="group" aria-label="{}" tabindex="0"><table{}><caption class="unseen">{}</caption>'
        "<thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table></div>",
        caption,
        format_html(' class="{}"', kind) if kind else "",
        caption,
        format_html_join("", '<th scope="col">{}</th>', names),
        content,
    )


@register.filter
def short_economy(code: str) -> SafeString:
    """The code of an economy, with its name for whoever points at it."""
    return format_html('<abbr title="{}">{}</abbr>', economy(code), code)


@register.filter
def short_economies(codes: Iterable[str]) -> list[SafeString]:
    """Codes of economies, each with its name."""
    return [short_economy(code) for code in codes]
