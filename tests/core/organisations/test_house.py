"""The house of an organisation follows from its kind, its size with its owner's, and what was verified."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ewtp.core.organisations.house import House, is_small, seat_of
from ewtp.core.organisations.organisation import FirmSize, Organisation, OrganisationKind, Subject, Verification

DAY = date(2026, 6, 30)
SMALL, LARGE = FirmSize(12, 900_000, 400_000), FirmSize(900, 70_000_000, 60_000_000)


def verification(subject, until=date(2027, 1, 1)):
    return Verification("ver", subject, "system:operator", "", "x", "a" * 64, datetime(2026, 1, 1, tzinfo=UTC), until)


def organisation(kind=OrganisationKind.FIRM, size=None, verified=(), owner=""):
    found = tuple(verification(subject) for subject in verified)
    return Organisation("org", "Name", kind, "KE", size=size, verifications=found, ultimate_owner=owner)


@pytest.mark.parametrize(
    ("size", "small"),
    [
        (FirmSize(249, 50_000_000, 99_000_000), True),
        (FirmSize(249, 99_000_000, 43_000_000), True),
        (FirmSize(249, 50_000_001, 43_000_001), False),
        (FirmSize(250, 1, 1), False),
        (FirmSize(0, 0, 0), True),
    ],
)
def test_the_limits_of_the_recommendation(size, small):
    assert is_small(size) is small


def test_agencies_and_civil_society_need_no_size():
    government = seat_of(organisation(OrganisationKind.AGENCY, verified=(Subject.IDENTITY,)), None, DAY)
    assert government is not None
    assert (government.house, government.verified) == (House.GOVERNMENT, True)
    society = seat_of(organisation(OrganisationKind.CIVIL_SOCIETY), None, DAY)
    assert society is not None
    assert (society.house, society.verified) == (House.CIVIL_SOCIETY, False)


def test_nothing_is_guessed_of_a_firm_that_declared_nothing():
    assert seat_of(organisation(), None, DAY) is None
    assert seat_of(organisation(size=SMALL, owner="other"), None, DAY) is None
    assert seat_of(organisation(size=SMALL, owner="other"), organisation(), DAY) is None


def test_a_firm_counts_with_its_owner():
    alone = seat_of(organisation(size=SMALL), None, DAY)
    owned = seat_of(organisation(size=SMALL, owner="other"), organisation(size=LARGE), DAY)
    assert alone is not None
    assert owned is not None
    assert (alone.house, owned.house) == (House.SMALL_FIRM, House.LARGE_FIRM)


def test_verified_needs_identity_size_and_an_identifier_that_still_hold():
    needed = (Subject.IDENTITY, Subject.SIZE, Subject.VAT)
    for verified, expected in ((needed, True), *((needed[:at] + needed[at + 1 :], False) for at in range(3))):
        seat = seat_of(organisation(size=SMALL, verified=verified), None, DAY)
        assert seat is not None
        assert seat.verified is expected
    late = seat_of(organisation(size=SMALL, verified=needed), None, date(2027, 1, 2))
    assert late is not None
    assert not late.verified


def named(owner: Organisation, *verified: Subject, kind=OrganisationKind.FIRM, size=SMALL):
    """The seat of an organisation that names an owner, as house and whether it is verified; None without one."""
    seat = seat_of(organisation(kind, size, verified, owner="other"), owner, DAY)
    return None if seat is None else (seat.house, seat.verified)


def test_an_owner_counts_once_it_agreed():
    everything = (Subject.IDENTITY, Subject.SIZE, Subject.LEI, Subject.OWNER)
    owner = organisation(size=SMALL, verified=everything[:3])
    assert named(owner, *everything[:3]) == (House.SMALL_FIRM, False)
    assert named(owner, *everything) == (House.SMALL_FIRM, True)
    between = organisation(size=SMALL, verified=everything, owner="another")
    assert named(between, *everything) is None


def test_nobody_fills_another_house_through_what_it_owns():
    both = (Subject.IDENTITY, Subject.LEI, Subject.OWNER)
    society, agency = OrganisationKind.CIVIL_SOCIETY, OrganisationKind.AGENCY
    large = organisation(size=LARGE, verified=(Subject.IDENTITY, Subject.SIZE))
    assert named(large, *both, kind=society, size=None) == (House.LARGE_FIRM, True)
    assert named(organisation(), *both, kind=society, size=None) is None
    assert named(organisation(society), *both, kind=society, size=None) == (House.CIVIL_SOCIETY, True)
    assert named(organisation(agency), *both, size=SMALL) == (House.GOVERNMENT, True)


def stated(day, until, ended=None):
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
    last = date(2026, 1, 1) + timedelta(days=until)
    moment = None if ended is None else datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=ended)
    return Verification("ver", Subject.IDENTITY, "system:operator", "", "x", "a" * 64, at, last, moment)


def test_a_member_waits_from_when_its_identifier_was_verified_too():
    number = replace(stated(30, 400), subject=Subject.COMPANY_NUMBER)
    one = replace(organisation(), verifications=(stated(10, 400), number))
    assert one.find_seat_start(DAY) == date(2026, 1, 31)
    assert replace(one, verifications=(stated(10, 400),)).find_seat_start(DAY) is None
    agency = replace(one, kind=OrganisationKind.AGENCY, verifications=(stated(10, 400),))
    assert agency.find_seat_start(DAY) == date(2026, 1, 11)


@pytest.mark.parametrize(
    ("held", "start"),
    [
        ([stated(10, 400)], 10),
        # Verified again in time, or on the day after the last; its end was noted later.
        ([stated(10, 100, 101), stated(90, 400)], 10),
        ([stated(10, 100, 101), stated(101, 400)], 10),
        ([stated(5, 30), stated(20, 100), stated(101, 400)], 5),
        # A gap, or an end before the last day, begins again.
        ([stated(10, 100, 101), stated(102, 400)], 102),
        ([stated(10, 300, 101), stated(101, 400)], 101),
        ([stated(10, 100)], None),
    ],
)
def test_since_when_it_is_verified_without_a_gap(held, start):
    one = replace(organisation(), verifications=tuple(held))
    found = one.find_start(Subject.IDENTITY, DAY)
    assert found == (None if start is None else date(2026, 1, 1) + timedelta(days=start))
