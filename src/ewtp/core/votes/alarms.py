"""Capture alarms: what stops the clock of a vote until it is answered in public, and what is only told.

Each is a function of the roll, of the ballots and of the procedure, so that anybody raises the same. A house is
measured like a bloc, and raises no alarm: that it decides is its purpose.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from math import exp, lgamma, log
from typing import TYPE_CHECKING

from ewtp.core.votes.blocs import BlocKind, figure_decimals, house_game
from ewtp.core.votes.vote_events import AlarmKind, AlarmRaised
from ewtp.core.votes.vote_tally import HOUSES, Choice, HouseCount, reaches, tally_vote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, timedelta

    from ewtp.core.organisations.house import House
    from ewtp.core.votes.ballot_box import BallotBox, Electorate
    from ewtp.core.votes.blocs import Bloc, MeasuredBloc
    from ewtp.core.votes.procedure import VoteProcedure
    from ewtp.core.votes.roll import VoteRoll
    from ewtp.core.votes.vote_tally import Majority

    # The choices of one past vote by group, and the house of each group.
    PastVote = tuple[Mapping[str, Choice], Mapping[str, House]]

_YEAR_DAYS = 365


def alone_alarms(
    blocs: Iterable[Bloc],
    electorate: Electorate,
    procedure: VoteProcedure,
    majority: Majority,
    voted: Iterable[str] = (),
) -> Iterator[AlarmRaised]:
    """Blocs that have more than half of a house, or pass or block by themselves; ``voted`` are the groups that voted.

    Ballots cast are looked at once they are the approval quorum of the house: before that nothing can pass there, and
    the first ballot of all would be an alarm.
    """
    active, share = electorate.active, procedure.alarm_alone_share
    game = house_game(active, procedure, majority)
    voters = {group: electorate.houses[group] for group in voted if group in electorate.houses}
    cast = Counter(voters.values())
    for bloc in _possible(blocs):
        members = bloc.members(electorate.houses)
        own = bloc.members(voters)
        for house, count, ballots in zip(HOUSES, members, own, strict=True):
            if count > share * active[house]:
                yield _alarm(AlarmKind.ALONE, bloc, house=house, groups=count, of=active[house])
            elif _is_decided(cast[house], active[house], procedure, house) and ballots > share * cast[house]:
                yield _alarm(AlarmKind.ALONE, bloc, house=house, ballots=ballots, of=cast[house])
        if game is not None and game.passes_alone(members):
            yield _alarm(AlarmKind.ALONE, bloc, passes="alone")
        if game is not None and game.blocks_alone(members):
            yield _alarm(AlarmKind.ALONE, bloc, blocks="alone")


def power_alarms(measured: Iterable[MeasuredBloc], procedure: VoteProcedure) -> Iterator[AlarmRaised]:
    """Blocs whose power is large, or notable and out of proportion to their mean share."""
    for one in measured:
        if one.bloc.kind is BlocKind.HOUSE:
            continue
        power = one.power.shapley
        large = power > procedure.alarm_power_most
        odd = power > procedure.alarm_power_notable and power > procedure.alarm_power_multiple * one.mean_share
        if large or odd:
            share = figure_decimals(float(one.mean_share))
            yield _alarm(AlarmKind.POWER, one.bloc, shapley=figure_decimals(power), mean_share=share)


def surge_alarms(blocs: Iterable[Bloc], roll: VoteRoll, procedure: VoteProcedure, day: date) -> Iterator[AlarmRaised]:
    """Blocs of which unusually many groups became entitled shortly before the roll was frozen on ``day``.

    The number expected is the bloc's mean in as long a time over the year before, one at least; arrivals are Poisson.
    """
    window = procedure.alarm_surge_window
    since: dict[str, date] = {}
    houses = roll.houses
    for entry in roll.entries:
        entitled = entry.verified + procedure.member_waiting
        since[entry.group] = min(since.get(entry.group, entitled), entitled)
    recent = {group for group, entitled in since.items() if entitled > day - window}
    for bloc in _possible(blocs):
        if bloc.kind is BlocKind.COHORT:
            # All of a cohort arrived at once; its verifier is the bloc that shows whether that is unusual.
            continue
        if len(bloc.groups & recent) < procedure.alarm_surge_members:
            continue
        by_house: dict[House, list[date]] = defaultdict(list)
        for group in bloc.groups:
            if group in since:
                by_house[houses[group]].append(since[group])
        for house, days in sorted(by_house.items()):
            new, expected = count_arrivals(days, day, window)
            chance = poisson_tail(new, max(expected, 1.0))
            enough = new >= procedure.alarm_surge_members and reaches(
                new, roll.active[house], procedure.alarm_surge_share
            )
            if enough and chance < procedure.alarm_surge_p:
                yield _alarm(
                    AlarmKind.SURGE, bloc, house=house, new=new, expected=figure_decimals(expected), p=f"{chance:.1e}"
                )


def count_arrivals(days: Iterable[date], day: date, window: timedelta) -> tuple[int, float]:
    """How many days lie in the window up to ``day``, and how many are to be expected by the year before it."""
    start = day - window
    ages = [(start - one).days for one in days]
    earlier = sum(0 <= age < _YEAR_DAYS for age in ages)
    return sum(age < 0 for age in ages), earlier * window.days / _YEAR_DAYS


def hinge_alarms(
    blocs: Iterable[Bloc], box: BallotBox, procedure: VoteProcedure, majority: Majority
) -> Iterator[AlarmRaised]:
    """Blocs without whose ballots the result is another one. Ballots of secret houses cannot be taken out."""
    counts = {one.house: one for one in box.counts()}
    passed = tally_vote(counts.values(), procedure, majority).passed
    for bloc in _possible(blocs):
        without = dict(counts)
        for group in bloc.groups & box.ballots.keys():
            house, choice = box.electorate.houses[group], box.ballots[group].choice
            if choice is not None and house not in box.secret:
                one = without[house]
                less = {
                    each: count - (each is choice)
                    for each, count in zip(Choice, (one.yes, one.no, one.abstain), strict=True)
                }
                without[house] = HouseCount(house, one.active, *less.values())
        if tally_vote(without.values(), procedure, majority).passed is not passed:
            yield _alarm(AlarmKind.HINGE, bloc, without="failed" if passed else "passed")


def lockstep_alarms(
    blocs: Sequence[Bloc], votes: Sequence[PastVote], procedure: VoteProcedure
) -> Iterator[AlarmRaised]:
    """Blocs whose groups voted alike more often than by chance in the last votes, newest last.

    If the groups of a bloc in a house voted like the rest of it, independently of each other, the number on the side
    that more of them took would be distributed as max(X, m - X) with X binomial; these are added over houses and votes.
    """
    recent = votes[-procedure.alarm_lockstep_votes :]
    possible = list(_possible(blocs))
    for bloc in possible:
        chances, together, ballots = [1.0], 0, 0
        for choices, houses in recent:
            for house in HOUSES:
                inside = _sides(choices, houses, house, bloc.groups, inside=True)
                outside = _sides(choices, houses, house, bloc.groups, inside=False)
                own, others = sum(inside), sum(outside)
                if own > 1 and others:
                    ballots += own
                    together += max(inside)
                    chances = _add_distributions(chances, alike_chances(own, outside[0] / others))
        chance = sum(chances[together:])
        if ballots >= procedure.alarm_lockstep_ballots and chance < procedure.alarm_lockstep_p / len(possible):
            yield _alarm(AlarmKind.LOCKSTEP, bloc, ballots=ballots, together=together, p=f"{chance:.1e}")


def past_vote(box: BallotBox) -> PastVote:
    """How each group voted, where that is known, and its house."""
    choices = {group: ballot.choice for group, ballot in box.ballots.items() if ballot.choice is not None}
    return choices, box.electorate.houses


def roll_alarms(electorate: Electorate, roll: VoteRoll, procedure: VoteProcedure) -> Iterator[AlarmRaised]:
    """An alarm where more than a small part of the roll's groups was struck while the vote is open.

    Groups are counted, since one owner can have any number of members. The strike of a single one is an alarm only
    where its house is too small for anything to pass without it: on a small roll whoever changes its own name, and so
    loses its seat, could else stop the clock whenever it likes.
    """
    struck = roll.houses.keys() - {each.group for each in roll.entries if each.member not in electorate.struck}
    gone = Counter(roll.houses[group] for group in struck)
    least = procedure.house_active_groups
    is_blocked = any(roll.active[house] >= least > roll.active[house] - gone[house] for house in gone)
    if len(struck) > procedure.alarm_roll_share * len(roll.houses) and (len(struck) > 1 or is_blocked):
        yield AlarmRaised(AlarmKind.ROLL, "roll", {"struck": str(len(struck)), "of": str(len(roll.houses))})


def poisson_tail(count: int, mean: float) -> float:
    """The probability of this many events or more where ``mean`` are expected, exact also where it is tiny."""
    if count <= 0:
        return 1.0
    if count <= mean:
        return 1.0 - sum(exp(number * log(mean) - mean - lgamma(number + 1)) for number in range(count))
    term, total, number = exp(count * log(mean) - mean - lgamma(count + 1)), 0.0, count
    while term > total * 1e-17:
        total += term
        number += 1
        term *= mean / number
    return total


def alike_chances(ballots: int, share: float) -> list[float]:
    """The probability that this many of a number of independent ballots are on the majority's side."""
    single = [1.0]
    for _ in range(ballots):
        single = _add_distributions(single, [1 - share, share])
    found = [0.0] * (ballots + 1)
    for number, chance in enumerate(single):
        found[max(number, ballots - number)] += chance
    return found


