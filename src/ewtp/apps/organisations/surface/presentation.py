"""What the pages of an organisation show, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from ewtp.apps.accounts.reading.addresses import emails_of
from ewtp.apps.accounts.reading.scopes import ORGANISATION_SCOPES
from ewtp.apps.accounts.reading.tokens import organisation_tokens
from ewtp.apps.organisations.reading.organisation_list import organisation_seat
from ewtp.core.organisations.events import OrganisationEvent
from ewtp.core.organisations.house import House
from ewtp.core.organisations.identifier import Scheme
from ewtp.core.organisations.organisation import OrganisationKind, Subject
from ewtp.core.organisations.role import Permission, Role, permissions_of
from ewtp.core.values.actor import ActorKind, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ewtp.apps.log.reading.event_trail import RecordedEvent
    from ewtp.core.organisations.organisation import Organisation
    from ewtp.core.values.actor import Actor


def role_names() -> dict[Role, str]:
    """The roles as a reader knows them."""
    return {
        Role.OWNER: gettext("Owner"),
        Role.ADMINISTRATOR: gettext("Administrator"),
        Role.TRADER: gettext("Trader"),
        Role.VIEWER: gettext("Viewer"),
    }


def kind_names() -> dict[OrganisationKind, str]:
    """The kinds of organisation as a reader knows them."""
    return {
        OrganisationKind.FIRM: gettext("Firm"),
        OrganisationKind.CIVIL_SOCIETY: gettext("Consumers or civil society"),
        OrganisationKind.AGENCY: gettext("Agency or authority"),
    }


def house_names() -> dict[House, str]:
    """The houses as a reader knows them."""
    return {
        House.SMALL_FIRM: gettext("Small firms"),
        House.CIVIL_SOCIETY: gettext("Consumers and civil society"),
        House.GOVERNMENT: gettext("Government"),
        House.LARGE_FIRM: gettext("Large firms"),
    }


def scheme_names() -> dict[Scheme, str]:
    """The schemes of identifiers as a reader knows them."""
    return {
        Scheme.LEI: "LEI",
        Scheme.VAT: gettext("VAT number"),
        Scheme.EORI: "EORI",
        Scheme.COMPANY_NUMBER: gettext("Company number"),
    }


def subject_name(subject: Subject) -> str:
    """What was verified, as a reader knows it."""
    if subject is Subject.IDENTITY:
        return gettext("Identity")
    if subject is Subject.HOLDERS:
        return gettext("Holders of a quarter or more")
    if subject is Subject.OWNER:
        return gettext("Ultimate owner")
    return gettext("Size") if subject is Subject.SIZE else scheme_names()[Scheme(subject.value)]


def event_names() -> dict[str, str]:
    """What can happen to an organisation, as a reader knows it."""
    return {
        OrganisationEvent.REGISTERED: gettext("Registered"),
        OrganisationEvent.RENAMED: gettext("Renamed"),
        OrganisationEvent.SIZE_DECLARED: gettext("Size declared"),
        OrganisationEvent.ULTIMATE_OWNER_NAMED: gettext("Ultimate owner named"),
        OrganisationEvent.HOLDERS_DECLARED: gettext("Holders declared"),
        OrganisationEvent.SECOND_FACTOR_ASKED: gettext("Second factor asked of members, or no longer"),
        OrganisationEvent.IDENTIFIER_ADDED: gettext("Identifier added"),
        OrganisationEvent.IDENTIFIER_REMOVED: gettext("Identifier removed"),
        OrganisationEvent.INVITED: gettext("Somebody invited"),
        OrganisationEvent.INVITATION_CLOSED: gettext("Invitation used or withdrawn"),
        OrganisationEvent.INVITATION_EXPIRED: gettext("Invitation expired"),
        OrganisationEvent.MEMBER_JOINED: gettext("Member joined"),
        OrganisationEvent.ROLE_CHANGED: gettext("Role changed"),
        OrganisationEvent.MEMBER_LEFT: gettext("Member left"),
        OrganisationEvent.VERIFIED: gettext("Verification stated"),
        OrganisationEvent.VERIFICATION_REVOKED: gettext("Verification revoked"),
        OrganisationEvent.VERIFICATION_LAPSED: gettext("Verification lapsed"),
        OrganisationEvent.VERIFICATION_OUTDATED: gettext("Verification ended by a change"),
    }


def unreadable_day() -> str:
    """The problem of a field whose text is not a day."""
    return gettext("Write the day as year, month and day: 2027-06-30.")


def event_rows(events: Sequence[RecordedEvent]) -> list[tuple[RecordedEvent, str, str]]:
    """Each event with its name and who did it: the address of a person, and the label of anything else."""
    names, start = event_names(), f"{ActorKind.PERSON}:"
    emails = emails_of({each.actor.removeprefix(start) for each in events if each.actor.startswith(start)})
    return [
        (each, names.get(each.kind, each.kind), emails.get(each.actor.removeprefix(start), each.actor))
        for each in events
    ]


def scope_names() -> dict[Scope, str]:
    """What a token may do, as a reader knows it."""
    names = {
        Scope.READ: gettext("Read"),
        Scope.WRITE: gettext("Trade, file and propose"),
        Scope.ADMINISTER: gettext("Change the organisation, its members and tokens"),
    }
    return {scope: names[scope] for scope in ORGANISATION_SCOPES}


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as the page shows one; ``own`` where it is the reader."""

    person: str
    email: str
    role: Role
    role_name: str
    own: bool


def organisation_context(organisation: Organisation, actor: Actor, day: date) -> dict[str, Any]:
    """The context of an organisation's page, as far as the actor may see it."""
    allowed = permissions_of(actor, organisation.id, organisation.roles)
    emails, names = emails_of(organisation.roles), role_names()
    seat = organisation_seat(organisation, day)
    manages_members = Permission.MANAGE_MEMBERS in allowed
    return {
        "organisation": organisation,
        "kind_name": kind_names()[organisation.kind],
        "seat": seat,
        "house_name": house_names()[seat.house] if seat else "",
        "members": [
            MemberRow(person, emails.get(person, person), role, names[role], person == actor.name)
            for person, role in organisation.roles.items()
        ],
        "invitations": [(each, names[each.role]) for each in organisation.invitations] if manages_members else [],
        "identifiers": [(each, scheme_names()[each.scheme]) for each in organisation.identifiers.values()],
        "verifications": [(each, subject_name(each.subject), each.holds(day)) for each in organisation.verifications],
        "holders": "; ".join(f"{each.owner} {each.percent}" for each in organisation.holders),
        "tokens": organisation_tokens(actor),
        "roles": names.items(),
        # A new member has the least unless somebody chooses more.
        "roles_from_least": list(names.items())[::-1],
        "schemes": scheme_names().items(),
        "scopes": scope_names().items(),
        "is_firm": organisation.kind is OrganisationKind.FIRM,
        "may_manage_members": manages_members,
        "may_manage_details": Permission.MANAGE_DETAILS in allowed,
        "may_manage_tokens": Permission.MANAGE_TOKENS in allowed,
    }
