"""Table rows, sorted and paged by the query of the address, with links that change either.

``sort`` is the key of a column, or the key after a minus for the other direction; ``page`` is a number from 1, or
``all``.
An unknown ``sort`` leaves the rows in their own order; a ``page`` out of range gets the nearest page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import QueryDict

# The number of rows that a phone can still scroll through on one page.
PAGE_ROWS = 20
SORT, PAGE, ALL_ROWS = "sort", "page", "all"
# How many numbers of pages are linked on either side of the current one; the first and the last always are.
_NEIGHBOURS = 1

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its name, the unit of its figures, and its sort key.

    ``order`` gives the sort key of a row, None for a row without a value, which comes last; without an
    ``order`` the column cannot be sorted by. ``largest_first`` is the direction in which it is sorted at first.
    """

    key: str
    name: str
    unit: str = ""
    order: Callable[[Row], Any] | None = None
    largest_first: bool = False


@dataclass(frozen=True, slots=True)
class ColumnHeader:
    """A column's heading: ``address`` sorts by it (empty where nothing does), ``direction`` is how it is sorted now."""

    key: str
    name: str
    unit: str
    address: str
    direction: str


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page's number and address; ``number`` 0 is a gap between numbers."""

    number: int
    address: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class SortedTable(Generic[Row]):
    """The contents of a table: ``rows`` are those of the page, numbered ``first`` to ``last`` of ``count``."""

    headings: tuple[ColumnHeader, ...]
    rows: tuple[Row, ...]
    every: tuple[Row, ...]
    first: int
    count: int
    page: int
    pages: tuple[PageLink, ...]
    rows_per_page: int
    address_unsorted: str
    address_of_all: str

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.rows) - 1

    @property
    def previous(self) -> str:
        """The address of the page before; empty on the first."""
        return self._neighbour(-1)

    @property
    def next(self) -> str:
        """The address of the page after; empty on the last."""
        return self._neighbour(1)

    @property
    def sortable(self) -> bool:
        """Whether there is a column to sort by."""
        return any(heading.address for heading in self.headings)

    @property
    def sorted_by(self) -> ColumnHeader | None:
        """The column that the rows are sorted by; None where they are as they come."""
        return next((heading for heading in self.headings if heading.direction), None)

    def _neighbour(self, step: int) -> str:
        return next((link.address for link in self.pages if link.number == self.page + step and self.page), "")


def list_rows(
    rows: Sequence[Row], columns: Sequence[Column[Row]], query: QueryDict, *, rows_per_page: int = PAGE_ROWS
) -> SortedTable[Row]:
    """The rows as the query asks for them."""
    asked = query.get(SORT, "")
    ordered = _sort_rows(rows, columns, asked)
    pages = max(1, -(-len(ordered) // rows_per_page))
    page = 0 if query.get(PAGE) == ALL_ROWS else _number(query.get(PAGE, ""), pages)
    start = (page - 1) * rows_per_page if page else 0
    shown = ordered[start : start + rows_per_page] if page else ordered
    return SortedTable(
        headings=tuple(_column_header(column, query, asked) for column in columns),
        rows=tuple(shown),
        every=tuple(ordered),
        first=start + 1,
        count=len(ordered),
        page=page,
        pages=_links(query, page, pages),
        rows_per_page=rows_per_page,
        address_unsorted=change_query(query, drop=(SORT, PAGE)),
        address_of_all=change_query(query, **{PAGE: ALL_ROWS}),
    )


def change_query(query: QueryDict, *, drop: Sequence[str] = (), **changes: str) -> str:
    """The query of an address with some fields changed or left out, and without empty ones."""
    kept = [(name, text) for name, texts in query.lists() if name not in drop and name not in changes for text in texts]
    return urlencode([(name, text) for name, text in (*kept, *changes.items()) if text])


def page_query(query: QueryDict, number: int) -> str:
    """The query of the address that shows a page."""
    return change_query(query, **{PAGE: "" if number == 1 else str(number)})


def _number(text: str, pages: int) -> int:
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1  # noqa: PLR2004 - no list is longer
    return min(max(wanted, 1), pages)


def _sort_rows(rows: Sequence[Row], columns: Sequence[Column[Row]], asked: str) -> list[Row]:
    column = next((column for column in columns if column.key == asked.removeprefix("-")), None)
    if column is None or column.order is None:
        return list(rows)
    keyed = [(column.order(row), row) for row in rows]
    known = sorted(
        (pair for pair in keyed if pair[0] is not None),
        key=lambda pair: pair[0],
        reverse=column.largest_first != asked.startswith("-"),
    )
    return [row for _, row in (*known, *(pair for pair in keyed if pair[0] is None))]


def _column_header(column: Column[Row], query: QueryDict, asked: str) -> ColumnHeader:
    if column.order is None:
        return ColumnHeader(column.key, column.name, column.unit, "", "")
    current = asked.removeprefix("-") == column.key
    reverse = asked.startswith("-")
    direction = ("descending" if column.largest_first != reverse else "ascending") if current else ""
    turned = f"-{column.key}" if current and not reverse else column.key
    return ColumnHeader(
        column.key, column.name, column.unit, change_query(query, drop=(PAGE,), **{SORT: turned}), direction
    )


def _links(query: QueryDict, page: int, pages: int) -> tuple[PageLink, ...]:
    if pages == 1:
        return ()
    near = {1, pages, *range(max(1, page - _NEIGHBOURS), min(pages, page + _NEIGHBOURS) + 1)}
    links: list[PageLink] = []
    before = 0
    for number in sorted(near):
        if number > before + 1:
            links.append(PageLink(0))
        links.append(PageLink(number, page_query(query, number), number == page))
        before = number
    return tuple(links)
