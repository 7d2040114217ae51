"""The same sentence on a newer rulebook: what it would now reach."""

from __future__ import annotations

from dataclasses import replace

from ewtp.core.acts.compilation import compile_acts
from ewtp.core.acts.recompilation import compare_compilations
from ewtp.core.rulebook.measure import Kind
from tests.core.acts.invented_acts import acts_of
from tests.core.acts.test_compilation import DATA, LAW, MEASURES, PAPER, law_of
from tests.core.assessment.small_book import rule

ACTS = acts_of("end requirement of AA by Vets from 2027-01-01\nend duty of AA on 01 from 2027-01-01")


def test_on_the_same_law_nothing_differs():
    renamed = [replace(m, id=f"{m.id}-again") for m in MEASURES]
    compared = compare_compilations(compile_acts(ACTS, LAW), compile_acts(ACTS, law_of(renamed)))
    assert compared.same_digest
    assert compared.acts == ()


def test_a_paper_that_came_and_one_that_went_are_named():
    come = rule(Kind.REQUIREMENT, "0301", "", agency="Vets", document="Notice", id="notice")
    newer = law_of([m for m in MEASURES if m != DATA] + [come])
    compared = compare_compilations(compile_acts(ACTS, LAW), compile_acts(ACTS, newer))
    assert not compared.same_digest
    assert compared.as_json()["acts"] == [{"where": "articles[0].acts[0]", "no_longer": [DATA.id], "now": ["notice"]}]
    assert PAPER.id not in str(compared.as_json()), "what both reach is not listed"
