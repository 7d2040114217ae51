"""The whole seed, read once in a process; a test that asks for it is marked ``seed``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.seed.reader import read_packs
from ewtp.gateways.seed.root import seed_root

if TYPE_CHECKING:
    from ewtp.gateways.seed.reader import SeedBook


@cache
def read_seed() -> SeedBook:
    """Every record of the seed."""
    seed = read_packs(seed_root())
    assert not isinstance(seed, Refusal), seed
    return seed


@cache
def whole_book() -> Book:
    """The book of the whole seed."""
    return book_of(read_seed())


def book_of(seed: SeedBook, left_out: frozenset[str] = frozenset()) -> Book:
    """The book of a seed without the rules and the lines of the territories left out."""
    return build_book(
        "seed",
        territories=seed.territories,
        groups=seed.groups,
        measures=[measure for measure in seed.measures if measure.territory not in left_out],
        lines=[line for line in seed.lines if line.territory not in left_out],
        replaced=seed.replaced,
    )
