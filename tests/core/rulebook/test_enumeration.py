"""Rules that cite a legal text's list are held against it, both ways."""

from __future__ import annotations

from datetime import date

import pytest

from ewtp.core.rulebook.enumeration import Enumeration, compare_enumeration
from ewtp.core.rulebook.measure import Product


def listed(*codes: str) -> Enumeration:
    return Enumeration("US", "note 16(c)", "HTS 9903.82.02", date(2026, 4, 23), codes)


@pytest.mark.parametrize(
    ("codes", "rules", "missing", "unlisted"),
    [
        (("7601", "84715001"), [("7601", ()), ("84715001", ())], (), ()),
        # A rule of a shorter code reaches a listed one, and others besides.
        (("8471500150",), [("8471", ())], (), ("8471",)),
        # One of a longer code reaches part of a listed provision.
        (("8471",), [("847150", ())], ("8471",), ()),
        (("7601", "7604"), [("7601", ())], ("7604",), ()),
        # What a rule excludes, another rule has to reach.
        (("8302", "83024160"), [("8302", ("83024160",))], ("83024160",), ()),
        (("8302", "83024160"), [("8302", ("83024160",)), ("83024160", ())], (), ()),
    ],
)
def test_what_is_missing_and_what_is_not_listed(
    codes: tuple[str, ...],
    rules: list[tuple[str, tuple[str, ...]]],
    missing: tuple[str, ...],
    unlisted: tuple[str, ...],
) -> None:
    found = compare_enumeration(listed(*codes), [Product("HTS2026", *rule) for rule in rules])
    assert (found.missing, found.unlisted) == (missing, unlisted)
    assert found.agrees is (not missing and not unlisted)
