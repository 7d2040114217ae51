"""The worked cases beside the seed, and their answers: real ones from every pack."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import read_question
from ewtp.core.rulebook.book import build_book
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_texts import describe, exists
from ewtp.gateways.reference.iso_codes import vocabulary
from ewtp.gateways.seed.root import seed_root
from tests.seed_book import read_seed
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    from ewtp.core.assessment.answer import Answer
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Kind

TODAY = date(2026, 11, 24)
# Every worker reads all cases, which takes the loader in C a tenth of the time.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Texts:
    """HS 2022, from the package."""

    exists = staticmethod(exists)
    describe = staticmethod(describe)


def _cases() -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for path in sorted(seed_root().rglob("cases.yaml")):
        place = path.parent.relative_to(seed_root()).as_posix()
        found.extend((f"{place}: {case['case']}", case) for case in yaml.load(path.read_text(), _LOADER))  # noqa: S506 - a safe one
    return found


_ALL = _cases()
CASES = [(name, case) for name, case in _ALL if "question" in case]
# Questions about where goods originate.
ORIGIN_CASES = [(name, case) for name, case in _ALL if "goods" in case]


@cache
def seed_book() -> Book:
    """Only the part of the seed that the cases ask about, so that the tests stay quick."""
    seed = read_seed()
    codes = {
        "".join(c for c in str(line["hs"]) if c.isdigit()) for _, case in CASES for line in case["question"]["lines"]
    }
    # A code of a newer edition is answered under its equivalent in the schedule's.
    codes |= {change.old_code for change in seed.replaced if change.new_code in {code[:6] for code in codes}}
    heads = {code[:length] for code in codes for length in range(len(code) + 1)}
    sixes = {code[:6] for code in codes}
    kinds: dict[str, set[Kind]] = defaultdict(set)
    starts: dict[str, date] = {}
    measures = []
    for measure in seed.measures:
        kinds[measure.territory].add(measure.kind)
        if measure.product.prefix in heads or measure.product.prefix[:6] in sixes:
            measures.append(measure)
    lines = []
    for line in seed.lines:
        starts[line.territory] = min(starts.get(line.territory, line.validity.start), line.validity.start)
        if line.code[:6] in sixes:
            lines.append(line)
    return build_book(
        "seed",
        territories=seed.territories,
        groups=seed.groups,
        measures=measures,
        lines=lines,
        origin_rules=seed.origin_rules,
        replaced=seed.replaced,
        coverage={code: frozenset(found) for code, found in kinds.items()},
        schedule_starts=starts,
    )


def answer_case(case: dict[str, Any]) -> Answer | Refusal:
    """The answer of the seed to a case."""
    question = read_question(_plain(case["question"]), today=TODAY, vocabulary=vocabulary())
    if isinstance(question, Refusal):
        return question
    return assess(question, seed_book(), seed_rate_table(), Texts())


def _plain(value: Any) -> Any:
    """YAML reads dates and numbers where the contract has strings."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
