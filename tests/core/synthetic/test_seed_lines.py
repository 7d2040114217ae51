"""Lines drawn from the seed are lines that the scalar path answers: codes, claims and units are the rulebook's."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from ewtp.core.assessment.answer import Answer
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import read_question
from ewtp.core.rulebook.book import build_book
from ewtp.core.synthetic.assumptions import Assumptions
from ewtp.core.synthetic.generator import synthetic_lines
from ewtp.core.synthetic.import_profile import ImportProfile, build_import_profile
from ewtp.core.values.money import decimal_text
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.seed_book import read_seed
from tests.seed_rates import seed_rate_table

LINES = 1_000
# Three schedules tell as much as seven and are read in a third of the time; the others' economies declare six digits.
SCHEDULES = frozenset({"US", "SACU", "CA"})


def question_of(row):
    """The row as one asks it."""

    def money(name):
        return {"amount": decimal_text(row[name].normalize()), "currency": row["currency"]}

    quantities = {
        name.removeprefix("quantity_"): decimal_text(value)
        for name, value in row.items()
        if name.startswith("quantity_") and value is not None
    }
    if row["supplementary_unit"] is not None:
        quantities[row["supplementary_unit"]] = decimal_text(row["supplementary_quantity"])
    line = {
        "hs": row["hs"],
        "origin": row["origin"],
        "value": money("value"),
        "quantities": quantities,
        "claims": row["claims"].split(),
    }
    return {
        "from": row["from"],
        "to": row["to"],
        "date": row["date"].isoformat(),
        "buyer": row["buyer"],
        "transport": row["transport"],
        "lines": [line],
        "freight": money("freight"),
        "insurance": money("insurance"),
    }


@pytest.mark.seed
def test_almost_every_line_of_the_seed_is_answered(seeded):
    seed = read_seed()
    book = build_book(
        "seed",
        territories=seed.territories,
        groups=seed.groups,
        measures=[measure for measure in seed.measures if measure.territory in SCHEDULES],
        lines=[line for line in seed.lines if line.territory in SCHEDULES],
        replaced=seed.replaced,
    )
    subheadings = [entry.code for entry in hs_texts.read_entries() if len(entry.code) == 6]
    profile = build_import_profile(book, year=2026, subheadings=subheadings)
    assert isinstance(profile, ImportProfile)
    # As many lines claim as can, so that no draw has only a few of them.
    assumed = Assumptions(claim_share=Decimal("0.95"))
    (table,) = synthetic_lines(profile, LINES, seeded.randrange(2**63), assumed)
    rates, known = seed_rate_table(), vocabulary()
    refused: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    claimed = 0
    for row in table.to_pylist():
        question = read_question(question_of(row), today=date(2026, 12, 31), vocabulary=known)
        assert not isinstance(question, Refusal), (question, row)
        answer = assess(question, book, rates, hs_texts)
        if isinstance(answer, Answer):
            unknown.update(note["code"] for note in answer.as_json()["lines"][0]["unknowns"])
            claimed += bool(row["claims"])
        else:
            refused[answer.code] += 1
    # Parts of articles have no column, so duties on them are refused; nothing else is.
    assert set(refused) <= {"part_value_missing", "quantity_missing"}, refused
    assert refused["part_value_missing"] < LINES / 50
    assert refused["quantity_missing"] + unknown["quantity_missing"] < LINES / 200
    # Lines that claim occur: claims that the rulebook does not know would have been refused.
    assert claimed > LINES / 100
    assert "code_not_national" not in unknown
