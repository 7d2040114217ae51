"""A schedule that was taken down long before the day asked about settles nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.assessment.effects import Effect
from ewtp.core.rulebook.measure import Kind
from tests.core.assessment.small_book import SOURCE, answered, ask, book, rule, territory

if TYPE_CHECKING:
    from ewtp.core.assessment.answer import Answer

LAST = SOURCE.retrieved + timedelta(days=365)
DUTY = rule(Kind.DUTY, "0101", "10%")


def told(day: date, *, schedule: bool = True) -> Answer:
    law = book([DUTY], where=territory(schedule=SOURCE if schedule else None))
    return answered(ask(law, date=day.isoformat()))


def codes(answer: Answer) -> set[str]:
    return {unknown.code for unknown in answer.lines[0].unknowns}


@pytest.mark.parametrize(("day", "open_"), [(LAST, False), (LAST + timedelta(days=1), True), (date(2035, 1, 1), True)])
def test_a_day_more_than_a_year_after_the_schedule_was_taken_down_is_open(day: date, *, open_: bool):
    assert ("schedule_for_earlier_days" in codes(told(day))) is open_


def test_it_may_raise_or_lower_what_is_owed_and_names_the_last_day():
    near, far = told(LAST), told(date(2035, 1, 1))
    (unknown,) = (each for each in far.lines[0].unknowns if each.code == "schedule_for_earlier_days")
    assert unknown.effect is Effect.EITHER
    assert LAST.isoformat() in unknown.message
    assert not far.totals.complete
    assert far.totals.at_most is None
    assert near.totals.duty == far.totals.duty
    assert near.lines[0].owed.at_least.amount > Decimal(0)
    assert far.lines[0].owed.at_least.amount == Decimal(0)


def test_a_territory_without_a_schedule_says_so_in_other_words():
    assert "schedule_for_earlier_days" not in codes(told(date(2035, 1, 1), schedule=False))


def test_a_newer_schedule_speaks_for_later_days():
    newer = replace(SOURCE, retrieved=date(2034, 6, 1))
    body: Any = answered(ask(book([DUTY], where=territory(schedule=newer)), date="2035-01-01"))
    assert "schedule_for_earlier_days" not in codes(body)


def test_reading_an_old_edition_again_makes_it_no_newer():
    """A copy of a schedule of 2026 that is taken in 2036 says nothing of 2036."""
    again = replace(SOURCE, retrieved=date(2036, 1, 5))
    law = book([DUTY], where=territory(schedule=again))
    last = date(2026, 1, 1) + timedelta(days=3652)
    assert last == date(2036, 1, 1)
    near, answer = (answered(ask(law, date=day.isoformat())) for day in (last, last + timedelta(days=1)))
    assert "schedule_for_earlier_days" not in codes(near)
    (unknown,) = (each for each in answer.lines[0].unknowns if each.code == "schedule_for_earlier_days")
    assert "was published on 2026-01-01. More than ten years after" in unknown.message
    assert unknown.effect is Effect.EITHER
    assert answer.totals.at_most is None
    (offered,) = (fact for fact in answer.lines[0].asks if fact.fact == "date")
    assert offered.choices == ((last.isoformat(), ""),)


def test_a_schedule_whose_date_of_publication_is_not_stated_speaks_for_a_year():
    law = book([DUTY], where=territory(schedule=replace(SOURCE, published=None)))
    days = (LAST, LAST + timedelta(days=1))
    found = [codes(answered(ask(law, date=day.isoformat()))) for day in days]
    assert ["schedule_for_earlier_days" in each for each in found] == [False, True]


def test_the_last_day_that_is_held_is_offered():
    (offered,) = (fact for fact in told(date(2035, 1, 1)).lines[0].asks if fact.fact == "date")
    assert offered.choices == ((LAST.isoformat(), ""),)
    assert not any(fact.fact == "date" for fact in told(LAST).lines[0].asks)
