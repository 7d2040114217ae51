"""Two economies recognise each other's papers: by adoption at last, and only while both have adopted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ewtp.apps.assessment.reading.answers import question_answer
from ewtp.apps.proposals.actions.adoption_endings import adoption_withdraw
from ewtp.apps.proposals.actions.adoptions import proposal_adopt
from ewtp.apps.proposals.reading.proposal_text import text_stored
from ewtp.apps.rulebook.actions.adoption import ActCited
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.core.acts.act import RecognisePaper
from ewtp.core.acts.record_additions import claim_of
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import TariffLine, Territory
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.apps.proposals.conftest import CODE, JANUARY, LAW, NOW, pass_proposal
from tests.apps.proposals.test_proposal_story import kept
from tests.apps.rulebook.conftest import Desk, a_duty

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HERE, THERE = date(2027, 1, 1), date(2027, 4, 1)
KENYAN_LAW = (
    replace(a_duty("0901", "25%", JANUARY), territory="KE", id="ke-duty"),
    replace(
        a_duty("0901", "", JANUARY, kind=Kind.REQUIREMENT, id="ke-permit", agency="KEPHIS", document="Permit"),
        territory="KE",
    ),
    TariffLine("KE", CODE, Period(JANUARY)),
)
MUTUAL = """
title "Each other's permits"

article zambia
  recognise "Permit" of KEPHIS for requirement of ZM by ZABS paper Permit on 0901 origin KE reciprocal
    from 2027-01-01 without sunset

article kenya
  recognise "Permit" of ZABS for requirement of KE by KEPHIS paper Permit on 0901 origin ZM reciprocal
    from 2027-01-01 without sunset
"""


@pytest.fixture
def mutual(db, tmp_path, monkeypatch, author):  # noqa: ARG001 - it is in the database
    """A proposal that passed, about the papers of two economies with a law each."""
    read_cached_book().forget()
    territories = {
        code: Territory(code, name, (code,), money, nomenclature="HS2022", hs_edition="HS2022")
        for code, name, money in (("ZM", "Zambia", "ZMW"), ("KE", "Kenya", "KES"))
    }
    monkeypatch.setattr("ewtp.apps.rulebook.reading.version_records.territories_at", lambda *_: territories)
    Desk(tmp_path).bring(*LAW, *KENYAN_LAW)
    return pass_proposal(author, MUTUAL)


def adopt_own(found, actor, territory, article, day):
    cited = ActCited(territory, f"Act of {territory}", "Parliament", "section 1", date(2026, 6, 1))
    return kept(proposal_adopt(proposal=found.id, articles=[article], effective=day, cited=cited, actor=actor, now=NOW))


def claims(found):
    """The claim of each article, by its name."""
    acts = text_stored(found.version.content.digest).acts
    assert acts is not None
    return {one.name: claim_of(act) for one in acts.articles for act in one.acts if isinstance(act, RecognisePaper)}


def papers(origin, to, day, claim):
    read_cached_book().forget()
    line = {"hs": CODE, "value": {"amount": "1000", "currency": "USD"}, "claims": [claim]}
    answer = question_answer({"from": origin, "to": to, "date": day.isoformat(), "lines": [line]})
    if isinstance(answer, Refusal):
        return answer.code
    return sorted(each.measure.agency for each in answer.lines[0].requirements)


def test_a_recognition_has_effect_from_the_day_on_which_the_other_economy_adopts_too(mutual, zambian, world):
    kenyan, claim = world.found("agency", "KE"), claims(mutual)
    adopt_own(mutual, zambian, "ZM", "zambia", HERE)
    assert papers("KE", "ZM", HERE, claim["zambia"]) != ["ZMOH"]
    both = adopt_own(mutual, kenyan, "KE", "kenya", THERE)
    assert papers("KE", "ZM", THERE - DAY, claim["zambia"]) != ["ZMOH"]
    assert papers("KE", "ZM", THERE, claim["zambia"]) == ["ZMOH"]
    assert papers("ZM", "KE", THERE, claim["kenya"]) == []
    # Where one takes it back, the other's recognition has effect no longer.
    last_day = THERE + 30 * DAY
    kept(
        adoption_withdraw(
            proposal=mutual.id,
            act=both.adoptions[-1].act,
            last_day=last_day,
            reason="Under review.",
            actor=kenyan,
            now=NOW,
        )
    )
    assert papers("KE", "ZM", last_day, claim["zambia"]) == ["ZMOH"]
    assert papers("KE", "ZM", last_day + DAY, claim["zambia"]) != ["ZMOH"]
