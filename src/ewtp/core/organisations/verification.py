"""Whether somebody may state that something about an organisation was verified."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ewtp.core.organisations import events as happened
from ewtp.core.organisations.identifiers import Scheme
from ewtp.core.organisations.organisation import Organisation, Subject, Verification
from ewtp.core.organisations.sentences import (
    EVIDENCE_MISSING,
    UNTIL_PAST,
    VERIFICATION_OF_ITSELF,
    VERIFICATION_SUBJECT_UNKNOWN,
    VERIFIER_UNENTITLED,
)
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.organisations.commands import Verify
    from ewtp.core.values.actor import Actor

LONGEST_EVIDENCE = 500
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


def verify(
    command: Verify, state: Organisation, now: datetime, actor: Actor
) -> tuple[happened.Verified, ...] | Refusal:
    """The verification as an event; refused to the organisation itself and to whoever is not entitled."""
    if actor.on_behalf_of == state.id:
        return Refusal(VERIFICATION_OF_ITSELF)
    if not actor.is_operator and command.authority_of != state.economy:
        return Refusal(VERIFIER_UNENTITLED, {"economy": state.economy})
    subjects = [each for each in Subject if each.value not in set(Scheme) or each.value in state.identifiers]
    if command.subject not in set(subjects):
        return Refusal(VERIFICATION_SUBJECT_UNKNOWN, {"subjects": subjects}, where="subject")
    evidence = command.evidence.strip()
    if not 0 < len(evidence) <= LONGEST_EVIDENCE or not _DIGEST.match(command.digest):
        return Refusal(EVIDENCE_MISSING, {"most": LONGEST_EVIDENCE}, where="evidence")
    if command.until <= now.date():
        return Refusal(UNTIL_PAST, {"day": now.date()}, where="until")
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
