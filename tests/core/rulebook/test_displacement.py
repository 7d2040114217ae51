"""Law that was stated after an act and says otherwise displaces the act's rules, from its own day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ewtp.core.rulebook.citation import Adoption, Source
from ewtp.core.rulebook.displacement import displacements_of, same_rule
from ewtp.core.rulebook.measure import Condition, Kind, Status
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import rule

ONE_DAY = timedelta(days=1)
JANUARY, MARCH, JUNE, JULY = (date(2026, month, 1) for month in (1, 3, 6, 7))
EDITION = Source("tariff", "Tariff", "Customs", JUNE, JUNE)
ACT = Source("act", "Act 7", "Parliament", MARCH, MARCH)
BEFORE = rule(Kind.DUTY, "0101", "10%", source=replace(EDITION, published=JANUARY))
ADOPTED = replace(BEFORE, id="reform", expression="5%", status=Status.ADOPTED, source=ACT, validity=Period(MARCH))
DEARER = replace(BEFORE, id="dearer", expression="12%", source=EDITION, validity=Period(JULY))


def days(**fields: Any) -> list[Period]:
    """The days that the adopted rule loses to a later edition of its law with these fields."""
    adopted = fields.pop("adopted", ADOPTED)
    stated = replace(DEARER, **fields)
    return [one.days for one in displacements_of(adopted, before=[BEFORE], stated=[stated])]


def test_another_rate_displaces_from_its_own_day():
    assert days() == [Period(JULY)]
    assert days(validity=Period(JANUARY)) == [Period(MARCH)]
    assert days(validity=Period(JANUARY, JUNE)) == [Period(MARCH, JUNE)]
    assert days(validity=Period(JANUARY, MARCH - ONE_DAY)) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"expression": "10%", "reference": "page 7", "title": "as before, cited otherwise"},
        {"expression": "10.0 %"},
        {"expression": "5%"},
        {"expression": "5.00%", "reference": "the law caught up"},
        {"source": replace(EDITION, published=MARCH - ONE_DAY)},
        {"source": replace(EDITION, published=None, retrieved=JANUARY)},
    ],
)
def test_what_says_the_same_or_spoke_earlier_displaces_nothing(fields: dict[str, Any]):
    assert days(**fields) == []


def test_an_abolition_is_displaced_by_law_that_says_something_new():
    abolished = replace(ADOPTED, expression="10%", adoption=Adoption(abolishes=True))
    assert days(adopted=abolished, expression="10%") == []
    assert days(adopted=abolished) == [Period(JULY)]
    # The law that was abolished comes back under another rate; that it is the act's own text does not matter.
    assert [one.days for one in displacements_of(abolished, before=[], stated=[replace(DEARER, expression="10%")])] == [
        Period(JULY)
    ]


def test_conditions_and_bounds_are_part_of_a_rule():
    assert not same_rule(BEFORE, replace(BEFORE, minimum="3.00 USD"))
    assert not same_rule(BEFORE, replace(BEFORE, conditions=(Condition("claim", "x"),)))
    assert same_rule(BEFORE, replace(BEFORE, conditions=(), title="worded otherwise"))
    assert not same_rule(replace(BEFORE, expression="ten percent"), replace(BEFORE, expression="ten per cent"))
