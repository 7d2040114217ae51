"""Those who act in tests."""

from __future__ import annotations

from ewtp.core.values.actor import Actor, ActorKind, Capacity, Scope

OPERATOR = Actor(ActorKind.SYSTEM, "test", capacity=Capacity.OPERATOR)


def person(name: str, organisation: str = "") -> Actor:
    """A person who acts for an organisation."""
    return Actor(ActorKind.PERSON, name, organisation)


def program(organisation: str, *scopes: Scope) -> Actor:
    """A token of an organisation."""
    return Actor(ActorKind.TOKEN, "ewtp_program", organisation, scopes=frozenset(scopes))
