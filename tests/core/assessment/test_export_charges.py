"""What the economy of dispatch charges when goods leave: told, and in no sum."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.measure import Condition, Direction, Kind, Measure
from ewtp.core.rulebook.territory import Territory
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import answered, ask, book, rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.assessment.answer import Answer

BB = Territory("BB", "Bland", ("BB",), "EUR", nomenclature="OTHER", hs_edition="HS2022", digits=8)
DUTY = rule(Kind.DUTY, "01", "10%")


def leaving(prefix: str, rate: str, **fields: Any) -> Measure:
    """A charge of BB on goods that leave it."""
    found = rule(Kind.DUTY, prefix, rate, title="Export duty", id=f"BB-{prefix}-{rate}", **fields)
    return replace(found, territory="BB", direction=Direction.EXPORT)


def answer(measures: Sequence[Measure], **question: Any) -> Answer:
    return answered(ask(book([DUTY, *measures], others=(BB,)), **question))


def told(found: Answer) -> list[tuple[list[str], str]]:
    return [(each["codes"], each["note"].partition(" (")[0]) for each in found.lines[0].as_json()["export_charges"]]


def test_a_charge_on_the_subheading_is_told_and_counted_nowhere():
    with_it, without = answer([leaving("0101", "20%")]), answer([])
    assert told(with_it) == [(["0101"], "Bland charges this when the goods leave")]
    assert with_it.totals == without.totals
    assert with_it.lines[0].charges == without.lines[0].charges
    assert told(without) == []


def test_a_longer_code_is_the_exporters_own_and_says_so():
    """The destination's line 01012100 has the digits of another line of BB's schedule, and that is not this one."""
    found = told(answer([leaving("01012110", "20%"), leaving("01012190", "20%"), leaving("01012199", "5%")]))
    assert [codes for codes, _ in found] == [["01012110", "01012190"], ["01012199"]]
    assert all("in its own schedule leave, which are some or all of those under 010121" in said for _, said in found)


def test_a_part_of_the_subheading_that_is_left_out_leaves_the_rest():
    ((codes, said),) = told(answer([leaving("0101", "20%", exclusions=("01012190",))]))
    assert codes == ["0101"]
    assert "some or all of those under 010121" in said


def test_a_subheading_that_is_left_out_and_another_heading_bear_nothing():
    assert told(answer([leaving("0101", "20%", exclusions=("010121",)), leaving("0102", "20%")])) == []


@pytest.mark.parametrize(("to", "expected"), [(("AA",), 1), (("CC",), 0), (("*",), 1)])
def test_it_names_destinations(to: tuple[str, ...], expected: int):
    assert len(told(answer([leaving("01", "20%", include=to)]))) == expected


def test_it_holds_on_its_days_alone():
    ended = Period(date(2026, 1, 1), date(2026, 6, 29))
    assert told(answer([leaving("01", "20%", validity=ended)])) == []


def test_a_condition_that_is_not_settled_is_said():
    on_price = Condition("above_value", "999999 USD")
    assert told(answer([leaving("01", "20%", conditions=(on_price,))])) == []
    unread = Condition("moon", "full")
    ((_, said),) = told(answer([leaving("01", "20%", conditions=(unread,))]))
    assert said == "Bland may charge this when the goods leave, on a condition that is not checked here"


def test_a_charge_on_a_longer_code_comes_in_the_place_of_that_on_its_heading():
    assert told(answer([leaving("01", "20%"), leaving("010121", "5%")])) == [
        (["010121"], "Bland charges this when the goods leave")
    ]
    # Only part of the goods are of the longer code: the others bear what their heading does.
    found = told(answer([leaving("0101", "20%"), leaving("01012190", "5%")]))
    assert [codes for codes, _ in found] == [["0101"], ["01012190"]]
    assert all("some or all of those under 010121" in said for _, said in found)
    # On a condition that nothing settles, neither is certain.
    open_one = leaving("010121", "5%", conditions=(Condition("moon", "full"),))
    assert [codes for codes, _ in told(answer([leaving("01", "20%"), open_one]))] == [["01"], ["010121"]]


def paper(prefix: str, **fields: Any) -> Measure:
    """A paper that BB asks for when goods leave it."""
    law = rule(Kind.REQUIREMENT, prefix, "", agency="Port", document="Note", title="Note", id=f"BB-{prefix}", **fields)
    return replace(law, territory="BB", direction=Direction.EXPORT)


def papers(found: Answer) -> tuple[list[str], list[str]]:
    line = found.lines[0]
    return [each.measure.id for each in line.requirements], [
        each.message for each in line.unknowns if "Note" in each.message
    ]


def test_a_paper_is_compared_at_six_digits_where_the_schedules_differ():
    assert papers(answer([paper("010121")])) == (["BB-010121"], [])
    assert papers(answer([paper("0102")])) == ([], [])
    # The digits of the destination's line mean other goods in BB's schedule, and so do those of its neighbour.
    for code in ("01012100", "01012190"):
        ids, (said,) = papers(answer([paper(code)]))
        assert ids == [f"BB-{code}"]
        assert f"is on goods of {code} in the schedule of the economy that they leave" in said
    ids, (said,) = papers(answer([paper("0101", exclusions=("01012190",))]))
    assert ids == ["BB-0101"]
    assert "some or all of those under 010121" in said
    ids, (said,) = papers(answer([paper("", exclusions=("01012190",))]))
    assert ids == ["BB-"]
    assert "is on goods of 010121 in the schedule" in said


def test_a_paper_is_compared_whole_where_both_have_one_nomenclature():
    alike = replace(BB, nomenclature="TEST")
    law = [DUTY, paper("01012100"), paper("01012190")]
    assert papers(answered(ask(book(law, others=(alike,))))) == (["BB-01012100"], [])


def test_the_same_paper_on_a_longer_code_is_asked_for_once():
    assert papers(answer([paper("01"), paper("010121")])) == (["BB-010121"], [])
    other = replace(paper("010121"), document="Seal", title="Seal")
    assert papers(answer([paper("01"), other]))[0] == ["BB-01", "BB-010121"]
