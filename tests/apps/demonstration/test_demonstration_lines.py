"""The invented trade of a demonstration: what its replays show is worked out here by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ewtp.apps.demonstration.actions.demonstration_acts import acts_by_stage
from ewtp.apps.demonstration.actions.demonstration_lines import invent_lines
from ewtp.core.acts.acts_text import read_acts
from ewtp.core.acts.compilation import compile_acts
from ewtp.core.assessment.answer import Answer
from ewtp.core.assessment.question import Question, read_question
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.proposals.proposal import ProposalStage
from ewtp.core.rulebook.changeset.overlay import overlaid
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.core.rulebook.changeset.test_seed_reforms import law
from tests.seed_book import whole_book
from tests.seed_rates import seed_rate_table

YEAR = 2027
# By code: duty before, and what a consumer pays less once parcels of up to 200 pounds are free: the duty and the value
# added tax of 20% on it. Handbags of leather bear 2% of 180 pounds, shoes 8% of 150; the jumper costs 210 pounds.
WORKED = {"42029291": ("3.60", "4.32"), "64039993": ("12.00", "14.40"), "61102091": ("25.20", "0.00")}


@pytest.mark.seed
def test_a_limit_of_200_pounds_saves_the_duty_of_two_parcels_and_the_tax_on_it():
    read = read_acts(acts_by_stage(YEAR)[ProposalStage.FAILED])
    assert not isinstance(read, Refusal)
    rows = {row["hs"]: row for row in invent_lines(YEAR).to_pylist() if row["to"] == "GB"}
    asked = []
    for row in rows.values():
        value = {"amount": str(row["value"]), "currency": row["currency"]}
        line = {"hs": row["hs"], "value": value, "quantities": {"kg": str(row["quantity_kg"])}}
        rest = {name: row[name] for name in ("from", "to", "buyer", "transport")}
        question = read_question(
            {**rest, "date": f"{YEAR}-06-01", "lines": [line]}, today=date(YEAR, 6, 1), vocabulary=vocabulary()
        )
        assert isinstance(question, Question)
        asked.append(question)
    book = whole_book()
    answers = []
    for each in (book, overlaid(book, compile_acts(read, law()).changeset)):
        scalar = Scalar(WholeBook(each), seed_rate_table(), hs_texts, vocabulary())
        answers.append(dict(zip(rows, scalar.answers(asked), strict=True)))
    for code, (duty, saving) in WORKED.items():
        before, after = (each[code] for each in answers)
        assert isinstance(before, Answer)
        assert isinstance(after, Answer)
        # A code of six digits whose national lines bear different duties would leave nothing to compare.
        assert "code_not_national" not in {one.code for line in before.lines for one in line.unknowns}
        assert before.totals.duty.amount == Decimal(duty)
        assert before.totals.landed_cost.amount - after.totals.landed_cost.amount == Decimal(saving)
    assert rows.keys() == WORKED.keys()
