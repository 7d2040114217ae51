"""The life of a barrier, against a plain model, and two thirds of those who answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ewtp.core.barriers.barrier import BarrierMatter, ClaimTally, Progress
from ewtp.core.barriers.stage import Stage, add_working_days, barrier_age, clocks_of, median_age, stage_of
from tests.aggregate_machine import FEW
from tests.core.barriers.barrier_machine import BarrierMachine
from tests.drawn_inputs import input_count

TestBarrierMachine = BarrierMachine.TestCase
TestBarrierMachine.settings = settings(FEW, max_examples=input_count(30))
AT = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
# Hypothesis takes bounds without a time zone.
_FIRST, _LAST = AT.replace(2000, tzinfo=None), AT.replace(2100, tzinfo=None)
TALLIES = st.integers(0, 300).flatmap(
    lambda asked: st.integers(0, asked).flatmap(
        lambda answered: st.tuples(st.just(asked), st.integers(0, answered), st.just(answered))
    )
)


def stage(asked: int, yes: int, no: int, days: int) -> Stage:
    claim = ClaimTally(AT, asked, yes, no)
    return stage_of(Progress(AT, AT, AT, claim=claim), AT + timedelta(days=days))


@given(TALLIES)
@example((3, 2, 3))
@example((300, 199, 299))
@example((300, 200, 300))
@example((0, 0, 0))
def test_two_thirds_of_those_who_answer_confirm(tally: tuple[int, int, int]) -> None:
    asked, yes, answered = tally
    no = answered - yes
    over = stage(asked, yes, no, 30)
    agreed = bool(yes) and Fraction(yes, answered) >= Fraction(2, 3)
    assert over is (Stage.CONFIRMED if agreed else Stage.UNCONFIRMED)
    before = stage(asked, yes, no, 29)
    if before is not Stage.CLAIMED:
        # Settled early only where nobody who has said nothing could still change it.
        waiting = asked - answered
        assert before is over
        assert all(stage(asked, yes + more, asked - yes - more, 30) is before for more in range(waiting + 1))


@given(TALLIES)
def test_one_more_yes_never_undoes_and_one_more_no_never_confirms(tally: tuple[int, int, int]) -> None:
    asked, yes, answered = tally
    no = answered - yes
    if answered < asked:
        if stage(asked, yes, no, 30) is Stage.CONFIRMED:
            assert stage(asked, yes + 1, no, 30) is Stage.CONFIRMED
        if stage(asked, yes, no, 30) is not Stage.CONFIRMED:
            assert stage(asked, yes, no + 1, 30) is not Stage.CONFIRMED


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-06-01", "2026-06-08"),  # a Monday
        ("2026-06-05", "2026-06-12"),  # a Friday
        ("2026-06-06", "2026-06-12"),  # a Saturday
        ("2026-06-07", "2026-06-12"),  # a Sunday
    ],
)
def test_five_working_days(start: str, due: str) -> None:
    assert add_working_days(datetime.fromisoformat(start), 5) == datetime.fromisoformat(due)


@given(st.datetimes(_FIRST, _LAST, timezones=st.just(UTC)), st.integers(1, 30))
def test_working_days_are_counted_one_by_one(start: datetime, days: int) -> None:
    due = add_working_days(start, days)
    between = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert sum(each.isoweekday() <= 5 for each in between) == days
    assert due.isoweekday() <= 5


def test_a_claim_that_nobody_can_be_asked_about_is_unconfirmed_at_once():
    assert stage(0, 0, 0, 0) is stage(0, 0, 0, 29) is stage(0, 0, 0, 30) is Stage.UNCONFIRMED


def test_silence_is_counted_in_days_and_begins_by_itself():
    progress = Progress(AT, AT, AT)
    assert stage_of(progress, AT + timedelta(days=30, seconds=-1)) is Stage.REPORTED
    late = AT + timedelta(days=37, hours=1)
    assert stage_of(progress, late) is Stage.SILENT
    assert {clock.name.value: clock.overdue_days for clock in clocks_of(progress, late)} == {"owner": 30, "answer": 7}
    assert barrier_age(progress, late) == 37


def test_the_median_is_of_all_and_of_none_there_is_none():
    assert median_age([]) is None
    assert median_age([3]) == 3
    assert median_age([1, 4]) == 2
    assert median_age([10, 1, 3]) == 3


def test_a_matter_has_one_identifier_everywhere():
    matter = BarrierMatter("US|import|duty", "610910", "US")
    assert matter.id == BarrierMatter("US|import|duty", "610910", "US").id == "bar_" + matter.id[4:]
    others = {
        BarrierMatter("US|import|duty", "610910", "GH"),
        BarrierMatter("US|import|duty", "610920", "US"),
        BarrierMatter("", "610910", "US"),
    }
    assert len({each.id for each in others} | {matter.id}) == 4
