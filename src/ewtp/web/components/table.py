"""A table that can be sorted, paged and saved; on a phone each row is a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

if TYPE_CHECKING:
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
