"""The body that answers an alarm: five owner groups of the other houses, drawn by the log itself.

Whoever has the roll and the root of the log finds the same five. An answer counts once most of them agree on it, in
the same words of the law: the verdict, and the members to strike.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from ewtp.core.values.canonical_json import canonical_json
from ewtp.core.values.immutable import immutable
from ewtp.core.votes.blocs import BlocKind, bloc_names
from ewtp.core.votes.vote_events import (
    AlarmAnswered,
    AlarmKind,
    AlarmRaised,
    AlarmVerdict,
    BodyDrawn,
    OpinionStated,
    VoteStarted,
)
from ewtp.core.votes.vote_tally import HOUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ewtp.core.organisations.house import House
    from ewtp.core.votes.roll import VoteRoll
    from ewtp.core.votes.vote_events import VoteEntry

BODY_SIZE = 5
# Fewer than this many groups answer nothing, and the vote lapses.
LEAST_AGREEING = 3


@immutable
class AgreedAnswer:
    """What most of a body agree on; ``struck`` are members, in order of their names."""

    verdict: AlarmVerdict
    struck: tuple[str, ...] = ()


def bloc_groups(alarm: AlarmRaised, roll: VoteRoll) -> frozenset[str]:
    """The groups on the roll that an alarm is about, from its bloc's name; none for the alarm about the roll."""
    kind, _, name = alarm.bloc.partition(":")
    if kind == BlocKind.OWNER:
        # Who owns whom is not on the roll, so the alarm says it.
        return frozenset(alarm.figures.get("groups_held", name).split()) & roll.houses.keys()
    if kind not in set(BlocKind):
        return frozenset()
    return frozenset(entry.group for entry in roll.entries if bloc_names(entry)[BlocKind(kind)] == name)


def find_concerned_house(alarm: AlarmRaised, roll: VoteRoll) -> House | None:
    """The house that an alarm names, else the one of which its bloc has the largest share; None where it has none."""
    named = [house for house in HOUSES if alarm.figures.get("house") == str(house)]
    if named:
        return named[0]
    counts = Counter(roll.houses[group] for group in bloc_groups(alarm, roll))
    present = [house for house in HOUSES if counts[house]]
    return max(present, key=lambda house: counts[house] / roll.active[house], default=None)


def draw_body(vote: str, alarms: Sequence[AlarmRaised], roll: VoteRoll, root: bytes) -> tuple[str, ...]:
    """The groups that answer alarms of one kind, the first of which names the house that they are not from.

    Groups of a bloc that an alarm is about do not judge it; where that leaves fewer than five, those of the first
    alarm's bloc do not, and where that does too, all of other houses may. They are ordered by SHA-256 over the root
    and the canonical JSON of vote, kind and group, and the first five are drawn: nobody can foresee the root of a later
    log.
    """
    first, house = alarms[0], find_concerned_house(alarms[0], roll)
    involved = frozenset().union(*(bloc_groups(each, roll) for each in alarms))
    others = [group for group, own in roll.houses.items() if own is not house]

    def order(group: str) -> bytes:
        facts = {"alarm": str(first.alarm), "group": group, "vote": vote}
        return hashlib.sha256(root + canonical_json(facts)).digest()

    possible = [[group for group in others if group not in outside] for outside in (involved, bloc_groups(first, roll))]
    judges = next((each for each in possible if len(each) >= BODY_SIZE), others)
    return tuple(sorted(judges, key=order)[:BODY_SIZE])


def find_agreed_answer(body: Sequence[str], opinions: Mapping[str, AgreedAnswer]) -> AgreedAnswer | None:
    """The answer on which most of a body, and three at least, agree; ``opinions`` are the last ones by group."""
    counts = Counter(opinions[group] for group in body if group in opinions)
    needed = max(LEAST_AGREEING, len(body) // 2 + 1)
    return next((answer for answer, count in counts.most_common(1) if count >= needed), None)


@immutable
class AlarmHearing:
    """The alarms of one kind in a vote, who was drawn to answer them (None before that), and what those said last."""

    alarms: tuple[AlarmRaised, ...]
    body: tuple[str, ...] | None
    opinions: tuple[tuple[str, OpinionStated], ...] = ()

    @property
    def agreed(self) -> AgreedAnswer | None:
        """The answer that most of the body agree on; None before that."""
        stated = {group: AgreedAnswer(one.verdict, tuple(sorted(one.struck))) for group, one in self.opinions}
        return find_agreed_answer(self.body or (), stated)

    def strikable(self, roll: VoteRoll) -> frozenset[str]:
        """The members that an answer may strike: those of the blocs that the alarms are about."""
        involved = frozenset().union(*(bloc_groups(each, roll) for each in self.alarms))
        return frozenset(entry.member for entry in roll.entries if entry.group in involved)


def hearings_of(entries: Iterable[VoteEntry], roll: VoteRoll) -> dict[AlarmKind, AlarmHearing]:
    """The hearing of each kind of alarm that stops the clock, from the entries of a vote in their order.

    A body counts where it is the one that its root draws from the alarms before it, and an opinion where it is of a
    member of a drawn group.
    """
    found: dict[AlarmKind, AlarmHearing] = {}
    vote = ""
    for one in entries:
        event = one.event
        if isinstance(event, VoteStarted):
            vote = event.vote
        _heard(event, vote, roll, found)
    return found


def _heard(event: object, vote: str, roll: VoteRoll, found: dict[AlarmKind, AlarmHearing]) -> None:
    """Add what an event says to the hearings."""
    if isinstance(event, AlarmRaised) and event.alarm.stops:
        held = found.get(event.alarm, AlarmHearing((), None))
        found[event.alarm] = AlarmHearing((*held.alarms, event), held.body, held.opinions)
    elif isinstance(event, BodyDrawn) and event.alarm in found and found[event.alarm].body is None:
        held = found[event.alarm]
        if event.groups == draw_body(vote, held.alarms, roll, bytes.fromhex(event.root)):
            found[event.alarm] = AlarmHearing(held.alarms, event.groups)
    elif isinstance(event, OpinionStated) and event.alarm in found and event.member in roll.by_member:
        held, group = found[event.alarm], roll.by_member[event.member].group
        if group in (held.body or ()) and held.strikable(roll).issuperset(event.struck):
            others = (each for each in held.opinions if each[0] != group)
            found[event.alarm] = AlarmHearing(held.alarms, held.body, (*others, (group, event)))


def find_supported_entries(entries: Sequence[VoteEntry], roll: VoteRoll) -> list[VoteEntry]:
    """The entries without answers to alarms that no body agreed on: those answer nothing."""
    if not any(isinstance(one.event, AlarmAnswered) for one in entries):
        return list(entries)
    found: dict[AlarmKind, AlarmHearing] = {}
    vote, kept = "", []
    for one in entries:
        event = one.event
        if isinstance(event, VoteStarted):
            vote = event.vote
        _heard(event, vote, roll, found)
        if not isinstance(event, AlarmAnswered) or _is_agreed(event, found.get(event.alarm)):
            kept.append(one)
    return kept


def _is_agreed(answer: AlarmAnswered, hearing: AlarmHearing | None) -> bool:
    stated = AgreedAnswer(answer.verdict, tuple(sorted(answer.struck)))
    return hearing is not None and hearing.agreed == stated
