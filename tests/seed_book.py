"""The whole seed, read once in a process; a test that asks for it is marked ``seed``."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.seed.reader import read_packs
from ewtp.gateways.seed.root import seed_root

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.gateways.seed.reader import SeedBook


@cache
def read_seed() -> SeedBook:
    """Every record of the seed."""
    with kept():
        seed = read_packs(seed_root())
    assert not isinstance(seed, Refusal), seed
    return seed


@cache
def whole_book() -> Book:
    """The book of the whole seed."""
    seed = read_seed()
    with kept():
        return build_book(
            "seed",
            territories=seed.territories,
            groups=seed.groups,
            measures=seed.measures,
            lines=seed.lines,
            origin_rules=seed.origin_rules,
            replaced=seed.replaced,
        )


@contextmanager
def kept() -> Iterator[None]:
    """Take what is made here out of the sight of the garbage collector, which takes half a second to look through it.

    It stays until the process ends.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()
