"""One assessment with its full trace, in process, against the least that the same measures cost as plain dicts."""

from __future__ import annotations

import json
import statistics
import time
from typing import TYPE_CHECKING

from bench import plain_bound
from bench.seed_questions import DAY, questions, read_seed, seed_book, seed_rates
from ewtp.core.assessment.answer import Answer
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import Question, read_question
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 9


def main() -> None:
    """Print one JSON line: microseconds a line, ours and the bound's, alternating in one run."""
    seed = read_seed()
    book = seed_book(seed, ("GB", "US", "SACU", "ZA", "CA", "EU", "DE"))
    rates = seed_rates()
    asked = []
    for body in questions(seed, 1_200):
        question = read_question(body, today=DAY, vocabulary=vocabulary())
        if isinstance(question, Question) and isinstance(assess(question, book, rates, hs_texts), Answer):
            asked.append(question)
    tables = plain_bound.flatten(book)
    territories = {q.destination: [t.code for t in book.territories_of(q.destination)] for q in asked}
    memberships = {q.lines[0].origin: book.groups_of(q.lines[0].origin, DAY) for q in asked}

    def ours() -> None:
        for question in asked:
            assess(question, book, rates, hs_texts)

    def theirs() -> None:
        for question in asked:
            plain_bound.answer(
                tables,
                territories[question.destination],
                memberships[question.lines[0].origin],
                question,
            )

    pairs = [(_time(ours) / len(asked), _time(theirs) / len(asked)) for _ in range(ROUNDS)]
    mine = statistics.median(p[0] for p in pairs)
    bound = statistics.median(p[1] for p in pairs)
    print(
        json.dumps(
            {
                "bench": "assessment",
                "peer": "plain dicts and Decimal, the same measures",
                "ratio": round(statistics.median(p[1] / p[0] for p in pairs), 3),
                "ours": round(mine * 1e6, 1),
                "theirs": round(bound * 1e6, 1),
                "unit": "µs a line",
                "n": len(asked),
                "target": "ratio of 0.2 or more",
            },
            ensure_ascii=False,
        ),
    )


def _time(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
