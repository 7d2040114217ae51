"""The house that an organisation belongs to, from what it declared and what was verified."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.core.organisations.organisation import FirmSize, OrganisationKind, Subject
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
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
    large firm is a large firm; an owner that did not declare its size leaves the firm without a seat.
    """
    identity = organisation.find_verification(Subject.IDENTITY, day) is not None
    if organisation.kind is OrganisationKind.AGENCY:
        return Seat(House.GOVERNMENT, identity)
    if organisation.kind is OrganisationKind.CIVIL_SOCIETY:
        return Seat(House.CIVIL_SOCIETY, identity)
    group = [organisation, *([owner] if owner is not None else [])]
    sizes = [each.size for each in group]
    if any(size is None for size in sizes) or (organisation.ultimate_owner and owner is None):
        return None
    whole = FirmSize(
        sum(size.employees for size in sizes if size),
        sum(size.turnover_eur for size in sizes if size),
        sum(size.balance_sheet_eur for size in sizes if size),
    )
    verified = identity and all(each.find_verification(Subject.SIZE, day) is not None for each in group)
    return Seat(House.SMALL_FIRM if is_small(whole) else House.LARGE_FIRM, verified)


def is_small(size: FirmSize) -> bool:
    """Whether a firm of this size is small or medium-sized (2003/361/EC, annex, article 2(1))."""
    limited = size.turnover_eur <= MOST_TURNOVER_EUR or size.balance_sheet_eur <= MOST_BALANCE_SHEET_EUR
    return size.employees <= MOST_EMPLOYEES and limited
