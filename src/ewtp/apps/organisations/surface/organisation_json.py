"""Organisations, members, verifications and tokens as the API writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.organisations.reading.organisation_list import organisation_seat

if TYPE_CHECKING:
    from datetime import date

    from ewtp.apps.accounts.reading.tokens import Token
    from ewtp.apps.log.reading.event_trail import RecordedEvent
    from ewtp.core.organisations.organisation import Invitation, Organisation, Verification


def organisation_json(organisation: Organisation, day: date) -> dict[str, Any]:
    """An organisation, with its house on a day."""
    seat = organisation_seat(organisation, day)
    size = organisation.size
    return {
        "id": organisation.id,
        "name": organisation.name,
        "kind": organisation.kind,
        "economy": organisation.economy,
        "identifiers": [
            {"scheme": each.scheme, "value": each.value, "check": each.check}
            for each in organisation.identifiers.values()
        ],
        "size": None
        if size is None
        else {
            "employees": size.employees,
            "turnover_eur": str(size.turnover_eur),
            "balance_sheet_eur": str(size.balance_sheet_eur),
        },
        "ultimate_owner": organisation.ultimate_owner or None,
        "holders": [{"owner": each.owner, "share": each.percent} for each in organisation.holders],
        "house": None if seat is None else {"name": seat.house, "verified": seat.verified},
        "verifications": [verification_json(each, organisation.id) for each in organisation.verifications],
    }


def verification_json(verification: Verification, organisation: str) -> dict[str, Any]:
    """Who verified what, on what evidence, until when."""
    return {
        "id": verification.id,
        "organisation": organisation,
        "subject": verification.subject,
        "by": verification.by,
        "by_organisation": verification.by_organisation or None,
        "evidence": verification.evidence,
        "sha256": verification.digest,
        "at": verification.at.isoformat(),
        "until": verification.until.isoformat(),
        "ended": verification.ended.isoformat() if verification.ended else None,
        "reason": verification.reason or None,
    }


def members_json(organisation: Organisation) -> dict[str, Any]:
    """The members of an organisation, and the invitations that are still open."""
    return {
        "organisation": organisation.id,
        "members": [{"person": person, "role": role} for person, role in organisation.roles.items()],
        "invitations": [invitation_json(each) for each in organisation.invitations],
    }


def invitation_json(invitation: Invitation) -> dict[str, Any]:
    """An open invitation, without its secret."""
    return {
        "id": invitation.id,
        "email": invitation.email,
        "role": invitation.role,
        "expires": invitation.expires.isoformat(),
    }


def token_json(token: Token) -> dict[str, Any]:
    """A token without its secret."""
    return {
        "prefix": token.prefix,
        "name": token.name,
        "organisation": token.organisation or None,
        "scopes": list(token.scopes),
        "made_by": token.made_by or None,
        "created": token.created.isoformat(),
        "last_used": token.last_used.isoformat() if token.last_used else None,
        "revoked": token.revoked.isoformat() if token.revoked else None,
    }


def history_json(event: RecordedEvent) -> dict[str, Any]:
    """An event about an organisation; ``index`` is the number of its entry in the log, null while it waits for one."""
    facts = dict(event.payload)
    if "invitation" in facts:
        # What it is found by is nobody's to read.
        facts["invitation"] = {name: value for name, value in facts["invitation"].items() if name != "digest"}
    return {"index": event.index, "at": event.at.isoformat(), "kind": event.kind, "actor": event.actor, "facts": facts}
