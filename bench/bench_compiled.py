"""A million lines through the compiled rulebook on one thread, against the scalar path on a sample of them."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa

from bench.seed_questions import questions, read_seed
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.exchange import RateTable
from ewtp.core.assessment.frame import Frame, build_frame
from ewtp.core.compiled.assessing import TableAssessor
from ewtp.core.compiled.compiling import compile_book
from ewtp.core.compiled.scalar_rows import bodies, row_of
from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.values.refusals import Refusal
from ewtp.gateways import hs_texts
from ewtp.gateways.exchange_rates import load_rate_series
from ewtp.gateways.vocabulary import vocabulary

if TYPE_CHECKING:
    from ewtp.core.assessment.question import Question

LINES = 1_000_000
DISTINCT = 100_000
SAMPLE = 2_000


class _Scalar:
    """The scalar path on a book in memory."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.rates = RateTable(load_rate_series())
        self.vocabulary = vocabulary()

    def frame(self, question: Question) -> Frame:
        return build_frame(question, self.book, self.rates, hs_texts)

    def answer(self, question: Question) -> object:
        return assess(question, self.book, self.rates, hs_texts)


def main() -> None:
    """Print one JSON line; ``compile_seconds`` is for the whole seed."""
    seed = read_seed()
    book = build_book(
        "seed",
        territories=seed.territories,
        groups=seed.groups,
        measures=seed.measures,
        lines=seed.lines,
        replaced=seed.replaced,
    )
    start = time.perf_counter()
    compiled = compile_book(book, vocabulary().economies, hs_texts.subheadings())
    compile_seconds = time.perf_counter() - start
    asked = questions(seed, DISTINCT)
    money, count = pa.decimal128(18, 3), pa.decimal128(18, 6)
    columns: dict[str, pa.Array] = {
        "from": pa.array([q["from"] for q in asked]),
        "to": pa.array([q["to"] for q in asked]),
        "date": pa.array([q["date"] for q in asked]).cast(pa.date32()),
        "hs": pa.array([q["lines"][0]["hs"] for q in asked]),
        "value": pa.array([Decimal(q["lines"][0]["value"]["amount"]) for q in asked], money),
        "currency": pa.array([q["lines"][0]["value"]["currency"] for q in asked]),
    }
    for unit, text in asked[0]["lines"][0]["quantities"].items():
        columns[f"quantity_{unit}"] = pa.array([Decimal(text)] * len(asked), count)
    lines = pa.concat_tables([pa.table(columns)] * (LINES // DISTINCT)).combine_chunks()
    scalar = _Scalar(book)
    assessor = TableAssessor(compiled, scalar)  # type: ignore[arg-type] # the answers are only passed through
    assessor.assess_table(lines.slice(0, 1_000))
    start = time.perf_counter()
    answers = assessor.assess_table(lines)
    seconds = time.perf_counter() - start
    if isinstance(answers, Refusal):
        raise SystemExit(answers.message)
    start = time.perf_counter()
    for body in bodies(lines.slice(0, SAMPLE)):
        assert not isinstance(body, Refusal)
        row_of(body, scalar)  # type: ignore[arg-type] # as above
    theirs = (time.perf_counter() - start) / SAMPLE
    print(
        json.dumps(
            {
                "bench": "compiled",
                "peer": "the scalar path, line by line",
                "ratio": round(theirs * LINES / seconds, 1),
                "ours": round(seconds / LINES * 1e6, 3),
                "theirs": round(theirs * 1e6, 1),
                "unit": "µs a line, one thread, per-line outputs kept",
                "n": LINES,
                "left_to_scalar": round(sum(answers["scalar"].to_pylist()) / LINES, 4),
                "compile_seconds": round(compile_seconds, 1),
                "target": "none yet",
            },
            ensure_ascii=False,
        ),
    )


if __name__ == "__main__":
    main()
