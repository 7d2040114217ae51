"""Capture alarms: on figures of the past, and on blocs made up for them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from math import exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.organisations.house import House
from ewtp.core.votes.alarms import (
    alike_chances,
    alone_alarms,
    count_arrivals,
    hinge_alarms,
    lockstep_alarms,
    poisson_tail,
    power_alarms,
    roll_alarms,
    surge_alarms,
)
from ewtp.core.votes.ballot_box import electorate_of
from ewtp.core.votes.blocs import Bloc, BlocKind, blocs_of, measure_vote
from ewtp.core.votes.roll import RollEntry, VoteRoll
from ewtp.core.votes.vote_events import BallotCast, MembersStruck
from ewtp.core.votes.vote_state import vote_state
from ewtp.core.votes.vote_tally import HOUSES, Choice, Majority
from tests.core.votes.electorates import PROCEDURE, at, entries, names, roll_of, started

TODAY = date(2026, 6, 1)
ORDINARY = Majority.ORDINARY


def entry(name: str, house: House, **given) -> RollEntry:
    facts = {"group": name, "economy": "KE", "verifier": "v1", "verified": date(2024, 1, 1), "credential": "", **given}
    return RollEntry(name, house=house, **facts)


def mixed_roll(sizes, **rules) -> VoteRoll:
    """A roll on which each member has its own verifier, unless a rule gives its facts from house and number."""
    return VoteRoll(
        entry(
            f"{house}-{number:04}",
            house,
            **{
                "verifier": f"v{house}{number}",
                "economy": f"E{house}{number}",
                **{name: rule(house, number) for name, rule in rules.items()},
            },
        )
        for house, size in zip(HOUSES, sizes, strict=True)
        for number in range(size)
    )


def bloc_labels(alarms):
    return {alarm.bloc for alarm in alarms}


# Blocs


def test_blocs_are_what_groups_have_in_common():
    roll = VoteRoll(
        [
            entry("a", House.SMALL_FIRM, verified=date(2025, 3, 1)),
            entry("b", House.SMALL_FIRM, economy="GH", verified=date(2025, 3, 31)),
            entry("c", House.LARGE_FIRM, verified=date(2025, 4, 1)),
            entry("d", House.LARGE_FIRM, economy="UG", verifier="v2"),
        ]
    )
    found = {
        bloc.label: set(bloc.groups)
        for bloc in blocs_of(roll.entries, {"d": frozenset({"a", "gone"}), "fund": frozenset({"b"})})
    }
    assert found == {
        "cohort:v1/2025-03": {"a", "b"},
        "economy:KE": {"a", "c"},
        "house:large_firm": {"c", "d"},
        "house:small_firm": {"a", "b"},
        "owner:d": {"a", "d"},
        "verifier:v1": {"a", "b", "c"},
    }


def test_the_power_of_a_vote_is_measured_largest_first():
    roll = mixed_roll((40, 12, 10, 12), economy=lambda house, number: "KE" if number < 2 else f"E{house}{number}")
    measured = measure_vote(roll, {}, PROCEDURE, ORDINARY, observed=0.7)
    assert [one.bloc.kind for one in measured] == [*[BlocKind.HOUSE] * 4, BlocKind.ECONOMY]
    shown = measured[-1].as_json()
    assert (shown["bloc"], shown["groups"]["small_firm"], shown["mean_share"]) == ("economy:KE", 2, "0.1458")
    assert 0 < float(shown["banzhaf"]) < float(shown["shapley"]) < float(shown["observed"]) < 1
    assert measure_vote(mixed_roll((40, 12, 4, 12)), {}, PROCEDURE, ORDINARY) == []


# Alone


def test_half_of_a_house_is_no_alarm_and_more_than_half_is():
    def labels(of_ten):
        roll = mixed_roll(
            (40, 12, 10, 12),
            economy=lambda house, number: "KE" if house is House.GOVERNMENT and number < of_ten else f"{house}{number}",
        )
        blocs = blocs_of(roll.entries, {})
        return [alarm.figures for alarm in alone_alarms(blocs, electorate_of([], roll), PROCEDURE, ORDINARY)]

    assert labels(4) == []
    # With half of a house nothing passes against it.
    assert labels(5) == [{"blocks": "alone"}]
    assert labels(6) == [{"house": "government", "groups": "6", "of": "10"}, {"blocks": "alone"}]


def test_a_bloc_has_a_house_alone_by_the_ballots_that_were_cast():
    roll = mixed_roll(
        (40, 12, 10, 12),
        verifier=lambda house, number: "mill" if house is House.SMALL_FIRM and number < 8 else f"{house}{number}",
    )
    blocs, small = blocs_of(roll.entries, {}), names(roll, House.SMALL_FIRM)

    def alarms(voted):
        return list(alone_alarms(blocs, electorate_of([], roll), PROCEDURE, ORDINARY, voted))

    assert alarms([]) == alarms(small[:5]) == []
    assert [alarm.figures for alarm in alarms(small[:6])] == [{"house": "small_firm", "ballots": "6", "of": "6"}]
    assert alarms(small[:16]) == []
    assert len(alarms(small[:15])) == 1


def test_who_can_pass_everything_alone_is_an_alarm():
    roll = mixed_roll((10, 10, 10, 10), verifier=lambda _, number: "mill" if number < 7 else f"x{number}")
    figures = [
        alarm.figures
        for alarm in alone_alarms(blocs_of(roll.entries, {}), electorate_of([], roll), PROCEDURE, ORDINARY)
    ]
    assert {"passes": "alone"} in figures
    assert {"blocks": "alone"} in figures


# Power


def test_a_bloc_in_proportion_is_no_alarm_and_half_of_the_governments_are():
    def alarms(**counts):
        shares = {House(name): count for name, count in counts.items()}
        roll = mixed_roll(
            (400, 120, 40, 60),
            verifier=lambda house, number: "one" if number < shares.get(house, 0) else f"{house}{number}",
        )
        return [alarm.figures for alarm in power_alarms(measure_vote(roll, {}, PROCEDURE, ORDINARY), PROCEDURE)]

    assert alarms(small_firm=20, civil_society=6, government=2, large_firm=3) == []
    assert alarms(small_firm=30) == []
    assert alarms(government=20) == [{"shapley": "0.3812", "mean_share": "0.1250"}]


# Surge


@pytest.mark.parametrize(
    ("new", "power_of_ten"),
    [(19, "3e-18"), (12, "8e-10"), (2, "0.26")],
)
def test_the_committees_that_grew_before_the_vote_on_ooxml(new, power_of_ten):
    assert (
        f"{poisson_tail(new, 1.0):.{0 if 'e' in power_of_ten else 2}{'e' if 'e' in power_of_ten else 'f'}}"
        == power_of_ten
    )


@given(st.integers(0, 60), st.floats(0.5, 40))
def test_the_tail_is_what_the_terms_below_leave(count, mean):
    below = sum(exp(-mean) * mean**number / factorial(number) for number in range(count))
    assert poisson_tail(count, mean) == pytest.approx(1 - below, abs=1e-12)


def surging(new: int, earlier: int = 0, size: int = 40):
    """A verifier whose groups became entitled just before the vote, and some of them in the year before that."""

    def verified(house, number):
        if house is not House.SMALL_FIRM or number >= new + earlier:
            return date(2023, 1, 1)
        # Entitled ninety days after verification: within the ninety days before the vote, or in the year before them.
        return TODAY - timedelta(days=100 if number < new else 190 + number)

    roll = mixed_roll(
        (size, 12, 10, 12),
        verified=verified,
        verifier=lambda house, number: (
            "mill" if house is House.SMALL_FIRM and number < new + earlier else f"{house}{number}"
        ),
    )
    return list(surge_alarms(blocs_of(roll.entries, {}), roll, PROCEDURE, TODAY))


def test_a_chamber_that_mints_members_is_an_alarm():
    found = surging(19)
    assert bloc_labels(found) == {"verifier:mill"}
    assert found[0].figures["p"] == "3.2e-18"
    assert surging(6)
    # Five may come by chance once in three hundred votes.
    assert surging(5) == []
    # Three in a hundred of the house are needed.
    assert surging(6, size=190)
    assert surging(6, size=210) == []
    # Whoever verifies as many all the year round is not a surge.
    assert surging(6, earlier=24) == []


def test_arrivals_are_counted_in_the_window_and_expected_by_the_year_before():
    window = timedelta(days=90)
    days = [
        TODAY,
        TODAY - window + timedelta(days=1),
        TODAY - window,
        TODAY - window - timedelta(days=364),
        TODAY - window - timedelta(days=365),
    ]
    assert count_arrivals(days, TODAY, window) == (2, 2 * 90 / 365)


# Told and not stopped


ROLL = roll_of(6)


def cast(choice_of):
    events = [(1, BallotCast(each.member, choice_of(each))) for each in ROLL.entries]
    return vote_state(entries((0, started(ROLL)), *events), ROLL, at(14 * 24)).box


def bloc_in(house: House, count: int, kind=BlocKind.VERIFIER) -> Bloc:
    return Bloc(kind, f"{house}{count}", frozenset(names(ROLL, house)[:count]))


def test_a_bloc_is_the_hinge_where_the_result_hangs_on_it():
    governments = names(ROLL, House.GOVERNMENT)
    box = cast(lambda one: Choice.AGAINST if one.member in governments[4:] else Choice.FOR)
    blocs = [
        bloc_in(House.GOVERNMENT, 1),
        bloc_in(House.GOVERNMENT, 2),
        bloc_in(House.SMALL_FIRM, 2),
        bloc_in(House.GOVERNMENT, 6, BlocKind.HOUSE),
    ]
    assert bloc_labels(hinge_alarms(blocs, box, PROCEDURE, ORDINARY)) == {"verifier:government2"}
    against = cast(lambda one: Choice.AGAINST if one.member in governments[:3] else Choice.FOR)
    found = list(hinge_alarms(blocs, against, PROCEDURE, ORDINARY))
    assert [(alarm.bloc, alarm.figures) for alarm in found] == [
        (f"verifier:government{count}", {"without": "passed"}) for count in (1, 2)
    ]


def test_voting_alike_is_measured_by_every_outcome():
    share, ballots = 0.3, 5
    found = [0.0] * (ballots + 1)
    for outcome in product((0, 1), repeat=ballots):
        yes = sum(outcome)
        found[max(yes, ballots - yes)] += share**yes * (1 - share) ** (ballots - yes)
    assert alike_chances(ballots, share) == pytest.approx(found)


def test_a_bloc_in_lockstep_is_told():
    roll = roll_of(40)
    small = names(roll, House.SMALL_FIRM)
    bloc, other = (
        Bloc(BlocKind.OWNER, "fund", frozenset(small[:6])),
        Bloc(BlocKind.OWNER, "loose", frozenset(small[6:12])),
    )

    def past(number: int):
        # Half of the house is for it, the bloc together on one side.
        choices = {name: (Choice.FOR if place % 2 else Choice.AGAINST) for place, name in enumerate(small)}
        return choices | dict.fromkeys(small[:6], Choice.FOR if number % 2 else Choice.AGAINST), roll.houses

    votes = [past(number) for number in range(4)]
    found = list(lockstep_alarms([bloc, other], votes, PROCEDURE))
    assert [(alarm.bloc, alarm.figures["together"]) for alarm in found] == [("owner:fund", "24")]
    assert not found[0].alarm.stops
    assert list(lockstep_alarms([bloc, other], votes[:1], PROCEDURE)) == []
    unanimous = [(dict.fromkeys(small, Choice.FOR), roll.houses)] * 8
    assert list(lockstep_alarms([bloc, other], unanimous, PROCEDURE)) == []


def test_only_the_last_votes_are_looked_at():
    roll = roll_of(40)
    small = names(roll, House.SMALL_FIRM)
    bloc = Bloc(BlocKind.OWNER, "fund", frozenset(small[:6]))
    mixed = {name: (Choice.FOR if place % 2 else Choice.AGAINST) for place, name in enumerate(small)}
    alike = (mixed | dict.fromkeys(small[:6], Choice.FOR), roll.houses)
    assert list(lockstep_alarms([bloc], [alike] * 8, PROCEDURE))
    assert list(lockstep_alarms([bloc], [*[alike] * 8, *[(mixed, roll.houses)] * 8], PROCEDURE)) == []


def test_striking_much_of_a_roll_is_an_alarm():
    members = names(roll_of(30), House.SMALL_FIRM)
    roll = roll_of(30)

    def alarms(count):
        struck = entries((1, MembersStruck(tuple(members[:count]), "Shells.")), beats=False)
        return [alarm.figures for alarm in roll_alarms(electorate_of(struck, roll), roll, PROCEDURE)]

    assert alarms(2) == []
    assert alarms(3) == [{"struck": "3", "of": "120"}]


def test_one_owner_neither_stops_a_small_roll_by_its_own_strike_nor_hides_those_of_others():
    def alarms(roll, *members):
        struck = entries((1, MembersStruck(members, "Renamed.")), beats=False)
        return [alarm.figures for alarm in roll_alarms(electorate_of(struck, roll), roll, PROCEDURE)]

    six, five = roll_of(6), roll_of(5)
    one, other = names(six, House.SMALL_FIRM)[:2]
    assert alarms(six, one) == []
    assert alarms(six, one, other) == [{"struck": "2", "of": "24"}]
    # With five groups nothing passes without it.
    assert alarms(five, one) == [{"struck": "1", "of": "20"}]
    # A hundred subsidiaries are one group: their strikes are one, and their number hides no other.
    shells = [entry(f"shell-{number}", House.LARGE_FIRM, group="shells") for number in range(100)]
    mixed = VoteRoll([*six.entries, *shells])
    assert alarms(mixed, *(each.member for each in shells)) == []
    assert alarms(mixed, one, other) == [{"struck": "2", "of": "25"}]
