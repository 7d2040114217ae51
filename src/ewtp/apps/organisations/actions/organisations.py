"""Change organisations: each action gives one command, which is decided and stored in one transaction."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.accounts.actions.mail import mail_enqueue
from ewtp.apps.decisions.actions.decision import decision_make
from ewtp.apps.decisions.actions.row_locks import RowLocks
from ewtp.apps.organisations.actions.organisation_rows import OrganisationRows
from ewtp.apps.organisations.store import models
from ewtp.apps.organisations.store.projection import organisation_value
from ewtp.core.organisations.commands import (
    AcceptInvitation,
    DeclareHolders,
    Envelope,
    Invite,
    NameUltimateOwner,
    Register,
    RevokeVerification,
    Verify,
)
from ewtp.core.organisations.decisions import ORGANISATION
from ewtp.core.organisations.organisation import IDENTIFIER_SUBJECTS, Organisation, OrganisationKind, Subject
from ewtp.core.organisations.role import Permission, permissions_of
from ewtp.core.organisations.sentences import INVITATION_UNKNOWN, ORGANISATION_UNKNOWN, VERIFICATION_UNKNOWN
from ewtp.core.values.actor import Actor, Capacity
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.row_security import rows_for, system_rows
from ewtp.gateways.fresh_ids import fresh_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from ewtp.apps.accounts.actions.mail import Mail
    from ewtp.core.organisations.commands import OrganisationCommand

PREFIX = "org"


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation that was made; ``secret`` goes into the e-mail, is shown once and is not stored."""

    id: str
    secret: str
    email: str
    organisation: Organisation


@transaction.atomic
def organisation_register(
    *, name: str, kind: str, economy: str, founder: str, actor: Actor, now: datetime
) -> Organisation | Refusal:
    """Register an organisation; ``founder`` becomes its owner, unless it is empty.

    Refuses with ``organisation_name_invalid``, ``organisation_kind_unknown``, ``economy_unknown``, or with
    ``permission_missing`` for an agency that somebody else than the operator registers.
    """
    command = Register(fresh_id(PREFIX, now), name, kind, economy, founder)
    return _decide_command(
        command.id, command, now, actor, system_rows("registration: nobody acts for an organisation yet")
    )


@transaction.atomic
def organisation_change(
    *, organisation: str, command: OrganisationCommand, actor: Actor, now: datetime
) -> Organisation | Refusal:
    """Have a command done; refuses with ``organisation_unknown``, or as core's ``decide`` does."""
    if not actor.is_operator and actor.on_behalf_of != organisation:
        return _unknown(organisation)
    if isinstance(command, NameUltimateOwner) and command.owner and not _exists(command.owner):
        return Refusal(ORGANISATION_UNKNOWN, {"id": command.owner[:40]}, where="ultimate_owner")
    if isinstance(command, DeclareHolders):
        named = [owner for each in command.holders if isinstance(owner := each.get("owner"), str)]
        missing = [owner for owner in named if not _exists(owner)]
        if missing:
            return Refusal(ORGANISATION_UNKNOWN, {"id": missing[0][:40]}, where="holders")
    return _decide_command(organisation, command, now, actor, rows_for(actor))


@transaction.atomic
def member_invite(
    *,
    organisation: str,
    email: str,
    role: str,
    actor: Actor,
    now: datetime,
    compose: Callable[[NewInvitation], Mail] | None = None,
) -> NewInvitation | Refusal:
    """Invite somebody by e-mail, with the mail that ``compose`` makes; without it, the caller passes the secret on."""
    secret = secrets.token_urlsafe(32)
    command = Invite(fresh_id("inv", now), email, role, secret_digest(secret))
    changed = organisation_change(organisation=organisation, command=command, actor=actor, now=now)
    if isinstance(changed, Refusal):
        return changed
    made = next(each for each in changed.invitations if each.id == command.id)
    invitation = NewInvitation(made.id, secret, made.email, changed)
    if compose is not None:
        mail_enqueue(mail=compose(invitation), now=now)
    return invitation


@transaction.atomic
def invitation_accept(*, secret: str, emails: tuple[str, ...], actor: Actor, now: datetime) -> Organisation | Refusal:
    """Make the acting person a member by the secret of an invitation; ``emails`` are those that were confirmed.

    Refuses with ``invitation_unknown``, ``invitation_of_another`` (also where the actor is not a person) or
    ``member_already``.
    """
    digest = secret_digest(secret)
    with system_rows("an invitation is accepted by somebody who is not a member yet"):
        invitation = models.Invitation.objects.select_related("organisation").filter(digest=digest).first()
    if invitation is None:
        return Refusal(INVITATION_UNKNOWN)
    found = invitation.organisation.id
    acting = replace(actor, on_behalf_of=found)
    return _decide_command(
        found, AcceptInvitation(digest, emails), now, acting, system_rows("the new member of an invitation")
    )


