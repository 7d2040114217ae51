"""Questions that try to get a figure that is wrong: each is refused in a sentence, or the answer says what is open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ewtp.core.rulebook.measure import Condition, Kind
from ewtp.core.rulebook.territory import Group, Membership, Territory
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import SINCE, SOURCE, answered, ask, book, condition, rule, territory

DUTY = rule(Kind.DUTY, "0101", "10%")
BY_WEIGHT = rule(Kind.DUTY, "0101", "2 USD/kg")
BY_STRENGTH = rule(Kind.DUTY, "0101", "1 USD/% vol/hl")
UNION = Territory("EE", "Union of E", ("BB", "CC"), "USD")


def refused(answer: Any) -> tuple[str, str | None]:
    """The refusal's code and place."""
    assert isinstance(answer, Refusal), answer
    return answer.code, answer.where


def charged(answer: Any) -> list[tuple[str, str]]:
    """Every charge of the first line."""
    return [(c.kind, str(c.amount.amount)) for c in answered(answer).lines[0].charges]


def unknowns(answer: Any) -> list[str]:
    """The codes of what the first line leaves open."""
    return [unknown.code for unknown in answered(answer).lines[0].unknowns]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_moment_outside_the_calendar_is_no_moment(moment):
    assert refused(ask(book([DUTY]), known_at=moment)) == ("known_at_unreadable", "known_at")


def test_a_unit_given_twice_is_told_beside_an_amount_that_cannot_be_read():
    refusal = ask(book([BY_WEIGHT]), line={"quantities": {"kg": "x", "KGM": "2", "t": "y"}})
    assert isinstance(refusal, Refusal)
    assert [(each.code, each.where) for each in refusal.every] == [
        ("amount_unreadable", "lines[0].quantities.kg"),
        ("quantity_twice", "lines[0].quantities.KGM"),
        ("amount_unreadable", "lines[0].quantities.t"),
        ("quantity_twice", "lines[0].quantities.t"),
    ]


@pytest.mark.parametrize(
    ("quantities", "code"),
    [
        ({"kg": "0"}, "quantity_zero"),
        ({"kg": "-0"}, "quantity_zero"),
        ({"kg": "1000", "t": "5"}, "quantity_twice"),
        ({"kg": "1", "KGM": "1"}, "quantity_twice"),
        ({"lpa": "1", "pfl": "3"}, "quantity_twice"),
        ({"percent_vol": "101"}, "quantity_absurd"),
        ({"TNE": "999999999999999"}, "amount_absurd"),
    ],
)
def test_quantity_that_no_goods_have_is_refused(quantities, code):
    found, where = refused(ask(book([BY_WEIGHT]), line={"quantities": quantities}))
    assert found == code
    assert where is not None
    assert where.startswith("lines[0].quantities")


def test_strength_of_nothing_is_a_strength():
    assert charged(ask(book([BY_STRENGTH]), line={"quantities": {"percent_vol": "0", "hl": "5"}})) == [("duty", "0.00")]


def test_the_largest_quantities_multiply_without_an_error():
    most = {"percent_vol": "100", "litre": "999999999999999"}
    assert charged(ask(book([BY_STRENGTH]), line={"quantities": most})) == [("duty", "999999999999999.00")]


@pytest.mark.parametrize(("field", "given"), [("origin", ""), ("origin", 0), ("claims", ""), ("claims", {})])
def test_empty_text_is_not_the_same_as_nothing(field, given):
    code, where = refused(ask(book([DUTY]), line={field: given}))
    assert (code, where) in {
        ("economy_unknown", "lines[0].origin"),
        ("claims_unreadable", "lines[0].claims"),
    }


def test_low_value_is_the_price_without_carriage():
    relief = rule(
        Kind.RELIEF,
        "",
        "",
        programme="relief:duty",
        conditions=(condition("maximum_value", "150.00 USD"),),
    )
    the_book = book([DUTY, relief], where=territory("CIF"))
    carried = ask(the_book, value="150.00", freight={"amount": "40.00", "currency": "USD"})
    assert charged(carried) == [("duty", "0.00")]
    assert str(answered(carried).totals.customs_value.amount) == "190.00"
    assert charged(ask(the_book, value="150.01")) == [("duty", "15.00")]


def two_programmes(*rates: str) -> Any:
    """A book in which goods of BB may enter under two programmes."""
    lower = [
        rule(Kind.PREFERENCE, "0101", rate, include=(name,)) for name, rate in zip(("BB", "AA-BB"), rates, strict=True)
    ]
    return book([DUTY, *lower])


def test_two_claims_that_set_two_duties_are_refused():
    both = {"claims": ["BB", "AA-BB"]}
    assert refused(ask(two_programmes("5%", "2%"), line=both)) == ("claims_conflict", "lines[0].claims")
    assert charged(ask(two_programmes("2%", "2%"), line=both)) == [("duty", "20.00")]


