"""An adopted rule takes the days of the law that it amends, and a proposed one counts in no answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.rulebook.citation import Adoption
from ewtp.core.rulebook.measure import Kind, Measure, Status
from ewtp.core.rulebook.precedence import measures_in_effect
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import answered, ask, book, rule

FIRST, ONE_DAY = date(2026, 1, 1), timedelta(days=1)
LAW = rule(Kind.DUTY, "0101", "10%")


def reform(expression: str = "5%", validity: Period | None = None, status: Status = Status.ADOPTED) -> Measure:
    return replace(LAW, id="reform", expression=expression, status=status, validity=validity or LAW.validity)


@pytest.mark.parametrize(
    "proposal",
    [
        rule(Kind.ADDITIONAL_DUTY, "0101", "20%", programme="p", status=Status.PROPOSED),
        rule(Kind.TAX, "", "20%", base="duty_paid", status=Status.PROPOSED),
        rule(Kind.PREFERENCE, "0101", "Free", include=("AA-BB",), status=Status.PROPOSED),
        rule(Kind.REQUIREMENT, "0101", "", agency="Vets", status=Status.PROPOSED),
        rule(Kind.PROHIBITION, "0101", "", status=Status.PROPOSED),
        rule(Kind.RELIEF, "", "", programme="relief:duty", status=Status.PROPOSED),
        reform(status=Status.PROPOSED),
    ],
)
def test_a_proposed_rule_changes_no_answer(proposal: Measure):
    assert answered(ask(book([LAW, proposal]))).as_json() == answered(ask(book([LAW]))).as_json()


def test_an_adopted_rule_is_charged_and_cited_instead_of_the_law_that_it_amends():
    answer = answered(ask(book([LAW, reform()])))
    (charge,) = answer.as_json()["lines"][0]["charges"]
    assert (charge["amount"]["amount"], charge["status"], charge["measure"]) == ("50.00", "adopted", "reform")
    assert charge["citation"]["adopted_from"] is None
    assert [law["measure"] for law in charge["citation"]["amends"]] == [LAW.id]
    assert "duty_ambiguous" not in {each.code for each in answer.lines[0].unknowns}


@pytest.mark.parametrize(
    ("day", "amount", "status", "until"),
    [
        ("2026-02-28", 100, Status.LAW, "2026-02-28"),
        ("2026-03-01", 50, Status.ADOPTED, "2026-04-30"),
        ("2026-04-30", 50, Status.ADOPTED, "2026-04-30"),
        ("2026-05-01", 100, Status.LAW, None),
    ],
)
def test_the_law_holds_before_and_after_the_rule(day: str, amount: int, status: Status, until: str | None):
    amended = book([LAW, reform(validity=Period(date(2026, 3, 1), date(2026, 4, 30)))])
    (charge,) = answered(ask(amended, date=day)).lines[0].charges
    assert charge.amount.amount == amount
    assert charge.rule.measure.status is status
    assert charge.rule.citation["valid_to"] == until


def test_an_adopted_document_is_asked_for_once():
    law = rule(Kind.REQUIREMENT, "0101", "", agency="Vets", document="Certificate", title="as the law has it")
    adopted = replace(law, id="reform", title="by data exchange", status=Status.ADOPTED)
    found = answered(ask(book([LAW, law, adopted]))).lines[0].requirements
    assert [each.measure.title for each in found] == ["by data exchange"]


def test_an_adopted_rule_may_abolish_what_the_law_asks_for():
    law = rule(Kind.REQUIREMENT, "0101", "", agency="Vets", document="Certificate")
    days = Period(date(2026, 3, 1), date(2026, 4, 30))
    abolished = replace(law, id="reform", status=Status.ADOPTED, validity=days, adoption=Adoption(abolishes=True))
    for day, asked in (("2026-02-28", 1), ("2026-03-01", 0), ("2026-04-30", 0), ("2026-05-01", 1)):
        found = answered(ask(book([LAW, law, abolished]), date=day)).lines[0].requirements
        assert len(found) == asked
    # An abolition without law to abolish has no effect either.
    assert measures_in_effect([abolished]) == []


def test_another_adopted_rule_leaves_the_law_alone():
    other = replace(reform(), product=replace(LAW.product, prefix="010121"))
    assert measures_in_effect([LAW, other]) == [LAW, other]
    (charge,) = answered(ask(book([LAW, other]))).lines[0].charges
    assert charge.rule.measure == other


periods = st.builds(
    lambda start, days: Period(FIRST + timedelta(days=start), FIRST + timedelta(days=start + days) if days else None),
    st.integers(0, 9),
    st.integers(0, 9),
)


@given(st.dictionaries(st.sampled_from(Status), periods), st.booleans())
def test_on_every_day_the_rule_of_highest_precedence_holds(held: dict[Status, Period], simulated: bool):  # noqa: FBT001 - drawn
    order = [Status.PROPOSED] * simulated + [Status.ADOPTED, Status.LAW]
    found = measures_in_effect(
        [reform(validity=days, status=status) for status, days in held.items()], proposals=simulated
    )
    for day in (FIRST + n * ONE_DAY for n in range(25)):
        expected = next(([status] for status in order if status in held and day in held[status]), [])
        assert [measure.status for measure in found if day in measure.validity] == expected


@given(periods, periods)
def test_a_period_without_another_has_the_days_that_the_other_has_not(one: Period, other: Period):
    found = one.without(other)
    for day in (FIRST + n * ONE_DAY for n in range(25)):
        assert sum(day in period for period in found) == (day in one and day not in other)
    assert (found == (one,)) == (not one.overlaps(other))