@transaction.atomic
def organisation_verify(
    *, organisation: str, subject: str, evidence: str, digest: str, until: date, actor: Actor, now: datetime
) -> Organisation | Refusal:
    """State that something about an organisation was verified: as the operator, a verified authority, or its owner.

    Refuses with ``organisation_unknown``, or as core's ``decide`` does.
    """
    acting, authority_of, speaks = _capacity(actor, now.date())
    held_by = _lock_holders(organisation, subject, now.date())
    command = Verify(fresh_id("ver", now), subject, evidence, digest, until, authority_of, speaks, held_by)
    return _decide_command(
        organisation, command, now, acting, system_rows("a verifier stands outside the organisation")
    )


@transaction.atomic
def verification_revoke(*, verification: str, reason: str, actor: Actor, now: datetime) -> Organisation | Refusal:
    """End a verification before its day, as the operator or as the authority that stated it.

    Refuses with ``verification_unknown``, ``verification_of_another`` or ``revocation_reason_missing``; a second call
    changes nothing.
    """
    with system_rows("a verification is found before it is known whose it is"):
        row = models.Verification.objects.filter(id=verification).first()
    if row is None:
        return Refusal(VERIFICATION_UNKNOWN, {"id": verification[:40]}, where="id")
    command = RevokeVerification(verification, reason)
    return _decide_command(
        row.organisation_id, command, now, actor, system_rows("a verifier stands outside the organisation")
    )


def secret_digest(secret: str) -> str:
    """The SHA-256 digest by which an invitation is found; a long random secret needs no slower hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _capacity(actor: Actor, day: date) -> tuple[Actor, str, bool]:
    """The actor in the capacity of an agency, with its economy, where the acting organisation is a verified one.

    And whether the actor may speak for that organisation: whoever may only read states nothing in its name.
    """
    if actor.is_operator or not actor.on_behalf_of:
        return actor, "", False
    with rows_for(actor):
        row = models.Organisation.objects.filter(id=actor.on_behalf_of).first()
        own = None if row is None else organisation_value(row)
    speaks = own is not None and Permission.TRADE in permissions_of(actor, own.id, own.roles)
    if own is None or not speaks or own.kind is not OrganisationKind.AGENCY:
        return actor, "", speaks
    if own.find_verification(Subject.IDENTITY, day) is None:
        return actor, "", speaks
    return Actor(actor.kind, actor.name, own.id, Capacity.AGENCY, actor.scopes), own.economy, speaks


def _lock_holders(organisation: str, subject: str, day: date) -> tuple[Organisation, ...]:
    """The other organisations for which the identifier ``subject`` of one is verified on a day.

    Until the transaction ends the identifier stays as it is, and no other verification of it is stated: of two at once
    one waits and then finds the other.
    """
    if subject not in IDENTIFIER_SUBJECTS:
        return ()
    locks = RowLocks()
    with system_rows("whether an identifier is verified for somebody else"):
        locks.lock_rows(models.Organisation.objects.filter(id=organisation))
        own = models.Identifier.objects.filter(organisation_id=organisation, scheme=subject).first()
        if own is None:
            return ()
        locks.lock_key("organisations_identifier", own.key)
        same = models.Identifier.objects.filter(key=own.key).exclude(organisation_id=organisation)
        rows = models.Organisation.objects.filter(id__in=same.values("organisation")).order_by("id")
        others = [organisation_value(row) for row in rows]
    return tuple(each for each in others if each.find_verification(Subject(subject), day) is not None)


def _exists(organisation: str) -> bool:
    with system_rows("whether an ultimate owner exists"):
        return models.Organisation.objects.filter(id=organisation).exists()


def _unknown(organisation: str) -> Refusal:
    return Refusal(ORGANISATION_UNKNOWN, {"id": organisation[:40]})


def _decide_command(
    organisation: str, command: OrganisationCommand, now: datetime, actor: Actor, rows: AbstractContextManager[None]
) -> Organisation | Refusal:
    """The organisation after a command; ``rows`` are those that may be touched."""
    envelope = Envelope(organisation, command, actor)
    with rows:
        outcome = decision_make(
            aggregate=ORGANISATION, rows=OrganisationRows(actor), key=organisation, command=envelope, now=now
        )
    if isinstance(outcome, Refusal):
        return outcome
    if outcome.state is None:
        msg = f"{command} left no organisation"
        raise ValueError(msg)
    return outcome.state
