"""Editions of schedules and of codes, the rounding of excise and unconfirmed rates, as the compiled path has them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.measure import Condition, Kind, Status
from ewtp.core.rulebook.territory import Practice, PracticeName
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import DAY, RATES, SINCE, SOURCE, VOCABULARY, Texts, rule, territory
from tests.core.assessment.test_editions import of_edition, telephones
from tests.core.compiled.drawn_lines import differences, expected, table_of

pytestmark = pytest.mark.kernel


def test_both_paths_choose_the_same_edition_and_round_excise_alike():
    older = of_edition("CN2020", rule(Kind.DUTY, "85171200", "12%"))
    newer = of_edition("CN2022", rule(Kind.DUTY, "8517", "8%"))
    same = of_edition("CN2020", rule(Kind.DUTY, "85171810", "8.0%"))
    adopted = replace(of_edition("CN2020", rule(Kind.DUTY, "85171810", "3%")), id="adopted", status=Status.ADOPTED)
    preference = of_edition("CN2022", rule(Kind.PREFERENCE, "85171300", "4%", include=("AA-BB",)))
    excise = rule(Kind.EXCISE, "8517", "27.89%")
    vat = rule(Kind.TAX, "", "16%", base="duty_paid", conditions=(Condition("unconfirmed", "16%"),))
    law = telephones(older, newer, same, adopted, preference, excise, vat)
    where = law.territories["AA"]
    practices = (
        *territory().practices,
        Practice(PracticeName.ROUNDING_DUTY, "2:down", SINCE, SOURCE, "act, s. 3"),
        Practice(PracticeName.ROUNDING_TAX, "2:half_up", SINCE, SOURCE, "act, s. 4"),
    )
    law = replace(law, territories={"AA": replace(where, practices=practices)})
    line = {"from": "BB", "to": "AA", "date": DAY, "currency": "USD", "value": Decimal("10.00")}
    asked = [("85171200", None), ("85171810", None), ("8517130000", None), ("8517130000", "AA-BB"), ("851771", None)]
    lines = table_of([{**line, "hs": hs, "claims": claims} for hs, claims in asked])
    scalar = Scalar(WholeBook(law), RATES, Texts(), VOCABULARY)
    compiled = compile_book(law, VOCABULARY.economies, ("851712", "851713", "851718"))
    found = TableAssessor(compiled, scalar).assess_table(lines)
    assert not isinstance(found, Refusal), found
    assert differences(found, expected(lines, scalar)) == []
    rows = found.to_pylist()
    assert [row["refusal"] for row in rows] == [None, None, None, None, "code_wrong_edition"]
    assert [row["duty"] for row in rows[:4]] == [Decimal("0.80"), Decimal("0.30"), Decimal("0.80"), Decimal("0.40")]
    assert {row["excise"] for row in rows[:4]} == {Decimal("2.79")}
    assert all("rate_not_confirmed" in row["unknowns"] and not row["complete"] for row in rows[:4])
    assert ["code_of_other_edition" in row["unknowns"] for row in rows[:4]] == [False, False, True, True]
