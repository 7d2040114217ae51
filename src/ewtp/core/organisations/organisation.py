"""An organisation: who belongs to it, what identifies it, what it declares, and what was verified."""

from __future__ import annotations

from dataclasses import field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from ewtp.core.organisations.identifier import Identifier, Scheme
    from ewtp.core.organisations.role import Role
    from ewtp.core.organisations.shareholder import Shareholder


class OrganisationKind(StrEnum):
    """What an organisation is; an agency or authority belongs to the government of its economy."""

    FIRM = "firm"
    CIVIL_SOCIETY = "civil_society"
    AGENCY = "agency"


class Subject(StrEnum):
    """What a verification is about; an identifier is verified under the name of its scheme.

    The identity is name and owner group, the size the declared figures: what was verified has to be verified again
    once it is another. Of the ultimate owner, that it agrees: nobody joins a group that does not know of it. Of the
    holders, that they have the shares declared.
    """

    IDENTITY = "identity"
    SIZE = "size"
    OWNER = "owner"
    HOLDERS = "holders"
    LEI = "lei"
    VAT = "vat"
    EORI = "eori"
    COMPANY_NUMBER = "company_number"


IDENTIFIER_SUBJECTS = frozenset({Subject.LEI, Subject.VAT, Subject.EORI, Subject.COMPANY_NUMBER})


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

    @property
    def last_day(self) -> date:
        """The last day on which it is in force; the day on which it was ended before its time is none of them."""
        return self.until if self.ended is None else min(self.until, self.ended.date() - timedelta(days=1))

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day; the day on which it was revoked is none of them."""
        # Without the last day itself: a recount asks this of a million verifications.
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
    ``holders`` have a quarter to half of it; ``second_factor`` is whether people need one to act for it.
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
    holders: tuple[Shareholder, ...] = ()
    verifications: tuple[Verification, ...] = ()
    second_factor: bool = False

    def find_controller(self, day: date) -> str:
        """The ultimate owner where the tie is confirmed on a day; empty where there is none, or it is not confirmed."""
        is_confirmed = self.ultimate_owner and self.find_verification(Subject.OWNER, day) is not None
        return self.ultimate_owner if is_confirmed else ""

    def find_holders(self, day: date) -> tuple[Shareholder, ...]:
        """The holders, where their shares are verified on a day; else none."""
        return self.holders if self.holders and self.find_verification(Subject.HOLDERS, day) is not None else ()

    def is_one_group_with(self, other: Organisation, day: date) -> bool:
        """Whether on a day one of the two is the confirmed owner of the other, or both have the same one."""
        own, others = self.find_controller(day), other.find_controller(day)
        return own == other.id or others == self.id or (bool(own) and own == others)

    def has_identifier(self, day: date) -> bool:
        """Whether one of its identifiers is verified on a day."""
        return any(each.subject in IDENTIFIER_SUBJECTS and each.holds(day) for each in self.verifications)

    def find_verification(self, subject: Subject, day: date) -> Verification | None:
        """The verification of a subject that holds on a day and lasts longest; None where there is none."""
        found: Verification | None = None
        for each in self.verifications:
            if each.subject is subject and (found is None or each.until > found.until) and each.holds(day):
                found = each
        return found

    def find_seat_start(self, day: date) -> date | None:
        """Since when identity and an identifier have both been verified without a gap; None where one is not.

        Of an agency the identity alone counts.
        """
        start = self.find_start(Subject.IDENTITY, day)
        if self.kind is OrganisationKind.AGENCY or start is None:
            return start
        # A set of what is named, since nearly every organisation has one identifier and not one of each scheme.
        named = {each.subject for each in self.verifications} & IDENTIFIER_SUBJECTS
        first = [each for each in (self.find_start(one, day) for one in named) if each is not None]
        return max(start, min(first)) if first else None

    def find_start(self, subject: Subject, day: date) -> date | None:
        """Since when a subject has been verified without a gap, on a day on which it is; None where it is not.

        Whoever is verified again before a verification is over keeps the time of that one; one that was ended before
        its last day gives none.
        """
        stated = [each for each in self.verifications if each.subject is subject]
        if len(stated) == 1:
            return stated[0].at.date() if stated[0].holds(day) else None
        start = min((each.at.date() for each in stated if each.holds(day)), default=None)
        ran_out = sorted((each for each in stated if each.last_day == each.until), key=lambda each: each.until)
        while start is not None and ran_out:
            one = ran_out.pop()
            if one.until < start - timedelta(days=1):
                break
            start = min(start, one.at.date())
        return start
