"""The market finder in process: one product against every destination of the seed, the book warm."""

from __future__ import annotations

import json
import random
import statistics
import time
from dataclasses import replace

from bench.seed_questions import DAY, QUANTITIES, read_seed, seed_book
from ewtp.core.assessment.exchange import RateTable
from ewtp.core.assessment.markets import find_markets
from ewtp.core.assessment.question import read_question
from ewtp.core.values.refusals import Refusal
from ewtp.gateways import hs_texts
from ewtp.gateways.exchange_rates import load_rate_series
from ewtp.gateways.vocabulary import vocabulary

PRODUCTS = 40
ROUNDS = 5
# What the compiled rulebook is to reach; this measures the path that assesses question by question.
TARGET_MS = 5.0


def main() -> None:
    """Print one JSON line: milliseconds a product, the median over products of the best of a few rounds."""
    seed = read_seed()
    book = seed_book(seed, {territory.code for territory in seed.territories})
    rates = RateTable(load_rate_series())
    chance = random.Random(20_260_630)
    codes = sorted({line.code[:6] for line in seed.lines if line.code < "98" and hs_texts.exists(line.code[:6])})
    body = {
        "from": "KE",
        "to": "GB",
        "date": DAY.isoformat(),
        "lines": [
            {"hs": "090111", "value": {"amount": "1000.00", "currency": "USD"}, "quantities": QUANTITIES},
        ],
    }
    question = read_question(body, today=DAY, vocabulary=vocabulary())
    assert not isinstance(question, Refusal), question
    taken: list[float] = []
    destinations = 0
    for code in chance.sample(codes, PRODUCTS):
        asked = replace(question, lines=(replace(question.lines[0], hs=code),))
        rounds = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            rows = find_markets(asked, book, rates, hs_texts)
            rounds.append((time.perf_counter() - start) * 1000)
            assert not isinstance(rows, Refusal), rows
            destinations = len(rows)
        taken.append(min(rounds))
    taken.sort()
    median = statistics.median(taken)
    print(
        json.dumps(
            {
                "bench": "markets",
                "peer": "target for the compiled rulebook; this is the path that assesses one by one",
                "ratio": round(TARGET_MS / median, 3),
                "ours": round(median, 2),
                "theirs": TARGET_MS,
                "unit": "ms a product",
                "n": PRODUCTS,
                "destinations": destinations,
                "p90": round(taken[int(len(taken) * 0.9)], 2),
                "slowest": round(taken[-1], 2),
            },
        ),
    )


if __name__ == "__main__":
    main()
