"""An appeal against the result of a vote: lodged in time, and decided in public by a body that the log draws.

While an appeal is open nothing of the result can be adopted. Where the body upholds it, the vote is held again on a new
roll; where nobody decides in time, the result stands, so that an appeal cannot be used to stop it for good.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.core.values.aggregate import Aggregate
from ewtp.core.values.canonical_json import canonical_json
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.answering_body import BODY_SIZE, LEAST_AGREEING
from ewtp.core.votes.appeal_events import (
    AppealBodyDrawn,
    AppealDecided,
    AppealEvent,
    AppealLodged,
    AppealMatter,
    AppealOpinionStated,
    AppealVerdict,
)
from ewtp.core.votes.sentences import (
    APPEAL_BODY_NEEDED,
    APPEAL_LODGED_BEFORE,
    APPEAL_NOT_OPEN,
    APPEAL_ORGANISATION_NEEDED,
    APPEAL_TOO_LATE,
    APPEAL_UNKNOWN,
)

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from ewtp.core.votes.roll import VoteRoll

_LONGEST_ID = 40


class AppealStage(StrEnum):
    """Where an appeal is; the last three are its ends."""

    OPEN = "open"
    DISMISSED = "dismissed"
    UPHELD = "upheld"
    UNDECIDED = "undecided"


@immutable
class AppealOpinion:
    """What a drawn group says: by which of its members, and why."""

    group: str
    member: str
    verdict: AppealVerdict
    reason: str


@immutable
class Appeal:
    """An appeal; ``body`` is None before the log has drawn it, ``verdict`` before most of it agree."""

    id: str
    matter: AppealMatter
    about: str
    by: str
    group: str
    reason: str
    until: datetime
    at: datetime
    body: tuple[str, ...] | None = None
    opinions: tuple[AppealOpinion, ...] = ()
    verdict: AppealVerdict | None = None
    answer: str = ""
    decided: datetime | None = None

    def stage(self, now: datetime) -> AppealStage:
        """Where it is at a moment."""
        if self.verdict is not None:
            return AppealStage(self.verdict)
        return AppealStage.OPEN if now < self.until else AppealStage.UNDECIDED


@immutable
class LodgeAppeal:
    """Appeal against a result that was stated at ``result``; the two times are those of the vote's procedure.

    ``known`` are the matters, with what they are about, that the owner group has appealed before in this vote.
    """

    matter: AppealMatter
    about: str
    reason: str
    result: datetime | None
    time_to_appeal: timedelta
    time_to_decide: timedelta
    known: tuple[tuple[AppealMatter, str], ...] = ()


@immutable
class DrawAppealBody:
    """Draw who decides, by the root of the first checkpoint over the appeal, with ``size`` entries."""

    vote: str
    roll: VoteRoll
    size: int
    root: bytes


@immutable
class StateAppealOpinion:
    """Say as a drawn group how it decides; ``group`` is that of the actor's organisation on the roll, or empty."""

    group: str
    verdict: AppealVerdict
    reason: str


@immutable
class AppealEnvelope:
    """A command with the appeal that it is about, and the organisation with a seat that gives it, or empty.

    ``group`` is its owner group.
    """

    appeal: str
    command: LodgeAppeal | DrawAppealBody | StateAppealOpinion
    organisation: str = ""
    group: str = ""


def draw_appeal_body(vote: str, appeal: str, group: str, roll: VoteRoll, root: bytes) -> tuple[str, ...]:
    """The groups on the roll that decide an appeal of ``group``: of other houses than its own, if these have five.

    They are ordered by SHA-256 over the root and the canonical JSON of vote, appeal and group, and the first five are
    drawn: nobody can foresee the root of a later log.
    """
    own = roll.houses.get(group)
    elsewhere = [each for each, house in roll.houses.items() if each != group and (own is None or house is not own)]
    others = elsewhere if len(elsewhere) >= BODY_SIZE else [each for each in roll.houses if each != group]

    def order(each: str) -> bytes:
        return hashlib.sha256(root + canonical_json({"appeal": appeal, "group": each, "vote": vote})).digest()

    return tuple(sorted(others, key=order)[:BODY_SIZE])


