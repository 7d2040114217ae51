"""Appeals against results of votes: lodged, decided by a body that the log draws, and what an upheld one undoes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.decisions.actions.decision import decision_make
from ewtp.apps.log.actions.events import event_append
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.log.reading.log_tree import head_behind
from ewtp.apps.proposals.actions.proposals import proposal_change
from ewtp.apps.proposals.reading.appeal_list import appeals_of, bodiless_appeals
from ewtp.apps.proposals.reading.participation import participation_of
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.sentences import APPEAL_MATTER_UNKNOWN, APPEAL_VERDICT_UNKNOWN, VOTE_UNKNOWN
from ewtp.apps.proposals.reading.vote_record import vote_of
from ewtp.apps.proposals.store import models
from ewtp.apps.proposals.store.appeal_table import appeal_columns, appeal_value
from ewtp.apps.rulebook.actions.act_end import act_end
from ewtp.core.proposals.proposal import AdoptionEnding, Outcome
from ewtp.core.proposals.proposal_commands import EndAdoption, RecordOutcome
from ewtp.core.proposals.proposal_decisions import read_reason
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.appeal import APPEAL, Appeal, AppealEnvelope, DrawAppealBody, LodgeAppeal, StateAppealOpinion
from ewtp.core.votes.appeal_events import AppealEventKind, AppealMatter, AppealVerdict
from ewtp.core.votes.vote_events import AlarmKind
from ewtp.gateways.fresh_ids import fresh_id

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.apps.decisions.actions.row_locks import RowLocks
    from ewtp.apps.proposals.reading.vote_record import VoteRecord
    from ewtp.core.proposals.proposal import Proposal
    from ewtp.core.values.actor import Actor
    from ewtp.core.values.aggregate import CommandOutcome
    from ewtp.core.votes.appeal_events import AppealEvent

PREFIX = "apl"
_BODY = system_actor("answering body")
_TABLE = "proposals_appeal"
_LONGEST_ID, _LONGEST_ABOUT = 40, 80
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AppealRows:
    """The rows of appeals by identifier, in a vote, changed for whoever acts."""

    actor: Actor
    vote: str

    def load(self, key: str, locks: RowLocks) -> Appeal | None:
        """The appeal, locked; two first commands wait for one another."""
        locks.lock_key(_TABLE, key)
        rows = locks.lock_rows(models.Appeal.objects.filter(id=key, vote=self.vote))
        return appeal_value(rows[0]) if rows else None

    def save(self, key: str, outcome: CommandOutcome[Appeal | None, AppealEvent], now: datetime) -> None:
        """Write the state, and the events, which are about the vote."""
        if outcome.state is None:
            msg = f"{outcome.events} left no appeal"
            raise ValueError(msg)
        columns = {"vote_id": self.vote, **appeal_columns(outcome.state)}
        models.Appeal.objects.update_or_create(id=key, defaults=columns)
        for event in outcome.events:
            event_append(subject=self.vote, actor=self.actor, payload=event, now=now)


@transaction.atomic
def appeal_lodge(
    *, proposal: str, matter: str, about: str, reason: str, actor: Actor, now: datetime
) -> Appeal | Refusal:
    """Appeal against the result of the latest vote on a proposal, for any organisation with a seat in a house.

    ``about`` names the kind of an alarm or a member, by the matter. Refuses with ``vote_unknown``,
    ``appeal_matter_unknown``, ``proposal_reason_missing``, and as ``decide_appeal`` does.
    """
    vote, found = vote_of(proposal), proposal_read(proposal)
    if vote is None or found is None:
        return Refusal(VOTE_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    if matter not in set(AppealMatter) or not _is_named(AppealMatter(matter), about):
        return Refusal(APPEAL_MATTER_UNKNOWN, {"matters": [*AppealMatter], "alarms": [*AlarmKind]}, where="matter")
    told = read_reason(reason)
    if isinstance(told, Refusal):
        return told
    taking_part, procedure = participation_of(actor, now.date()), vote.course(now).procedure
    participant = taking_part.participant if taking_part.may_take_part else None
    group = "" if participant is None else participant.group
    known = tuple((each.matter, each.about) for each in appeals_of(vote.id) if each.group == group)
    command = LodgeAppeal(
        AppealMatter(matter), about, told, found.decided, procedure.clock_appeal, procedure.clock_alarm, known
    )
    organisation = "" if participant is None else participant.organisation
    envelope = AppealEnvelope(fresh_id(PREFIX, now), command, organisation, group)
    return _decide(vote.id, envelope, actor, now)


@transaction.atomic
def appeal_bodies_draw(*, now: datetime) -> int:
    """Draw who decides the open appeals that wait for it; returns how many were drawn.

    The seed is the root of the first checkpoint over the appeal, so there is none before the appeal has its number.
    """
    count = 0
    for proposal, appeal in bodiless_appeals(now):
        vote = vote_of(proposal)
        lodged = None if vote is None else _index_of(vote.id, appeal)
        head = None if lodged is None else head_behind(lodged)
        if vote is None or head is None:
            continue
        command = DrawAppealBody(vote.id, vote.roll, head.size, head.root)
        count += not isinstance(_decide(vote.id, AppealEnvelope(appeal, command), _BODY, now), Refusal)
    return count


@transaction.atomic
def appeal_opinion_state(
    *, proposal: str, appeal: str, verdict: str, reason: str, actor: Actor, now: datetime
) -> Appeal | Refusal:
    """Say, as a member of the body, how an appeal is decided; once most agree, that is the decision.

    An upheld one has the vote held again and ends what was adopted since. Refuses with ``vote_unknown``,
    ``appeal_verdict_unknown``, ``proposal_reason_missing``, and as ``decide_appeal`` does.
    """
    vote = vote_of(proposal)
    if vote is None:
        return Refusal(VOTE_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    if verdict not in set(AppealVerdict):
        return Refusal(APPEAL_VERDICT_UNKNOWN, {"verdicts": [*AppealVerdict]}, where="verdict")
    told = read_reason(reason)
    if isinstance(told, Refusal):
        return told
    entry = vote.roll.by_member.get(actor.on_behalf_of)
    entitled = entry is not None and participation_of(actor, now.date()).may_take_part
    group = entry.group if entry is not None and entitled else ""
    command = StateAppealOpinion(group, AppealVerdict(verdict), told)
    made = _decide(vote.id, AppealEnvelope(appeal, command, actor.on_behalf_of if group else "", group), actor, now)
    if isinstance(made, Appeal) and made.verdict is AppealVerdict.UPHELD:
        _undo(proposal, vote, now)
    return made


def _undo(proposal: str, vote: VoteRecord, now: datetime) -> None:
    """Have the vote held again, and end what was adopted by its result: before its first day, or today."""
    found: Proposal | None = proposal_read(proposal)
    for adoption in () if found is None else found.adoptions:
        last_day = max(adoption.effective - _ONE_DAY, now.date())
        if adoption.last_day is not None and adoption.last_day <= last_day:
            continue
        command = EndAdoption(adoption.act, last_day, AdoptionEnding.ANNULLED, vote.id)
        proposal_change(proposal=proposal, command=command, actor=_BODY, now=now)
        act_end(act=adoption.act, last_day=last_day, reason=vote.id, actor=_BODY, now=now)
    proposal_change(proposal=proposal, command=RecordOutcome(Outcome.NEW_ROLL), actor=_BODY, now=now)


def _decide(vote: str, envelope: AppealEnvelope, actor: Actor, now: datetime) -> Appeal | Refusal:
    rows = AppealRows(actor, vote)
    outcome = decision_make(aggregate=APPEAL, rows=rows, key=envelope.appeal, command=envelope, now=now)
    if isinstance(outcome, Refusal):
        return outcome
    if outcome.state is None:
        msg = f"{envelope} left no appeal"
        raise ValueError(msg)
    return outcome.state


def _is_named(matter: AppealMatter, about: str) -> bool:
    """Whether what is appealed is named as its matter needs: an alarm by its kind, a member by its identifier."""
    if matter is AppealMatter.VOTE:
        return not about
    return about in set(AlarmKind) if matter is AppealMatter.ALARM else 0 < len(about) <= _LONGEST_ABOUT


def _index_of(vote: str, appeal: str) -> int | None:
    """The number of the entry by which an appeal was lodged; None while it has none."""
    lodged = (each for each in events_about(vote, source="appeals:") if each.kind == AppealEventKind.LODGED)
    return next((each.index for each in lodged if each.payload["appeal"] == appeal), None)
