"""Records that nobody can mean, of every kind and in every field: each is refused, with the number of its rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.changeset.changeset import Amended, Ended
from ewtp.core.rulebook.changeset.check import check
from ewtp.core.rulebook.changeset.remark import find_remarks
from ewtp.core.rulebook.citation import Adoption
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Origins, Product
from ewtp.core.rulebook.service import Service
from ewtp.core.rulebook.territory import Group, GroupMember, TariffLine
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import SINCE, SOURCE, rule
from tests.core.rulebook.changeset.small_law import JANUARY, JULY, MARCH, ONE_DAY, proposed
from tests.core.rulebook.changeset.test_check import (
    CHEAPER,
    DUTY,
    ORIGIN_RULE,
    UNTIL,
    change,
    found,
    law,
    practice,
)

if TYPE_CHECKING:
    from ewtp.core.rulebook.changeset.law_record import LawRecord

FEE = proposed(rule(Kind.FEE, "0101", "1%"))
PREFERENCE = proposed(rule(Kind.PREFERENCE, "0101", "2%", include=("CC",)))
LINE = TariffLine("AA", "01013000", SINCE)


def when(kind: str, value: str) -> Measure:
    return replace(FEE, conditions=(Condition(kind, value),))


def charge(expression: str, kind: Kind = Kind.FEE, **fields: Any) -> Measure:
    return proposed(rule(kind, "0101", expression, **fields))


def on(nomenclature: str, prefix: str = "0101", *out: str) -> Measure:
    return replace(FEE, product=Product(nomenclature, prefix, out))


def of(include: tuple[str, ...], *exclude: str) -> Measure:
    return replace(FEE, origins=Origins(include, exclude))


SCOPES: list[tuple[str, LawRecord, str]] = [
    ("a nomenclature of nobody", on("MOON2026"), "CS7"),
    ("no nomenclature", on(""), "CS7"),
    ("an edition of HS that there is not", on("HS2031"), "CS7"),
    ("the nomenclature of others", on("HTS2026"), "CS7"),
    ("a code in letters", on("TEST", "01x1"), "CS7"),
    ("a code with dots", on("TEST", "0101.21"), "CS7"),
    ("a code in letters, without a schedule", replace(on("TEST", "010121XYZ"), territory="DD"), "CS7"),
    ("an exclusion elsewhere", on("TEST", "0101", "9999"), "CS3"),
    ("an exclusion that is wider", on("TEST", "0101", "01"), "CS3"),
    ("an exclusion of no line", on("TEST", "0101", "010199"), "CS3"),
    ("an exclusion in another", on("TEST", "0101", "010121", "01012100"), "CS3"),
    ("an exclusion in letters", on("TEST", "0101", "0101xx"), "CS3"),
    ("an exclusion of no subheading", replace(on("TEST", "0101", "010199"), territory="DD"), "CS3"),
    ("no origin", of(()), "CS3"),
    ("every origin excepted", of(("*",), "*"), "CS3"),
    ("all its origins excepted", of(("BB",), "AA-BB"), "CS3"),
    ("all but nobody's origin", of(("CC",), "DD"), "CS3"),
    ("all but a group of others", of(("DD",), "AA-BB"), "CS3"),
    ("all but a group of nobody", of(("*",), "AA-NONE"), "CS3"),
    ("a recognised paper that nobody can claim", charge("", Kind.RELIEF, programme="recognition"), "CS3"),
    ("a relief of what is not charged", charge("", Kind.RELIEF, programme="relief:excise"), "CS3"),
]
FIGURES: list[tuple[str, LawRecord, str]] = [
    ("a rate beyond measure", charge("100000000000000000000%"), "CS4"),
    ("a duty beyond measure", charge("10001%", Kind.EXCISE), "CS4"),
    ("an amount beyond measure", charge("1000000001 USD/kg"), "CS4"),
    ("a term beyond measure", charge("5% + 99999999999 USD/kg"), "CS4"),
    ("a rate in XQQ", charge("1 XQQ/kg"), "CS4"),
    ("a currency that is none", charge("1%", currency="XQQ"), "CS4"),
    ("a currency in words", charge("1%", currency="dollars"), "CS4"),
    ("a floor in XQQ", charge("1%", minimum="5.00 XQQ"), "CS4"),
    ("a cap in XQQ", charge("1%", maximum="5.00 XQQ"), "CS4"),
    ("a limit in XQQ", when("maximum_value", "5.00 XQQ"), "CS4"),
    ("a floor above the cap", charge("1%", minimum="9 USD", maximum="5 USD"), "CS4"),
    ("a floor beyond measure", charge("1%", minimum="10000000000000 USD"), "CS4"),
    ("a floor of nothing", charge("1%", minimum="0 USD"), "CS4"),
    ("least above most", charge("1% MIN 20 USD / kg MAX 10 USD / kg"), "CS4"),
    ("a limit of nothing", when("below_value", "0 USD"), "CS4"),
    ("a limit beyond measure", when("above_value", "100000000000000 USD"), "CS4"),
    ("an answer in millions of years", Service("AA", "Vets", "", 10**9, SINCE, SOURCE, "x"), "CS4"),
    ("an answer in a hundred years", Service("AA", "Vets", "", 36_500, SINCE, SOURCE, "x"), "CS4"),
    ("a base many times over", practice("tax_base", "customs_value*99999"), "CS4"),
    ("a base of nothing", practice("tax_base", "customs_value*0"), "CS4"),
    ("a rounding to a billion places", practice("rounding_duty", "1000000000:half_up"), "CS4"),
    ("a unit of nothing", replace(LINE, units=("parsec",)), "CS4"),
]
EFFECTS: list[tuple[str, LawRecord, str]] = [
    ("a fee of nothing", charge("0%"), "CS3"),
    ("a fee of nothing a kilogram", charge("0 USD/kg"), "CS3"),
    ("a tax of nothing", charge("0%", Kind.TAX, programme="vat", base="duty_paid"), "CS3"),
    ("an additional duty of nothing", charge("Free", Kind.ADDITIONAL_DUTY, programme="x"), "CS3"),
    ("a rate of a paper", charge("5%", Kind.REQUIREMENT, agency="Vets", document="Other"), "CS3"),
    ("a rate of a prohibition", charge("5%", Kind.PROHIBITION), "CS3"),
    ("a floor of a duty", charge("5%", Kind.ADDITIONAL_DUTY, minimum="5 USD"), "CS3"),
    ("a cap of a tax", charge("5%", Kind.TAX, maximum="5 USD"), "CS3"),
    ("a duty on the duty", charge("5%", Kind.ADDITIONAL_DUTY, base="duty_paid"), "CS3"),
    ("a fee that yields to itself", charge("1%", programme="p", yields_to=("p",)), "CS3"),
    ("a chapter that MAST has not", charge("", Kind.REQUIREMENT, agency="Vets", mast_chapter="Z9"), "CS3"),
    ("no claim", when("claim", ""), "CS13"),
    ("a claim of spaces", when("claim", "  "), "CS13"),
    ("unless no claim", when("unless_claim", ""), "CS13"),
    ("no use", when("end_use", ""), "CS13"),
    ("a claim too long to be made", when("claim", "c" * 61), "CS13"),
    ("a use too long to be claimed", when("end_use", "u" * 60), "CS13"),
]
RECORDS: list[tuple[str, LawRecord, str]] = [
    ("a group in itself", GroupMember("AA-BB", "AA-BB", SINCE, SOURCE, "x"), "CS3"),
    ("a group in another", GroupMember("AA-BB", "AA-NONE", SINCE, SOURCE, "x"), "CS3"),
    ("a group named like an economy", Group("EE", "Some", (), SOURCE), "CS8"),
    ("a group named like a territory", Group("AA", "Some", (), SOURCE), "CS8"),
    ("a member without a group", GroupMember("AA", "BB", SINCE, SOURCE, "x"), "CS6"),
    ("a member until the end of days", GroupMember("AA-BB", "EE", Period(MARCH, date.max), SOURCE, "x"), "CS12"),
    ("a fee until the end of days", replace(FEE, validity=Period(MARCH, date(9999, 12, 31))), "CS12"),
    ("a fee from the year 2500", replace(FEE, validity=Period(date(2500, 1, 1))), "CS12"),
    ("a part of no territory", practice("customs_territory", "QQ"), "CS5"),
    ("a tax territory of nobody", practice("tax_territory", "QQ"), "CS5"),
    ("a union with nobody", practice("customs_union", "BB QQ"), "CS5"),
    ("a name that covers nobody", practice("named_with", "QQ"), "CS5"),
    ("classes that MAST has not", practice("requirement_classes", "A Z"), "CS4"),
    ("a line that HS has not", TariffLine("AA", "77010000", SINCE), "CS7"),
    ("a line in letters", TariffLine("AA", "0101210x", SINCE), "CS7"),
    ("a span in words", replace(ORIGIN_RULE, first="0101 to 02", last="0101and02"), "CS7"),
    ("a span of short codes", replace(ORIGIN_RULE, first="0101", last="0106"), "CS7"),
    ("a span of no subheading", replace(ORIGIN_RULE, first="7700000000", last="7799999999"), "CS7"),
    ("a span turned round", replace(ORIGIN_RULE, first="0106999999", last="0101000000"), "CS3"),
    ("a rule of origin that says nothing", replace(ORIGIN_RULE, last="0101999999", classes=(), text=" "), "CS3"),
    ("a preference above an amount", replace(PREFERENCE, expression="2 USD/kg"), ""),
]
ASKS = proposed(rule(Kind.REQUIREMENT, "0101", "", agency="Vets", document="Other"))
SURCHARGE = charge("5%", Kind.ADDITIONAL_DUTY, programme="p")
OWN_PAPER = (Condition("claim", "p"), Condition("document", "certificate"), Condition("authority", "VETS"))
RECOGNISED = proposed(
    rule(Kind.RELIEF, "0101", "", programme="recognition", agency="Vets", document="Certificate"),
    conditions=OWN_PAPER,
)
TEXTS: list[tuple[str, LawRecord, str]] = [
    ("a title of spaces", charge("1%", title="  "), "CS4"),
    ("a title that nobody finishes", charge("1%", title="x" * 2_001), "CS4"),
    ("a title that turns writing round", charge("1%", title="free\u202eytud"), "CS4"),
    ("a title that commands terminals", charge("1%", title="\x1b[2J"), "CS4"),
    ("a group without a visible title", Group("G", " ", (), SOURCE), "CS4"),
    ("a group named like every origin", Group("*", "All", (), SOURCE), "CS4"),
    ("a group without a name", Group("", "None", (), SOURCE), "CS4"),
    ("a group that nobody can claim", Group("G" * 61, "Long", (), SOURCE), "CS4"),
    ("a stage in words", replace(ASKS, stage="whenever the minister likes"), "CS4"),
    ("a stage of a fee", charge("1%", stage="whenever"), "CS3"),
    ("a paper of a fee", charge("1%", document="Certificate"), "CS3"),
    ("a chapter of MAST of a fee", charge("1%", mast_chapter="A"), "CS3"),
    ("an order number of a fee", charge("1%", order_number="09"), "CS3"),
    ("a programme of a paper", replace(ASKS, programme="vat"), "CS3"),
    ("an additional code of a paper", replace(ASKS, additional_code="C1"), "CS3"),
    ("a note that says nothing", when("note", ""), "CS13"),
    ("a paper that has no name", when("document", " "), "CS13"),
    ("an adoption that nobody made", replace(FEE, adoption=Adoption("x", abolishes=True)), "CS9"),
    ("an indent of a thousand", replace(LINE, indent=1_000), "CS4"),
    ("a share above all", replace(ORIGIN_RULE, last="0101999999", classes=("MaxNOM:400%",)), "CS4"),
    ("a share of nothing", replace(ORIGIN_RULE, last="0101999999", classes=("CTH", "VA0")), "CS4"),
]
NAMES_IN_VAIN: list[tuple[str, LawRecord, str]] = [
    ("a member beside its group", of(("BB", "AA-BB")), "CS3"),
    ("a member that its group excepts", of(("BB", "DD"), "AA-BB"), "CS3"),
    ("a member excepted beside its group", of(("*",), "BB", "AA-BB"), "CS3"),
    ("everybody as a member", GroupMember("AA-BB", "*", SINCE, SOURCE, "x"), "CS6"),
    ("a union with itself", practice("customs_union", "DD AA"), "CS3"),
    ("a name that covers itself", practice("named_with", "AA"), "CS3"),
    ("a rule that yields to nobody", charge("5%", Kind.ADDITIONAL_DUTY, programme="p", yields_to=("nope",)), "CS3"),
    ("a bound of a relief", charge("", Kind.RELIEF, programme="relief:duty", minimum="3 USD"), "CS3"),
    ("a fee that yields", charge("1%", yields_to=("p",)), "CS3"),
    ("a paper in place of itself", RECOGNISED, "CS3"),
]
CASES = [*SCOPES, *FIGURES, *EFFECTS, *RECORDS, *TEXTS, *NAMES_IN_VAIN]


@pytest.mark.parametrize("case", CASES, ids=[name for name, _, _ in CASES])
def test_what_nobody_can_mean_is_refused(case: tuple[str, LawRecord, str]):
    _, record, number = case
    assert found(change(record)) == ([(number, "added[0]")] if number else [])


def test_a_circle_of_groups_is_refused_at_both():
    new = (Group("ONE", "One", (), SOURCE), Group("OTHER", "Other", (), SOURCE))
    circle = (GroupMember("ONE", "OTHER", SINCE, SOURCE, "x"), GroupMember("OTHER", "ONE", SINCE, SOURCE, "x"))
    assert found(change(*new, *circle)) == [("CS3", "added[2]"), ("CS3", "added[3]")]


@pytest.mark.parametrize("field", ["title", "reference"])
def test_a_text_that_the_law_has_is_not_taken_away(field: str):
    empty: dict[str, Any] = {field: ""}
    gone = replace(CHEAPER, **empty)
    assert found(change(amended=(Amended(DUTY, gone),))) == [("CS4", "amended[0].after")]
    again = change(gone, ended=(Ended(DUTY, JULY - ONE_DAY),))
    assert found(again) == [("CS4", "added[0]")]
    assert found(change(amended=(Amended(DUTY, replace(CHEAPER, **(empty | {field: "other"}))),))) == []


def test_a_member_of_a_group_that_does_not_exist_then_is_refused():
    for_a_while = Group("G", "For a while", (), SOURCE, validity=Period(MARCH, JULY))
    member = GroupMember("G", "EE", Period(JULY + ONE_DAY), SOURCE, "x")
    assert found(change(for_a_while, member)) == [("CS3", "added[1]")]
    assert found(change(for_a_while, replace(member, validity=Period(JULY)))) == []


def test_what_is_lawful_and_seldom_meant_is_remarked():
    one_day = GroupMember("AA-BB", "EE", Period(MARCH, MARCH), SOURCE, "x")
    embargo = proposed(rule(Kind.PROHIBITION, "", ""))
    namesake = replace(RECOGNISED, origins=Origins(("CC",)))
    made = change(one_day, embargo, namesake, ended=(Ended(UNTIL, JANUARY),))
    assert check(made, law()) == ()
    assert [(each.form, each.where) for each in find_remarks(made)] == [
        ("one_day", "added[0]"),
        ("everything", "added[1]"),
        ("same_authority", "added[2]"),
        ("one_day", "ended[0]"),
    ]
    longer = replace(one_day, validity=Period(MARCH, MARCH + ONE_DAY))
    assert find_remarks(change(longer, proposed(rule(Kind.PROHIBITION, "01", "")), FEE)) == ()


def test_an_end_in_thousands_of_years_is_refused():
    assert found(change(ended=(Ended(DUTY, date(9999, 12, 31)),))) == [("CS12", "ended[0]")]


@pytest.mark.parametrize("rate", ["5%", "5.00 %"])
def test_an_operation_that_leaves_the_rate_is_empty(rate: str):
    again = proposed(DUTY, id="again", expression=rate, validity=Period(JULY))
    same = replace(DUTY, id="same", expression=rate, status=again.status)
    cases = [
        (change(amended=(Amended(DUTY, again),)), "amended[0]"),
        (change(amended=(Amended(DUTY, same),)), "amended[0]"),
        (change(again, ended=(Ended(DUTY, JULY - ONE_DAY),)), "added[0]"),
        (change(same, ended=(Ended(DUTY, None),)), "added[0]"),
    ]
    for made, where in cases:
        assert found(made) == [("CS10", where)]
    # A last day that is another one is a change.
    until = replace(again, validity=Period(JULY, date(2026, 12, 31)))
    assert found(change(amended=(Amended(DUTY, until),))) == []


FREE = proposed(rule(Kind.FEE, "", "0%", validity=Period(MARCH, JULY)))
SOUND: list[tuple[str, tuple[LawRecord, ...]]] = [
    (
        "a tax of nothing on some goods",
        (
            proposed(rule(Kind.TAX, "", "5%", programme="vat")),
            charge("0%", Kind.TAX, programme="vat"),
        ),
    ),
    (
        "an additional duty of nothing on some goods",
        (
            proposed(rule(Kind.ADDITIONAL_DUTY, "01", "5%", programme="p")),
            charge("Free", Kind.ADDITIONAL_DUTY, programme="p"),
        ),
    ),
    ("a fee of nothing with a floor", (charge("0%", minimum="5 USD"),)),
    ("an exclusion of a line", (on("TEST", "0101", "010121"),)),
    ("an edition of HS", (on("HS2017"),)),
    ("all but a member", (of(("AA-BB",), "CC"),)),
    ("all but one", (of(("*",), "CC"),)),
    ("a member for a part of the days", (of(("CC",), "AA-BB"),)),
    ("a claim that is as long as one can be", (when("claim", "c" * 60),)),
    ("a rate as high as one can be", (charge("10000%"),)),
    ("a relief of a tax that comes with it", (charge("5%", Kind.TAX), charge("", Kind.RELIEF, programme="relief:tax"))),
    ("a line beside others", (replace(LINE, units=("KGM", "number")),)),
    ("a line of the nation's own chapter", (TariffLine("AA", "99010000", SINCE),)),
    ("a part of a territory", (practice("customs_territory", "DD"),)),
    ("a tax territory of its own", (practice("tax_territory", "AA"),)),
    ("a new rule without a title", (charge("1%", title=""),)),
    ("a title as long as one can be", (charge("1%", title="x" * 2_000),)),
    ("a paper at the entry", (replace(ASKS, stage="entry"),)),
    ("a paper at no stage that is told", (ASKS,)),
    ("a paper in electronic form of any kind", (replace(ASKS, conditions=(Condition("electronic", ""),)),)),
    ("a remark in words", (replace(FEE, conditions=(Condition("remark", "", "per consignment"),)),)),
    ("a member beside its group before it joins", (of(("CC", "AA-BB")),)),
    ("an origin beside everybody", (of(("*", "BB")),)),
    ("a rule that yields to one beside it", (SURCHARGE, replace(SURCHARGE, id="o", programme="q", yields_to=("p",)))),
    ("a paper of another's authority", (replace(RECOGNISED, origins=Origins(("CC",))),)),
    (
        "another paper of the authority",
        (replace(RECOGNISED, conditions=(*OWN_PAPER[::2], Condition("document", "X"))),),
    ),
    ("a group as long as a claim", (Group("G" * 60, "Long", (), SOURCE),)),
    ("a flat duty", (charge("0%", Kind.RELIEF, programme="relief:duty", minimum="3 USD", maximum="3 USD"),)),
    ("a share of all", (replace(ORIGIN_RULE, last="0101999999", classes=("RVC:100%",)),)),
]


@pytest.mark.parametrize("records", [case[1] for case in SOUND], ids=[case[0] for case in SOUND])
def test_what_comes_near_it_has_no_fault(records: tuple[LawRecord, ...]):
    assert check(change(*records), law()) == ()


def test_a_charge_that_falls_to_nothing_has_an_effect():
    until = rule(Kind.FEE, "", "1%", validity=Period(JANUARY, JULY))
    assert check(change(ended=(Ended(until, MARCH),), amended=()), law()) == ()
    after = replace(FREE, validity=Period(MARCH, JULY))
    assert check(change(amended=(Amended(until, after),)), law()) == ()


def test_a_preference_is_compared_on_every_day():
    low = replace(CHEAPER, expression="1%")
    one = change(PREFERENCE, amended=(Amended(DUTY, low),))
    assert [(fault.number, fault.params["day"]) for fault in check(one, law())] == [("CS11", JULY)]
    # Until the day before, it lowers the duty.
    until = replace(PREFERENCE, validity=Period(JANUARY, JULY - ONE_DAY))
    assert check(change(until, amended=(Amended(DUTY, low),)), law()) == ()
    # The duty is higher again after some days.
    again = proposed(DUTY, id="again", expression="5%", validity=Period(date(2026, 8, 1)))
    dip = replace(low, validity=Period(JULY, date(2026, 7, 31)))
    (fault,) = check(change(PREFERENCE, again, amended=(Amended(DUTY, dip),)), law())
    assert (fault.number, fault.params["day"]) == ("CS11", JULY)
    # One for a part of the year is compared in that part alone.
    autumn = replace(PREFERENCE, conditions=(Condition("season", "01 SEP - 30 SEP"),))
    (fault,) = check(change(autumn, amended=(Amended(DUTY, low),)), law())
    assert (fault.number, fault.params["day"]) == ("CS11", date(2026, 9, 1))
    assert check(change(autumn, again, amended=(Amended(DUTY, dip),)), law()) == ()


@pytest.mark.parametrize(
    ("preference", "duty", "above"),
    [
        ("2 USD/kg", "1 USD/kg", True),
        ("2 USD/kg", "3 USD/kg", False),
        ("2 USD/100 kg", "1 USD/kg", False),
        ("1 USD/kg", "Free", True),
        ("1%", "0 USD/kg", True),
        ("2%", "1 USD/kg", False),
        ("Free", "Free", False),
        ("33 1/3%", "33%", True),
    ],
)
def test_like_is_compared_with_like(preference: str, duty: str, *, above: bool):
    now = replace(CHEAPER, expression=duty)
    made = change(replace(PREFERENCE, expression=preference, validity=Period(JULY)), amended=(Amended(DUTY, now),))
    assert found(made) == ([("CS11", "added[0]")] if above else [])


def test_each_case_has_a_name_and_a_sentence_of_its_own():
    assert all(one != other for one, other in pairwise(sorted(name for name, _, _ in CASES)))
    for _, record, number in CASES:
        for fault in check(change(record), law()):
            assert fault.number == number
            assert fault.message.endswith(".")
