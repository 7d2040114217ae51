"""Proposals: what each command does, by worked lives."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from ewtp.core.organisations.house import House
from ewtp.core.proposals import proposal_commands as asked
from ewtp.core.proposals.proposal import (
    Outcome,
    Participant,
    ProposalStage,
    Sponsorship,
    adoption_limit,
    proposal_stage_of,
    stage_limit,
)
from ewtp.core.proposals.proposal_decisions import PROPOSAL
from ewtp.core.values.refusal import Refusal
from tests.aggregate_machine import START
from tests.core.proposals.small_proposals import PROCEDURE, TEXTS, clocked, envelope, grown, replayed

DAY = timedelta(days=1)


def after(state, step, now=START):
    found = PROPOSAL.answer(state, step, now)
    assert not isinstance(found, Refusal), found
    return found.state


def code(state, step, now=START):
    found = PROPOSAL.answer(state, step, now)
    assert isinstance(found, Refusal), found
    return found.code


def submitted():
    state = after(None, envelope(asked.DraftProposal("  Less \n paper ", TEXTS["f"])))
    return after(state, envelope(asked.SubmitProposal(PROCEDURE, 0)))


def test_a_proposal_moves_on_with_the_clock_alone():
    state = grown(days=0)
    ahead = [proposal_stage_of(state, START + days * DAY) for days in (0, 2.99, 3, 500)]
    assert ahead == [ProposalStage.DISCUSSED, ProposalStage.DISCUSSED, ProposalStage.FROZEN, ProposalStage.FROZEN]
    assert stage_limit(state, START) == START + 3 * DAY


def test_a_proposal_without_its_sponsors_lapses():
    state = submitted()
    assert [proposal_stage_of(state, START + days * DAY) for days in (3.99, 4)] == [
        ProposalStage.SUBMITTED,
        ProposalStage.LAPSED,
    ]
    assert code(state, envelope(asked.SponsorProposal(), "org_c"), START + 4 * DAY) == "proposal_stage"


def test_organisations_of_one_owner_are_one_sponsor():
    state = submitted()
    for who in ("org_a", "org_b", "org_c"):
        state = after(state, envelope(asked.SponsorProposal(), who))
    # Three organisations, two houses and two economies, but two owner groups.
    assert proposal_stage_of(state, START) is ProposalStage.SUBMITTED
    assert proposal_stage_of(after(state, envelope(asked.SponsorProposal(), "org_d")), START) is ProposalStage.DISCUSSED


def test_who_left_before_the_threshold_does_not_count():
    state = submitted()
    for who in ("org_a", "org_c"):
        state = after(state, envelope(asked.SponsorProposal(), who))
    state = after(state, envelope(asked.EndSponsorship(), "org_c"))
    state = after(state, envelope(asked.SponsorProposal(), "org_e"))
    assert proposal_stage_of(state, START) is ProposalStage.SUBMITTED


def test_an_unsound_change_is_not_submitted():
    state = after(None, envelope(asked.DraftProposal("Less paper", TEXTS["f"])))
    refusal = PROPOSAL.answer(state, envelope(asked.SubmitProposal(PROCEDURE, 2)), START)
    assert isinstance(refusal, Refusal)
    assert (
        refusal.message == "The checks find 2 faults in the change: fix them first; they are listed with this refusal."
    )


def test_the_author_merges_an_amendment_and_a_share_of_the_sponsors_does_so_without_it():
    state = grown(days=0)
    assert code(state, envelope(asked.AcceptAmendment("m1", TEXTS["e"]), "org_d")) == "proposal_participant_needed"
    for who in ("org_a", "org_c"):
        merged = after(state, envelope(asked.AcceptAmendment("m1", TEXTS["e"]), who))
        assert [each.content for each in merged.versions] == [TEXTS["f"], TEXTS["e"]]
        assert merged.version.amendment == "m1"
    half = replace(PROCEDURE, amendments_acceptance=Fraction(1, 2))
    strict = replace(grown(days=0), procedure=half)
    once = after(strict, envelope(asked.AcceptAmendment("m1", TEXTS["e"]), "org_c"))
    assert len(once.versions) == 1
    assert len(after(once, envelope(asked.AcceptAmendment("m1", TEXTS["e"]), "org_e")).versions) == 2


def test_sponsors_of_one_owner_accept_an_amendment_as_one():
    half = replace(PROCEDURE, amendments_acceptance=Fraction(1, 2))
    owned = {each: Participant(each, "holding", House.SMALL_FIRM, "KE") for each in ("org_x", "org_y", "org_z")}
    joined = [Sponsorship(each, START) for each in owned.values()]
    state = replace(grown(days=0), procedure=half)
    state = replace(state, sponsors=(*state.sponsors, *joined))
    # Three of the six sponsors are for it, and one of the four owner groups.
    for each in owned.values():
        state = after(
            state, replace(envelope(asked.AcceptAmendment("m1", TEXTS["e"]), each.organisation), participant=each)
        )
    assert len(state.versions) == 1
    assert len(after(state, envelope(asked.AcceptAmendment("m1", TEXTS["e"]), "org_c")).versions) == 2


def test_no_owner_group_confirms_its_own_replay():
    once = after(grown(days=0), envelope(asked.AcceptAmendment("m1", TEXTS["e"])))
    once = after(once, envelope(asked.RecordReplay(replayed("e"), frozenset({"org_b"}))))
    own = asked.RecordReplay(replayed("e"), frozenset({"org_a"}))
    assert code(once, envelope(own, "org_b")) == "replay_of_own_group"
    newer = replace(own.record, recipe=replace(own.record.recipe, engine="0.2"))
    assert code(once, envelope(replace(own, record=newer), "org_b")) == "replay_of_own_group"
    # What contradicts the own group is no less worth knowing.
    assert after(once, envelope(asked.RecordReplay(replayed("e", "two"), frozenset({"org_a"})), "org_b")).disputed
    assert after(once, envelope(asked.RecordReplay(replayed("e")), "org_c")).recomputed


def test_an_amendment_that_conflicts_changes_nothing():
    state = grown(days=0)
    assert code(state, envelope(asked.AcceptAmendment("m1", None))) == "amendment_conflicts"


def test_a_vote_needs_a_replay_of_the_latest_version_that_another_organisation_confirms():
    state = grown(days=0)
    frozen, week = START + 3 * DAY, START + 5 * DAY
    assert code(state, envelope(asked.OpenVote(0))) == "proposal_stage"
    assert proposal_stage_of(after(state, envelope(asked.OpenVote(0)), frozen), frozen) is ProposalStage.VOTING
    amended = after(state, envelope(asked.AcceptAmendment("m1", TEXTS["e"])))
    assert code(amended, envelope(asked.OpenVote(0)), frozen) == "replay_missing"
    once = after(amended, envelope(asked.RecordReplay(replayed("e"))))
    assert code(once, envelope(asked.OpenVote(0)), frozen) == "replay_unconfirmed"
    assert proposal_stage_of(after(once, envelope(asked.OpenVote(0)), week), week) is ProposalStage.VOTING
    # The organisation that made the first replay cannot confirm it, and another result confirms nothing.
    again = after(once, envelope(asked.RecordReplay(replayed("e", "two")), "org_c"))
    assert not again.recomputed
    assert again.disputed
    # Nothing follows from a replay over other lines, whatever comes out.
    apart = after(once, envelope(asked.RecordReplay(replayed("e", data="others")), "org_c"))
    assert (apart.recomputed, apart.disputed) == (False, False)
    assert after(again, envelope(asked.RecordReplay(replayed("e")), "org_d")).recomputed


def test_what_is_sent_back_is_discussed_again():
    state = after(grown(days=4, voted=True), clocked(Outcome.SENT_BACK))
    assert proposal_stage_of(state, START) is ProposalStage.DISCUSSED
    assert state.sent_back == START
    assert proposal_stage_of(state, START + 3 * DAY) is ProposalStage.FROZEN


def test_nobody_but_the_clock_says_what_a_vote_came_to():
    state = grown(days=4, voted=True)
    assert code(state, envelope(asked.RecordOutcome(Outcome.PASSED))) == "proposal_participant_needed"


def test_an_authority_adopts_by_article_and_with_what_the_articles_need():
    state = grown(days=4, voted=True, outcome=Outcome.PASSED)

    def adopting(*articles, territory="GH"):
        requires = (("2", "1"),)
        return asked.AdoptProposal(territory, articles, START.date(), "adopted-gh-2", requires)

    assert code(state, envelope(adopting("1"), "org_c")) == "authority_needed"
    assert code(state, envelope(adopting("1", territory="KE"), "org_e")) == "authority_needed"
    assert code(state, envelope(adopting("3"), "org_e")) == "proposal_article_unknown"
    assert code(state, envelope(adopting("2"), "org_e")) == "adoption_article_needed"
    first = after(state, envelope(adopting("1"), "org_e"))
    both = after(first, envelope(adopting("2"), "org_e"))
    assert [each.articles for each in both.adoptions] == [("1",), ("2",)]
    assert code(both, envelope(adopting("2"), "org_e")) == "adoption_twice"


def test_what_passed_lapses_where_nobody_adopts_it():
    state = grown(days=4, voted=True, outcome=Outcome.PASSED)
    month = 30 * DAY
    assert proposal_stage_of(state, START + month + DAY) is ProposalStage.LAPSED
    adopted = after(state, envelope(asked.AdoptProposal("GH", ("1",), START.date(), "act"), "org_e"))
    assert proposal_stage_of(adopted, START + month + DAY) is ProposalStage.PASSED


@pytest.mark.parametrize(
    ("decided", "months", "limit"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-11-30", 24, "2028-11-30"),
        ("2027-08-31", 6, "2028-02-29"),
    ],
)
def test_months_end_on_the_day_of_the_month_or_its_last(decided, months, limit):
    assert adoption_limit(datetime.fromisoformat(decided), months) == datetime.fromisoformat(limit)


def test_an_authority_declines_with_a_reason():
    state = grown(days=4, voted=True, outcome=Outcome.PASSED)
    assert code(state, envelope(asked.DeclineProposal("GH", " "), "org_e")) == "proposal_reason_missing"
    declined = after(state, envelope(asked.DeclineProposal("GH", "Under review"), "org_e"))
    assert [(each.territory, each.reason) for each in declined.declines] == [("GH", "Under review")]


def test_more_than_half_of_the_sponsors_withdraw_it_without_the_author():
    state = grown(days=2)
    asks = asked.SupportWithdrawal("Solved otherwise")
    assert code(state, envelope(asks, "org_d")) == "sponsor_needed"
    assert code(state, envelope(asked.SupportWithdrawal(""), "org_c")) == "proposal_reason_missing"
    once = after(state, envelope(asks, "org_c"))
    assert once.withdrawal_asked == (("org_c", "Solved otherwise"),)
    assert after(once, envelope(asks, "org_c")) == once
    # Whoever stands behind it no longer asks for nothing, and of two that are left one is not more than half.
    left = after(after(once, envelope(asked.EndSponsorship(), "org_c")), envelope(asks, "org_e"))
    assert proposal_stage_of(left, START) is not ProposalStage.WITHDRAWN
    gone = after(once, envelope(asks, "org_e"))
    assert (proposal_stage_of(gone, START), gone.reason) == (ProposalStage.WITHDRAWN, "Solved otherwise")


def test_only_the_author_withdraws_and_the_reason_stays():
    state = grown(days=0)
    assert code(state, envelope(asked.WithdrawProposal("Solved otherwise"), "org_c")) == "author_needed"
    gone = after(state, envelope(asked.WithdrawProposal("Solved otherwise")))
    assert (proposal_stage_of(gone, START + 900 * DAY), gone.reason) == (ProposalStage.WITHDRAWN, "Solved otherwise")
