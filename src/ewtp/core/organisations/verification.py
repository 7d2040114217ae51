"""Verifications: who may state and revoke one, and when it lapses."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from ewtp.core.jobs.sentences import TIMER_NOT_DUE
from ewtp.core.organisations import events as happened
from ewtp.core.organisations.identifier import Scheme
from ewtp.core.organisations.organisation import Organisation, Subject, Verification
from ewtp.core.organisations.sentences import (
    EVIDENCE_MISSING,
    IDENTIFIER_OF_ANOTHER,
    OWNER_CONFIRMS,
    REVOCATION_REASON_MISSING,
    UNTIL_PAST,
    VERIFICATION_OF_ANOTHER,
    VERIFICATION_OF_ITSELF,
    VERIFICATION_SUBJECT_UNKNOWN,
    VERIFICATION_UNKNOWN,
    VERIFIER_UNENTITLED,
)
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.organisations.commands import LapseVerification, RevokeVerification, Verify
    from ewtp.core.values.actor import Actor

LONGEST_EVIDENCE = 500
LONGEST_REASON = 200
_LONGEST_ID = 40
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


def verify(
    command: Verify, state: Organisation, now: datetime, actor: Actor
) -> tuple[happened.Verified, ...] | Refusal:
    """The verification as an event; refused to the organisation itself and to whoever is not entitled."""
    if actor.on_behalf_of == state.id:
        return Refusal(VERIFICATION_OF_ITSELF)
    is_owner = bool(actor.on_behalf_of) and actor.on_behalf_of == state.ultimate_owner
    if command.subject == Subject.OWNER and state.ultimate_owner:
        # An authority could else put anybody of another economy under one of its own firms.
        if not actor.is_operator and not (is_owner and command.speaks):
            return Refusal(OWNER_CONFIRMS, {"owner": state.ultimate_owner})
    elif not actor.is_operator and command.authority_of != state.economy:
        return Refusal(VERIFIER_UNENTITLED, {"economy": state.economy})
    subjects = [each for each in Subject if _can_be_verified(each, state)]
    if command.subject not in set(subjects):
        return Refusal(VERIFICATION_SUBJECT_UNKNOWN, {"subjects": subjects}, where="subject")
    evidence = command.evidence.strip()
    if not 0 < len(evidence) <= LONGEST_EVIDENCE or not _DIGEST.match(command.digest):
        return Refusal(EVIDENCE_MISSING, {"most": LONGEST_EVIDENCE}, where="evidence")
    if command.until <= now.date():
        return Refusal(UNTIL_PAST, {"day": now.date()}, where="until")
    strangers = [each for each in command.held_by if not state.is_one_group_with(each, now.date())]
    if strangers:
        # Else one firm would have as many votes as organisations.
        holder = min(each.id for each in strangers)
        return Refusal(IDENTIFIER_OF_ANOTHER, {"scheme": command.subject, "holder": holder}, where="subject")
    stated = Verification(
        command.id,
        Subject(command.subject),
        actor.label,
        actor.on_behalf_of,
        evidence,
        command.digest,
        now,
        command.until,
    )
    return (happened.Verified(stated),)


def outdate_verifications(
    state: Organisation, now: datetime, *subjects: Subject
) -> tuple[happened.VerificationOutdated, ...]:
    """The ends of the verifications of these subjects that are in force, because what they state is another now."""
    ended = (each for each in state.verifications if each.subject in subjects and each.ended is None)
    return tuple(happened.VerificationOutdated(each.id, now) for each in ended)


def _can_be_verified(subject: Subject, state: Organisation) -> bool:
    """Whether the organisation has what is verified: an identifier, an owner; it always has an identity."""
    if subject is Subject.OWNER:
        return bool(state.ultimate_owner)
    if subject is Subject.HOLDERS:
        return bool(state.holders)
    return subject.value not in set(Scheme) or subject.value in state.identifiers


def revoke_verification(
    command: RevokeVerification, state: Organisation, now: datetime, actor: Actor
) -> tuple[happened.VerificationRevoked, ...] | Refusal:
    """The end of a verification as an event, none where it has ended; whoever stated it and the operator revoke it."""
    held = _find(state, command.id)
    if held is None:
        return Refusal(VERIFICATION_UNKNOWN, {"id": command.id[:_LONGEST_ID]}, where="id")
    if not actor.is_operator and (not actor.on_behalf_of or actor.on_behalf_of != held.by_organisation):
        return Refusal(VERIFICATION_OF_ANOTHER)
    reason = command.reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON or not reason.isprintable():
        return Refusal(REVOCATION_REASON_MISSING, {"most": LONGEST_REASON}, where="reason")
    return () if held.ended is not None else (happened.VerificationRevoked(held.id, now, reason),)


def lapse_verification(
    command: LapseVerification, state: Organisation, now: datetime
) -> tuple[happened.VerificationLapsed, ...] | Refusal:
    """The end of a verification after its last day as an event, none where it is gone or has ended."""
    held = _find(state, command.id)
    if held is None or held.ended is not None:
        return ()
    end = lapse_moment(held.until)
    return Refusal(TIMER_NOT_DUE) if now < end else (happened.VerificationLapsed(held.id, end),)


def lapse_moment(until: date) -> datetime:
    """When a verification is over whose last day is ``until``; days are those of UTC."""
    return datetime.combine(until + timedelta(days=1), time(), UTC)


def _find(state: Organisation, identity: str) -> Verification | None:
    return next((each for each in state.verifications if each.id == identity), None)
