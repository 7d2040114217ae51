"""An organisation in the tables: read as a value of core, and changed by its events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.organisations.store import models
from ewtp.core.organisations import events as happened
from ewtp.core.organisations.identifier import Identifier, IdentifierCheck, Scheme
from ewtp.core.organisations.organisation import (
    FirmSize,
    Invitation,
    Organisation,
    OrganisationKind,
    Subject,
    Verification,
)
from ewtp.core.organisations.role import Role
from ewtp.core.organisations.shareholder import Shareholder
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.organisations.events import AnyOrganisationEvent


def organisation_value(row: models.Organisation) -> Organisation:
    """The organisation of a row, with all that belongs to it."""
    return Organisation(
        id=row.id,
        name=row.name,
        kind=OrganisationKind(row.kind),
        economy=row.economy,
        roles={each.person: Role(each.role) for each in row.members.order_by("id")},
        invitations=tuple(
            Invitation(each.id, each.email, Role(each.role), each.digest, each.expires)
            for each in row.invitations.order_by("id")
        ),
        identifiers={Scheme(each.scheme): identifier_value(each) for each in row.identifiers.order_by("scheme")},
        size=size_value(row),
        ultimate_owner=row.ultimate_owner,
        holders=shareholders_value(row),
        verifications=tuple(verification_value(each) for each in row.verifications.order_by("number")),
        second_factor=row.second_factor,
    )


def identifier_value(row: models.Identifier) -> Identifier:
    """The identifier of a row."""
    return Identifier(Scheme(row.scheme), row.value, IdentifierCheck(row.check_made))


def verification_value(row: models.Verification) -> Verification:
    """The verification of a row."""
    return Verification(
        id=row.id,
        subject=Subject(row.subject),
        by=row.by,
        by_organisation=row.by_organisation,
        evidence=row.evidence,
        digest=row.digest,
        at=row.at,
        until=row.until,
        ended=row.ended,
        reason=row.reason,
    )


def size_value(row: models.Organisation) -> FirmSize | None:
    """The size that a row declares."""
    if row.employees is None or row.turnover_eur is None or row.balance_sheet_eur is None:
        return None
    return FirmSize(row.employees, row.turnover_eur, row.balance_sheet_eur)


def shareholders_value(row: models.Organisation) -> tuple[Shareholder, ...]:
    """Who holds the organisation of a row."""
    return tuple(Shareholder(each["owner"], each["share"]) for each in row.holders)


def event_store(organisation: str, event: AnyOrganisationEvent, now: datetime) -> None:
    """Write what an event changes; the row of the organisation is locked, unless the event makes it."""
    rows = models.Organisation.objects.filter(id=organisation)
    match event:
        case happened.Registered(identity, name, kind, economy):
            models.Organisation.objects.create(id=identity, name=name, kind=kind, economy=economy)
        case happened.Renamed(name):
            rows.update(name=name)
        case happened.SizeDeclared(size):
            rows.update(
                employees=size.employees, turnover_eur=size.turnover_eur, balance_sheet_eur=size.balance_sheet_eur
            )
        case happened.UltimateOwnerNamed(owner):
            rows.update(ultimate_owner=owner)
        case happened.HoldersDeclared(holders):
            rows.update(holders=[{"owner": each.owner, "share": each.share} for each in holders])
        case happened.SecondFactorAsked(asked):
            rows.update(second_factor=asked)
        case happened.MemberJoined(person, role):
            models.Member.objects.create(organisation_id=organisation, person=person, role=role, since=now)
        case happened.RoleChanged(person, role):
            models.Member.objects.filter(organisation_id=organisation, person=person).update(role=role)
        case happened.MemberLeft(person):
            models.Member.objects.filter(organisation_id=organisation, person=person).delete()
        case _:
            _store_belonging(organisation, event)


def _store_belonging(organisation: str, event: AnyOrganisationEvent) -> None:
    rows = models.Organisation.objects.filter(id=organisation)
    match event:
        case happened.Invited(made):
            models.Invitation.objects.create(
                id=made.id,
                organisation_id=organisation,
                email=made.email,
                role=made.role,
                digest=made.digest,
                expires=made.expires,
            )
        case happened.InvitationClosed(identity) | happened.InvitationExpired(identity):
            models.Invitation.objects.filter(organisation_id=organisation, id=identity).delete()
        case happened.IdentifierAdded(identifier):
            models.Identifier.objects.create(
                organisation_id=organisation,
                scheme=identifier.scheme,
                value=identifier.value,
                check_made=identifier.check,
                key=identifier.key(rows.get().economy),
            )
        case happened.IdentifierRemoved(scheme):
            models.Identifier.objects.filter(organisation_id=organisation, scheme=scheme).delete()
            models.Verification.objects.filter(organisation_id=organisation, subject=scheme).delete()
        case happened.Verified(stated):
            models.Verification.objects.create(
                id=stated.id,
                organisation_id=organisation,
                subject=stated.subject,
                by=stated.by,
                by_organisation=stated.by_organisation,
                evidence=stated.evidence,
                digest=stated.digest,
                at=stated.at,
                until=stated.until,
            )
        case happened.VerificationRevoked(identity, ended, reason):
            models.Verification.objects.filter(id=identity).update(ended=ended, reason=reason)
        case happened.VerificationLapsed(identity, ended):
            models.Verification.objects.filter(id=identity).update(ended=ended)
        case happened.VerificationOutdated(identity, ended):
            with system_rows("an organisation ends a verification of itself by changing what it states, and not else"):
                models.Verification.objects.filter(id=identity).update(ended=ended)