def _add_distributions(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """The distribution of the sum of two independent counts."""
    found = [0.0] * (len(one) + len(other) - 1)
    for first, chance in enumerate(one):
        for second, more in enumerate(other):
            found[first + second] += chance * more
    return found


def _sides(
    choices: Mapping[str, Choice], houses: Mapping[str, House], house: House, groups: frozenset[str], *, inside: bool
) -> list[int]:
    """Ballots for and against in a house, of the groups of a bloc or of all others."""
    of_house = [choice for group, choice in choices.items() if houses[group] is house and (group in groups) is inside]
    return [of_house.count(Choice.FOR), of_house.count(Choice.AGAINST)]


def _possible(blocs: Iterable[Bloc]) -> Iterator[Bloc]:
    return (bloc for bloc in blocs if bloc.kind is not BlocKind.HOUSE)


def _is_decided(cast: int, active: int, procedure: VoteProcedure, house: House) -> bool:
    return cast > 0 and reaches(cast, active, procedure.approval_quorum(house))


def _alarm(kind: AlarmKind, bloc: Bloc, **figures: object) -> AlarmRaised:
    """An alarm with its figures as texts; of an owner it names the groups, since the roll does not."""
    named = {"groups_held": " ".join(sorted(bloc.groups))} if bloc.kind is BlocKind.OWNER else {}
    return AlarmRaised(kind, bloc.label, {name: str(figure) for name, figure in {**figures, **named}.items()})
