"""A change of a rule affects the lines whose codes of another edition are answered under it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.replay.affected_lines import AffectedLines
from ewtp.core.rulebook.changeset.diff import difference
from ewtp.core.rulebook.changeset.overlay import Overlay
from ewtp.core.rulebook.measure import Kind
from tests.core.assessment.small_book import DAY, RATES, VOCABULARY, Texts, rule
from tests.core.assessment.test_editions import of_edition, telephones
from tests.core.compiled.drawn_lines import expected, table_of

pytestmark = pytest.mark.kernel

CODES = ("8517130000", "85171200", "85171810", "851771")


@pytest.mark.parametrize(("prefix", "affected"), [("851712", [0, 1]), ("8517", [0, 1, 2, 3]), ("851718", [2])])
def test_lines_are_selected_by_the_codes_that_they_are_answered_under(prefix: str, affected: list[int]):
    before = of_edition("CN2020", rule(Kind.DUTY, prefix, "10%"))
    after = of_edition("CN2020", rule(Kind.DUTY, prefix, "4%"))
    law = telephones(before)
    overlay = Overlay(difference([before], [after], names=("law", "reform")))
    changed = overlay.over(law)
    line = {"from": "BB", "to": "AA", "date": DAY, "currency": "USD", "value": Decimal(100)}
    lines = table_of([{**line, "hs": code} for code in CODES])
    found = AffectedLines(law, changed, overlay.parts, VOCABULARY.economies, replaced=law.replaced)
    assert found.find_rows(lines).tolist() == affected
    was, now = (expected(lines, Scalar(WholeBook(book), RATES, Texts(), VOCABULARY)) for book in (law, changed))
    differing = [row for row in range(len(CODES)) if was[row] != now[row]]
    assert set(differing) <= set(affected)
    assert differing == [row for row in affected if CODES[row] != "851771"]
