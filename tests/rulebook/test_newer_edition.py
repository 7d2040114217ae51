"""A whole answer of the UK Trade Tariff API beside the seed's older tariff leaves no duty in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ewtp.core.assessment.answer import Answer
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import read_question
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.records import Importing
from ewtp.core.rulebook.territory import Group, TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.uk import trade_tariff_api
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.reference_data import RETRIEVED, reference
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    from ewtp.gateways.seed.reader import SeedBook

pytestmark = pytest.mark.seed


@pytest.mark.parametrize(
    ("code", "rate"),
    [
        # What three of them state under Regulation 2658/87 is of the tariff that the UK Global Tariff replaced.
        ("0102291010", "10.00% + 77.00 GBP/100kg"),
        ("0809400500", "6.00% (01 OCT - 30 JUN), 12.00% (01 JUL - 30 SEP)"),
        ("7202118000", "0.0%"),
        ("0702000007", "8.00% (01 NOV - 14 MAY), 14.00% (15 MAY - 31 OCT)"),
    ],
)
def test_an_official_answer_over_the_seed_leaves_no_duty_ambiguous(book: SeedBook, code: str, rate: str) -> None:
    importing = trade_tariff_api.read(reference(f"examples/{code}.json.gz"), retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    records = list(importing.records)
    about = [m for m in book.measures if m.territory == "GB" and code.startswith(m.product.prefix)]
    held = build_book(
        "seed and a newer answer",
        territories=book.territories,
        groups=[*book.groups, *(r for r in records if isinstance(r, Group))],
        measures=[*about, *(r for r in records if isinstance(r, Measure))],
        lines=[
            *(line for line in book.lines if line.territory == "GB" and line.code[:6] == code[:6]),
            *(r for r in records if isinstance(r, TariffLine)),
        ],
        replaced=book.replaced,
    )
    body = {
        "from": "CN",
        "to": "GB",
        "date": RETRIEVED.isoformat(),
        "lines": [
            {
                "hs": code,
                "value": {"amount": "1000.00", "currency": "GBP"},
                "quantities": {"kg": "1000", "number": "2"},
            }
        ],
    }
    question = read_question(body, today=RETRIEVED, vocabulary=vocabulary())
    assert not isinstance(question, Refusal), question
    answer = assess(question, held, seed_rate_table(), hs_texts)
    assert isinstance(answer, Answer), answer
    assert "duty_ambiguous" not in {unknown.code for unknown in answer.lines[0].unknowns}
    assert [c.rule.measure.expression for c in answer.lines[0].charges if c.kind == "duty"] == [rate]
