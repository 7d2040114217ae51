"""What the page of a proposal shows of its vote, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from ewtp.apps.organisations.reading.organisation_names import organisations_named
from ewtp.apps.organisations.surface.presentation import house_names
from ewtp.apps.proposals.reading.vote_power import list_blocs
from ewtp.core.organisations.house import House
from ewtp.core.values.sentence import read_statement
from ewtp.core.votes.vote_events import (
    AlarmAnswered,
    AlarmKind,
    AlarmRaised,
    AlarmVerdict,
    GroupsJoined,
    MembersStruck,
)
from ewtp.core.votes.vote_state import VoteStage
from ewtp.gateways.reference.sentence_table import read_known_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ewtp.apps.proposals.reading.vote_record import VoteRecord
    from ewtp.core.votes.answering_body import AlarmHearing
    from ewtp.core.votes.vote_state import VoteFigures

# Alarms on a page, and blocs with their power; the API has all of them.
_MOST_ALARMS = 20
_MOST_BLOCS = 10


@dataclass(frozen=True, slots=True)
class HouseRow:
    """How a house voted: owner groups on the roll, those that voted, and for and against once that may be seen."""

    name: str
    active: int
    voted: int
    yes: int
    no: int


def vote_context(record: VoteRecord | None, now: datetime, speakers: Iterable[str] = ()) -> dict[str, Any]:
    """What everybody sees of a vote: turnout while it runs, shares afterwards; ``speakers`` may answer alarms."""
    if record is None:
        return {"vote": None}
    state = record.find_figures(now)
    counts = {each.house: each for each in state.tally.counts} if state.tally else {}
    names = house_names()
    rows = [
        HouseRow(
            names[house],
            record.active.get(house, 0),
            state.turnout.get(house, 0),
            counts[house].yes if house in counts else 0,
            counts[house].no if house in counts else 0,
        )
        for house in House
    ]
    least = state.procedure.house_active_groups
    return {
        "vote": state,
        "vote_stage": vote_stage_names()[state.stage],
        "refused": read_statement(record.refused, read_known_sentences()) if record.refused else None,
        "house_rows": rows,
        "least_groups": least,
        "small_houses": [each.name for each in rows if each.active < least],
        "alarms": _alarms(record, state),
        "hearings": _hearings(record, state, now, set(speakers)),
        "verdicts": list(verdict_names().items()),
        "ballots": [("for", gettext("For")), ("against", gettext("Against")), ("abstain", gettext("Abstain"))],
        "send_back_ballots": [("for", gettext("Send it back")), ("against", gettext("Let it stand"))],
        "changes": sum(
            len(each.event.members) if isinstance(each.event, MembersStruck) else len(each.event.groups) - 1
            for each in record.entries
            if isinstance(each.event, MembersStruck | GroupsJoined)
        ),
        "blocs": [_bloc(each, names) for each in list_blocs(record, now)[:_MOST_BLOCS]],
    }


@dataclass(frozen=True, slots=True)
class AlarmShown:
    """An alarm: its kind, whom it is about, whether it stops the clock, and what became of it."""

    name: str
    bloc: str
    stops: bool
    answered: bool
    verdict: str
    reason: str
    struck: int
    raised: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class HearingShown:
    """An alarm that waits: who answers it, what they said, and whether the reader acts for one of them."""

    kind: AlarmKind
    name: str
    body: tuple[str, ...]
    opinions: tuple[tuple[str, str, str], ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class BlocShown:
    """A bloc with its power, as decimals."""

    name: str
    groups: int
    shapley: str
    banzhaf: str


def _alarms(record: VoteRecord, state: VoteFigures) -> list[AlarmShown]:
    """The alarms of a vote, each kind and bloc once."""
    answers = {each.event.alarm: each.event for each in record.entries if isinstance(each.event, AlarmAnswered)}
    ended = {each.event.alarm: each.at for each in record.entries if isinstance(each.event, AlarmAnswered)}
    names, verdicts = alarm_names(), verdict_names()
    found = []
    for each in record.entries:
        event = each.event
        if not isinstance(event, AlarmRaised):
            continue
        answer = answers.get(event.alarm)
        found.append(
            AlarmShown(
                names[event.alarm],
                event.bloc,
                event.alarm.stops,
                event.alarm not in state.unanswered,
                verdicts[answer.verdict] if answer else "",
                answer.reason if answer else "",
                len(answer.struck) if answer else 0,
                each.at,
                ended.get(event.alarm),
            )
        )
    return found[:_MOST_ALARMS]


def _hearings(record: VoteRecord, state: VoteFigures, now: datetime, mine: set[str]) -> list[HearingShown]:
    """Who answers the alarms that stop the clock now."""
    if not state.unanswered:
        return []
    heard = record.hearings(now)
    waiting = [(kind, heard[kind]) for kind in state.unanswered]
    bodies = {group for _, hearing in waiting for group in hearing.body or ()}
    members = {each.group: each.member for each in record.roll.entries} if bodies else {}
    names = organisations_named({members[group] for group in bodies})
    shown, verdicts = {group: _name(names, members[group]) for group in bodies}, verdict_names()
    return [
        HearingShown(
            kind,
            alarm_names()[kind],
            tuple(shown[group] for group in hearing.body or ()),
            tuple((shown[group], verdicts[one.verdict], one.reason) for group, one in hearing.opinions),
            _answers(record, hearing, mine),
        )
        for kind, hearing in waiting
    ]


def _answers(record: VoteRecord, hearing: AlarmHearing, mine: set[str]) -> bool:
    """Whether one of these organisations is of a group that answers."""
    own = {record.roll.by_member[each].group for each in mine & record.roll.by_member.keys()}
    return bool(own & set(hearing.body or ()))


def _bloc(bloc: Mapping[str, Any], houses: Mapping[House, str]) -> BlocShown:
    kind, _, name = bloc["bloc"].partition(":")
    shown = houses[House(name)] if kind == "house" else bloc["bloc"]
    return BlocShown(shown, sum(bloc["groups"].values()), bloc["shapley"], bloc["banzhaf"])


def _name(names: Mapping[str, Any], identity: str) -> str:
    found = names.get(identity)
    return identity if found is None else str(found.name)


def verdict_names() -> dict[AlarmVerdict, str]:
    """What a body can decide, as a reader knows it."""
    return {
        AlarmVerdict.STANDS: gettext("The vote continues"),
        AlarmVerdict.STRIKES: gettext("Members are struck from the roll"),
        AlarmVerdict.NEW_ROLL: gettext("The vote is opened again on a new roll"),
    }


def alarm_names() -> dict[AlarmKind, str]:
    """The kinds of alarm as a reader knows them."""
    return {
        AlarmKind.ALONE: gettext("One bloc decides alone"),
        AlarmKind.POWER: gettext("One bloc has much power"),
        AlarmKind.SURGE: gettext("Many new members at once"),
        AlarmKind.ROLL: gettext("Many members struck from the roll"),
        AlarmKind.HINGE: gettext("Without one bloc the result would be different"),
        AlarmKind.LOCKSTEP: gettext("A bloc votes alike more often than by chance"),
    }


def vote_stage_names() -> dict[VoteStage, str]:
    """The stages of a vote as a reader knows them."""
    return {
        VoteStage.OPEN: gettext("Open"),
        VoteStage.SUSPENDED: gettext("Its clock is stopped until an alarm is answered"),
        VoteStage.COUNTING: gettext("Being counted"),
        VoteStage.RETURNABLE: gettext("Passed; small firms may send it back"),
        VoteStage.PASSED: gettext("Passed"),
        VoteStage.FAILED: gettext("Failed"),
        VoteStage.SENT_BACK: gettext("Sent back"),
        VoteStage.LAPSED: gettext("Lapsed, because an alarm was not answered"),
        VoteStage.NEW_ROLL: gettext("To be opened again on a new roll"),
    }
