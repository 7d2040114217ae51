"""What can be asked of an organisation, one value a command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.values.actor import Actor


@dataclass(frozen=True, slots=True)
class Register:
    """Found an organisation; ``founder`` is the person who becomes its owner, empty where there is none yet."""

    id: str
    name: str
    kind: str
    economy: str
    founder: str


@dataclass(frozen=True, slots=True)
class Rename:
    """Give the organisation another name."""

    name: str


@dataclass(frozen=True, slots=True)
class DeclareSize:
    """Declare the size of a firm; the values are whole numbers, still unread."""

    employees: Any
    turnover_eur: Any
    balance_sheet_eur: Any


@dataclass(frozen=True, slots=True)
class NameUltimateOwner:
    """Name the organisation at the end of the chain of owners; empty where there is none."""

    owner: str


@dataclass(frozen=True, slots=True)
class AddIdentifier:
    """Add an identifier of a scheme."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class RemoveIdentifier:
    """Remove the identifier of a scheme."""

    scheme: str


@dataclass(frozen=True, slots=True)
class Invite:
    """Invite a person by e-mail address; ``digest`` is the SHA-256 of the invitation's secret."""

    id: str
    email: str
    role: str
    digest: str


@dataclass(frozen=True, slots=True)
class WithdrawInvitation:
    """Make an invitation that was not accepted worthless."""

    id: str


@dataclass(frozen=True, slots=True)
class AcceptInvitation:
    """Join by an invitation; ``emails`` are the addresses that the person has confirmed."""

    digest: str
    person: str
    emails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """Give a member another role."""

    person: str
    role: str


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """End a membership; a member may leave without a permission."""

    person: str


@dataclass(frozen=True, slots=True)
class Verify:
    """State that a subject was verified; ``authority_of`` is the economy whose verified authority the verifier is."""

    id: str
    subject: str
    evidence: str
    digest: str
    until: date
    authority_of: str = ""


@dataclass(frozen=True, slots=True)
class RevokeVerification:
    """End a verification before its day."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExpireInvitation:
    """The time of an invitation is over."""

    id: str


@dataclass(frozen=True, slots=True)
class LapseVerification:
    """The last day of a verification is over."""

    id: str


Command = (
    Register
    | Rename
    | DeclareSize
    | NameUltimateOwner
    | AddIdentifier
    | RemoveIdentifier
    | Invite
    | WithdrawInvitation
    | AcceptInvitation
    | ChangeRole
    | RemoveMember
    | Verify
    | RevokeVerification
    | ExpireInvitation
    | LapseVerification
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A command with the identifier of the organisation that it is for, and who gives it."""

    organisation: str
    command: Command
    actor: Actor
