"""Rows in a table: sorted and paged as the address asks, and every row within reach."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from ewtp.apps.http.surface.sorted_table import Column, list_rows

ROWS = [{"name": f"n{number:02}", "size": None if number % 10 == 0 else -number} for number in range(1, 48)]
COLUMNS: tuple[Column[dict[str, Any]], ...] = (
    Column("name", "Name", order=lambda row: row["name"]),
    Column("size", "Size", "kg", order=lambda row: row["size"], largest_first=True),
    Column("note", "Note"),
)


def listed(text="", **options):
    return list_rows(ROWS, COLUMNS, QueryDict(text), rows_per_page=10, **options)


def names(listing):
    return [row["name"] for row in listing.rows]


def test_rows_come_as_they_are_until_somebody_sorts():
    listing = listed("q=x")
    assert names(listing) == [f"n{number:02}" for number in range(1, 11)]
    assert (listing.first, listing.last, listing.count, listing.sorted_by) == (1, 10, 47, None)
    assert [(heading.address, heading.direction) for heading in listing.headings] == [
        ("q=x&sort=name", ""),
        ("q=x&sort=size", ""),
        ("", ""),
    ]


def test_a_column_is_sorted_in_its_own_direction_and_then_in_the_other():
    listing = listed("sort=size&page=2")
    assert listing.sorted_by is not None
    assert (listing.sorted_by.key, listing.sorted_by.direction) == ("size", "descending")
    # Another order begins on its first page.
    assert listing.sorted_by.address == "sort=-size"
    assert listed("sort=-size").headings[1].direction == "ascending"
    assert names(listed("sort=-name"))[0] == "n47"


@pytest.mark.parametrize("sort", ["size", "-size"])
def test_rows_with_nothing_to_sort_by_come_last_in_both_directions(sort):
    listing = listed(f"sort={sort}&page=all")
    assert names(listing)[-4:] == ["n10", "n20", "n30", "n40"]
    assert len(names(listing)) == 47


def test_every_row_is_on_one_page():
    found = [name for number in range(1, 6) for name in names(listed(f"page={number}"))]
    assert found == [row["name"] for row in ROWS]


@pytest.mark.parametrize(
    ("asked", "page"),
    [("", 1), ("0", 1), ("-1", 1), ("3", 3), ("99", 5), ("9" * 30, 1), ("x", 1), ("\u00b2", 1), ("\u0663", 1)],
)
def test_a_page_that_is_not_there_is_the_nearest(asked, page):
    assert listed(f"page={asked}").page == page


def test_pages_are_linked_with_gaps_and_keep_the_question():
    listing = listed("q=x&sort=name&page=3")
    assert [(link.number, link.address, link.current) for link in listing.pages] == [
        (1, "q=x&sort=name", False),
        (2, "q=x&sort=name&page=2", False),
        (3, "q=x&sort=name&page=3", True),
        (4, "q=x&sort=name&page=4", False),
        (5, "q=x&sort=name&page=5", False),
    ]
    assert [link.number for link in listed().pages] == [1, 2, 0, 5]
    assert (listing.previous, listing.next) == ("q=x&sort=name&page=2", "q=x&sort=name&page=4")
    assert listing.address_of_all == "q=x&sort=name&page=all"
    assert listing.address_unsorted == "q=x"
    whole = listed("page=all")
    assert (whole.previous, whole.next, whole.first, whole.last) == ("", "", 1, 47)


def test_a_list_of_one_page_has_no_pages_and_an_empty_one_no_rows():
    assert list_rows(ROWS[:10], COLUMNS, QueryDict(), rows_per_page=10).pages == ()
    empty = list_rows([], COLUMNS, QueryDict("page=4&sort=name"))
    assert (empty.rows, empty.count, empty.pages) == ((), 0, ())


@pytest.mark.parametrize("sort", ["note", "nobody", "", "-"])
def test_an_order_that_is_not_there_changes_nothing(sort):
    assert names(listed(f"sort={sort}"))[0] == "n01"
