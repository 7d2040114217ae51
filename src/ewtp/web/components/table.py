"""A table that can be sorted, paged and saved; on a phone each row is a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html, format_html_join

if TYPE_CHECKING:
    from django.template import Context
    from django.utils.safestring import SafeString

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
def ranked_table(content: SafeString, caption: str, *columns: str) -> SafeString:
    """A table whose rows the template writes itself, between the tags; ``columns`` are the headings."""
    headings = format_html_join("", '<th role="columnheader" scope="col">{}</th>', ((name,) for name in columns))
    return format_html(
        '<table class="ranked" role="table"><caption class="unseen">{}</caption>'
        '<thead role="rowgroup"><tr role="row">{}</tr></thead><tbody role="rowgroup">{}</tbody></table>',
        caption,
        headings,
        content,
    )