def find_agreed_verdict(appeal: Appeal) -> AppealVerdict | None:
    """The verdict on which most of the body, and three at least, agree."""
    body = appeal.body or ()
    counts = Counter(each.verdict for each in appeal.opinions if each.group in body)
    needed = max(LEAST_AGREEING, len(body) // 2 + 1)
    return next((verdict for verdict, count in counts.most_common(1) if count >= needed), None)


def decide_appeal(state: Appeal | None, envelope: AppealEnvelope, now: datetime) -> tuple[AppealEvent, ...] | Refusal:
    """The events of a command, or a refusal; ``state`` is None while nothing was lodged.

    Refuses with ``appeal_organisation_needed``, ``appeal_too_late``, ``appeal_lodged_before``, ``appeal_unknown``,
    ``appeal_not_open`` or ``appeal_body_needed``.
    """
    command = envelope.command
    if isinstance(command, LodgeAppeal):
        return _lodge(command, envelope, now) if state is None else ()
    if state is None:
        return Refusal(APPEAL_UNKNOWN, {"id": envelope.appeal[:_LONGEST_ID]}, where="appeal")
    if isinstance(command, DrawAppealBody):
        if state.body is not None or state.stage(now) is not AppealStage.OPEN:
            return ()
        groups = draw_appeal_body(command.vote, state.id, state.group, command.roll, command.root)
        return (AppealBodyDrawn(state.id, command.size, command.root.hex(), groups),)
    if state.stage(now) is not AppealStage.OPEN:
        return Refusal(APPEAL_NOT_OPEN, {"id": state.id}, where="appeal")
    if not envelope.organisation or command.group not in (state.body or ()):
        return Refusal(APPEAL_BODY_NEEDED)
    stated = AppealOpinionStated(state.id, envelope.organisation, command.group, command.verdict, command.reason)
    after = _with_opinion(state, AppealOpinion(command.group, stated.member, stated.verdict, stated.reason))
    verdict = find_agreed_verdict(after)
    if verdict is None:
        return (stated,)
    reasons = dict.fromkeys(each.reason for each in after.opinions if each.verdict is verdict)
    return stated, AppealDecided(state.id, verdict, " · ".join(reasons), now)


def _lodge(command: LodgeAppeal, envelope: AppealEnvelope, now: datetime) -> tuple[AppealEvent, ...] | Refusal:
    if not envelope.organisation:
        return Refusal(APPEAL_ORGANISATION_NEEDED)
    if command.result is None or now >= command.result + command.time_to_appeal:
        return Refusal(APPEAL_TOO_LATE, {"days": command.time_to_appeal.days})
    if (command.matter, command.about) in command.known:
        return Refusal(APPEAL_LODGED_BEFORE)
    lodged = AppealLodged(
        envelope.appeal,
        command.matter,
        command.about,
        envelope.organisation,
        envelope.group,
        command.reason,
        now + command.time_to_decide,
        now,
    )
    return (lodged,)


def evolve_appeal(state: Appeal | None, event: AppealEvent) -> Appeal:
    """The state after an event."""
    if isinstance(event, AppealLodged):
        return Appeal(
            event.appeal, event.matter, event.about, event.by, event.group, event.reason, event.until, event.at
        )
    if state is None:
        msg = f"nothing was lodged before {event}"
        raise ValueError(msg)
    match event:
        case AppealBodyDrawn():
            return replace(state, body=event.groups)
        case AppealOpinionStated():
            return _with_opinion(state, AppealOpinion(event.group, event.member, event.verdict, event.reason))
        case AppealDecided():
            return replace(state, verdict=event.verdict, answer=event.reason, decided=event.at)


def _with_opinion(state: Appeal, opinion: AppealOpinion) -> Appeal:
    others = (each for each in state.opinions if each.group != opinion.group)
    return replace(state, opinions=(*others, opinion))


APPEAL: Aggregate[Appeal | None, AppealEnvelope, AppealEvent] = Aggregate(None, decide_appeal, evolve_appeal)
