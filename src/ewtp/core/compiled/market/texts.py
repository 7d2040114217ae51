"""What the market finder says of rules, by number of the rule: texts and sources, each kept once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.market import text_field
from ewtp.core.rulebook.measure import Direction, Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.rulebook.book import Book, Rule
    from ewtp.core.rulebook.citation import Source

_LONGEST_PREFIX = 16


@dataclass(frozen=True, slots=True)
class MarketTexts:
    """``fields`` has a row for each rule of a compiled book, in the order of its numbers."""

    fields: NDArray[np.int32]
    texts: tuple[str, ...]
    sources: tuple[Source, ...]


def market_texts(book: Book) -> MarketTexts:
    """The texts of every rule on imports of the book that was compiled."""
    texts, sources = Pool(""), Pool()
    territories = {code: place for place, code in enumerate(sorted({territory for territory, _ in book.rules}))}
    rows = [
        _row(rule, texts, sources, territories[territory] * _LONGEST_PREFIX + len(prefix))
        for (territory, prefix), rules in book.rules.items()
        for rule in rules
        if rule.measure.direction is Direction.IMPORT
    ]
    return MarketTexts(
        np.array(rows, np.int32).reshape(-1, text_field.WIDTH), tuple(texts.listed), tuple(sources.listed)
    )


def _row(rule: Rule, texts: Pool, sources: Pool, order: int) -> tuple[int, ...]:
    measure = rule.measure
    kind = measure.kind
    asked = kind is Kind.REQUIREMENT
    said = (
        measure.expression,
        measure.agency if asked else "",
        (measure.document or measure.title) if asked else "",
        (measure.title or measure.id) if kind is Kind.PROHIBITION else "",
    )
    return (*(texts.place(text) for text in said), sources.place(measure.source), order)
