"""The house of an organisation follows from its kind, its size with its owner's, and what was verified."""

from __future__ import annotations

from datetime import UTC, date, datetime

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


def test_verified_needs_identity_and_size_that_still_hold():
    both = (Subject.IDENTITY, Subject.SIZE)
    for verified, expected in ((both, True), (both[:1], False), (both[1:], False)):
        seat = seat_of(organisation(size=SMALL, verified=verified), None, DAY)
        assert seat is not None
        assert seat.verified is expected
    late = seat_of(organisation(size=SMALL, verified=both), None, date(2027, 1, 2))
    assert late is not None
    assert not late.verified
