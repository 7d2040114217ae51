"""What one owner holds is a bloc: from what members declare, over the alarm, to whoever recounts the entries."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from ewtp.core.log.event import Event
from ewtp.core.organisations import commands as asked
from ewtp.core.organisations.decisions import ORGANISATION
from ewtp.core.organisations.house import House
from ewtp.core.recount.organisations_so_far import OrganisationsSoFar
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.alarms import alone_alarms
from ewtp.core.votes.ballot_box import electorate_of
from ewtp.core.votes.blocs import BlocKind, blocs_of
from ewtp.core.votes.membership import house_membership
from ewtp.core.votes.ownership import find_held_groups
from ewtp.core.votes.roll import freeze_roll
from ewtp.core.votes.vote_tally import Majority
from tests.actors import OPERATOR
from tests.core.votes.electorates import PROCEDURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.organisations.organisation import Organisation

FOUNDED, OPENED = datetime(2026, 1, 5, tzinfo=UTC), date(2026, 6, 1)
SIZES = {House.SMALL_FIRM: (12, 900_000, 400_000), House.LARGE_FIRM: (5_000, 900_000_000, 800_000_000)}
KINDS = {House.GOVERNMENT: "agency", House.CIVIL_SOCIETY: "civil_society"}
ECONOMIES = ("ZM", "KE", "GH", "ZA", "DE", "NG")


def org(house: House, number: int) -> str:
    return f"org_{[*House].index(house)}{number:031d}"


FUND, FIRMS = org(House.LARGE_FIRM, 0), tuple(org(House.SMALL_FIRM, number) for number in range(4))


def given(house: House, number: int, percent: str) -> Iterator[asked.OrganisationCommand]:
    """What makes one organisation a member; four small firms of six declare that the fund has a share of each."""
    identity = org(house, number)
    yield asked.Register(identity, f"{house} {number}", KINDS.get(house, "firm"), ECONOMIES[number], "")
    subjects = ["identity"]
    if house in SIZES:
        yield asked.DeclareSize(*SIZES[house])
        subjects.append("size")
    if house is not House.GOVERNMENT:
        yield asked.AddIdentifier("company_number", identity[4:14] + str(number))
        subjects.append("company_number")
    if percent and identity in FIRMS:
        yield asked.DeclareHolders(({"owner": FUND, "share": percent},))
        subjects.append("holders")
    for subject in subjects:
        yield asked.Verify(f"ver_{identity}_{subject}", subject, "Extract", "a" * 64, date(2028, 1, 1))


def logged(percent: str) -> tuple[dict[str, Organisation], list[dict[str, Any]]]:
    """Six organisations of each house, and the entries of the log about them."""
    known, entries = {}, []
    for house in House:
        for number in range(6):
            state = None
            for command in given(house, number, percent):
                envelope = asked.Envelope(org(house, number), command, OPERATOR)
                outcome = ORGANISATION.answer(state, envelope, FOUNDED)
                assert not isinstance(outcome, Refusal), outcome
                state = outcome.state
                entries += [
                    orjson.loads(Event(envelope.organisation, OPERATOR, FOUNDED, each).body) for each in outcome.events
                ]
            assert state is not None
            known[state.id] = state
    return known, entries


@pytest.mark.parametrize(("percent", "is_bloc"), [("26", True), ("50", True), ("", False)])
def test_what_a_fund_holds_is_one_bloc_of_many_votes_and_stops_the_clock(percent, is_bloc):
    known, entries = logged(percent)
    membership = house_membership(known, {}, OPENED)
    roll = freeze_roll(membership.members, membership.ties, PROCEDURE, OPENED)
    # Nobody loses its vote by being held.
    assert [len({each.group for each in roll.entries if each.house is house}) for house in House] == [6] * 4
    held = find_held_groups(membership.groups, membership.ties)
    blocs = [each for each in blocs_of(roll.entries, held) if each.kind is BlocKind.OWNER]
    assert [(each.name, each.groups) for each in blocs] == ([(FUND, frozenset({FUND, *FIRMS}))] if is_bloc else [])
    alarms = [*alone_alarms(blocs, electorate_of([], roll), PROCEDURE, Majority.ORDINARY)]
    assert (f"owner:{FUND}" in {each.bloc for each in alarms}) is is_bloc
    if is_bloc:
        assert {"house": "small_firm", "groups": "4", "of": "6"}.items() <= alarms[0].figures.items()
        assert alarms[0].figures["groups_held"].split() == sorted([FUND, *FIRMS])
    # Whoever has the entries alone finds the same groups, the same members and the same blocs.
    recounted = OrganisationsSoFar()
    for entry in entries:
        if entry["kind"] in OrganisationsSoFar.handlers():
            recounted.take(entry["kind"], entry)
    owners = recounted.owners(OPENED)
    assert (owners.groups, owners.held) == (membership.groups, held)
    assert owners.membership.members == membership.members
