"""The American packs: groups exist, and rates and lines follow the three editions of the schedule."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ewtp.core.rulebook.measure import Kind

if TYPE_CHECKING:
    from ewtp.gateways.seed.reader import SeedBook

pytestmark = pytest.mark.seed


def test_every_group_that_a_rate_names_is_there(book: SeedBook) -> None:
    groups = {g.id for g in book.groups}
    ours = [m for m in book.measures if m.territory == "US"]
    named = {o for m in ours for o in (*m.origins.include, *m.origins.exclude) if len(o) > 2}
    assert named <= groups, sorted(named - groups)


def test_a_programme_without_members_says_why(book: SeedBook) -> None:
    empty = {g.id: g.title for g in book.groups if g.id.startswith("US-") and not g.members}
    assert set(empty) == {
        "US-A", "US-A*", "US-A+", "US-B", "US-C", "US-CA", "US-J", "US-J*", "US-K", "US-L", "US-NP", "US-R",
    }  # fmt: skip
    assert all("(" in title for title in empty.values())


def test_agoa_ends_where_its_extension_does(book: SeedBook) -> None:
    agoa = next(g for g in book.groups if g.id == "US-D")
    assert agoa.holds("ZA", date(2026, 12, 31))
    assert not agoa.holds("ZA", date(2027, 1, 1))
    apparel, textiles = (next(g for g in book.groups if g.id == f"US-AGOA-{name}") for name in ("APPAREL", "TEXTILES"))
    assert apparel.holds("KE", date(2026, 12, 31))
    assert not apparel.holds("KE", date(2027, 1, 1))
    # Rwanda is excepted from what frees apparel.
    assert {m.economy for m in textiles.members} - {m.economy for m in apparel.members} == {"RW"}
    assert {m.economy for m in textiles.members} <= {m.economy for m in agoa.members}


def test_rates_follow_the_editions(book: SeedBook) -> None:
    special = [m for m in book.measures if m.territory == "US" and m.kind is Kind.PREFERENCE]
    ended = [m for m in special if m.validity.end is not None]
    assert {m.validity.end for m in ended} <= {date(2025, 12, 31), date(2026, 6, 7)}
    assert len(ended) == 301
    assert sum(m.validity.end is None for m in special) == 8058


def test_a_line_that_a_later_edition_dropped_ends_with_the_earlier_one(book: SeedBook) -> None:
    lines = [line for line in book.lines if line.territory == "US"]
    assert len(lines) == len({line.code for line in lines})
    current = [line for line in lines if line.validity.end is None]
    assert len(current) == 19833
    assert {line.validity.end for line in lines} <= {None, date(2025, 12, 31), date(2026, 6, 7)}
