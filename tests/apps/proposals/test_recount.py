"""A whole vote in a bundle: counted again from its entries alone, and every entry that was touched is named."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

from ewtp.apps.log.actions.events import event_erase
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.log.reading.log_bundle import read_log_report
from ewtp.apps.organisations.actions.organisations import organisation_change, organisation_verify
from ewtp.apps.proposals.actions.adoptions import proposal_adopt, proposal_decline
from ewtp.apps.proposals.actions.alarms import alarms_raise
from ewtp.apps.proposals.actions.votes import vote_close
from ewtp.apps.proposals.reading.roll_lines import roll_lines
from ewtp.apps.proposals.reading.vote_record import vote_of
from ewtp.apps.rulebook.actions.adoption import ActCited
from ewtp.core.log.bundle_format import write_erased_line
from ewtp.core.log.bundle_report import BundleReport
from ewtp.core.organisations.commands import NameUltimateOwner
from ewtp.core.organisations.organisation import Subject
from ewtp.core.recount.log_recount import LogRecount
from ewtp.core.recount.report_text import all_faults, report_lines
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.vote_events import GroupsJoined, MembersStruck
from ewtp.gateways.database.roles import owner_work
from tests.actors import OPERATOR
from tests.apps.proposals.conftest import NOW
from tests.apps.proposals.retold import checked, find, replace, retold, retold_with, run_program, told_lines
from tests.apps.proposals.test_alarms import alarmed, answer
from tests.apps.proposals.test_proposal_story import beat, discussed, submitted, vote_all, voting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# The story is told once, so all of its readers share a worker.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("recount")]
__all__ = ["alarmed", "discussed", "submitted", "voting"]
DAY = timedelta(days=1)
KINDS = (
    "organisations:organisation:registered",
    "organisations:verification:stated",
    "proposals:proposal:drafted",
    "proposals:replay:recorded",
    "proposals:vote:opened",
    "votes:vote:started",
    "votes:ballot:cast",
    "votes:heartbeat:sent",
    "votes:vote:closed",
    "votes:ballots:unsealed",
    "votes:result:published",
    "proposals:vote:decided",
    "rulebook:act:adopted",
    "proposals:authority_key:set",
    "proposals:adoption:stated",
    "proposals:adoption:declined",
)
# What no bundle shows: which procedure was in force, what replays computed, what is said besides votes and adoptions.
NEVER = ["left_procedure", "left_told", "left_replays", "left_others"]
HUGE = {"employees": 10**6, "turnover_eur": 10**12, "balance_sheet_eur": 10**12}
_TOLD: list[bytes] = []


def tell(voting: Any, houses: Any) -> None:
    """The houses vote, one economy adopts an article and another one declines."""
    proposal, opened = voting
    vote_all(proposal.id, houses, opened + DAY, large="abstain")
    vote_all(proposal.id, {"large": houses["large"]}, opened + 2 * DAY)
    beat(opened)
    after, ended = opened + 15 * DAY, opened + 23 * DAY
    vote_close(proposal=proposal.id, now=after)
    vote_close(proposal=proposal.id, now=ended)
    authority, another = houses["government"][:2]
    cited = ActCited("ZM", "Act 9 of 2026", "Parliament of Zambia", "section 2", date(2026, 7, 1))
    adopted = proposal_adopt(
        proposal=proposal.id,
        articles=["permit"],
        effective=date(2027, 1, 1),
        cited=cited,
        actor=authority,
        now=ended,
    )
    assert not isinstance(adopted, Refusal), adopted
    declined = proposal_decline(proposal=proposal.id, territory="KE", reason="Not our law.", actor=another, now=ended)
    assert not isinstance(declined, Refusal), declined
    sequence_events(now=ended)


@pytest.fixture
def told(request: pytest.FixtureRequest) -> list[bytes]:
    """The lines of the bundle of that story."""
    if not _TOLD:
        tell(request.getfixturevalue("voting"), request.getfixturevalue("houses"))
        keep_lines()
    return list(_TOLD)


def keep_lines() -> None:
    """Keep the bundle for the tests that need no database."""
    _TOLD[:] = told_lines(NOW)


def faults(lines: Iterable[bytes]) -> list[tuple[str, Any]]:
    return [(each.code, each.params.get("index")) for each in all_faults(*checked(lines))]


def place_of(lines: Sequence[bytes], kind: str) -> int:
    """The line of the second entry of a kind, or of the only one."""
    found = [
        at for at, line in enumerate(lines) if line.startswith(b'{"event":') and f'"kind":"{kind}"'.encode() in line
    ]
    return found[min(1, len(found) - 1)]


def index_of(line: bytes) -> int:
    return int(json.loads(line)["index"])


CHANGE = """
UPDATE log_logentry SET body = convert_to(replace(convert_from(body, 'UTF8'), '"edition":1', '"edition":2'), 'UTF8')
WHERE index = %(index)s
"""
DROP = "DELETE FROM log_logentry WHERE index = %(index)s"
MOVE = """
UPDATE log_logentry one SET body = other.body, salt = other.salt FROM log_logentry other
WHERE one.index IN (%(index)s, %(index)s + 1) AND other.index = 2 * %(index)s + 1 - one.index
"""
DOUBLE = """
UPDATE log_logentry one SET body = other.body, salt = other.salt FROM log_logentry other
WHERE one.index = %(index)s AND other.index = one.index - 1
"""
ERASE = """
UPDATE log_logentry SET salt = null, body = null, subject = '', actor = '', erased_at = now(), erased_reason = 'gdpr'
WHERE index = %(index)s
"""


def test_what_was_changed_in_the_database_is_named(voting, houses):
    tell(voting, houses)
    keep_lines()
    kinds = ("votes:ballot:cast", "votes:result:published", "proposals:authority_key:set", "proposals:adoption:stated")
    for kind in kinds:
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(index) FROM log_logentry WHERE kind = %s", [kind])
            index = cursor.fetchone()[0]
        for statement in (CHANGE, DROP, MOVE, DOUBLE, ERASE):
            with transaction.atomic():
                with owner_work(connection), connection.cursor() as cursor:
                    cursor.execute("SET LOCAL session_replication_role = replica")
                    cursor.execute(statement, {"index": index})
                    cursor.execute("SET LOCAL session_replication_role = origin")
                report = read_log_report(beside=roll_lines(), reader=LogRecount())
                assert isinstance(report, BundleReport)
                assert report.faults[0].params.get("index") == index, (kind, statement)
                transaction.set_rollback(True)
        # Noted in the log, it is an erasure; but what followed from the entry is no longer shown to be right.
        with transaction.atomic():
            assert isinstance(event_erase(index=index, reason="asked", actor=OPERATOR, now=NOW), bytes)
            sequence_events(now=NOW)
            found = faults(told_lines(NOW))
            assert ("recount_entry_erased", index) in found
            assert not [code for code, _ in found if code.startswith("bundle_")]
            transaction.set_rollback(True)


def test_everything_is_recounted_as_it_was_published(told):
    report, recount = checked(told)
    assert all_faults(report, recount) == ()
    (vote,) = recount.votes
    assert (vote.groups, vote.ballots, vote.void, vote.sealed) == (24, 30, 0, 0)
    assert (vote.stage, vote.published, vote.blocs > 4) == ("passed", "passed", True)
    assert all(figures == [6, 6, 0, 0] for _, *figures in vote.houses)
    assert [(each.territory, each.authority, each.articles, each.reason) for each in recount.adoptions] == [
        ("ZM", True, ("permit",), ""),
        ("KE", True, (), "Not our law."),
    ]
    text = "\n".join(report_lines(report, recount, trusted=True))
    assert "recounted: PASSED; published as passed" in text
    assert [each.code for each in recount.left] == NEVER


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_that_was_changed_dropped_doubled_or_moved_is_named(told, kind):
    at = place_of(told, kind)
    index, line = index_of(told[at]), told[at]
    changed = line.replace(b'"edition":1', b'"edition":2')
    assert ("bundle_entry_changed", index) in faults([*told[:at], changed, *told[at + 1 :]])
    assert ("bundle_entry_missing", index) in faults([*told[:at], *told[at + 1 :]])
    assert ("bundle_entry_moved", index) in faults([*told[: at + 1], line, *told[at + 1 :]])
    assert ("bundle_erasure_unnoted", index) in faults(
        [*told[:at], write_erased_line(index, "x", "x"), *told[at + 1 :]]
    )
    moved = [*told[: at - 1], line, told[at - 1], *told[at + 1 :]]
    assert {one[1] for one in faults(moved)} & {index, index - 1}


def test_a_roll_with_another_member_is_not_the_one_that_was_logged(told):
    at = next(at for at, line in enumerate(told) if line.startswith(b'{"entries"'))
    started = index_of(told[place_of(told, "votes:vote:started")])
    roll = json.loads(told[at])
    first, *others = roll["entries"]
    for entries in (others, [{**first, "group": "org_another"}, *others], [first, *roll["entries"]]):
        other = json.dumps({**roll, "entries": entries}).encode() + b"\n"
        assert faults([*told[:at], other, *told[at + 1 :]]) == [("recount_roll_differs", started)]
    without = checked([*told[:at], *told[at + 1 :]])
    assert [each.code for each in without[1].left] == ["left_roll", *NEVER[2:]]


def test_alarms_and_the_answer_of_their_body_are_recounted(alarmed):
    answer(alarmed, "stands")
    sequence_events(now=alarmed.now)
    lines = told_lines(alarmed.now)
    report, recount = checked(lines)
    assert all_faults(report, recount) == ()
    (vote,) = recount.votes
    assert (vote.stage, vote.recounted, vote.answered) == ("open", vote.alarms, 1)
    assert vote.alarms > 0
    # Whoever chooses the root, or somebody else than it draws, is found out.
    drawn = "votes:body:drawn"
    for path, value, code in (
        ("payload.root", "0" * 64, "recount_draw_root"),
        ("payload.size", 3, "recount_draw_root"),
        ("payload.groups", ["org_chosen"], "recount_draw_groups"),
    ):
        assert code in {each.code for each in retold_with(lines, drawn, path, value)}


def test_whoever_names_an_owner_that_does_not_know_of_it_votes_for_nobody(running):
    victim, attacker = running.houses["small"][0], running.houses["large"][1]
    assert attacker.on_behalf_of is not None
    named = organisation_change(
        organisation=attacker.on_behalf_of,
        command=NameUltimateOwner(victim.on_behalf_of or ""),
        actor=attacker,
        now=running.now,
    )
    assert not isinstance(named, Refusal), named
    alarms_raise(proposal=running.proposal, now=running.now)
    vote = vote_of(running.proposal)
    assert vote is not None
    events = [each.event for each in vote.entries]
    assert [each for each in events if isinstance(each, GroupsJoined)] == []
    assert [each.members for each in events if isinstance(each, MembersStruck)] == [(attacker.on_behalf_of,)]
    # Whoever is struck lost the seat by the entries before; another member, or this one without them, did not.
    sequence_events(now=running.now)
    lines, struck, owned = told_lines(running.now), "votes:members:struck", "organisations:owner:named"
    report, recount = checked(lines)
    assert all_faults(report, recount) == ()
    assert "left_struck" not in [each.code for each in recount.left]
    (fault,) = retold_with(lines, struck, "payload.members", [victim.on_behalf_of])
    assert (fault.code, fault.params["members"]) == ("recount_strike_unfounded", [victim.on_behalf_of])
    assert "recount_strike_unfounded" in {
        each.code for each in retold(lines, lambda events: moved(events, struck, owned))
    }


def test_groups_are_those_of_one_owner_by_the_entries_before(running):
    one, other = (each.on_behalf_of for each in running.houses["large"][:2])
    actor = running.houses["large"][1]
    named = organisation_change(organisation=other, command=NameUltimateOwner(one), actor=actor, now=running.now)
    assert not isinstance(named, Refusal), named
    confirmed = organisation_verify(
        organisation=other,
        subject=Subject.OWNER,
        evidence="Ours",
        digest="a" * 64,
        until=date(2028, 1, 1),
        actor=running.houses["large"][0],
        now=running.now,
    )
    assert not isinstance(confirmed, Refusal), confirmed
    alarms_raise(proposal=running.proposal, now=running.now)
    sequence_events(now=running.now)
    lines = told_lines(running.now)
    report, recount = checked(lines)
    assert all_faults(report, recount) == ()
    assert "left_struck" not in [each.code for each in recount.left]
    joined, owned, stated = "votes:groups:joined", "organisations:owner:named", "organisations:verification:stated"

    def withhold(events: Any) -> None:
        events[find(events, owned)] = None

    def known_before(events: Any) -> None:
        moved(events, owned, "votes:vote:started")
        moved(events, stated, "votes:vote:started")

    for tamper, code in (
        (lambda events: events.pop(find(events, owned)), "recount_join_unfounded"),
        (lambda events: events.pop(find(events, stated)), "recount_join_unfounded"),
        (lambda events: moved(events, joined, stated), "recount_join_unfounded"),
        # Known before the roll was frozen, they are one group on it.
        (known_before, "recount_roll_unfounded"),
    ):
        assert code in {each.code for each in retold(lines, tamper)}
    # Whoever withholds what came after the opening leaves open what follows from it.
    assert retold(lines, withhold) == []


def test_whoever_was_entitled_and_is_not_on_the_roll_is_named(running):
    def entitled_too(events: Any) -> None:
        kinds = ("organisations:organisation:registered", "organisations:verification:stated")
        agency = events[find(events, kinds[0], 0)]["subject"]
        same = [each for each in events if each["subject"] == agency and each["kind"] in kinds]
        events[:0] = [{**copy.deepcopy(each), "subject": "org_left_out"} for each in same]

    sequence_events(now=running.now)
    (fault,) = retold(told_lines(running.now), entitled_too)
    assert (fault.code, fault.params["members"]) == ("recount_roll_unfounded", ["org_left_out"])


@pytest.mark.parametrize(
    ("kind", "path", "value", "code"),
    [
        ("proposals:vote:decided", "payload.outcome", "failed", "recount_outcome_differs"),
        ("votes:result:published", "payload.houses.small_firm", [6, 5, 1, 0], "recount_figures_differ"),
        ("votes:result:published", "payload.mean_share", "1/2", "recount_figures_differ"),
        ("votes:power:measured", "payload.blocs.0.shapley", "0.9000", "recount_figures_differ"),
        ("votes:power:measured", "payload.blocs.1.bloc", "economy:XX", "recount_figures_differ"),
        ("votes:ballots:unsealed", "payload.ballots.0.choice", "abstain", "recount_figures_differ"),
        ("votes:ballot:cast", "on_behalf_of", "org_other", "recount_ballot_of_another"),
        ("votes:ballot:cast", "payload", {}, "recount_entry_unreadable"),
        ("proposals:adoption:stated", "payload.articles", ["health", "none"], "recount_adoption_articles"),
        ("proposals:adoption:stated", "payload.territory", "GH", "recount_adoption_authority"),
        ("proposals:adoption:stated", "payload.act", "another act", "recount_adoption_act"),
        ("proposals:adoption:declined", "payload.territory", "ZA", "recount_adoption_authority"),
        ("organisations:organisation:registered", "payload.organisation_kind", "firm", "recount_adoption_authority"),
        ("organisations:organisation:registered", "payload.economy", "GH", "recount_roll_unfounded"),
        # Another size puts a firm into another house.
        ("organisations:size:declared", "payload.size", HUGE, "recount_roll_unfounded"),
        ("organisations:verification:stated", "payload.verification.until", "2026-01-02", "recount_roll_unfounded"),
        ("proposals:authority_key:set", "payload.replaces", "authority/KE+00000000+AA==", "recount_key_unfounded"),
        ("proposals:authority_key:set", "subject", "GH", "recount_statement_unsigned"),
        ("proposals:adoption:stated", "payload.effective", "2027-01-02", "recount_statement_unsigned"),
        ("proposals:adoption:stated", "payload.cited.reference", "another", "recount_statement_unsigned"),
        ("proposals:adoption:stated", "payload.changeset", "c" * 64, "recount_adoption_unpassed"),
        ("proposals:adoption:stated", "payload.statement", "", "recount_statement_unsigned"),
        ("proposals:adoption:declined", "payload.reason", "Our law.", "recount_statement_unsigned"),
        ("proposals:vote:decided", "payload.outcome", "", "recount_adoption_unpassed"),
    ],
)
def test_a_hub_that_signs_what_its_entries_contradict_is_found_out(told, kind, path, value, code):
    index = index_of(told[place_of(told, kind)])
    found = retold(told, lambda events: replace(events[index], path, value))
    assert code in {each.code for each in found}
    assert all(each.params["index"] >= index for each in found)


def moved(events: Any, kind: str, before: str) -> None:
    """Put an event of a kind before the last one of another kind."""
    event = events.pop(find(events, kind))
    events.insert(find(events, before), event)


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        # The key of Kenya's authority: dropped, given twice, and given after what it signed.
        (lambda events: events.pop(find(events, "proposals:authority_key:set")), "recount_statement_unsigned"),
        (
            lambda events: events.append(events[find(events, "proposals:authority_key:set")]),
            "recount_key_unfounded",
        ),
        (
            lambda events: moved(events, "proposals:adoption:declined", "proposals:authority_key:set"),
            "recount_statement_unsigned",
        ),
        # The adoption: said twice, and before its act.
        (
            lambda events: events.append(events[find(events, "proposals:adoption:stated")]),
            "recount_adoption_articles",
        ),
        (lambda events: moved(events, "proposals:adoption:stated", "rulebook:act:adopted"), "recount_adoption_act"),
    ],
)
def test_what_is_dropped_doubled_or_moved_before_it_is_signed_is_found_out(told, tamper, code):
    assert code in {each.code for each in retold(told, tamper)}


def test_the_program_inside_a_bundle_says_the_same_with_nothing_but_python(told, tmp_path):
    status, said = run_program(told, tmp_path)
    report, recount = checked(told)
    assert (status, said["faults"]) == (0, [])
    assert said["votes"] == [each.as_json() for each in recount.votes]
    assert said["root"] == report.as_json()["root"]
    at = place_of(told, "votes:ballot:cast")
    status, said = run_program([*told[:at], *told[at + 1 :]], tmp_path)
    assert (status, said["faults"][0]["code"]) == (1, "bundle_entry_missing")
    erased = [write_erased_line(index_of(line), "x", "x") if line.startswith(b'{"event"') else line for line in told]
    status, said = run_program(erased, tmp_path)
    assert (status, said["entries"]) == (1, 0)
    assert [each["code"] for each in said["faults"][:2]] == ["bundle_key_hidden", "bundle_erasure_unnoted"]
