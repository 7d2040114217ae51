"""Authorities sign what they adopt; adoptions end by withdrawal or newer law; and nothing contradicts what holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import orjson
import pytest
from django.test import Client

from ewtp.apps.accounts.actions.mail import MAIL
from ewtp.apps.assessment.reading.answers import question_answer
from ewtp.apps.jobs.store.models import OutboxMessage
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.proposals.actions.adoption_endings import adoption_displace, adoption_withdraw
from ewtp.apps.proposals.actions.adoptions import proposal_adopt, proposal_decline
from ewtp.apps.proposals.actions.authority_keys import authority_key_back, authority_key_set
from ewtp.apps.proposals.reading.effect_record import effects_of
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.surface.displacement_mail import displacement_mail
from ewtp.apps.rulebook.actions.adoption import ActCited
from ewtp.apps.rulebook.actions.publication import ACT_DISPLACED
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.core.log.note import NoteSigner, read_key, read_note
from ewtp.core.proposals.authority_key import AuthorityKey
from ewtp.core.proposals.authority_statement import adoption_text, key_text, sign_statement
from ewtp.core.proposals.proposal import AdoptionEnding
from ewtp.core.rulebook.measure import Measure
from ewtp.core.values.refusal import Refusal
from tests.apps.proposals.conftest import LAW, NOW, pass_proposal
from tests.apps.proposals.test_proposal_story import code, kept
from tests.apps.rulebook.conftest import a_source

pytestmark = pytest.mark.django_db
EFFECTIVE = date(2027, 1, 1)
CITED = ActCited("ZM", "Act 9 of 2026", "Parliament of Zambia", "section 2", date(2026, 6, 1))
DAY = timedelta(days=1)
OWN, OTHER = (NoteSigner("authority/ZM", bytes([number] * 32)) for number in (1, 2))


def adopt(proposal, actor, *, articles=("permit",), effective=EFFECTIVE, signed="", now=NOW):
    return proposal_adopt(
        proposal=proposal.id, articles=articles, effective=effective, cited=CITED, actor=actor, now=now, signed=signed
    )


def papers_on(day):
    """The agencies that ask for a paper on coffee for Zambia on a day."""
    read_cached_book().forget()
    body = {
        "from": "KE",
        "to": "ZM",
        "date": day.isoformat(),
        "lines": [{"hs": "090111", "value": {"amount": "1000", "currency": "ZMW"}}],
    }
    answer = question_answer(body)
    assert not isinstance(answer, Refusal), answer
    return sorted(each.measure.agency for each in answer.lines[0].requirements)


def last_event(subject, kind):
    return next(each for each in reversed(events_about(subject)) if each.kind == kind).payload


def registered(signer, *signers, replaces=""):
    return sign_statement(key_text(economy="ZM", key=signer.public.text, replaces=replaces), signer, *signers)


def test_an_adoption_is_signed_and_the_log_alone_is_enough_to_check_it(passed, zambian):
    adopted = kept(adopt(passed, zambian))
    key = last_event("ZM", "proposals:authority_key:set")
    assert (key["hosted"], key["replaces"]) == (True, "")
    stated = last_event(passed.id, "proposals:adoption:stated")
    note, signer = read_note(stated["statement"]), read_key(key["key"])
    assert not isinstance(note, Refusal)
    assert not isinstance(signer, Refusal)
    assert note.is_signed_by(signer)
    first, body, _ = note.text.split("\n")
    read = orjson.loads(body)
    assert first == "ewtp authority statement"
    assert read["states"] == "adoption"
    assert read["proposal"] == passed.id
    assert {name: stated[name] for name in ("changeset", "territory", "articles", "effective")} == {
        name: read[name] for name in ("changeset", "territory", "articles", "effective")
    }
    assert stated["cited"] == read["act"]
    declined = kept(
        proposal_decline(proposal=passed.id, territory="ZM", reason="Not the rest.", actor=zambian, now=NOW)
    )
    assert declined.declines[0].statement
    shown = Client().get(f"/proposals/{adopted.id}").content.decode()
    assert "ewtp authority statement" in shown
    assert key["key"] in Client().get("/authorities").content.decode()
    assert Client().get("/api/v1/authority-keys").json()["items"][0]["key"] == key["key"]
    grid = Client().get("/adoptions.csv").content.decode().splitlines()
    assert [row.split(",")[2:4] for row in grid[1:]] == [["ZM", "adopted"], ["ZM", "declined"]]
    # A stage is a matter of all proposals, and not of those that a page happens to have.
    listed = {stage: Client().get(f"/proposals.csv?stage={stage}").content.decode() for stage in ("passed", "voting")}
    assert passed.id in listed["passed"]
    assert passed.id not in listed["voting"]
    assert passed.id not in Client().get("/proposals?stage=voting").content.decode()


def test_an_authority_with_a_key_of_its_own_signs_offline(passed, zambian, author):
    def register(signed, actor):
        return authority_key_set(economy="ZM", key=OWN.public.text, signed=signed, actor=actor, now=NOW)

    assert code(register(registered(OWN), author)) == "authority_needed"
    assert code(register(registered(OTHER), zambian)) == "authority_signature_invalid"
    assert isinstance(register(registered(OWN), zambian), AuthorityKey)
    refused = adopt(passed, zambian)
    assert code(refused) == "authority_signature_needed"
    text = dict(refused.details)["statement"]
    act = {
        "title": CITED.title,
        "publisher": CITED.publisher,
        "reference": CITED.reference,
        "published": "2026-06-01",
        "url": "",
    }
    changeset = passed.version.content.changeset
    assert text == adoption_text(
        proposal=passed.id, changeset=changeset, territory="ZM", articles=["permit"], effective=EFFECTIVE, act=act
    )
    assert code(adopt(passed, zambian, signed=sign_statement(text, OTHER))) == "authority_signature_invalid"
    adopted = kept(adopt(passed, zambian, signed=sign_statement(text, OWN)))
    assert adopted.adoptions[0].statement == sign_statement(text, OWN)


def test_a_key_is_replaced_by_the_old_one_or_by_three_governments(passed, zambian, world):
    asked = {"economy": "ZM", "actor": zambian, "now": NOW}
    kept(adopt(passed, zambian))
    hosted = last_event("ZM", "proposals:authority_key:set")["key"]
    # The hub holds the old key, and hands it over since the authority says so.
    own = authority_key_set(key=OWN.public.text, signed=registered(OWN, replaces=hosted), **asked)
    assert isinstance(own, AuthorityKey), own
    assert (own.key, own.hosted) == (OWN.public.text, False)
    alone = registered(OTHER, replaces=OWN.public.text)
    assert code(authority_key_set(key=OTHER.public.text, signed=alone, **asked)) == "authority_signature_invalid"

    # It is lost: the third government's word gives the authority another.
    def back(actor):
        return authority_key_back(economy="ZM", key=OTHER.public.text, signed="", actor=actor, now=NOW)

    assert code(back(zambian)) == "authority_key_own"
    keys = [back(world.found("agency", each)) for each in ("KE", "GH", "ZA")]
    assert [isinstance(each, AuthorityKey) and each.key for each in keys] == [OWN.public.text] * 2 + [OTHER.public.text]
    recovered = last_event("ZM", "proposals:authority_key:recovered")
    assert (recovered["replaces"], recovered["by"]) == (OWN.public.text, ["GH", "KE", "ZA"])


def test_an_economy_withdraws_with_notice_and_the_law_holds_again(passed, zambian, author):
    adopted = kept(adopt(passed, zambian))
    act = adopted.adoptions[0].act
    assert papers_on(EFFECTIVE) == ["ZMOH"]
    under = NOW + timedelta(days=200)
    asked = {"proposal": passed.id, "act": act, "reason": "Under review.", "now": under}
    soonest = under.date() + 60 * DAY
    assert code(adoption_withdraw(last_day=soonest - DAY, actor=zambian, **asked)) == "adoption_end_too_soon"
    assert code(adoption_withdraw(last_day=soonest, actor=author, **asked)) == "authority_needed"
    ended = kept(adoption_withdraw(last_day=soonest, actor=zambian, **asked))
    assert (ended.adoptions[0].ended, ended.adoptions[0].ending) == (soonest, AdoptionEnding.WITHDRAWN)
    assert papers_on(soonest) == ["ZMOH"]
    assert papers_on(soonest + DAY) == ["ZABS", "ZMOH"]
    assert "withdrawal" in last_event(passed.id, "proposals:adoption:ended")["statement"]
    assert "effect_closed" in [each.code for each in effects_of(ended)[0].effect.why]
    again = adoption_withdraw(last_day=soonest, actor=zambian, **asked)
    assert code(again) == "adoption_over"


def test_newer_law_displaces_an_adoption_and_sponsors_are_told(passed, zambian, author, zambia):
    from ewtp.apps.accounts.store.models import User  # noqa: PLC0415 - Django is set up after this file

    adopted = kept(adopt(passed, zambian))
    User.objects.create(username="author", email="author@example.org", person=author.name)
    zambia.moment = NOW + timedelta(days=30)
    newer = a_source(published=date(2026, 7, 20))
    rules = [replace(each, source=newer) for each in LAW if isinstance(each, Measure)]
    rules[1] = replace(rules[1], stage="release")
    zambia.bring(*rules, LAW[-1], source=newer)
    (message,) = OutboxMessage.objects.filter(topic=ACT_DISPLACED)
    assert message.payload["act"] == adopted.adoptions[0].act
    told = OutboxMessage.objects.filter(topic=MAIL).count()
    for _ in range(2):
        # A message may be delivered twice.
        assert adoption_displace(**message.payload, now=NOW, compose=displacement_mail("https://trade.example")) is None
    assert OutboxMessage.objects.filter(topic=MAIL).count() == told + 1
    found = kept(proposal_read(passed.id))
    assert found.adoptions[0].ending is AdoptionEnding.DISPLACED
    assert found.adoptions[0].ended == date.fromisoformat(message.payload["first_day"]) - DAY
    assert papers_on(EFFECTIVE) == ["ZABS", "ZMOH"]
    assert "displaced by newer law" in Client().get(f"/proposals/{passed.id}").content.decode()


@pytest.mark.usefixtures("zambia")
def test_of_two_proposals_about_one_rule_and_day_the_later_is_adopted_only_if_it_was_rebased(author, zambian):
    act = 'replace expression with "{0}" in duty of ZM on 0901 from 2027-01-01 without sunset'
    acts = f'title "{{0}}"\n\narticle duty\n  {act}\n'
    one, other = (pass_proposal(author, acts.format(rate)) for rate in ("5%", "7%"))
    kept(adopt(one, zambian, articles=["duty"]))
    assert code(adopt(other, zambian, articles=["duty"])) == "adoption_law_moved"
    rebased = pass_proposal(author, acts.format("8%"))
    assert kept(adopt(rebased, zambian, articles=["duty"])).adoptions[0].articles == ("duty",)
