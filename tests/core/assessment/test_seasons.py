"""A measure with a season is in force in that part of each year alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import answered, ask, book, condition, rule

if TYPE_CHECKING:
    from ewtp.core.assessment.answer import Answer
    from ewtp.core.rulebook.book import Book

DUTY = rule(Kind.DUTY, "0101", "10%")
AUTUMN = "01 OCT - 31 DEC"


def quota(*seasons: str, **fields: Any) -> Measure:
    conditions = tuple(condition("season", each) for each in seasons)
    return rule(Kind.QUOTA, "0101", "0%", include=("BB",), order_number="09.1", conditions=conditions, **fields)


def charges(answer: Answer | Refusal) -> list[tuple[str, str]]:
    return [(each.kind.value, str(each.amount.amount)) for each in answered(answer).lines[0].charges]


def claimed(law: Book, day: str, **fields: Any) -> Any:
    return ask(law, date=day, line={"claims": ["quota:09.1"]}, **fields)


@pytest.mark.parametrize(
    ("season", "open_days", "closed_days"),
    [
        (AUTUMN, ("2026-10-01", "2026-12-31", "2027-11-05"), ("2026-06-30", "2026-09-30", "2027-01-01")),
        ("01 NOV - 29 FEB", ("2026-11-01", "2027-02-28", "2028-02-29"), ("2026-03-01", "2026-10-31")),
        ("01 MAY - 17 JUN, 01 AUG - 14 NOV", ("2026-05-01", "2026-06-17", "2026-08-01"), ("2026-06-18", "2026-07-31")),
    ],
)
def test_a_quota_is_claimed_and_offered_in_its_season_alone(season, open_days, closed_days):
    law = book([DUTY, quota(season)])
    for day in open_days:
        assert charges(claimed(law, day)) == [("duty", "0.00")]
        assert [each.claim for each in answered(ask(law, date=day)).lines[0].options] == ["quota:09.1"]
    for day in closed_days:
        refused = claimed(law, day)
        assert isinstance(refused, Refusal)
        assert (refused.code, refused.where) == ("claim_closed", "lines[0].claims")
        assert day in refused.message
        assert refused.message.endswith(f"{season.replace(', ', ' and ')}.")
        unclaimed = ask(law, date=day)
        assert charges(unclaimed) == [("duty", "100.00")]
        assert answered(unclaimed).lines[0].options == ()


def test_a_duty_of_a_season_is_charged_in_it_alone():
    winter = rule(Kind.ADDITIONAL_DUTY, "0101", "5%", conditions=(condition("season", "01 NOV - 31 JAN"),))
    law = book([DUTY, winter])
    assert charges(ask(law, date="2026-11-01")) == [("duty", "100.00"), ("additional_duty", "50.00")]
    assert charges(ask(law, date="2026-06-30")) == [("duty", "100.00")]


def test_every_season_of_a_measure_has_to_hold():
    law = book([DUTY, quota("01 MAY - 31 AUG", "01 JUL - 31 OCT")])
    assert charges(claimed(law, "2026-08-31")) == [("duty", "0.00")]
    for day in ("2026-06-30", "2026-09-01"):
        refused = claimed(law, day)
        assert isinstance(refused, Refusal)
        assert refused.message.endswith("01 JUL - 31 AUG.")


def test_the_seasons_of_all_rules_of_a_claim_are_told():
    later = replace(quota("15 DEC - 15 JAN"), id="later")
    refused = claimed(book([DUTY, quota(AUTUMN), later]), "2026-06-30")
    assert isinstance(refused, Refusal)
    assert refused.message.endswith("01 OCT - 15 JAN.")


@pytest.mark.parametrize(
    "law",
    [
        # For goods of another origin, for other goods, and after its last day.
        [DUTY, replace(quota(AUTUMN), origins=rule(Kind.QUOTA, "0101", "0%", include=("CC",)).origins)],
        [DUTY, rule(Kind.QUOTA, "0201", "0%", order_number="09.1", conditions=(condition("season", AUTUMN),))],
        [DUTY, quota(AUTUMN, validity=Period(date(2026, 1, 1), date(2026, 3, 31)))],
    ],
)
def test_a_claim_that_nobody_knows_in_any_season_is_unknown(law):
    refused = claimed(book(law), "2026-06-30")
    assert isinstance(refused, Refusal)
    assert refused.code == "claim_unknown"


def test_a_code_above_national_lines_is_refused_alike():
    law = book([DUTY, quota(AUTUMN)], lines=("01012110", "01012190"))
    refused = claimed(law, "2026-06-30", hs="010121")
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.where) == ("claim_closed", "lines[0].claims")
    assert charges(claimed(law, "2026-10-01", hs="010121")) == [("duty", "0.00")]


def test_a_season_that_cannot_be_read_leaves_the_charge_open():
    odd = rule(Kind.ADDITIONAL_DUTY, "0101", "5%", conditions=(condition("season", "in winter"),))
    answer = answered(ask(book([DUTY, odd]), date="2026-06-30"))
    assert not answer.totals.complete
    assert [each.code for each in answer.lines[0].unknowns if each.code == "condition_open"] == ["condition_open"]
