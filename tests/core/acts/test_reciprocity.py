"""A reciprocal recognition holds for an origin from the day on which that economy's own one has effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ewtp.core.acts.act import RecognisePaper
from ewtp.core.acts.compilation import compile_acts
from ewtp.core.acts.record_additions import claim_of
from ewtp.core.assessment.answer import Answer
from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.rulebook.changeset.check import check
from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
from ewtp.core.rulebook.changeset.overlay import overlaid
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import TariffLine
from tests.core.acts.invented_acts import acts_of
from tests.core.assessment.small_book import SINCE, VOCABULARY, ask, rule, territory

DUTY = rule(Kind.DUTY, "", "5%")
PAPER = rule(Kind.REQUIREMENT, "01", "", agency="Vets", document="Certificate")
MIRROR = replace(PAPER, id="BB-paper", territory="BB")
TEXT = """
article here
  recognise "Certificate" of "Vets of BB" for requirement of AA by Vets on 01 origin BB reciprocal
    from 2026-03-01 without sunset
article there
  recognise "Certificate" of "Vets of AA" for requirement of BB by Vets on 01 origin AA reciprocal
    from 2026-06-01 until 2026-08-31
"""
HERE, THERE, LAST = date(2026, 3, 1), date(2026, 6, 1), date(2026, 8, 31)
ONE_DAY = timedelta(days=1)


def law() -> HeldLaw:
    own = territory()
    book = build_book(
        "v1",
        territories=[own, replace(own, code="BB", name="Beeland", members=("BB",))],
        groups=[],
        measures=[DUTY, PAPER, MIRROR],
        lines=[TariffLine(code, "01012100", SINCE) for code in ("AA", "BB")],
    )
    return HeldLaw(book, "b45e", VOCABULARY.economies, VOCABULARY.currencies)


def asked_for(book: Book, day: date, claim: str) -> list[str] | str:
    """The papers asked for, or the code of the refusal where nobody may rely on the claim."""
    answer = ask(
        book, line={"hs": "01012100", "origin": "BB", "claims": [claim]}, **{"from": "BB", "date": day.isoformat()}
    )
    if not isinstance(answer, Answer):
        return answer.code
    return [each.measure.document for each in answer.lines[0].requirements]


def test_both_sides_have_to_have_effect():
    acts = acts_of(TEXT)
    here = acts.articles[0].acts[0]
    assert isinstance(here, RecognisePaper)
    claim = claim_of(here)
    made = compile_acts(acts, law())
    assert check(made.changeset, law()) == ()
    book = overlaid(law().book, made.changeset)
    before_either = asked_for(book, HERE - ONE_DAY, claim)
    one_side = asked_for(book, THERE - ONE_DAY, claim)
    after_sunset = asked_for(book, LAST + ONE_DAY, claim)
    assert asked_for(book, THERE, claim) == asked_for(book, LAST, claim) == []
    for answer in (before_either, one_side, after_sunset):
        assert answer != [], "the paper is asked for, or the claim is refused"


def test_one_side_alone_gives_nothing():
    acts = acts_of(TEXT)
    here = acts.articles[0].acts[0]
    assert isinstance(here, RecognisePaper)
    alone = compile_acts(acts, law(), frozenset({"here"}))
    book = overlaid(law().book, alone.changeset)
    assert asked_for(book, THERE, claim_of(here)) != []