def test_two_claims_that_conflict_on_a_line_below_are_refused():
    lower = [rule(Kind.PREFERENCE, "01012100", rate, include=(name,)) for name, rate in (("BB", "5%"), ("AA-BB", "2%"))]
    the_book = book([DUTY, *lower], lines=("01012100", "01012900"))
    code, _ = refused(ask(the_book, "010129", line={"claims": ["BB"]}))
    assert code == "claim_unknown"
    both = book([DUTY, *lower], lines=("01012100", "01012110"))
    assert refused(ask(both, "010121", line={"claims": ["BB", "AA-BB"]}))[0] == "claims_conflict"


@pytest.mark.parametrize(("source", "destination"), [("EE", "BB"), ("BB", "EE")])
def test_a_union_and_its_member_share_a_territory(source, destination):
    union = Territory("EE", "Union of E", ("BB", "CC"), "USD", nomenclature="TEST", hs_edition="HS2022", digits=8)
    duty = rule(Kind.DUTY, "0101", "10%", territory="EE")
    answer = ask(book([duty], others=[union]), **{"from": source, "to": destination})
    assert charged(answer) == []
    assert "inside_customs_union" in unknowns(answer) or "schedule_not_in_force" in unknowns(answer)


def additional(rate: str, *include: str, programme: str = "p") -> Any:
    """An additional duty on goods of named economies or groups."""
    return rule(Kind.ADDITIONAL_DUTY, "0101", rate, include=include, programme=programme)


def test_goods_of_a_union_bear_what_reaches_every_member():
    the_book = book([DUTY, additional("25%", "*"), additional("15%", "BB", "CC")], others=[UNION])
    member = ask(the_book, **{"from": "CC"})
    union = ask(the_book, **{"from": "EE"})
    assert charged(union) == charged(member) == [("duty", "100.00"), ("additional_duty", "150.00")]
    assert "origin_depends_on_member" not in unknowns(union)


def test_goods_of_a_union_are_open_where_its_members_differ():
    answer = ask(book([DUTY, additional("25%", "CC")], others=[UNION]), **{"from": "EE"})
    assert charged(answer) == [("duty", "100.00")]
    assert "origin_depends_on_member" in unknowns(answer)
    assert not answered(answer).totals.complete


def test_a_union_is_in_a_group_that_holds_all_its_members():
    the_book = book([DUTY], others=[UNION])
    whole = Group("AA-E", "All of E", tuple(Membership(m, SINCE) for m in ("BB", "CC")), SOURCE)
    part = Group("AA-B", "Part of E", (Membership("BB", SINCE),), SOURCE)
    the_book.groups = {group.id: group for group in (whole, part)}
    assert the_book.groups_of("EE", SINCE.start) == {"EE", "AA-E"}


def test_there_is_no_span_while_the_duty_of_a_line_is_not_known():
    duties = [rule(Kind.DUTY, "02011010", "5%"), rule(Kind.DUTY, "02011090", "twelve moons")]
    span = answered(ask(book(duties, lines=("02011010", "02011090")), "020110")).lines[0].span
    assert span is not None
    assert (span.lowest_duty, span.highest_duty) == (None, None)
    assert [line.duty is None for line in span.lines] == [False, True]


def test_lines_that_agree_say_what_could_be_saved_on_each():
    lines = ("02011010", "02011090")
    duty = rule(Kind.DUTY, "0201", "5%")
    shared = book([duty, rule(Kind.PREFERENCE, "0201", "1%", include=("AA-BB",))], lines=lines)
    (option,) = answered(ask(shared, "020110")).lines[0].options
    assert option.saving is not None
    assert (option.claim, option.saving.amount) == ("AA-BB", Decimal("40.00"))
    single = book([duty, rule(Kind.PREFERENCE, "02011010", "1%", include=("AA-BB",))], lines=lines)
    assert answered(ask(single, "020110")).lines[0].options == ()


def test_a_condition_nobody_can_settle_is_never_taken_as_met():
    moon = rule(Kind.ADDITIONAL_DUTY, "0101", "5%", conditions=(Condition("moon", "full", "the moon is full"),))
    answer = ask(book([DUTY, moon]))
    assert charged(answer) == [("duty", "100.00")]
    assert "condition_open" in unknowns(answer)


@pytest.mark.parametrize(
    "parts", [{"x" * 61: "1"}, {f"part {number}": "1" for number in range(21)}], ids=["a long name", "many names"]
)
def test_parts_cannot_bring_texts_of_any_length_into_an_answer(parts):
    given = {name: {"amount": amount, "currency": "USD"} for name, amount in parts.items()}
    answer = ask(book([DUTY]), line={"parts": given})
    assert refused(answer) == ("parts_unreadable", "lines[0].parts")
    assert len(str(answer)) < 1_000
    allowed = {name[:60]: amount for name, amount in list(given.items())[:20]}
    answered(ask(book([DUTY]), line={"parts": allowed}))
