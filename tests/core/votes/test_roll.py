"""Owner groups and the roll: who has one vote together, in which house, and who may cast it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.log.proofs import check_inclusion
from ewtp.core.organisations.house import House
from ewtp.core.organisations.identifier import Identifier, IdentifierCheck, Scheme
from ewtp.core.organisations.organisation import FirmSize, Organisation, OrganisationKind, Subject, Verification
from ewtp.core.votes.membership import house_membership
from ewtp.core.votes.ownership import OwnershipTie, Tie, find_held_groups, owner_groups, state_id, tie_of
from ewtp.core.votes.roll import Standing, VoteRoll, freeze_roll
from tests.core.votes.electorates import PROCEDURE, member, roll_of

TODAY = date(2026, 6, 1)
NAMES = [f"o{number}" for number in range(8)]


def controls(owner: str, owned: str) -> OwnershipTie:
    return OwnershipTie(owner, owned, Tie.CONTROLS)


def holds(owner: str, owned: str) -> OwnershipTie:
    return OwnershipTie(owner, owned, Tie.HOLDS)


def frozen(members, ties=()):
    return {entry.member: (entry.group, entry.house) for entry in freeze_roll(members, ties, PROCEDURE, TODAY).entries}


def test_shares_make_ties():
    assert tie_of("a", "b", Fraction(1, 4)) == holds("a", "b")
    assert tie_of("a", "b", Fraction(1, 2)) == holds("a", "b")
    assert tie_of("a", "b", Fraction(51, 100)) == controls("a", "b")
    assert tie_of("a", "b", Fraction(24, 100)) is None
    assert tie_of("a", "b", Fraction(1, 100), declared_control=True) == controls("a", "b")


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=10))
def test_groups_are_the_connected_parts(pairs):
    groups = owner_groups(NAMES, [controls(*pair) for pair in pairs])
    parts = {frozenset([name]) for name in NAMES}
    for one, other in pairs:
        touched = {part for part in parts if one in part or other in part}
        parts = parts - touched | {frozenset().union(*touched)}
    assert {frozenset(name for name in NAMES if groups[name] == group) for group in set(groups.values())} == parts
    assert all(groups[name] == min(part) for part in parts for name in part)


@given(
    st.lists(st.tuples(st.sampled_from(["state:GH", "state:KE", *NAMES]), st.sampled_from(NAMES)), max_size=12),
    st.randoms(),
)
def test_states_are_never_joined_and_the_order_of_ties_does_not_matter(pairs, shuffled):
    ties = [controls(*pair) for pair in pairs]
    groups = owner_groups(["state:GH", "state:KE", *NAMES], ties)
    assert (groups["state:GH"], groups["state:KE"]) == ("state:GH", "state:KE")
    shuffled.shuffle(ties)
    assert owner_groups(["state:GH", "state:KE", *NAMES], ties) == groups


def test_a_hundred_firms_of_one_owner_have_one_vote():
    members = [member(f"m{number:03}") for number in range(100)]
    roll = freeze_roll(members, [controls("holding", each.id) for each in members], PROCEDURE, TODAY)
    assert len(roll.entries) == 100
    assert roll.active == {House.SMALL_FIRM: 1}


def test_holding_a_quarter_joins_nobody_but_is_known():
    members = [member("a"), member("b"), member("c")]
    ties = [holds("fund", "a"), holds("fund", "b"), holds("b", "c")]
    assert len({group for group, _ in frozen(members, ties).values()}) == 3
    groups = owner_groups(["a", "b", "c"], ties)
    assert find_held_groups(groups, ties) == {"fund": {"a", "b", "c"}, "b": {"c"}}
    assert find_held_groups(groups, [holds("a", "b"), holds("b", "a")]) == {"a": {"b"}, "b": {"a"}}


def test_a_group_votes_in_the_house_of_its_largest_member():
    small, large, civil = member("s"), member("l", House.LARGE_FIRM), member("c", House.CIVIL_SOCIETY)
    assert set(frozen([small, large, civil], [controls("l", "s"), controls("s", "c")]).values()) == {
        ("c", House.LARGE_FIRM)
    }
    # A large member that may not vote yet counts all the same.
    waiting = replace(large, verified=TODAY)
    assert frozen([small, waiting], [controls("l", "s")]) == {"s": ("l", House.LARGE_FIRM)}


def test_a_state_has_one_vote_with_its_agencies_and_firms():
    customs, food = member("customs", House.GOVERNMENT), member("food", House.GOVERNMENT)
    railway = member("railway", House.LARGE_FIRM)
    found = frozen([customs, food, railway], [controls(state_id("KE"), "railway")])
    assert set(found.values()) == {("state:KE", House.GOVERNMENT)}
    assert frozen([customs, railway], [controls("customs", "railway")])["railway"] == ("state:KE", House.GOVERNMENT)


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ({"verified": date(2026, 3, 3)}, Standing.ENTITLED),
        ({"verified": date(2026, 3, 4)}, Standing.WAITING),
        ({"active": date(2025, 6, 1)}, Standing.ENTITLED),
        ({"active": date(2025, 5, 31)}, Standing.LAPSED),
        ({"active": None}, Standing.LAPSED),
        ({"active": date(2026, 6, 1)}, Standing.ENTITLED),
    ],
)
def test_who_may_vote(facts, standing):
    one = member("m", **facts)
    assert one.find_standing(PROCEDURE, TODAY) is standing
    assert bool(frozen([one])) is (standing is Standing.ENTITLED)


@given(st.integers(1, 40), st.data())
def test_every_entry_is_proved_and_every_change_is_seen(size, data):
    roll = roll_of({House.SMALL_FIRM: size})
    index = data.draw(st.integers(0, size - 1))
    entry = roll.entries[index]
    proof = roll.prove(entry.member)
    assert check_inclusion(index=index, size=size, leaf=entry.leaf, root=roll.root, proof=proof)
    name = data.draw(st.sampled_from(["group", "economy", "verifier", "credential", "verified", "house"]))
    other = {"verified": date(2020, 1, 1), "house": House.GOVERNMENT}.get(name, "another")
    changed = replace(entry, **{name: other})
    assert VoteRoll([*roll.entries[:index], changed, *roll.entries[index + 1 :]]).root != roll.root
    assert VoteRoll([*roll.entries[:index], *roll.entries[index + 1 :]]).root != roll.root
    assert VoteRoll(reversed(roll.entries)).root == roll.root


def test_a_member_is_on_a_roll_once():
    with pytest.raises(ValueError, match="twice"):
        VoteRoll([*roll_of(1).entries, *roll_of(1).entries])
    with pytest.raises(KeyError):
        roll_of(1).prove("nobody")


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=10), st.integers(0, 7))
def test_who_is_under_one_owner_has_one_group_in_one_house(pairs, top):
    """However members are owned, those that an owner reaches over control share one vote."""
    houses = [House.SMALL_FIRM, House.LARGE_FIRM, House.CIVIL_SOCIETY]
    members = [member(name, houses[place % 3]) for place, name in enumerate(NAMES)]
    found = frozen(members, [controls(*pair) for pair in pairs])
    reached, waiting = set(), [NAMES[top]]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += [owned for owner, owned in pairs if owner == one]
    assert len({found[name] for name in reached}) == 1


def firm(name: str, numbers: dict[Scheme, str], stated: set[Subject], owner: str = "") -> Organisation:
    """A firm with identifiers, of which those in ``stated`` are verified, as its owner is where ``stated`` has that."""
    subjects = [Subject.IDENTITY, Subject.SIZE, *sorted(stated)]
    at, until = datetime(2026, 1, 5, tzinfo=UTC), date(2027, 1, 1)
    return Organisation(
        name,
        name,
        OrganisationKind.FIRM,
        "KE",
        identifiers={scheme: Identifier(scheme, value, IdentifierCheck.FORM) for scheme, value in numbers.items()},
        size=FirmSize(9, 10**5, 10**5),
        ultimate_owner=owner,
        verifications=tuple(Verification(each, each, "v", "v", "x", "a" * 64, at, until) for each in subjects),
    )


@st.composite
def firms(draw) -> dict[str, Organisation]:
    """Firms of which some name an owner that confirmed it or did not, and some share numbers, verified or not."""
    found = {}
    for name in NAMES:
        numbers = draw(st.dictionaries(st.sampled_from(Scheme), st.sampled_from("1234"), max_size=2))
        owner = draw(st.sampled_from(["", "", *(each for each in NAMES if each != name)]))
        may_be = [Subject(each.value) for each in numbers] + [Subject.OWNER] * bool(owner)
        found[name] = firm(name, numbers, draw(st.sets(st.sampled_from(may_be))) if may_be else set(), owner)
    return found


@given(firms())
def test_whoever_is_tied_by_an_owner_or_a_verified_identifier_has_one_vote(known):
    """No set of organisations tied so has two votes, and nobody is tied by what is not verified."""
    parts = {frozenset([name]) for name in known}
    for one in known.values():
        for other in known.values():
            own, others = (
                {each.key("KE") for scheme, each in org.identifiers.items() if Subject(scheme.value) in stated}
                for org in (one, other)
                for stated in [{each.subject for each in org.verifications}]
            )
            if own & others or one.find_controller(TODAY) == other.id:
                touched = {part for part in parts if {one.id, other.id} & part}
                parts = parts - touched | {frozenset().union(*touched)}
    membership = house_membership(known, dict.fromkeys(known, TODAY), TODAY)
    roll = freeze_roll(membership.members, membership.ties, PROCEDURE, TODAY)
    part_of = {name: min(part) for part in parts for name in part}
    assert membership.groups == part_of
    assert {each.member: each.group for each in roll.entries} == {
        each.member: part_of[each.member] for each in roll.entries
    }
    assert sum(roll.active.values()) == len({part_of[each.id] for each in membership.members})


def test_a_shared_identifier_is_no_holding_and_joins_no_two_states():
    known = {name: firm(name, {Scheme.LEI: "1"}, {Subject.LEI}) for name in ("a", "b")}
    membership = house_membership(known, {}, TODAY)
    assert [(each.tie, each.owner, each.owned) for each in membership.ties] == [(Tie.SHARES_IDENTIFIER, "a", "b")]
    assert find_held_groups({"a": "a", "b": "b"}, membership.ties) == {}
    agencies = {name: replace(one, kind=OrganisationKind.AGENCY) for name, one in known.items()}
    agencies["b"] = replace(agencies["b"], economy="GH")
    assert house_membership(agencies, {}, TODAY).groups == {
        "a": "state:KE",
        "b": "state:GH",
        "state:KE": "state:KE",
        "state:GH": "state:GH",
    }
