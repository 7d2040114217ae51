"""A vote counted again from its entries: its result, its figures, the power of its blocs and its alarms."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ewtp.core.power.house_game import MOST_QUICK_GROUPS
from ewtp.core.recount import sentences
from ewtp.core.recount.alarm_recount import AlarmRecount
from ewtp.core.recount.draw_recount import body_statements
from ewtp.core.recount.findings import VoteFindings
from ewtp.core.recount.secret_recount import SecretRecount
from ewtp.core.recount.vote_entries import OUTCOMES
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Statement
from ewtp.core.votes.blocs import BlocKind, measure_vote
from ewtp.core.votes.procedure import procedure_from_texts
from ewtp.core.votes.roll import freeze_roll
from ewtp.core.votes.vote_events import AlarmRaised, GroupsJoined, MembersStruck, PowerMeasured

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from ewtp.core.log.bundle_report import BundleReport
    from ewtp.core.recount.organisations_so_far import OwnersKnown
    from ewtp.core.recount.vote_entries import LoggedVote
    from ewtp.core.values.sentence import Sentence
    from ewtp.core.votes.blocs import MeasuredBloc
    from ewtp.core.votes.roll import VoteRoll
    from ewtp.core.votes.vote_events import ResultPublished, VoteEntry
    from ewtp.core.votes.vote_state import VoteState

# Figures are published with four decimals; the last one may be rounded in the other way.
_ROUNDING = 0.000_11
_MOST_NAMED = 10
_SEAT = attrgetter("group", "house", "economy", "verifier", "verified")


def recount_vote(
    vote: LoggedVote, now: datetime, bundle: BundleReport
) -> tuple[VoteFindings, list[Statement], list[Statement]]:
    """What the entries of a vote give, as of the moment ``now``; what contradicts them; and what was not recounted."""
    recount = _VoteRecount(vote, now, bundle)
    return recount.findings(), recount.faults, recount.left


@dataclass(slots=True)
class _VoteRecount:
    vote: LoggedVote
    now: datetime
    bundle: BundleReport
    faults: list[Statement] = field(default_factory=list)
    left: list[Statement] = field(default_factory=list)

    def findings(self) -> VoteFindings:
        roll = self.vote.roll() if self.vote.given else None
        if roll is None:
            if self.vote.given:
                self._fault(sentences.ROLL_DIFFERS, self.vote.index)
            else:
                self.left.append(Statement(sentences.LEFT_ROLL, {"vote": self.vote.id}))
            return self._gather_findings(0, None, 0, 0)
        state = self._end(roll)
        self._compare_outcomes(roll, state)
        self._compare_roll(roll)
        self._compare_changes()
        self._compare_draws(roll)
        if state.box.secret:
            secret = SecretRecount(self.vote, roll, state)
            secret.check()
            self.faults += secret.faults
            self.left += secret.left
        measured = self._measure_blocs(roll, state)
        self._compare_results(state)
        owners = self._compare_power(measured)
        alarms = AlarmRecount(self.vote, roll, measured)
        self.faults += alarms.faults()
        counted = ((sentences.LEFT_OWNERS, alarms.of_owners + owners), (sentences.LEFT_ALIKE, alarms.alike))
        self.left += [Statement(sentence, {"count": count}) for sentence, count in counted if count]
        return self._gather_findings(len(roll.houses), state, alarms.recounted, len(measured or ()))

    def _compare_roll(self, roll: VoteRoll) -> None:
        """Hold the roll to the one that the entries before give: who is on it, and in which group and house."""
        owners, vote = self.vote.owners, self.vote
        self.left += [Statement(each, {"vote": vote.id}) for each in (sentences.LEFT_PROCEDURE, sentences.LEFT_TOLD)]
        if owners is None:
            self.left.append(Statement(sentences.LEFT_GROUPS, {"vote": vote.id}))
            return
        odd = _odd_members(roll, self._recount_roll(owners))
        if odd:
            self._fault(sentences.ROLL_UNFOUNDED, vote.index, members=odd[:_MOST_NAMED])

    def _compare_changes(self) -> None:
        """Hold what strikes members from the roll and joins its groups to the entries before that."""
        unknown = 0
        for one in self.vote.entries:
            event, then = one.event, self.vote.owners_at.get(one.index)
            if isinstance(event, GroupsJoined) and then is not None:
                if len({then.groups.get(each, each) for each in (*event.groups, event.into)}) > 1:
                    self._fault(sentences.JOIN_UNFOUNDED, one.index, groups=list(event.groups))
            elif isinstance(event, MembersStruck) and then is not None:
                seated = sorted({each.id for each in then.membership.members}.intersection(event.members))
                if seated:
                    self._fault(sentences.STRIKE_UNFOUNDED, one.index, members=seated[:_MOST_NAMED])
            elif isinstance(event, MembersStruck):
                unknown += len(event.members)
        if unknown:
            self.left.append(Statement(sentences.LEFT_STRUCK, {"vote": self.vote.id, "count": unknown}))

    def _recount_roll(self, owners: OwnersKnown) -> VoteRoll:
        """The roll that follows from who was a member when the vote was opened, by the procedure that it states."""
        procedure = procedure_from_texts(self.vote.started.procedure)
        if isinstance(procedure, Refusal):
            raise TypeError(procedure.message)
        opened = self.vote.entries[0].at.date()
        return freeze_roll(owners.membership.members, owners.membership.ties, procedure, opened)

    def _compare_draws(self, roll: VoteRoll) -> None:
        for each in body_statements(self.vote, roll, self.bundle):
            (self.left if each.code == sentences.LEFT_DRAW.code else self.faults).append(each)

    def _end(self, roll: VoteRoll) -> VoteState:
        """The state in which the vote ended where it did, else that of now."""
        stated = [*self.vote.outcomes, *self.vote.results]
        moment = stated[-1][1] if stated else self.now
        return self.vote.state(roll, moment)

    def _compare_outcomes(self, roll: VoteRoll, end: VoteState) -> None:
        last = self.vote.outcomes[-1] if self.vote.outcomes else None
        for one in self.vote.outcomes:
            index, at, published = one
            state = end if one is last else self.vote.state(roll, at)
            recounted = OUTCOMES.get(state.stage, str(state.stage))
            if recounted != published:
                self._fault(sentences.OUTCOME_DIFFERS, index, published=published, recounted=recounted)

    def _measure_blocs(self, roll: VoteRoll, state: VoteState) -> list[MeasuredBloc] | None:
        """The power of every bloc that the roll shows; None where it has too many groups to be measured again here."""
        groups = len(roll.houses)
        if groups > MOST_QUICK_GROUPS:
            self.left.append(Statement(sentences.LEFT_POWER, {"vote": self.vote.id, "groups": groups}))
            return None
        held = {} if self.vote.owners is None else self.vote.owners.held
        return measure_vote(roll, held, state.procedure, state.started.majority)

    def _compare_results(self, state: VoteState) -> None:
        for index, _, published in self.vote.results:
            names = [*_find_count_differences(published, state)]
            if names:
                self._fault(sentences.FIGURES_DIFFER, index, names=names)

    def _compare_power(self, measured: list[MeasuredBloc] | None) -> int:
        """Compare the power that was published at the opening; returns how many blocs of unknown owners it has."""
        stated = [(one.index, bloc) for one in self.vote.entries for bloc in _blocs(one)]
        is_unknown = self.vote.owners is None
        of_owners = [bloc for _, bloc in stated if is_unknown and bloc["bloc"].startswith(f"{BlocKind.OWNER}:")]
        found = {one.bloc.label: one for one in measured or ()}
        wrong: dict[int, list[str]] = {}
        for index, bloc in stated if measured is not None else ():
            if bloc not in of_owners and not _is_same(bloc, found.get(bloc["bloc"])):
                wrong.setdefault(index, []).append(bloc["bloc"])
        # Where owners hold blocs, these may have taken the place of smaller ones among the largest.
        absent = sorted(found.keys() - {bloc["bloc"] for _, bloc in stated}) if stated and not of_owners else []
        if absent:
            wrong.setdefault(stated[-1][0], []).extend(absent)
        for index, names in wrong.items():
            self._fault(sentences.FIGURES_DIFFER, index, names=names)
        return len(of_owners)

    def _fault(self, sentence: Sentence, index: int, **params: object) -> None:
        self.faults.append(Statement(sentence, {"index": index, "vote": self.vote.id, **params}))

    def _gather_findings(self, groups: int, state: VoteState | None, recounted: int, blocs: int) -> VoteFindings:
        raised = [one.event.alarm for one in self.vote.entries if isinstance(one.event, AlarmRaised)]
        open_kinds = set() if state is None else set(state.unanswered)
        counts = () if state is None or state.tally is None else state.tally.counts
        sealed = 0
        if state is not None:
            secret = state.box.secret
            houses = state.box.electorate.houses
            sealed = sum(
                each.choice is None and houses[group] not in secret for group, each in state.box.ballots.items()
            )
        return VoteFindings(
            vote=self.vote.id,
            proposal=self.vote.proposal,
            index=self.vote.index,
            groups=groups,
            ballots=len(self.vote.ballots),
            void=0 if state is None else len({each.index for each in state.box.void}),
            sealed=sealed,
            stage="" if state is None else str(state.stage),
            published=self.vote.outcomes[-1][2] if self.vote.outcomes else "",
            houses=tuple((str(one.house), one.active, one.yes, one.no, one.abstain) for one in counts),
            alarms=len(raised),
            answered=len([kind for kind in set(raised) if kind.stops and kind not in open_kinds]),
            recounted=recounted,
            blocs=blocs,
        )


def _odd_members(roll: VoteRoll, entitled: VoteRoll) -> list[str]:
    """The members that are on one of two rolls alone, or there with another group, house, economy or verification.

    Credentials are of the election, and no entry about organisations gives them.
    """
    given, expected = ({each.member: _SEAT(each) for each in one.entries} for one in (roll, entitled))
    return sorted(each for each in given.keys() | expected.keys() if given.get(each) != expected.get(each))


def _find_count_differences(published: ResultPublished, state: VoteState) -> Iterator[str]:
    """The names of the figures of a result that the entries do not give."""
    if published.stage != state.stage:
        yield "stage"
    tally = state.tally
    counted = (
        {} if tally is None else {str(one.house): [one.active, one.yes, one.no, one.abstain] for one in tally.counts}
    )
    stated = {house: list(figures) for house, figures in published.houses.items()}
    yield from sorted(house for house in stated.keys() | counted.keys() if stated.get(house) != counted.get(house))
    share = "" if tally is None or tally.mean_share is None else str(tally.mean_share)
    if published.mean_share != share:
        yield "mean_share"


def _blocs(one: VoteEntry) -> Sequence[Mapping[str, Any]]:
    return one.event.blocs if isinstance(one.event, PowerMeasured) else ()


def _is_same(stated: Mapping[str, Any], measured: MeasuredBloc | None) -> bool:
    """Whether the figures of a bloc are those that were measured; a method may round the last decimal differently."""
    if measured is None:
        return False
    own = measured.as_json()
    exact = all(stated[name] == own[name] for name in ("groups", "mean_share"))
    error = measured.power.error + float(stated["error"])
    return exact and all(
        abs(float(stated[name]) - float(own[name])) <= _ROUNDING + error for name in ("shapley", "banzhaf")
    )
