"""What can be asked of an organisation, one value a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ewtp.core.organisations.organisation import Organisation
    from ewtp.core.values.actor import Actor


@immutable
class Register:
    """Found an organisation; ``founder`` is the person who becomes its owner, empty where there is none yet."""

    id: str
    name: str
    kind: str
    economy: str
    founder: str


@immutable
class Rename:
    """Give the organisation another name."""

    name: str


@immutable
class DeclareSize:
    """Declare the size of a firm; the values are whole numbers, still unread."""

    employees: Any
    turnover_eur: Any
    balance_sheet_eur: Any


@immutable
class NameUltimateOwner:
    """Name the organisation at the end of the chain of owners; empty where there is none."""

    owner: str


@immutable
class DeclareHolders:
    """Declare who has a quarter to half of the organisation: all of them, each with owner and share, still unread."""

    holders: tuple[Mapping[str, Any], ...]


@immutable
class AskSecondFactor:
    """Ask every member for a second factor, or no longer."""

    asked: bool


@immutable
class AddIdentifier:
    """Add an identifier of a scheme."""

    scheme: str
    value: str


@immutable
class RemoveIdentifier:
    """Remove the identifier of a scheme."""

    scheme: str


@immutable
class Invite:
    """Invite a person by e-mail address; ``digest`` is the SHA-256 of the invitation's secret."""

    id: str
    email: str
    role: str
    digest: str


@immutable
class WithdrawInvitation:
    """Make an invitation that was not accepted worthless."""

    id: str


@immutable
class AcceptInvitation:
    """Have the acting person join by an invitation; ``emails`` are the addresses that the person has confirmed."""

    digest: str
    emails: tuple[str, ...]


@immutable
class ChangeRole:
    """Give a member another role."""

    person: str
    role: str


@immutable
class RemoveMember:
    """End a membership; a member may leave without a permission."""

    person: str


@immutable
class Verify:
    """State that a subject was verified; ``authority_of`` is the economy whose verified authority the verifier is.

    ``speaks`` is whether the verifier may act for the organisation on whose behalf it does. ``held_by`` are the other
    organisations for which the same identifier is verified, where an identifier is the subject.
    """

    id: str
    subject: str
    evidence: str
    digest: str
    until: date
    authority_of: str = ""
    speaks: bool = False
    held_by: tuple[Organisation, ...] = ()


@immutable
class RevokeVerification:
    """End a verification before its day."""

    id: str
    reason: str


@immutable
class ExpireInvitation:
    """The time of an invitation is over."""

    id: str


@immutable
class LapseVerification:
    """The last day of a verification is over."""

    id: str


OrganisationCommand = (
    Register
    | Rename
    | DeclareSize
    | NameUltimateOwner
    | DeclareHolders
    | AskSecondFactor
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


@immutable
class Envelope:
    """A command with the identifier of the organisation that it is for, and who gives it."""

    organisation: str
    command: OrganisationCommand
    actor: Actor
