"""An organisation: who belongs to it, what identifies it, what it declares, and what was verified."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from ewtp.core.organisations.identifiers import Identifier, Scheme
    from ewtp.core.organisations.role import Role


class OrganisationKind(StrEnum):
    """What an organisation is; an agency or authority belongs to the government of its economy."""

    FIRM = "firm"
    CIVIL_SOCIETY = "civil_society"
    AGENCY = "agency"


class Subject(StrEnum):
    """What a verification is about; an identifier is verified under the name of its scheme."""

    IDENTITY = "identity"
    SIZE = "size"
    LEI = "lei"
    VAT = "vat"
    EORI = "eori"
    COMPANY_NUMBER = "company_number"


@immutable
class FirmSize:
    """What a firm declares of its size: employees (annual work units), turnover and balance sheet in whole euros."""

    employees: int
    turnover_eur: int
    balance_sheet_eur: int


@immutable
class Verification:
    """``by`` verified ``subject`` on the evidence that ``digest`` (SHA-256) identifies, up to the day ``until``.

    ``ended`` is when it lapsed or was revoked, and ``reason`` why it was revoked; empty where it lapsed.
    """

    id: str
    subject: Subject
    by: str
    by_organisation: str
    evidence: str
    digest: str
    at: datetime
    until: date
    ended: datetime | None = None
    reason: str = ""

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day; the day on which it was revoked is none of them."""
        return self.until >= day and (self.ended is None or self.ended.date() > day)


@immutable
class Invitation:
    """An invitation that can still be accepted: ``digest`` is the SHA-256 of its secret."""

    id: str
    email: str
    role: Role
    digest: str
    expires: datetime


@immutable
class Organisation:
    """The state of an organisation; ``roles`` are those of its members by person, ``invitations`` those still open.

    ``ultimate_owner`` is the identifier of the organisation at the end of the chain of owners, or empty;
    ``second_factor`` is whether people need one to act for it.
    """

    id: str
    name: str
    kind: OrganisationKind
    economy: str
    roles: Mapping[str, Role] = field(default_factory=dict)
    invitations: tuple[Invitation, ...] = ()
    identifiers: Mapping[Scheme, Identifier] = field(default_factory=dict)
    size: FirmSize | None = None
    ultimate_owner: str = ""
    verifications: tuple[Verification, ...] = ()
    second_factor: bool = False

    def find_verification(self, subject: Subject, day: date) -> Verification | None:
        """The verification of a subject that holds on a day and lasts longest; None where there is none."""
        held = [each for each in self.verifications if each.subject is subject and each.holds(day)]
        return max(held, key=lambda each: each.until, default=None)
