"""What happened to an organisation, and the state after it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from ewtp.core.log.event import EventKind, EventPayload
from ewtp.core.organisations.organisation import Invitation, Organisation, OrganisationKind, Verification
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.organisations.identifier import Identifier, Scheme
    from ewtp.core.organisations.organisation import FirmSize
    from ewtp.core.organisations.role import Role
    from ewtp.core.organisations.shareholder import Shareholder


class OrganisationEvent(EventKind):
    """What can happen to an organisation."""

    REGISTERED = "organisations:organisation:registered"
    RENAMED = "organisations:organisation:renamed"
    SIZE_DECLARED = "organisations:size:declared"
    ULTIMATE_OWNER_NAMED = "organisations:owner:named"
    HOLDERS_DECLARED = "organisations:holders:declared"
    SECOND_FACTOR_ASKED = "organisations:second_factor:asked"
    IDENTIFIER_ADDED = "organisations:identifier:added"
    IDENTIFIER_REMOVED = "organisations:identifier:removed"
    INVITED = "organisations:invitation:made"
    INVITATION_CLOSED = "organisations:invitation:closed"
    MEMBER_JOINED = "organisations:member:joined"
    ROLE_CHANGED = "organisations:role:changed"
    MEMBER_LEFT = "organisations:member:left"
    INVITATION_EXPIRED = "organisations:invitation:expired"
    VERIFIED = "organisations:verification:stated"
    VERIFICATION_REVOKED = "organisations:verification:revoked"
    VERIFICATION_LAPSED = "organisations:verification:lapsed"
    VERIFICATION_OUTDATED = "organisations:verification:outdated"


@immutable
class Registered(EventPayload):
    """An organisation was founded."""

    kind: ClassVar = OrganisationEvent.REGISTERED
    id: str
    name: str
    organisation_kind: OrganisationKind
    economy: str


@immutable
class Renamed(EventPayload):
    """It has another name."""

    kind: ClassVar = OrganisationEvent.RENAMED
    name: str


@immutable
class SizeDeclared(EventPayload):
    """It declared its size."""

    kind: ClassVar = OrganisationEvent.SIZE_DECLARED
    size: FirmSize


@immutable
class UltimateOwnerNamed(EventPayload):
    """Its ultimate owner is another one, or none."""

    kind: ClassVar = OrganisationEvent.ULTIMATE_OWNER_NAMED
    owner: str


@immutable
class HoldersDeclared(EventPayload):
    """It declared who has a quarter to half of it."""

    kind: ClassVar = OrganisationEvent.HOLDERS_DECLARED
    holders: tuple[Shareholder, ...]


@immutable
class SecondFactorAsked(EventPayload):
    """It asks its members for a second factor, or no longer."""

    kind: ClassVar = OrganisationEvent.SECOND_FACTOR_ASKED
    asked: bool


@immutable
class IdentifierAdded(EventPayload):
    """It has an identifier more."""

    kind: ClassVar = OrganisationEvent.IDENTIFIER_ADDED
    identifier: Identifier


@immutable
class IdentifierRemoved(EventPayload):
    """It has an identifier less, and the verifications of it ended."""

    kind: ClassVar = OrganisationEvent.IDENTIFIER_REMOVED
    scheme: Scheme


@immutable
class Invited(EventPayload):
    """Somebody was invited."""

    kind: ClassVar = OrganisationEvent.INVITED
    invitation: Invitation


@immutable
class InvitationClosed(EventPayload):
    """An invitation was used or withdrawn."""

    kind: ClassVar = OrganisationEvent.INVITATION_CLOSED
    id: str


@immutable
class InvitationExpired(EventPayload):
    """The time of an invitation was over before anybody accepted it."""

    kind: ClassVar = OrganisationEvent.INVITATION_EXPIRED
    id: str


@immutable
class MemberJoined(EventPayload):
    """A person is a member, in this role."""

    kind: ClassVar = OrganisationEvent.MEMBER_JOINED
    person: str
    role: Role


@immutable
class RoleChanged(EventPayload):
    """A member has another role."""

    kind: ClassVar = OrganisationEvent.ROLE_CHANGED
    person: str
    role: Role


@immutable
class MemberLeft(EventPayload):
    """A person is no longer a member."""

    kind: ClassVar = OrganisationEvent.MEMBER_LEFT
    person: str


@immutable
class Verified(EventPayload):
    """Something about it was verified."""

    kind: ClassVar = OrganisationEvent.VERIFIED
    verification: Verification


@immutable
class VerificationRevoked(EventPayload):
    """Whoever stated a verification took it back at ``ended``."""

    kind: ClassVar = OrganisationEvent.VERIFICATION_REVOKED
    id: str
    ended: datetime
    reason: str


@immutable
class VerificationLapsed(EventPayload):
    """The last day of a verification was over at ``ended``."""

    kind: ClassVar = OrganisationEvent.VERIFICATION_LAPSED
    id: str
    ended: datetime


@immutable
class VerificationOutdated(EventPayload):
    """What was verified became another at ``ended``: the name, the size, the owner or the holders."""

    kind: ClassVar = OrganisationEvent.VERIFICATION_OUTDATED
    id: str
    ended: datetime


AnyOrganisationEvent = (
    Registered
    | Renamed
    | SizeDeclared
    | UltimateOwnerNamed
    | HoldersDeclared
    | SecondFactorAsked
    | IdentifierAdded
    | IdentifierRemoved
    | Invited
    | InvitationClosed
    | InvitationExpired
    | MemberJoined
    | RoleChanged
    | MemberLeft
    | Verified
    | VerificationRevoked
    | VerificationLapsed
    | VerificationOutdated
)


def evolve_organisation(state: Organisation | None, event: AnyOrganisationEvent) -> Organisation:  # noqa: C901, PLR0912 - one case an event
    """The state after an event; ``state`` is None before the first, which is ``Registered``."""
    if isinstance(event, Registered):
        return Organisation(event.id, event.name, event.organisation_kind, event.economy)
    if state is None:
        msg = f"nothing was registered before {event}"
        raise ValueError(msg)
    match event:
        case Renamed(name):
            return replace(state, name=name)
        case SizeDeclared(size):
            return replace(state, size=size)
        case UltimateOwnerNamed(owner):
            return replace(state, ultimate_owner=owner)
        case HoldersDeclared(holders):
            return replace(state, holders=holders)
        case SecondFactorAsked(asked):
            return replace(state, second_factor=asked)
        case MemberJoined(person, role) | RoleChanged(person, role):
            return replace(state, roles={**state.roles, person: role})
        case MemberLeft(person):
            return replace(state, roles={each: role for each, role in state.roles.items() if each != person})
        case Invited(invitation):
            return replace(state, invitations=(*state.invitations, invitation))
        case InvitationClosed(identity) | InvitationExpired(identity):
            return replace(state, invitations=tuple(each for each in state.invitations if each.id != identity))
        case Verified(verification):
            return replace(state, verifications=(*state.verifications, verification))
        case VerificationRevoked(identity, ended, reason):
            return _end_verification(state, identity, ended, reason)
        case VerificationLapsed(identity, ended) | VerificationOutdated(identity, ended):
            return _end_verification(state, identity, ended, "")
        case IdentifierAdded(identifier):
            return replace(state, identifiers={**state.identifiers, identifier.scheme: identifier})
        case IdentifierRemoved(scheme):
            return replace(
                state,
                identifiers={each: held for each, held in state.identifiers.items() if each is not scheme},
                verifications=tuple(each for each in state.verifications if each.subject != scheme.value),
            )


def _end_verification(state: Organisation, identity: str, ended: datetime, reason: str) -> Organisation:
    """The organisation with a verification that has ended."""
    verifications = (
        replace(each, ended=ended, reason=reason) if each.id == identity else each for each in state.verifications
    )
    return replace(state, verifications=tuple(verifications))
