"""American lines charged alike that differ in papers, which the report of partner agencies' flags names."""

from __future__ import annotations

from datetime import date

import pytest

from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import read_question
from ewtp.core.rulebook.book import build_book
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.rulebook.worked_cases import Texts
from tests.seed_book import read_seed
from tests.seed_rates import seed_rate_table

pytestmark = pytest.mark.seed

DAY = date(2026, 7, 15)


@pytest.mark.parametrize(
    ("origin", "code", "paper", "flagged"),
    [
        ("ZA", "090121", "AM8 data", {"0901210015", "0901210025", "0901210040", "0901210055"}),
        ("CN", "950300", "EP7 data", {"9503000071", "9503000073", "9503000090"}),
    ],
    ids=["roasted coffee", "toys"],
)
def test_lines_that_only_their_papers_part_are_offered(origin, code, paper, flagged):
    seed = read_seed()
    book = build_book(
        "seed",
        territories=seed.territories,
        groups=seed.groups,
        measures=[m for m in seed.measures if code.startswith(m.product.prefix[:6])],
        lines=[line for line in seed.lines if line.code.startswith(code)],
        replaced=(),
    )
    body = {
        "from": origin,
        "to": "US",
        "date": DAY.isoformat(),
        "lines": [{"hs": code, "value": {"amount": "1000", "currency": "USD"}}],
    }
    question = read_question(body, today=DAY, vocabulary=vocabulary())
    assert not isinstance(question, Refusal)
    answer = assess(question, book, seed_rate_table(), Texts())
    assert not isinstance(answer, Refusal)
    line = answer.lines[0]
    assert line.span is not None
    assert not line.span.duties_differ
    assert [charge.rule.measure.expression for charge in line.charges if charge.kind.value == "duty"] == ["Free"]
    found = {
        name
        for group in line.span.groups
        if any(paper in p.measure.document for p in group.papers)
        for name in group.lines
    }
    assert found == flagged
    assert len(line.span.groups) == 2
