"""Adoptions that end by themselves: what answers say, how they are renewed, and what the log has of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from ewtp.apps.accounts.store.models import User
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.proposals.actions.adoption_endings import adoption_withdraw
from ewtp.apps.proposals.actions.adoption_renewals import adoption_renew
from ewtp.apps.proposals.actions.adoptions import proposal_adopt
from ewtp.apps.proposals.actions.proposals import proposal_draft
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.surface.adoption_presentation import renewal_source
from ewtp.apps.rulebook.actions.adoption import ActCited
from ewtp.core.proposals.proposal import AdoptionEnding
from tests.apps.proposals.conftest import NOW, pass_proposal
from tests.apps.proposals.retold import checked, retold_with, told_lines
from tests.apps.proposals.test_authorities import CITED, adopt, papers_on
from tests.apps.proposals.test_proposal_story import ACTS, code, kept, text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FIRST, SUNSET, LATEST = date(2027, 1, 1), date(2027, 6, 30), date(2027, 12, 28)
ENDING = ACTS.replace("from 2027-01-01", "from 2027-01-01 until 2027-06-30")
RENEWING = ActCited("ZM", "Act 3 of 2027", "Parliament of Zambia", "section 1", date(2027, 3, 1))
# 120 days before the sunset.
WINDOW = NOW.replace(year=2027, month=3, day=2)


@pytest.fixture
def ending(zambia, author, zambian):  # noqa: ARG001 - its law is in the database
    """An adoption that ends by itself in the middle of 2027."""
    passed = pass_proposal(author, ENDING)
    return kept(adopt(passed, zambian))


def renew(found, actor, *, last_day=LATEST, now=WINDOW, act="", cited=RENEWING):
    act = act or found.adoptions[0].act
    return adoption_renew(proposal=found.id, act=act, last_day=last_day, cited=cited, actor=actor, now=now)


def test_an_adoption_ends_on_the_day_that_its_articles_name_and_nobody_has_to_do_anything(ending):
    (adoption,) = ending.adoptions
    assert (adoption.sunset, adoption.last_day, adoption.ended) == (SUNSET, SUNSET, None)
    assert (adoption.find_ending(SUNSET), adoption.find_ending(SUNSET + DAY)) == (None, AdoptionEnding.SUNSET)
    assert papers_on(FIRST) == papers_on(SUNSET) == ["ZMOH"]
    assert papers_on(SUNSET + DAY) == ["ZABS", "ZMOH"]
    page = Client().get(f"/proposals/{ending.id}").content.decode()
    assert 'It ends by itself after <time datetime="2027-06-30">' in page
    assert 'can renew it from <time datetime="2027-03-02">' in page
    (row,) = Client().get("/adoptions.csv").content.decode().splitlines()[1:]
    assert "2027-06-30" in row
    stated = Client().get("/api/v1/adoptions").json()["items"][0]
    assert (stated["sunset"], stated["last_day"], stated["ended"]) == ("2027-06-30", "2027-06-30", None)


def test_the_authority_renews_it_once_for_as_long_as_it_was_voted_on(ending, zambian, author):
    assert code(renew(ending, author)) == "authority_needed"
    assert code(renew(ending, zambian, act="another")) == "adoption_unknown"
    assert code(renew(ending, zambian, now=WINDOW - DAY)) == "renewal_too_soon"
    assert code(renew(ending, zambian, last_day=LATEST + DAY)) == "renewal_day_invalid"
    assert code(renew(ending, zambian, last_day=SUNSET)) == "renewal_day_invalid"
    assert code(renew(ending, zambian, cited=ActCited("ZM", "", "", ""))) == "adoption_uncited"
    assert code(renew(ending, zambian, now=NOW.replace(year=2027, month=7, day=1))) == "adoption_over"
    assert papers_on(SUNSET + DAY) == ["ZABS", "ZMOH"]
    renewed = kept(renew(ending, zambian)).adoptions[0]
    assert (renewed.last_day, renewed.find_ending(SUNSET + DAY)) == (LATEST, None)
    assert papers_on(SUNSET + DAY) == papers_on(LATEST) == ["ZMOH"]
    assert papers_on(LATEST + DAY) == ["ZABS", "ZMOH"]
    assert code(renew(ending, zambian, now=WINDOW + DAY)) == "adoption_renewed_before"
    page = Client().get(f"/proposals/{ending.id}").content.decode()
    assert 'It was renewed until <time datetime="2027-12-28">' in page
    assert "Act 3 of 2027" in page


def test_what_has_no_sunset_or_was_withdrawn_is_not_renewed(ending, zambian, author):
    acts = 'title "Less"\n\narticle permit\n  end requirement of ZM by ZMOH on 0901 from 2027-01-01'
    for_good = kept(adopt(pass_proposal(author, acts), zambian))
    assert for_good.adoptions[0].sunset is None
    assert code(renew(for_good, zambian)) == "adoption_without_sunset"
    act = ending.adoptions[0].act
    last_day = WINDOW.date() + 60 * DAY
    kept(
        adoption_withdraw(
            proposal=ending.id, act=act, last_day=last_day, reason="Under review.", actor=zambian, now=WINDOW
        )
    )
    assert code(renew(ending, zambian)) == "adoption_over"
    assert papers_on(last_day) == []
    assert papers_on(last_day + DAY) == ["ZABS"]


def test_days_that_another_act_has_ruled_on_are_not_taken_by_a_renewal(ending, zambian, author):
    acts = 'title "Other"\n\narticle other\n  amend requirement of ZM by ZABS on 0901 with stage entry from 2027-07-01'
    other = pass_proposal(author, f"{acts} without sunset")
    kept(
        proposal_adopt(
            proposal=other.id, articles=["other"], effective=date(2027, 7, 1), cited=CITED, actor=zambian, now=NOW
        )
    )
    assert code(renew(ending, zambian)) == "act_followed"
    assert kept(proposal_read(ending.id)).adoptions[0].renewals == ()


def test_its_renewal_can_be_drafted_for_another_vote(ending, author):
    source = renewal_source(ending.id, ending.adoptions[0].act)
    assert "from 2027-07-01 until 2027-12-28" in source
    assert "2027-06-01" not in source
    text = text_of(source)
    assert text.faults == ()
    assert kept(proposal_draft(text=text, actor=author, now=WINDOW)).title == "Renewal: One paper is enough"
    assert renewal_source(ending.id, "another") == renewal_source("prp_none", "another") == ""


def test_the_page_and_the_api_renew_as_the_authority(ending, zambian, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: WINDOW)
    client = Client()
    client.force_login(User.objects.create(username="zambian", email="z@example.org", person=zambian.name))
    page = client.get(f"/proposals/{ending.id}").content.decode()
    assert "Renew the adoption" in page
    assert f"/proposals/new?renews={ending.id}" in page
    sent = {"do": "renew_adoption", "act": ending.adoptions[0].act, "renewing_title": "Act 3 of 2027"}
    sent |= {"renewing_publisher": "Parliament", "renewing_reference": "section 1"}
    for last_day, said in (("soon", "Write the day"), ("2028-06-30", "2027")):
        refused = client.post(f"/proposals/{ending.id}/act", sent | {"renewed_until": last_day})
        assert refused.status_code == 422
        assert said in refused.content.decode()
    assert client.post(f"/proposals/{ending.id}/act", sent | {"renewed_until": "2027-12-28"}).status_code == 303
    assert kept(proposal_read(ending.id)).adoptions[0].last_day == LATEST
    drafted = client.get(f"/proposals/new?renews={ending.id}&act={ending.adoptions[0].act}").content.decode()
    assert "until 2027-12-28" in drafted


def test_the_recount_follows_terms_and_renewals(ending, zambian):
    kept(renew(ending, zambian))
    sequence_events(now=WINDOW)
    lines = told_lines(WINDOW)
    report, recount = checked(lines)
    # It passed without a vote in these rows, which the recount says; of the renewal there is nothing to say.
    known = {"recount_adoption_unpassed"}
    assert {each.code for each in (*report.faults, *recount.faults)} == known
    assert "left_sunsets" in [each.code for each in recount.left]
    renewed, stated = "proposals:adoption:renewed", "proposals:adoption:stated"
    for kind, path, value, wrong in (
        (renewed, "payload.last_day", "2027-12-29", "recount_renewal_unfounded"),
        (renewed, "payload.last_day", "2027-12-27", "recount_statement_unsigned"),
        (renewed, "payload.act", "another", "recount_renewal_unfounded"),
        (renewed, "payload.cited.reference", "another", "recount_statement_unsigned"),
        (renewed, "payload.by", "org_other", "recount_adoption_authority"),
        (stated, "payload.sunset", None, "recount_renewal_unfounded"),
        (stated, "payload.sunset", "2027-12-30", "recount_renewal_unfounded"),
    ):
        assert wrong in {each.code for each in retold_with(lines, kind, path, value)} - known, (kind, path)
