"""What the market finder says of rules, by number of the rule: texts and sources, each kept once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.market import text_field
from ewtp.core.rulebook.measure import Direction, Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.compiled.format.tables import Tables
    from ewtp.core.rulebook.book import Book, Rule
    from ewtp.core.rulebook.citation import Source

_LONGEST_PREFIX = 16


@dataclass(frozen=True, slots=True)
class MarketTexts:
    """``fields`` [rule, ``text_field``] int32 has a row for each rule of a compiled book, by its number.

    ``territories`` are those that have rules, in the order that ``text_field.ORDER`` counts them in.
    """

    fields: NDArray[np.int32]
    texts: tuple[str, ...]
    sources: tuple[Source, ...]
    territories: tuple[str, ...]


def market_texts(book: Book) -> MarketTexts:
    """The texts of every rule on imports of the book that was compiled."""
    texts, sources = Pool(""), Pool()
    territories = Pool(*sorted({territory for territory, _ in book.rules}))
    rows = [
        _row(rule, texts, sources, territories)
        for rules in book.rules.values()
        for rule in rules
        if rule.measure.direction is Direction.IMPORT
    ]
    return _built(rows, texts, sources, territories)


def append_market_texts(texts: MarketTexts, patched: Tables, law: Book) -> MarketTexts | None:
    """The texts of a patched book, whose further rules are all in ``law``, from those of the book before the patch.

    None where the texts of a rule cannot be told: its id stands for rules that differ, or its territory had no rules.
    """
    pools = Pool(*texts.texts), Pool(*texts.sources), Pool(*texts.territories)
    appended = _ids(patched, len(texts.fields))
    rows: dict[str, set[tuple[int, ...]]] = {measure_id: set() for measure_id in appended}
    for rules in law.rules.values():
        for rule in rules:
            if rule.measure.direction is Direction.IMPORT and rule.measure.id in rows:
                rows[rule.measure.id].add(_row(rule, *pools))
    if len(pools[2].listed) > len(texts.territories) or any(len(found) != 1 for found in rows.values()):
        return None
    found = _built([next(iter(rows[measure_id])) for measure_id in appended], *pools)
    return replace(found, fields=np.concatenate([texts.fields, found.fields]))


def _ids(tables: Tables, first: int) -> list[str]:
    """The ids of the rules' measures, from a number on."""
    offsets = tables.measure_start[first:].tolist()
    return [tables.measure_text[start:end].tobytes().decode() for start, end in pairwise(offsets)]


def _built(rows: list[tuple[int, ...]], texts: Pool, sources: Pool, territories: Pool) -> MarketTexts:
    fields = np.array(rows, np.int32).reshape(-1, text_field.WIDTH)
    return MarketTexts(fields, tuple(texts.listed), tuple(sources.listed), tuple(territories.listed))


def _row(rule: Rule, texts: Pool, sources: Pool, territories: Pool) -> tuple[int, ...]:
    measure = rule.measure
    order = territories.place(measure.territory) * _LONGEST_PREFIX + len(measure.product.prefix)
    kind = measure.kind
    asked = kind is Kind.REQUIREMENT
    said = (
        measure.expression,
        measure.agency if asked else "",
        (measure.document or measure.title) if asked else "",
        (measure.title or measure.id) if kind is Kind.PROHIBITION else "",
    )
    return (*(texts.place(text) for text in said), sources.place(measure.source), order)
