"""What a command does to a barrier: events, or the reason why nothing happens."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from ewtp.core.barriers import barrier_events as happened
from ewtp.core.barriers.barrier import SECRETARIAT, AnswerKind, AuthorityAnswer, Barrier, Report
from ewtp.core.barriers.barrier_commands import (
    AnswerBarrier,
    BarrierCommand,
    BarrierEnvelope,
    ClaimResolved,
    EscalateSilence,
    NameOwner,
    ReopenBarrier,
    ReplyToClaim,
    ReportBarrier,
    Speaker,
    WithholdReport,
)
from ewtp.core.barriers.barrier_events import BarrierEvent, evolve_barrier
from ewtp.core.barriers.sentences import (
    ANSWER_KIND_UNKNOWN,
    BARRIER_CLAIMED,
    BARRIER_RESOLVED,
    BARRIER_UNANSWERED,
    BARRIER_UNKNOWN,
    CLAIM_MISSING,
    CLAIM_OVER,
    EVIDENCE_OLD,
    NOT_A_REPORTER,
    NOT_ASKED,
    NOT_THE_AUTHORITY,
    ORGANISATION_NEEDED,
    OWNER_UNENTITLED,
    REASON_UNREADABLE,
    REPORT_UNKNOWN,
    REPORT_UNREADABLE,
    REPORTS_TOO_MANY,
    SILENCE_NOT_DUE,
)
from ewtp.core.barriers.stage import RESOLVED, UNANSWERED, RuleChange, Stage, stage_of
from ewtp.core.values.aggregate import Aggregate
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED
from ewtp.core.values.visible_text import show_controls_and_breaks

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_TEXT = 1_000
LONGEST_REASON = 1_000
# One owner group is counted once; its further reports only add words and evidence.
MOST_REPORTS = 20
_LONGEST_ID = 40
BarrierDecision = tuple[BarrierEvent, ...] | Refusal


def decide_barrier(state: Barrier | None, envelope: BarrierEnvelope, now: datetime) -> BarrierDecision:
    """The events that a command causes at ``now``, or a refusal; ``state`` is None while nothing was reported.

    Anybody reports. An agency of the economy answers and claims, reporters reply and reopen, the operator withholds,
    and the system escalates.
    """
    command, speaker = envelope.command, envelope.speaker
    if isinstance(command, ReportBarrier):
        return _report(command, state, envelope, now)
    if state is None:
        return Refusal(BARRIER_UNKNOWN, {"id": envelope.barrier[:_LONGEST_ID]})
    refusal = _entitlement(command, state, speaker)
    return refusal or _answer(command, state, envelope, now)


def _entitlement(command: BarrierCommand, state: Barrier, speaker: Speaker) -> Refusal | None:
    """Why a speaker may not give a command; None where nothing is in the way."""
    if isinstance(command, WithholdReport | EscalateSilence):
        return None if speaker.operates else Refusal(OPERATOR_NEEDED)
    if isinstance(command, ReplyToClaim | ReopenBarrier):
        if not (speaker.group and speaker.speaks):
            return Refusal(ORGANISATION_NEEDED)
        return None if speaker.group in state.groups else Refusal(NOT_A_REPORTER)
    if isinstance(command, NameOwner) and speaker.operates:
        return None
    of_economy = speaker.agency_of in _governments(state)
    return None if of_economy and speaker.speaks else Refusal(NOT_THE_AUTHORITY, {"economy": state.matter.economy})


def _governments(state: Barrier) -> frozenset[str]:
    """The economies whose agencies answer: where the goods go, and the one that made the rule, such as a union."""
    return frozenset({state.matter.economy, state.rule.territory} - {""})


def _report(command: ReportBarrier, state: Barrier | None, envelope: BarrierEnvelope, now: datetime) -> BarrierDecision:
    text = _clean_words(command.text, LONGEST_TEXT)
    if text is None:
        return Refusal(REPORT_UNREADABLE, {"most": LONGEST_TEXT}, where="text")
    governments = frozenset({command.matter.economy, command.rule.territory} - {""})
    made = _make_report(replace(command, text=text), envelope.speaker, governments, now)
    if state is None:
        opened = happened.BarrierOpened(command.matter.id, command.matter, command.rule, now)
        owner = (happened.OwnerNamed(command.focal_point),) if command.focal_point else ()
        return (opened, happened.BarrierReported(made), *owner)
    refusal = _repetition(state, made)
    if refusal is not None:
        return () if refusal.code == EVIDENCE_OLD.code else refusal
    if made.group and stage_of(state.progress, now, envelope.change) in RESOLVED:
        return (happened.BarrierReported(made), happened.BarrierReopened(now))
    return (happened.BarrierReported(made),)


def _make_report(
    command: ReportBarrier | ReopenBarrier, speaker: Speaker, governments: frozenset[str], now: datetime
) -> Report:
    """The report of a speaker, a visitor's where the speaker may not trade for the organisation.

    So is that of an agency which would have to answer, or of a firm of its state: no government is asked whether its
    own claim is true.
    """
    counted = speaker if speaker.speaks and not governments & {speaker.agency_of, speaker.state} else Speaker()
    return Report(
        id=command.id,
        at=now,
        text=command.text,
        language=command.language,
        means=command.means,
        evidence=command.evidence,
        group=counted.group,
        organisation=counted.organisation,
        verified=counted.verified,
    )


def _repetition(state: Barrier, made: Report) -> Refusal | None:
    """Why a report adds nothing: the same group said the same on the same answer, or has said very much."""
    same = [each for each in state.reports if each.group == made.group]
    if any((each.text, each.evidence) == (made.text, made.evidence) for each in same):
        return Refusal(EVIDENCE_OLD)
    full = bool(made.group) and len(same) >= MOST_REPORTS
    return Refusal(REPORTS_TOO_MANY, {"most": MOST_REPORTS}) if full else None


def _clean_words(text: object, longest: int) -> str | None:
    """The words with single spaces; None where there are none, or too many, or some that nobody can see."""
    words = " ".join(text.split()) if isinstance(text, str) else ""
    hidden = show_controls_and_breaks(words) != words or any(unicodedata.category(each) == "Cs" for each in words)
    return words if 0 < len(words) <= longest and not hidden else None


@singledispatch
def _answer(command: Any, state: Barrier, envelope: BarrierEnvelope, now: datetime) -> BarrierDecision:
    raise TypeError(command, state, envelope, now)


@_answer.register(NameOwner)
def _name_owner(command: NameOwner, state: Barrier, _envelope: BarrierEnvelope, _now: datetime) -> BarrierDecision:
    if command.owner != SECRETARIAT and command.economy not in _governments(state):
        return Refusal(OWNER_UNENTITLED, {"economy": state.matter.economy}, where="owner")
    return () if command.owner == state.progress.owner else (happened.OwnerNamed(command.owner),)


@_answer.register(AnswerBarrier)
def _answer_barrier(
    command: AnswerBarrier, state: Barrier, envelope: BarrierEnvelope, now: datetime
) -> BarrierDecision:
    refusals = []
    if command.kind not in set(AnswerKind):
        refusals.append(Refusal(ANSWER_KIND_UNKNOWN, {"kinds": [*AnswerKind]}, where="kind"))
    reason = _clean_words(command.reason, LONGEST_REASON)
    if reason is None:
        refusals.append(Refusal(REASON_UNREADABLE, {"most": LONGEST_REASON}, where="reason"))
    if reason is None or refusals:
        return Refusal.join(refusals)
    refusal = _refuse_settled(state, envelope.change, now)
    if refusal is not None:
        return refusal
    kind, organisation = AnswerKind(command.kind), envelope.speaker.organisation
    promised = command.promised if kind is AnswerKind.WILL_CHANGE else None
    answered = happened.BarrierAnswered(AuthorityAnswer(kind, reason, organisation, now, promised))
    owns = bool(state.progress.owner) or kind is AnswerKind.NOT_OURS
    return (answered,) if owns else (happened.OwnerNamed(organisation), answered)


@_answer.register(ClaimResolved)
def _claim(command: ClaimResolved, state: Barrier, envelope: BarrierEnvelope, now: datetime) -> BarrierDecision:
    reason = _clean_words(command.reason, LONGEST_REASON)
    if reason is None:
        return Refusal(REASON_UNREADABLE, {"most": LONGEST_REASON}, where="reason")
    refusal = _refuse_settled(state, envelope.change, now)
    if refusal is not None:
        return refusal
    # Verified ones alone, also where there are none: nobody founds firms in order to agree with himself. The claim then
    # stays unconfirmed, unless the rule itself changes.
    asked = tuple(sorted(state.verified_groups))
    return (happened.ResolutionClaimed(reason, envelope.speaker.organisation, now, asked),)


def _refuse_settled(state: Barrier, change: RuleChange | None, now: datetime) -> Refusal | None:
    """Why an authority has nothing to say now: the barrier is resolved, or its reporters are being asked."""
    stage = stage_of(state.progress, now, change)
    if stage in RESOLVED:
        return Refusal(BARRIER_RESOLVED)
    return Refusal(BARRIER_CLAIMED) if stage is Stage.CLAIMED else None


@_answer.register(ReplyToClaim)
def _reply(command: ReplyToClaim, state: Barrier, envelope: BarrierEnvelope, now: datetime) -> BarrierDecision:
    group = envelope.speaker.group
    if state.progress.claim is None:
        return Refusal(CLAIM_MISSING)
    if group not in state.asked:
        return Refusal(NOT_ASKED)
    if stage_of(state.progress, now, envelope.change) is not Stage.CLAIMED:
        return Refusal(CLAIM_OVER)
    said = state.replies.get(group)
    return () if said is command.agrees else (happened.ClaimReplied(group, command.agrees),)


@_answer.register(ReopenBarrier)
def _reopen(command: ReopenBarrier, state: Barrier, envelope: BarrierEnvelope, now: datetime) -> BarrierDecision:
    text = _clean_words(command.text, LONGEST_TEXT)
    if text is None:
        return Refusal(REPORT_UNREADABLE, {"most": LONGEST_TEXT}, where="text")
    stage = stage_of(state.progress, now, envelope.change)
    if stage in UNANSWERED:
        return Refusal(BARRIER_UNANSWERED)
    if stage is Stage.CLAIMED:
        return Refusal(BARRIER_CLAIMED)
    made = _make_report(replace(command, text=text), envelope.speaker, _governments(state), now)
    return _repetition(state, made) or (happened.BarrierReported(made), happened.BarrierReopened(now))


@_answer.register(WithholdReport)
def _withhold(command: WithholdReport, state: Barrier, _envelope: BarrierEnvelope, _now: datetime) -> BarrierDecision:
    reason = _clean_words(command.reason, LONGEST_REASON)
    found = next((each for each in state.reports if each.id == command.id), None)
    if found is None:
        return Refusal(REPORT_UNKNOWN, {"id": command.id[:_LONGEST_ID]}, where="id")
    if reason is None:
        return Refusal(REASON_UNREADABLE, {"most": LONGEST_REASON}, where="reason")
    return () if found.withheld else (happened.ReportWithheld(found.id, reason),)


@_answer.register(EscalateSilence)
def _escalate(_command: EscalateSilence, state: Barrier, envelope: BarrierEnvelope, now: datetime) -> BarrierDecision:
    if state.progress.escalated is not None:
        return ()
    stage = stage_of(state.progress, now, envelope.change)
    if stage in {Stage.REPORTED, Stage.OWNED}:
        return Refusal(SILENCE_NOT_DUE)
    return (happened.SilenceEscalated(now),) if stage is Stage.SILENT else ()


BARRIER: Aggregate[Barrier | None, BarrierEnvelope, BarrierEvent] = Aggregate(None, decide_barrier, evolve_barrier)
