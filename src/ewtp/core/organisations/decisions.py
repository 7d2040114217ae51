"""What a command does to an organisation: events, or the reason why nothing happens."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from ewtp.core.jobs.sentences import TIMER_NOT_DUE
from ewtp.core.organisations import events as happened
from ewtp.core.organisations.commands import (
    AcceptInvitation,
    AddIdentifier,
    AskSecondFactor,
    ChangeRole,
    DeclareHolders,
    DeclareSize,
    Envelope,
    ExpireInvitation,
    Invite,
    LapseVerification,
    NameUltimateOwner,
    OrganisationCommand,
    Register,
    RemoveIdentifier,
    RemoveMember,
    Rename,
    RevokeVerification,
    Verify,
    WithdrawInvitation,
)
from ewtp.core.organisations.events import AnyOrganisationEvent, evolve_organisation
from ewtp.core.organisations.identifier import Scheme
from ewtp.core.organisations.identifiers import read_identifier
from ewtp.core.organisations.organisation import (
    IDENTIFIER_SUBJECTS,
    FirmSize,
    Invitation,
    Organisation,
    OrganisationKind,
    Subject,
)
from ewtp.core.organisations.role import Permission, Role, permissions_of
from ewtp.core.organisations.sentences import (
    IDENTIFIER_TWICE,
    IDENTIFIER_UNKNOWN,
    INVITATION_ADDRESS_INVALID,
    INVITATION_OF_ANOTHER,
    INVITATION_UNKNOWN,
    MEMBER_ALREADY,
    MEMBER_UNKNOWN,
    ORGANISATION_KIND_UNKNOWN,
    ORGANISATION_NAME_INVALID,
    ORGANISATION_UNKNOWN,
    OWNER_CIRCULAR,
    OWNER_LAST,
    OWNER_NEEDED,
    PERMISSION_MISSING,
    ROLE_UNKNOWN,
    SIZE_UNREADABLE,
)
from ewtp.core.organisations.shareholder import read_shareholders
from ewtp.core.organisations.verification import (
    lapse_verification,
    outdate_verifications,
    revoke_verification,
    verify,
)
from ewtp.core.values.actor import Actor, ActorKind, Scope
from ewtp.core.values.aggregate import Aggregate
from ewtp.core.values.codes import parse_economy
from ewtp.core.values.ids import is_id
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

LONGEST_NAME = 200
LONGEST_EMAIL = 254
INVITATION_LIFETIME = timedelta(days=14)
# No firm has this many employees or euros.
_MOST = 10**15
_EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+\Z")

_LONGEST_ID = 40
OrganisationDecision = tuple[AnyOrganisationEvent, ...] | Refusal


def decide_organisation(state: Organisation | None, envelope: Envelope, now: datetime) -> OrganisationDecision:
    """The events that a command causes at ``now``, or a refusal; ``state`` is None while nothing was registered.

    Nothing happens where there is no such organisation (``organisation_unknown``), where an actor lacks the permission
    (``permission_missing``), or where something does not fit the state.
    """
    command, actor = envelope.command, envelope.actor
    if isinstance(command, Register):
        return _register(command, actor) if state is None else ()
    if state is None:
        return Refusal(ORGANISATION_UNKNOWN, {"id": envelope.organisation[:_LONGEST_ID]})
    if isinstance(command, ExpireInvitation | LapseVerification) and not actor.is_operator:
        # Only the system itself looks at the clock.
        return Refusal(PERMISSION_MISSING, {"permission": Scope.OPERATE})
    needed = None if _needs_none(command, actor) else _NEEDED.get(type(command))
    if needed is not None and needed not in permissions_of(actor, state.id, state.roles):
        return Refusal(PERMISSION_MISSING, {"permission": needed})
    return _answer(command, state, now, actor)


# Whoever verifies stands outside the organisation, and an invitation is accepted by somebody who is not a member yet.
_NEEDED: dict[type, Permission] = {
    Rename: Permission.MANAGE_DETAILS,
    DeclareSize: Permission.MANAGE_DETAILS,
    NameUltimateOwner: Permission.MANAGE_DETAILS,
    DeclareHolders: Permission.MANAGE_DETAILS,
    AddIdentifier: Permission.MANAGE_DETAILS,
    RemoveIdentifier: Permission.MANAGE_DETAILS,
    AskSecondFactor: Permission.MANAGE_MEMBERS,
    Invite: Permission.MANAGE_MEMBERS,
    WithdrawInvitation: Permission.MANAGE_MEMBERS,
    ChangeRole: Permission.MANAGE_MEMBERS,
    RemoveMember: Permission.MANAGE_MEMBERS,
}


def _needs_none(command: OrganisationCommand, actor: Actor) -> bool:
    """Whether a member leaves, for which nobody needs a permission."""
    return isinstance(command, RemoveMember) and actor.kind is ActorKind.PERSON and actor.name == command.person


def _register(command: Register, actor: Actor) -> OrganisationDecision:
    refusals = []
    name = _name(command.name)
    if isinstance(name, Refusal):
        refusals.append(name)
    if command.kind not in set(OrganisationKind):
        refusals.append(Refusal(ORGANISATION_KIND_UNKNOWN, {"kinds": [*OrganisationKind]}, where="kind"))
    economy = parse_economy(command.economy)
    if isinstance(economy, Refusal):
        refusals.append(economy.under("economy"))
    if isinstance(name, Refusal) or isinstance(economy, Refusal) or refusals:
        return Refusal.join(refusals)
    kind = OrganisationKind(command.kind)
    if kind is OrganisationKind.AGENCY and not actor.is_operator:
        return Refusal(PERMISSION_MISSING, {"permission": "register_agency"}, where="kind")
    registered = happened.Registered(command.id, name, kind, economy)
    return (registered, happened.MemberJoined(command.founder, Role.OWNER)) if command.founder else (registered,)


def _name(text: object) -> str | Refusal:
    name = " ".join(text.split()) if isinstance(text, str) else ""
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        return Refusal(ORGANISATION_NAME_INVALID, {"most": LONGEST_NAME}, where="name")
    return name


@singledispatch
def _answer(command: Any, state: Organisation, now: datetime, actor: Actor) -> OrganisationDecision:
    raise TypeError(command, state, now, actor)


@_answer.register(Rename)
def _rename(command: Rename, state: Organisation, now: datetime, _actor: Actor) -> OrganisationDecision:
    name = _name(command.name)
    if isinstance(name, Refusal):
        return name
    # Else anybody would be verified under the name of somebody else.
    return () if name == state.name else (happened.Renamed(name), *outdate_verifications(state, now, Subject.IDENTITY))


@_answer.register(DeclareSize)
def _declare_size(command: DeclareSize, state: Organisation, now: datetime, _actor: Actor) -> OrganisationDecision:
    given = (command.employees, command.turnover_eur, command.balance_sheet_eur)
    whole = [each for each in given if isinstance(each, int) and not isinstance(each, bool) and 0 <= each < _MOST]
    if len(whole) < len(given):
        return Refusal(SIZE_UNREADABLE, where="size")
    size = FirmSize(*whole)
    # Else a large firm would sit among the small ones by declaring another size than the verified one.
    return () if size == state.size else (happened.SizeDeclared(size), *outdate_verifications(state, now, Subject.SIZE))


@_answer.register(NameUltimateOwner)
def _name_ultimate_owner(
    command: NameUltimateOwner, state: Organisation, now: datetime, _actor: Actor
) -> OrganisationDecision:
    if command.owner == state.id or (command.owner and not is_id(command.owner, "org")):
        return Refusal(OWNER_CIRCULAR, where="ultimate_owner")
    if command.owner == state.ultimate_owner:
        return ()
    # Whoever leaves a group is verified again and waits again; else one owner would have many votes on the next day.
    # Its identifiers are too, since it may share them with the group that it leaves. A group whose confirmation has
    # ended is left no less.
    was_confirmed = any(each.subject is Subject.OWNER for each in state.verifications)
    leaves = (Subject.OWNER, Subject.IDENTITY, *IDENTIFIER_SUBJECTS) if was_confirmed else (Subject.OWNER,)
    return (happened.UltimateOwnerNamed(command.owner), *outdate_verifications(state, now, *leaves))


@_answer.register(DeclareHolders)
def _declare_holders(
    command: DeclareHolders, state: Organisation, now: datetime, _actor: Actor
) -> OrganisationDecision:
    read = read_shareholders(command.holders, state.id)
    if isinstance(read, Refusal) or read == state.holders:
        return read if isinstance(read, Refusal) else ()
    # Else whoever is about to be seen as part of a bloc would declare that nobody holds it any more, and vote on.
    is_left = bool({each.owner for each in state.find_holders(now.date())} - {each.owner for each in read})
    ended = (Subject.HOLDERS, Subject.IDENTITY) if is_left else (Subject.HOLDERS,)
    return (happened.HoldersDeclared(read), *outdate_verifications(state, now, *ended))


@_answer.register(AskSecondFactor)
def _ask_second_factor(
    command: AskSecondFactor, state: Organisation, _now: datetime, _actor: Actor
) -> OrganisationDecision:
    return () if command.asked is state.second_factor else (happened.SecondFactorAsked(command.asked),)


@_answer.register(AddIdentifier)
def _add_identifier(command: AddIdentifier, state: Organisation, _now: datetime, _actor: Actor) -> OrganisationDecision:
    read = read_identifier(command.scheme, command.value, state.economy)
    if isinstance(read, Refusal):
        return read
    held = state.identifiers.get(read.scheme)
    if held is not None:
        same = held.value == read.value
        return () if same else Refusal(IDENTIFIER_TWICE, {"scheme": read.scheme}, where="scheme")
    return (happened.IdentifierAdded(read),)


@_answer.register(RemoveIdentifier)
def _remove_identifier(
    command: RemoveIdentifier, state: Organisation, _now: datetime, _actor: Actor
) -> OrganisationDecision:
    if command.scheme not in state.identifiers:
        return Refusal(IDENTIFIER_UNKNOWN, {"scheme": command.scheme[:LONGEST_NAME]}, where="scheme")
    return (happened.IdentifierRemoved(Scheme(command.scheme)),)


@_answer.register(Invite)
def _invite(command: Invite, state: Organisation, now: datetime, actor: Actor) -> OrganisationDecision:
    email = command.email.strip().lower()
    if len(email) > LONGEST_EMAIL or not _EMAIL.match(email) or not email.isprintable():
        return Refusal(INVITATION_ADDRESS_INVALID, where="email")
    role = _role(command.role)
    if isinstance(role, Refusal):
        return role
    if role is Role.OWNER and not _manages_owners(actor, state):
        return Refusal(OWNER_NEEDED, where="role")
    # The newest invitation of an address counts; the one before would otherwise grant what was meant to be changed.
    earlier = tuple(happened.InvitationClosed(each.id) for each in state.invitations if each.email == email)
    made = Invitation(command.id, email, role, command.digest, now + INVITATION_LIFETIME)
    return (*earlier, happened.Invited(made))


@_answer.register(WithdrawInvitation)
def _withdraw_invitation(
    command: WithdrawInvitation, state: Organisation, _now: datetime, _actor: Actor
) -> OrganisationDecision:
    if command.id not in {each.id for each in state.invitations}:
        return Refusal(INVITATION_UNKNOWN, where="id")
    return (happened.InvitationClosed(command.id),)


@_answer.register(AcceptInvitation)
def _accept_invitation(
    command: AcceptInvitation, state: Organisation, now: datetime, actor: Actor
) -> OrganisationDecision:
    found = next((each for each in state.invitations if each.digest == command.digest), None)
    if found is None or found.expires <= now:
        return Refusal(INVITATION_UNKNOWN)
    # A program or the operator has no address, and makes nobody a member who did not accept.
    if actor.kind is not ActorKind.PERSON or found.email not in {email.lower() for email in command.emails}:
        return Refusal(INVITATION_OF_ANOTHER)
    if actor.name in state.roles:
        return Refusal(MEMBER_ALREADY)
    return (happened.InvitationClosed(found.id), happened.MemberJoined(actor.name, found.role))


@_answer.register(ChangeRole)
def _change_role(command: ChangeRole, state: Organisation, _now: datetime, actor: Actor) -> OrganisationDecision:
    role = _role(command.role)
    if isinstance(role, Refusal):
        return role
    held = state.roles.get(command.person)
    refusal = _member_refusal(state, command.person, actor, becomes=role)
    if refusal is not None:
        return refusal
    return () if held is role else (happened.RoleChanged(command.person, role),)


@_answer.register(RemoveMember)
def _remove_member(command: RemoveMember, state: Organisation, _now: datetime, actor: Actor) -> OrganisationDecision:
    return _member_refusal(state, command.person, actor, becomes=None) or (happened.MemberLeft(command.person),)


@_answer.register(Verify)
def _verify(command: Verify, state: Organisation, now: datetime, actor: Actor) -> OrganisationDecision:
    return verify(command, state, now, actor)


@_answer.register(RevokeVerification)
def _revoke_verification(
    command: RevokeVerification, state: Organisation, now: datetime, actor: Actor
) -> OrganisationDecision:
    return revoke_verification(command, state, now, actor)


@_answer.register(LapseVerification)
def _lapse_verification(
    command: LapseVerification, state: Organisation, now: datetime, _actor: Actor
) -> OrganisationDecision:
    return lapse_verification(command, state, now)


@_answer.register(ExpireInvitation)
def _expire_invitation(
    command: ExpireInvitation, state: Organisation, now: datetime, _actor: Actor
) -> OrganisationDecision:
    found = next((each for each in state.invitations if each.id == command.id), None)
    if found is None:
        return ()
    return Refusal(TIMER_NOT_DUE) if now < found.expires else (happened.InvitationExpired(found.id),)


def _role(text: object) -> Role | Refusal:
    if not isinstance(text, str) or text not in set(Role):
        return Refusal(ROLE_UNKNOWN, {"roles": [*Role]}, where="role")
    return Role(text)


def _manages_owners(actor: Actor, state: Organisation) -> bool:
    return Permission.MANAGE_OWNERS in permissions_of(actor, state.id, state.roles)


def _member_refusal(state: Organisation, person: str, actor: Actor, *, becomes: Role | None) -> Refusal | None:
    """Why a member's role cannot become another, or end."""
    held = state.roles.get(person)
    if held is None:
        return Refusal(MEMBER_UNKNOWN, {"person": person[:LONGEST_NAME]}, where="person")
    if Role.OWNER in {held, becomes} and held is not becomes and not _manages_owners(actor, state):
        return Refusal(OWNER_NEEDED, where="role")
    owners: Sequence[str] = [each for each, role in state.roles.items() if role is Role.OWNER]
    if held is Role.OWNER and becomes is not Role.OWNER and len(owners) == 1:
        return Refusal(OWNER_LAST, where="role")
    return None


ORGANISATION: Aggregate[Organisation | None, Envelope, AnyOrganisationEvent] = Aggregate(
    None, decide_organisation, evolve_organisation
)
