"""The market finder in process: one product against every destination of the seed, the compiled rulebook mapped.

The scalar finder, question by question, answers a sample of the same products, and the rows must be the same.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import tempfile
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from bench.seed_questions import DAY, QUANTITIES, read_seed, seed_book, seed_rates
from ewtp.core.assessment.question import read_question
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.market.finder import MarketFinder
from ewtp.core.compiled.market.texts import build_market_texts
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.markets.finder import find_markets
from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.compiled_store.books import read_compiled, write_compiled
from ewtp.gateways.compiled_store.market_texts import read_market_texts
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from ewtp.core.assessment.question import Question
    from ewtp.core.rulebook.book import Book

WARM = 200
PRODUCTS = 200
SAMPLE = 30
TARGET_MS = 5.0
CURRENCIES = ("USD", "EUR", "GBP")


def main() -> None:
    """Print one JSON line: milliseconds a product, each product asked about once, after as many others."""
    seed = read_seed()
    book = seed_book(seed, {territory.code for territory in seed.territories})
    scalar = Scalar(WholeBook(book), seed_rates(), hs_texts, vocabulary())
    finder = _make_finder(book, scalar)
    chance = random.Random(20_260_630)
    codes = sorted({line.code[:6] for line in seed.lines if line.code < "98" and hs_texts.exists(line.code[:6])})
    questions = [_question(code, chance) for code in chance.sample(codes, WARM + PRODUCTS)]
    for question in questions[:WARM]:
        finder.find_markets(question, book, hs_texts, lambda _: book)
    # A web process does not hold the records of the whole seed, and the collector need not look at them here either.
    gc.collect()
    gc.freeze()
    taken: list[float] = []
    busy: list[float] = []
    left: list[int] = []
    destinations = 0
    for question in questions[WARM:]:
        start, worked = time.perf_counter(), time.process_time()
        rows = finder.find_markets(question, book, hs_texts, lambda _: book)
        taken.append((time.perf_counter() - start) * 1000)
        busy.append((time.process_time() - worked) * 1000)
        assert rows is not None
        assert not isinstance(rows, Refusal), rows
        destinations = len(rows)
        left.append(finder.left)
    scalar_taken = []
    for question in questions[WARM : WARM + SAMPLE]:
        start = time.perf_counter()
        wanted = find_markets(question, book, scalar.rates, hs_texts)
        scalar_taken.append((time.perf_counter() - start) * 1000)
        assert wanted == finder.find_markets(question, book, hs_texts, lambda _: book)
    taken.sort()
    busy.sort()
    median = statistics.median(taken)
    print(
        json.dumps(
            {
                "bench": "markets",
                "peer": "the scalar finder on a sample of the same products",
                "ratio": round(statistics.median(scalar_taken) / median, 1),
                "ours": round(median, 2),
                "theirs": round(statistics.median(scalar_taken), 2),
                "unit": "ms a product",
                "target": TARGET_MS,
                "n": PRODUCTS,
                "destinations": destinations,
                "p95": round(taken[int(len(taken) * 0.95)], 2),
                "slowest": round(taken[-1], 2),
                "processor_p50": round(statistics.median(busy), 2),
                "processor_p95": round(busy[int(len(busy) * 0.95)], 2),
                "rows_left_to_scalar": round(sum(left) / len(left), 2),
            },
        ),
    )


def _make_finder(book: Book, scalar: Scalar) -> MarketFinder:
    """The finder on a compiled book that was written and mapped again, as a server has it."""
    compiled = compile_book(book, scalar.vocabulary.economies, hs_texts.subheadings())
    with tempfile.TemporaryDirectory() as folder:
        write_compiled(compiled, build_market_texts(book), Path(folder) / "book")
        mapped, texts = read_compiled(Path(folder) / "book"), read_market_texts(Path(folder) / "book")
    assert mapped is not None
    assert texts is not None
    return MarketFinder(mapped, texts, scalar)


def _question(code: str, chance: random.Random) -> Question:
    body = {
        "from": "KE",
        "to": "GB",
        "date": DAY.isoformat(),
        "lines": [{"hs": code, "value": {"amount": "1000.00", "currency": "USD"}, "quantities": QUANTITIES}],
    }
    question = read_question(body, today=DAY, vocabulary=vocabulary())
    assert not isinstance(question, Refusal), question
    value = Money(Decimal(chance.randrange(1_000, 5_000_000)).scaleb(-2), chance.choice(CURRENCIES))
    return replace(question, lines=(replace(question.lines[0], value=value),))


if __name__ == "__main__":
    main()
