"""Who acts: a person, a token of a program, or the system itself, and for whom."""

from __future__ import annotations

from enum import StrEnum

from ewtp.core.values.immutable import immutable


class Scope(StrEnum):
    """One thing that a token allows; a token has one or more, and none of them includes another."""

    READ = "read"  # ask, and read answers and rules, and what belongs to the token's organisation
    WRITE = "write"  # make and move orders, filings and proposals
    ADMINISTER = "administer"  # change the token's organisation: its details, members and tokens
    OPERATE = "operate"  # operate the installation itself


class ActorKind(StrEnum):
    """What kind of actor it is."""

    PERSON = "person"
    TOKEN = "token"  # noqa: S105 - a kind of actor
    SYSTEM = "system"


class Capacity(StrEnum):
    """In which capacity somebody acts; the same organisation may act in several."""

    TRADER = "trader"
    AGENCY = "agency"
    MEMBER_OF_HOUSE = "member_of_house"
    OPERATOR = "operator"


@immutable
class Actor:
    """Who acts.

    ``kind`` and ``name`` identify the actor: a person's identifier, a token's prefix, the name of a part of the
    system. ``on_behalf_of`` is the identifier of the organisation that the act belongs to; empty where it belongs to
    none. ``capacity`` is the capacity acted in, and ``scopes`` what a token allows.
    """

    kind: ActorKind
    name: str
    on_behalf_of: str = ""
    capacity: Capacity = Capacity.TRADER
    scopes: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.name:
            msg = "an actor has a name"
            raise ValueError(msg)
        if self.scopes and self.kind is not ActorKind.TOKEN:
            msg = "only a token has scopes"
            raise ValueError(msg)

    @property
    def label(self) -> str:
        """The name of the actor in the log, such as ``token:ewtp_AbCdEfGh``."""
        return f"{self.kind}:{self.name}"

    @property
    def is_operator(self) -> bool:
        """Whether this is the operator of the installation, or a part of the system."""
        return self.capacity is Capacity.OPERATOR


# Somebody without an account, of whom nothing is known.
VISITOR = Actor(ActorKind.SYSTEM, "visitor")


def system_actor(name: str) -> Actor:
    """A part of the system, or whoever has a shell on its server, by name: it operates the installation."""
    return Actor(ActorKind.SYSTEM, name, capacity=Capacity.OPERATOR)
