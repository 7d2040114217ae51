"""The answers to alarms of capture: a body is drawn by the log, its members say what they think, and most decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.log.actions.events import event_append
from ewtp.apps.log.reading.log_tree import head_behind
from ewtp.apps.proposals.reading.participation import participation_of
from ewtp.apps.proposals.reading.sentences import (
    ALARM_ANSWER_INVALID,
    ALARM_NOT_OPEN,
    ANSWERING_BODY_NEEDED,
    BALLOT_ORGANISATION_NEEDED,
    STRIKE_INVALID,
    VOTE_UNKNOWN,
)
from ewtp.apps.proposals.reading.vote_record import open_votes, vote_of
from ewtp.apps.proposals.store.vote_locks import votes_lock
from ewtp.core.proposals.proposal_decisions import read_reason
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.answering_body import draw_body
from ewtp.core.votes.vote_events import (
    AlarmAnswered,
    AlarmKind,
    AlarmRaised,
    AlarmVerdict,
    BodyDrawn,
    OpinionStated,
    VoteEntry,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from ewtp.apps.proposals.reading.vote_record import VoteRecord
    from ewtp.core.values.actor import Actor
    from ewtp.core.votes.answering_body import AlarmHearing

_BODY = system_actor("answering body")
_LONGEST_ID = 40


@transaction.atomic
def bodies_draw(*, proposal: str, now: datetime) -> int:
    """Draw the answering body of each kind of alarm that waits for one; returns how many were drawn.

    The seed is the root of the first checkpoint over the alarm, so there is none before the alarm has its number.
    """
    vote = vote_of(proposal)
    if vote is None:
        return 0
    count = 0
    for kind in vote.find_figures(now).unanswered:
        alarms = [one for one in vote.entries if _is_alarm(one, kind)]
        head = head_behind(alarms[0].index)
        if vote.hearings(now)[kind].body is not None or head is None:
            continue
        raised = [one.event for one in alarms if isinstance(one.event, AlarmRaised)]
        groups = draw_body(vote.id, raised, vote.roll, head.root)
        drawn = BodyDrawn(kind, head.size, head.root.hex(), groups)
        event_append(subject=vote.id, actor=_BODY, payload=drawn, now=now)
        count += 1
    return count


def bodies_watch(*, now: datetime) -> int:
    """Draw the bodies that open votes wait for; returns how many were drawn."""
    return sum(bodies_draw(proposal=each.proposal, now=now) for each in open_votes())


@transaction.atomic
def opinion_state(
    *, proposal: str, alarm: str, verdict: str, reason: str, struck: Iterable[str], actor: Actor, now: datetime
) -> Refusal | None:
    """Say, as a member of the answering body, how alarms of a kind are answered; once most agree, that is the answer.

    ``struck`` are members or owner groups of the blocs that the alarms are about. Refuses with ``vote_unknown``,
    ``alarm_answer_invalid``, ``alarm_not_open``, ``ballot_organisation_needed``, ``answering_body_needed``,
    ``strike_invalid`` or ``proposal_reason_missing``.
    """
    # Else of two that are given at once neither would see that most agree.
    votes_lock(proposal)
    vote = vote_of(proposal)
    if vote is None:
        return Refusal(VOTE_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    if alarm not in set(AlarmKind) or verdict not in set(AlarmVerdict):
        return Refusal(ALARM_ANSWER_INVALID, {"alarms": [*AlarmKind], "verdicts": [*AlarmVerdict]})
    kind = AlarmKind(alarm)
    if kind not in vote.find_figures(now).unanswered:
        return Refusal(ALARM_NOT_OPEN, {"alarm": alarm})
    if not actor.on_behalf_of or not participation_of(actor, now.date()).may_take_part:
        return Refusal(BALLOT_ORGANISATION_NEEDED)
    entry, hearing = vote.roll.by_member.get(actor.on_behalf_of), vote.hearings(now)[kind]
    if entry is None or entry.group not in (hearing.body or ()):
        return Refusal(ANSWERING_BODY_NEEDED)
    members = _struck(vote, hearing, AlarmVerdict(verdict), list(struck))
    told = read_reason(reason)
    if isinstance(members, Refusal) or isinstance(told, Refusal):
        return Refusal.join([each for each in (members, told) if isinstance(each, Refusal)])
    opinion = OpinionStated(kind, actor.on_behalf_of, AlarmVerdict(verdict), told, members)
    event_append(subject=vote.id, actor=actor, payload=opinion, now=now)
    _answer(proposal, kind, now)
    return None


def _is_alarm(one: VoteEntry, kind: AlarmKind) -> bool:
    return isinstance(one.event, AlarmRaised) and one.event.alarm is kind


def _struck(
    vote: VoteRecord, hearing: AlarmHearing, verdict: AlarmVerdict, named: Sequence[str]
) -> tuple[str, ...] | Refusal:
    """The members that are named by themselves or by their groups; none where nobody is to be struck."""
    strikable = hearing.strikable(vote.roll)
    members = {entry.member for entry in vote.roll.entries if entry.member in set(named) or entry.group in set(named)}
    known = {*members, *(vote.roll.by_member[each].group for each in members)}
    if (verdict is AlarmVerdict.STRIKES) != bool(named) or not known.issuperset(named) or members - strikable:
        return Refusal(STRIKE_INVALID)
    return tuple(sorted(members))


def _answer(proposal: str, kind: AlarmKind, now: datetime) -> None:
    """Write the answer on which most of the body agree; its reasons are those of the opinions, joined."""
    vote = vote_of(proposal)
    hearing = None if vote is None else vote.hearings(now)[kind]
    agreed = None if hearing is None else hearing.agreed
    if vote is None or hearing is None or agreed is None:
        return
    reasons = [
        one.reason
        for _, one in hearing.opinions
        if (one.verdict, tuple(sorted(one.struck))) == (agreed.verdict, agreed.struck)
    ]
    answer = AlarmAnswered(kind, agreed.verdict, " · ".join(dict.fromkeys(reasons)), agreed.struck)
    event_append(subject=vote.id, actor=_BODY, payload=answer, now=now)
