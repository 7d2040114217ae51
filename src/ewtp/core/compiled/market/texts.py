"""The texts and sources of rules for the market finder, by number of the rule, each interned once."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.market import text_field
from ewtp.core.compiled.market.open_law import write_open_law
from ewtp.core.compiled.market.proof_law import write_proof_law
from ewtp.core.rulebook.measure import Direction, Kind
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.compiled.format.tables import Tables
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.rule import Rule

_LONGEST_PREFIX = 16


@immutable
class MarketTexts:
    """The texts of the rules of a compiled book; ``fields`` [rule, ``text_field``] int32 has numbers of both.

    ``territories`` are those that have rules, in the order of ``text_field.ORDER``.
    """

    fields: NDArray[np.int32]
    texts: tuple[str, ...]
    sources: tuple[Source, ...]
    territories: tuple[str, ...]


def build_market_texts(book: Book) -> MarketTexts:
    """The texts of every import rule of the book; compiling the book numbers its rules in the same order."""
    texts = Pool("")
    sources: Pool[Source] = Pool()
    territories = Pool(*sorted({territory for territory, _ in book.rules}))
    rows = [
        _intern_rule(rule, texts, sources, territories)
        for rules in book.rules.values()
        for rule in rules
        if rule.measure.direction is Direction.IMPORT
    ]
    return _build_texts(rows, texts, sources, territories)


def append_market_texts(texts: MarketTexts, patched: Tables, law: Book) -> MarketTexts | None:
    """The texts of a patched book from those of the book before it; ``law`` has all the rules that the patch appended.

    None where a rule cannot be identified, because its id belongs to several, or where its territory had no rules
    before.
    """
    pools = Pool(*texts.texts), Pool(*texts.sources), Pool(*texts.territories)
    appended = _read_ids(patched, len(texts.fields))
    rows: dict[str, set[tuple[int, ...]]] = {measure_id: set() for measure_id in appended}
    for rules in law.rules.values():
        for rule in rules:
            if rule.measure.direction is Direction.IMPORT and rule.measure.id in rows:
                rows[rule.measure.id].add(_intern_rule(rule, *pools))
    if len(pools[2].listed) > len(texts.territories) or any(len(found) != 1 for found in rows.values()):
        return None
    found = _build_texts([next(iter(rows[measure_id])) for measure_id in appended], *pools)
    return replace(found, fields=np.concatenate([texts.fields, found.fields]))


def _read_ids(tables: Tables, first: int) -> list[str]:
    """The ids of the rules' measures, from number ``first`` on."""
    offsets = tables.measure_start[first:].tolist()
    return [tables.measure_text[start:end].tobytes().decode() for start, end in pairwise(offsets)]


def _build_texts(
    rows: list[tuple[int, ...]], texts: Pool[str], sources: Pool[Source], territories: Pool[str]
) -> MarketTexts:
    fields = np.array(rows, np.int32).reshape(-1, text_field.WIDTH)
    return MarketTexts(fields, tuple(texts.listed), tuple(sources.listed), tuple(territories.listed))


def _intern_rule(rule: Rule, texts: Pool[str], sources: Pool[Source], territories: Pool[str]) -> tuple[int, ...]:
    measure = rule.measure
    order = territories.place(measure.territory) * _LONGEST_PREFIX + len(measure.product.prefix)
    kind = measure.kind
    asked = kind is Kind.REQUIREMENT
    own = (
        measure.rate_text,
        measure.agency if asked else "",
        (measure.document or measure.title) if asked else "",
        (measure.title or measure.id) if kind is Kind.PROHIBITION else "",
        write_open_law(rule),
        write_proof_law(rule),
    )
    return (*(texts.place(text) for text in own), sources.place(measure.source), order)
