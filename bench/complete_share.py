"""The share of complete answers by destination on a fixed sample of synthetic lines, as a table for docs/ask/answer.md.

``python -m bench.complete_share [LINES]``. Every line is fully asked: with freight, insurance, buyer and transport. A
second table ranks what keeps answers open: each unknown with the answers open by it alone, and all that have it.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from bench.seed_questions import read_seed, seed_rates
from bench.world.lines import SEED, import_profile
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.effects import Effect
from ewtp.core.assessment.question import read_question
from ewtp.core.rulebook.book import build_book
from ewtp.core.synthetic.generator import synthetic_lines
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from ewtp.core.assessment.answer import Answer
    from ewtp.core.assessment.effects import Unknown
    from ewtp.core.rulebook.book import Book

_LINES = 20_000
_RANKED = 6


def main() -> None:
    """Print the table."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else _LINES
    seed = read_seed()
    book = build_book(
        "seed",
        territories=seed.territories,
        groups=seed.groups,
        measures=seed.measures,
        lines=seed.lines,
        origin_rules=seed.origin_rules,
        replaced=seed.replaced,
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    alone: dict[str, Counter[str]] = defaultdict(Counter)
    present: dict[str, Counter[str]] = defaultdict(Counter)
    rates, known = seed_rates(), vocabulary()
    for table in synthetic_lines(import_profile(book), lines, SEED):
        for row in table.to_pylist():
            question = read_question(_body(row), today=row["date"], vocabulary=known)
            if isinstance(question, Refusal):
                raise SystemExit(question.message)
            answer = assess(question, book, rates, hs_texts)
            name = _destination_of(book, row["to"])
            _count(counts[name], answer)
            blockers = _blockers_of(answer)
            present[name].update(blockers)
            if len(blockers) == 1:
                alone[name].update(blockers)
    print("| destination | lines | complete | bounded above | refused |")
    print("|---|---:|---:|---:|---:|")
    for name, found in sorted(counts.items()):
        total = found["lines"]
        shares = (f"{found[what] / total:.1%}" for what in ("complete", "bounded", "refused"))
        print(f"| {name} | {total} | {' | '.join(shares)} |")
    print("\n| destination | unknown | answers open by it alone | answers with it |")
    print("|---|---|---:|---:|")
    for name in sorted(counts):
        ranked = sorted(present[name], key=lambda each: (-alone[name][each], -present[name][each], each))
        for blocker in ranked[:_RANKED]:
            print(f"| {name} | {blocker} | {alone[name][blocker]} | {present[name][blocker]} |")


def _count(found: Counter[str], answer: Answer | Refusal) -> None:
    found["lines"] += 1
    if isinstance(answer, Refusal):
        found["refused"] += 1
        return
    found["complete"] += answer.totals.complete
    found["bounded"] += answer.totals.at_most is not None


def _blockers_of(answer: Answer | Refusal) -> frozenset[str]:
    """The unknowns that keep an answer from being complete, by code and what they are about."""
    if isinstance(answer, Refusal):
        return frozenset({f"refused: {answer.code}"})
    return frozenset(
        f"{unknown.code}: {about}" if (about := _subject_of(unknown)) else unknown.code
        for line in answer.lines
        for unknown in line.unknowns
        if unknown.effect is not Effect.NONE
        and not (unknown.amount is not None and not unknown.amount.amount)
        # It follows from another unknown.
        and unknown.code != "tax_base_incomplete"
    )


def _subject_of(unknown: Unknown) -> str:
    kinds = unknown.params.get("kinds")
    return ", ".join(kinds) if kinds else str(unknown.params.get("title", ""))


def _destination_of(book: Book, economy: str) -> str:
    """The tariff, and the economy where others share it."""
    tariff = next((t for t in book.territories_of(economy) if t.nomenclature), None)
    if tariff is None:
        return "no tariff held"
    return tariff.code if tariff.code == economy else f"{tariff.code}, {economy}"


def _body(row: dict[str, Any]) -> dict[str, Any]:
    """The row as a question of one line."""

    def money(name: str) -> dict[str, str]:
        return {"amount": format(row[name].normalize(), "f"), "currency": row["currency"]}

    quantities = {
        name.removeprefix("quantity_"): format(amount.normalize(), "f")
        for name, amount in row.items()
        if name.startswith("quantity_") and amount is not None
    }
    if row["supplementary_unit"] is not None:
        quantities[row["supplementary_unit"]] = format(row["supplementary_quantity"].normalize(), "f")
    return {
        "from": row["from"],
        "to": row["to"],
        "date": row["date"].isoformat(),
        "buyer": row["buyer"],
        "transport": row["transport"],
        "lines": [
            {
                "hs": row["hs"],
                "origin": row["origin"],
                "value": money("value"),
                "quantities": quantities,
                "claims": row["claims"].split(),
            }
        ],
        "freight": money("freight"),
        "insurance": money("insurance"),
    }


if __name__ == "__main__":
    main()
