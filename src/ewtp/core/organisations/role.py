"""Roles of members, and what each may do."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.core.values.actor import Actor, ActorKind, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(StrEnum):
    """The role of a person in one organisation; a person may have another in another."""

    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    TRADER = "trader"
    VIEWER = "viewer"


class Permission(StrEnum):
    """One thing that may be done in the name of an organisation."""

    VIEW = "view"
    TRADE = "trade"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_TOKENS = "manage_tokens"
    MANAGE_DETAILS = "manage_details"
    MANAGE_OWNERS = "manage_owners"


_ADMINISTRATION = frozenset({Permission.MANAGE_MEMBERS, Permission.MANAGE_TOKENS, Permission.MANAGE_DETAILS})
PERMISSIONS_OF_ROLE: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.ADMINISTRATOR: frozenset({Permission.VIEW, Permission.TRADE}) | _ADMINISTRATION,
    Role.TRADER: frozenset({Permission.VIEW, Permission.TRADE}),
    Role.VIEWER: frozenset({Permission.VIEW}),
}
# A token never makes owners: whoever finds one could then lock the people out.
PERMISSIONS_OF_SCOPE: Mapping[str, frozenset[Permission]] = {
    Scope.READ: frozenset({Permission.VIEW}),
    Scope.WRITE: frozenset({Permission.TRADE}),
    Scope.ADMINISTER: _ADMINISTRATION,
}


def permissions_of(actor: Actor, organisation: str, roles: Mapping[str, Role]) -> frozenset[Permission]:
    """What an actor may do in an organisation whose members have these ``roles``, by the person's identifier.

    A person has the permissions of the role; a token those of its scopes, in its own organisation alone; the operator
    and the system have all of them.
    """
    if actor.is_operator:
        return frozenset(Permission)
    if actor.on_behalf_of != organisation:
        return frozenset()
    if actor.kind is ActorKind.TOKEN:
        return frozenset().union(*(PERMISSIONS_OF_SCOPE.get(scope, frozenset()) for scope in actor.scopes))
    role = roles.get(actor.name) if actor.kind is ActorKind.PERSON else None
    return frozenset() if role is None else PERMISSIONS_OF_ROLE[role]
