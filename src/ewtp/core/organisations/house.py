"""The house that an organisation belongs to, from what it declared and what was verified."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.core.organisations.organisation import FirmSize, OrganisationKind, Subject
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ewtp.core.organisations.organisation import Organisation

# Commission Recommendation 2003/361/EC, annex, article 2(1).
MOST_EMPLOYEES = 249
MOST_TURNOVER_EUR = 50_000_000
MOST_BALANCE_SHEET_EUR = 43_000_000


class House(StrEnum):
    """A side of the table on which rules are discussed."""

    SMALL_FIRM = "small_firm"
    CIVIL_SOCIETY = "civil_society"
    GOVERNMENT = "government"
    LARGE_FIRM = "large_firm"


@immutable
class Seat:
    """A house, and whether the facts behind it are verified or only declared."""

    house: House
    verified: bool


def seat_of(organisation: Organisation, owner: Organisation | None, day: date) -> Seat | None:
    """The seat of an organisation on a day; None where a firm did not declare its size.

    ``owner`` is the ultimate owner. A firm counts with its owner (2003/361/EC, annex, article 6), so a subsidiary of a
    large firm is a large firm; an owner that did not declare its size leaves the firm without a seat, and so does one
    that names another in turn, because it is not the ultimate one. What a state owns sits among governments, and an
    association of a firm where that firm sits. A seat is verified once the identity and an identifier are, and the
    owner confirmed that it is the owner. An agency needs no identifier: its government made it, and has one vote.
    """
    identity = organisation.find_verification(Subject.IDENTITY, day) is not None
    if organisation.kind is not OrganisationKind.AGENCY:
        # Without one nobody would notice that the same firm was verified under two names.
        identity = identity and organisation.has_identifier(day)
    if organisation.kind is OrganisationKind.AGENCY:
        return Seat(House.GOVERNMENT, identity)
    if organisation.ultimate_owner:
        if owner is None or owner.ultimate_owner:
            return None
        identity = identity and bool(organisation.find_controller(day))
        if owner.kind is OrganisationKind.AGENCY:
            return Seat(House.GOVERNMENT, identity)
    firms = [each for each in (organisation, owner) if each is not None and each.kind is OrganisationKind.FIRM]
    return _firms_seat(firms, identity, day) if firms else Seat(House.CIVIL_SOCIETY, identity)


def _firms_seat(firms: Sequence[Organisation], identity: bool, day: date) -> Seat | None:  # noqa: FBT001 - of the first
    """The seat of a firm with those that it counts with; None where one of them did not declare its size."""
    sizes = [each.size for each in firms]
    if any(size is None for size in sizes):
        return None
    whole = FirmSize(
        sum(size.employees for size in sizes if size),
        sum(size.turnover_eur for size in sizes if size),
        sum(size.balance_sheet_eur for size in sizes if size),
    )
    verified = identity and all(each.find_verification(Subject.SIZE, day) is not None for each in firms)
    return Seat(House.SMALL_FIRM if is_small(whole) else House.LARGE_FIRM, verified)


def is_small(size: FirmSize) -> bool:
    """Whether a firm of this size is small or medium-sized (2003/361/EC, annex, article 2(1))."""
    limited = size.turnover_eur <= MOST_TURNOVER_EUR or size.balance_sheet_eur <= MOST_BALANCE_SHEET_EUR
    return size.employees <= MOST_EMPLOYEES and limited
