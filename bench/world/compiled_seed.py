"""The seed as a book in memory, compiled, with the scalar path beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.seed_questions import read_seed, seed_rates
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.book import Book, build_book
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from ewtp.core.compiled.format.tables import CompiledBook


def whole_seed() -> Book:
    """Every rule of the seed as one book."""
    seed = read_seed()
    return build_book(
        "seed",
        territories=seed.territories,
        groups=seed.groups,
        measures=seed.measures,
        lines=seed.lines,
        replaced=seed.replaced,
    )


def compiled(book: Book, more_economies: frozenset[str] = frozenset()) -> CompiledBook:
    """The book compiled for every economy."""
    return compile_book(book, vocabulary().economies | more_economies, hs_texts.subheadings())


def assessor_of(book: Book) -> TableAssessor:
    """An assessor of tables on the book."""
    return TableAssessor(compiled(book), Scalar(WholeBook(book), seed_rates(), hs_texts, vocabulary()))
