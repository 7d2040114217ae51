"""The alarms of a vote raised again: whether each follows from the roll and the ballots, and whether one is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ewtp.core.recount import sentences
from ewtp.core.values.sentence import Statement
from ewtp.core.votes.alarms import (
    alone_alarms,
    hinge_alarms,
    lockstep_alarms,
    past_vote,
    power_alarms,
    roll_alarms,
    surge_alarms,
)
from ewtp.core.votes.blocs import BlocKind, blocs_of
from ewtp.core.votes.vote_events import AlarmKind, AlarmRaised, GroupsJoined, MembersStruck
from ewtp.core.votes.vote_state import vote_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ewtp.core.recount.vote_entries import LoggedVote
    from ewtp.core.values.sentence import Sentence
    from ewtp.core.votes.alarms import PastVote
    from ewtp.core.votes.blocs import Bloc, MeasuredBloc
    from ewtp.core.votes.roll import VoteRoll
    from ewtp.core.votes.vote_events import VoteEntry
    from ewtp.core.votes.vote_state import VoteState

# Counted while the vote ran: somebody may have voted between the count and the entry about it.
_RUNNING = frozenset({"ballots", "of", "struck"})
# A probability is written with two digits, of which libraries of functions may round the last one differently.
_INEXACT = frozenset({"p", "expected", "shapley"})


@dataclass(slots=True)
class AlarmRecount:
    """The alarms of a vote on its roll; ``measured`` is the power of its blocs, None where it was not measured.

    ``recounted`` counts those that follow, ``of_owners`` those that cannot be shown since the bundle has not who holds
    whom, and ``alike`` those about several votes of which the bundle has not all.
    """

    vote: LoggedVote
    roll: VoteRoll
    measured: list[MeasuredBloc] | None
    recounted: int = 0
    of_owners: int = 0
    alike: int = 0
    blocs: list[Bloc] = field(init=False)

    def __post_init__(self) -> None:
        owners = self.vote.owners
        self.blocs = blocs_of(self.roll.entries, {} if owners is None else owners.held)

    def faults(self) -> list[Statement]:
        """What is wrong with the alarms, in the order of the log."""
        raised = [one for one in self.vote.entries if isinstance(one.event, AlarmRaised)]
        found = [*self._find_missing(raised)]
        for one in raised:
            event = one.event
            if not isinstance(event, AlarmRaised):
                continue
            if event.alarm is AlarmKind.LOCKSTEP and self._past(one) is None:
                self.alike += 1
            elif event.bloc.startswith(f"{BlocKind.OWNER}:") and one.index not in self.vote.owners_at:
                self.of_owners += 1
            elif event.alarm is AlarmKind.POWER and self.measured is None:
                continue
            elif self._follows(one, event):
                self.recounted += 1
            else:
                found.append(self._fault(sentences.ALARM_DIFFERS, one.index, event))
        return found

    def _find_missing(self, raised: list[VoteEntry]) -> Iterator[Statement]:
        """The alarms that the roll gives by itself, none of which a hub can overlook."""
        known = {_place(one.event) for one in raised if isinstance(one.event, AlarmRaised)}
        # Strikes before the first ballot change the roll that alarms are about.
        first = self.vote.ballots[0][0] if self.vote.ballots else None
        changes = (one for one in self.vote.entries[:2] if isinstance(one.event, MembersStruck | GroupsJoined))
        if any(first is None or one.index < first for one in changes):
            return
        opening = self.vote.entries[:1]
        state = vote_state(opening, self.roll, opening[0].at)
        for alarm in self._by_roll(state):
            if _place(alarm) not in known:
                known.add(_place(alarm))
                yield self._fault(sentences.ALARM_MISSING, self.vote.index, alarm)

    def _by_roll(self, state: VoteState) -> Iterator[AlarmRaised]:
        procedure, majority = state.procedure, state.started.majority
        yield from alone_alarms(self.blocs, state.box.electorate, procedure, majority)
        yield from power_alarms(self.measured or (), procedure)
        yield from surge_alarms(self.blocs, self.roll, procedure, state.opened.date())

    def _follows(self, one: VoteEntry, raised: AlarmRaised) -> bool:
        state = self.vote.state(self.roll, one.at, before=one.index)
        owners = self.vote.owners_at.get(one.index)
        blocs = self.blocs if owners is None else blocs_of(self.roll.entries, owners.held)
        if raised.alarm is AlarmKind.LOCKSTEP:
            votes = [*(self._past(one) or ()), past_vote(state.box)]
            return any(_agrees(raised, alarm) for alarm in lockstep_alarms(blocs, votes, state.procedure))
        return any(_agrees(raised, alarm) for alarm in self._at(state, raised.alarm, blocs))

    def _past(self, one: VoteEntry) -> list[PastVote] | None:
        """The votes that were counted before an entry, the oldest first; None where the bundle has not all of them."""
        if self.vote.owners is None:
            return None
        opened = self.vote.entries[0].at
        counted = [
            each for each in self.vote.earlier if each.entries[0].at < opened and each.is_counted_before(one.index)
        ]
        counted.sort(key=lambda each: each.entries[0].at)
        rolls = [each.roll() if each.given else None for each in counted]
        known = [roll for roll in rolls if roll is not None]
        if len(known) < len(rolls):
            return None
        return [past_vote(each.state(roll, one.at).box) for each, roll in zip(counted, known, strict=True)]

    def _at(self, state: VoteState, kind: AlarmKind, blocs: list[Bloc]) -> Iterator[AlarmRaised]:
        """The alarms of a kind that follow at a moment."""
        procedure, majority, electorate = state.procedure, state.started.majority, state.box.electorate
        match kind:
            case AlarmKind.ALONE:
                yield from alone_alarms(blocs, electorate, procedure, majority, state.box.ballots)
            case AlarmKind.ROLL:
                yield from roll_alarms(electorate, self.roll, procedure)
            case AlarmKind.HINGE if state.tally is not None:
                yield from hinge_alarms(blocs, state.box, procedure, majority)
            case AlarmKind.POWER | AlarmKind.SURGE:
                yield from self._by_roll(state)

    def _fault(self, sentence: Sentence, index: int, alarm: AlarmRaised) -> Statement:
        told = {"index": index, "vote": self.vote.id, "alarm": str(alarm.alarm), "bloc": alarm.bloc}
        return Statement(sentence, told)


def _place(alarm: AlarmRaised) -> tuple[AlarmKind, str]:
    return alarm.alarm, alarm.bloc


def _agrees(raised: AlarmRaised, found: AlarmRaised) -> bool:
    if _place(raised) != _place(found):
        return False
    stated, counted = _exact(raised.figures), _exact(found.figures)
    return stated == counted


def _exact(figures: Mapping[str, str]) -> dict[str, str]:
    """The figures that every computer and every order of simultaneous acts gives alike."""
    return {name: figure for name, figure in figures.items() if name not in _RUNNING | _INEXACT}
