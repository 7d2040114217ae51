"""A change is checked before anybody votes on it: a change that breaks each rule, and changes that break none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.changeset.check import check
from ewtp.core.rulebook.changeset.diff import apply
from ewtp.core.rulebook.changeset.fault import FAULT_NUMBERS, Fault
from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Origins, Product, Status
from ewtp.core.rulebook.service import Procedure, Service
from ewtp.core.rulebook.territory import (
    Group,
    GroupMember,
    Membership,
    OriginRule,
    Practice,
    TariffLine,
    TerritoryPractice,
    members_of_group,
)
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import SINCE, SOURCE, VOCABULARY, rule, territory
from tests.core.rulebook.changeset.small_law import (
    JANUARY,
    JULY,
    MARCH,
    NAMES,
    ONE_DAY,
    UNHURRIED,
    change_between,
    laws,
    proposed,
)

if TYPE_CHECKING:
    from ewtp.core.rulebook.changeset.law_record import LawRecord

DUTY = rule(Kind.DUTY, "0101", "5%")
BEEF = rule(Kind.DUTY, "0201", "10%")
PREFERENCE = rule(Kind.PREFERENCE, "0101", "2%", include=("AA-BB",))
CERTIFICATE = rule(Kind.REQUIREMENT, "01", "", agency="Vets", document="Certificate", mast_chapter="A")
UNTIL = rule(Kind.FEE, "", "1%", validity=Period(JANUARY, JULY))
ORIGIN_RULE = OriginRule("bb", "0101000000", "0106999999", ("WO",), "Wholly obtained", SOURCE, "annex")
LINES = (
    *(TariffLine("AA", code, SINCE) for code in ("01012100", "01012900", "02011000")),
    TariffLine("AA", "03011100", Period(JANUARY, MARCH)),
)
AGREEMENT = Group("AA-BB", "Agreement with BB", (), SOURCE, "treaty", "Proof", "bb")
MEMBER = GroupMember("AA-BB", "BB", SINCE, SOURCE, "treaty")


def law() -> HeldLaw:
    others = GroupMember("AA-BB", "CC", Period(MARCH, JULY), SOURCE, "treaty")
    group = replace(AGREEMENT, members=(_membership(MEMBER), _membership(others)))
    book = build_book(
        "v1",
        territories=[territory(), replace(territory(), code="DD", members=("DD",))],
        groups=[group, Group("AA-NONE", "An agreement that nobody joined", (), SOURCE)],
        measures=[DUTY, BEEF, PREFERENCE, CERTIFICATE, UNTIL],
        lines=LINES,
        origin_rules=[ORIGIN_RULE],
    )
    return HeldLaw(book, "b45e", VOCABULARY.economies, VOCABULARY.currencies, ("010121", "090111"))


def _membership(member: GroupMember) -> Any:
    return Membership(member.economy, member.validity)


def change(
    *added: LawRecord, ended: tuple[Any, ...] = (), amended: tuple[Any, ...] = (), base: str = ""
) -> Changeset[Any]:
    return Changeset(*NAMES, added, ended, amended, base)


def found(changeset: Changeset[Any]) -> list[tuple[str, str | None]]:
    return [(fault.number, fault.where) for fault in check(changeset, law())]


CHEAPER = proposed(DUTY, id="cheaper", expression="3%", validity=Period(JULY))
SOUND = [
    change(amended=(Amended(DUTY, CHEAPER),)),
    change(amended=(Amended(DUTY, CHEAPER),), base="b45e"),
    change(ended=(Ended(CERTIFICATE, MARCH), Ended(UNTIL, MARCH), Ended(PREFERENCE, None))),
    change(proposed(rule(Kind.PREFERENCE, "0101", "5%", include=("CC",)))),
    change(proposed(rule(Kind.DUTY, "0301", "1%"))),
    change(proposed(rule(Kind.FEE, "010121004", "1 USD/kg"))),
    change(proposed(rule(Kind.DUTY, "0901", "1%", territory="DD"))),
    change(proposed(rule(Kind.RELIEF, "", "", programme="relief:duty"))),
    change(
        proposed(
            rule(Kind.RELIEF, "0101", "", programme="recognition", agency="Vets", document="Certificate"),
            conditions=(Condition("claim", "paper"),),
        )
    ),
    change(Group("AA-DD", "Another", (), SOURCE), GroupMember("AA-DD", "DD", SINCE, SOURCE, "treaty")),
    change(replace(MEMBER, economy="EE"), ended=(Ended(MEMBER, JULY),)),
    change(Service("AA", "Vets", "Certificate", 5, SINCE, SOURCE, "charter")),
    change(Service("AA", "Vets", "", 5, SINCE, SOURCE, "charter")),
    change(Procedure("EWTP", "clock.vote", "14d", SINCE, SOURCE, "statute")),
    change(Procedure("AA", "hearing.notice", "30d", SINCE, SOURCE, "statute")),
    change(TariffLine("AA", "01013000", SINCE)),
    change(
        proposed(rule(Kind.FEE, "0101", "1%", include=("AA-NONE",))),
        GroupMember("AA-NONE", "EE", SINCE, SOURCE, "treaty"),
    ),
    change(
        Group("AA-DD", "Another", (), SOURCE, "", "Proof", "dd"),
        replace(ORIGIN_RULE, scheme="dd", classes=("CTH", "MaxNOM:40%", "OR", "VA50", "MORE")),
    ),
    change(TerritoryPractice("AA", Practice("rate_source", "ECB", SINCE, SOURCE, "act"))),
    change(amended=(Amended(ORIGIN_RULE, replace(ORIGIN_RULE, classes=("CTH",))),)),
    # Where the ordinary duty rises in the same change, a preference below it lowers it.
    change(
        proposed(rule(Kind.PREFERENCE, "0101", "7%", include=("CC",), validity=Period(JULY))),
        amended=(Amended(DUTY, replace(CHEAPER, expression="8%")),),
    ),
]


@pytest.mark.parametrize("changeset", SOUND, ids=range(len(SOUND)))
def test_a_sound_change_has_no_fault(changeset: Changeset[Any]):
    assert check(changeset, law()) == ()


def nowhere() -> list[tuple[str, Changeset[Any], list[tuple[str, str | None]]]]:
    """Records that cannot be read, or that nothing would follow."""
    fee = proposed(rule(Kind.FEE, "0101", "1%"))
    other = replace(ORIGIN_RULE, first="0101000000", last="0101000000", classes=("BANANA",))
    records: list[tuple[str, LawRecord, str]] = [
        ("practice of no name", practice("vat_rat", "20"), "CS3"),
        ("practice rounded so", practice("rounding_duty", "two or so"), "CS4"),
        ("practice on a base", practice("tax_base", "duty+banana"), "CS4"),
        ("practice of the platform", TerritoryPractice("EWTP", practice("rate_source", "ECB").practice), "CS5"),
        ("procedure of no name", Procedure("EWTP", "clock.vte", "14d", SINCE, SOURCE, "s"), "CS3"),
        ("procedure's value", Procedure("EWTP", "clock.vote", "a fortnight or so", SINCE, SOURCE, "s"), "CS4"),
        ("procedure beyond its bounds", Procedure("EWTP", "clock.vote", "900d", SINCE, SOURCE, "s"), "CS4"),
        ("procedure of an economy", Procedure("AA", "clock.vote", "14d", SINCE, SOURCE, "s"), "CS3"),
        ("nobody's goods", replace(fee, origins=Origins(("AA-NONE",))), "CS3"),
        ("class of origin", other, "CS4"),
        ("scheme of a group", Group("AA-DD", "Another", (), SOURCE, "", "Proof", "zzz"), "CS3"),
        ("line of one digit", TariffLine("AA", "9", SINCE), "CS7"),
        ("line of many digits", TariffLine("AA", "9999999999999", SINCE), "CS7"),
        ("transport", replace(fee, conditions=(Condition("transport", "air teleport"),)), "CS13"),
        ("buyer", replace(fee, conditions=(Condition("buyer", "martian"),)), "CS13"),
        ("limit", replace(fee, conditions=(Condition("maximum_value", "ten EUR"),)), "CS4"),
        ("season", replace(fee, conditions=(Condition("season", "in winter"),)), "CS4"),
        (
            "two parts of the year",
            replace(fee, conditions=(Condition("season", "01 JAN - 31 MAR"), Condition("season", "01 MAY - 31 MAY"))),
            "CS3",
        ),
        ("floor", replace(fee, minimum="ten"), "CS4"),
    ]
    return [(name, change(record), [(number, "added[0]")]) for name, record, number in records]


def practice(name: str, value: str) -> TerritoryPractice:
    return TerritoryPractice("AA", Practice(name, value, SINCE, SOURCE, "act"))


def unsound() -> list[tuple[str, Changeset[Any], list[tuple[str, str | None]]]]:
    dearer = replace(DUTY, expression="99%")
    beyond = proposed(rule(Kind.DUTY, "0301", "1%", validity=Period(JULY)))
    everything_out = proposed(rule(Kind.DUTY, "01", "1%"), product=Product("TEST", "0101", ("010121", "010129")))
    return [
        ("R6: what it replaces is not the law", change(ended=(Ended(dearer, MARCH),)), [("CS2", "ended[0]")]),
        ("R6 amended", change(amended=(Amended(dearer, CHEAPER),)), [("CS2", "amended[0].before")]),
        ("not held at all", change(ended=(Ended(replace(MEMBER, economy="FF"), None),)), [("CS2", "ended[0]")]),
        ("base", change(amended=(Amended(DUTY, CHEAPER),), base="01d"), [("CS1", None)]),
        ("empty", change(), [("CS10", None)]),
        (
            "the same again",
            change(amended=(Amended(DUTY, replace(DUTY, id="x")),)),
            [("CS9", "amended[0].after"), ("CS10", "amended[0]")],
        ),
        ("ended on its last day", change(ended=(Ended(UNTIL, JULY),)), [("CS10", "ended[0]")]),
        ("held already", change(MEMBER), [("CS10", "added[0]")]),
        ("R8 territory", change(proposed(rule(Kind.DUTY, "0101", "1%", territory="ECOWSA"))), [("CS5", "added[0]")]),
        ("R8 code", change(proposed(rule(Kind.DUTY, "99999", "1%"))), [("CS7", "added[0]")]),
        ("R8 code of HS", change(proposed(rule(Kind.DUTY, "9999", "1%", territory="DD"))), [("CS7", "added[0]")]),
        ("R8 group", change(proposed(rule(Kind.PREFERENCE, "0101", "1%", include=("AA-ZZ",)))), [("CS6", "added[0]")]),
        ("R8 excluded", change(proposed(rule(Kind.FEE, "", "1%", exclude=("ZZ",)))), [("CS6", "added[0]")]),
        ("group of a member", change(GroupMember("AA-ZZ", "BB", SINCE, SOURCE, "x")), [("CS6", "added[0]")]),
        ("economy of a member", change(GroupMember("AA-BB", "ZZ", SINCE, SOURCE, "x")), [("CS6", "added[0]")]),
        ("line", change(TariffLine("XX", "0101", SINCE)), [("CS5", "added[0]")]),
        ("R9: words for a rate", change(proposed(rule(Kind.FEE, "0101", "ten percent or so"))), [("CS4", "added[0]")]),
        ("no line on its days", change(beyond), [("CS3", "added[0]")]),
        ("all excluded", change(everything_out), [("CS3", "added[0]")]),
        (
            "an origin in and out",
            change(proposed(rule(Kind.FEE, "0101", "1%", include=("AA", "BB"), exclude=("BB",)))),
            [("CS3", "added[0]")],
        ),
        (
            "two buyers at once",
            change(
                proposed(
                    rule(Kind.FEE, "0101", "1%"),
                    conditions=(
                        Condition("buyer", "consumer"),
                        Condition("buyer", "business"),
                    ),
                )
            ),
            [("CS3", "added[0]")],
        ),
        ("a code of 30 digits", change(proposed(rule(Kind.DUTY, "0101" + "2" * 26, "1%"))), [("CS7", "added[0]")]),
        (
            "R5: relief of nothing known",
            change(proposed(rule(Kind.RELIEF, "", "", programme="recognition:APHIS"))),
            [("CS3", "added[0]")],
        ),
        (
            "no such requirement",
            change(proposed(rule(Kind.RELIEF, "02", "", programme="relief:requirement"))),
            [("CS3", "added[0]")],
        ),
        ("no such agency", change(Service("AA", "Nobody", "", 5, SINCE, SOURCE, "x")), [("CS3", "added[0]")]),
        ("no such scheme", change(replace(ORIGIN_RULE, scheme="zz")), [("CS3", "added[0]")]),
        ("R7: stated as law", change(rule(Kind.FEE, "0101", "50%")), [("CS9", "added[0]")]),
        ("R7: as adopted", change(rule(Kind.FEE, "0101", "50%", status=Status.ADOPTED)), [("CS9", "added[0]")]),
        (
            "overlaps law",
            change(proposed(DUTY, id="x", validity=Period(MARCH), expression="1%")),
            [("CS8", "added[0]")],
        ),
        (
            "overlaps itself",
            change(
                *(proposed(rule(Kind.FEE, "0101", "1%", validity=Period(day), title=str(day))) for day in (MARCH, JULY))
            ),
            [("CS8", "added[1]")],
        ),
        ("told twice", change(ended=(Ended(DUTY, MARCH), Ended(DUTY, JULY))), [("CS8", "ended[1]")]),
        (
            "ended and amended",
            change(ended=(Ended(DUTY, MARCH),), amended=(Amended(DUTY, CHEAPER),)),
            [("CS8", "amended[0].before")],
        ),
        (
            "brought twice",
            change(*(proposed(rule(Kind.FEE, "0101", rate)) for rate in ("1%", "2%"))),
            [("CS8", "added[1]")],
        ),
        ("above", change(proposed(rule(Kind.PREFERENCE, "0101", "6%", include=("CC",)))), [("CS11", "added[0]")]),
        ("above on one line", change(proposed(rule(Kind.QUOTA, "", "5.5%"))), [("CS11", "added[0]")]),
        ("ends early", change(ended=(Ended(DUTY, JANUARY - ONE_DAY),)), [("CS12", "ended[0]")]),
        *nowhere(),
        ("long ago", change(replace(MEMBER, economy="EE", validity=Period(date(202, 1, 1)))), [("CS12", "added[0]")]),
        (
            "condition",
            change(proposed(rule(Kind.FEE, "0101", "1%", conditions=(Condition("moon", "full"),)))),
            [("CS13", "added[0]")],
        ),
    ]


@pytest.mark.parametrize(
    ("changeset", "expected"), [case[1:] for case in unsound()], ids=[case[0] for case in unsound()]
)
def test_a_change_that_breaks_a_rule_is_told_which(changeset: Changeset[Any], expected: list[tuple[str, str | None]]):
    assert found(changeset) == expected


def test_every_rule_is_broken_by_some_case():
    broken = {number for _, _, expected in unsound() for number, _ in expected}
    assert broken == set(FAULT_NUMBERS.values())


def test_everything_wrong_is_told_at_once_in_one_sentence_each():
    nonsense = rule(Kind.PREFERENCE, "99999", "ten percent or so", include=("AA-ZZ", "BB"), territory="ECOWSA")
    faults = check(change(nonsense, ended=(Ended(replace(DUTY, expression="99%"), MARCH),), base="old"), law())
    assert [fault.number for fault in faults] == ["CS1", "CS2", "CS4", "CS5", "CS6", "CS9"]
    assert all(fault.message.endswith(".") for fault in faults)
    assert faults[1].as_json() == {
        "number": "CS2",
        "code": "change_not_held",
        "message": (
            "AA-duty-0101-*-5% from 2026-01-01 has other content in the rulebook than the change replaces; "
            "rebase the change."
        ),
        "params": {"record": "AA-duty-0101-*-5%", "start": "2026-01-01"},
        "where": "ended[0]",
    }
    assert "cannot be read" in faults[2].message
    assert isinstance(faults[0], Fault)


def test_an_edition_or_a_name_does_not_move_the_base():
    newer = replace(DUTY, id="other", source=replace(SOURCE, title="Second edition", published=JULY))
    assert check(change(amended=(Amended(newer, CHEAPER),)), law()) == ()


@UNHURRIED
@given(laws(), laws())
def test_a_change_without_contradictions_applies_and_one_with_a_moved_base_does_not(
    before: tuple[LawRecord, ...], after: tuple[LawRecord, ...]
):
    changes = change_between(before, after)
    faulty = {"CS2", "CS8", "CS12"}
    for held in (before, after):
        numbers = {fault.number for fault in check(changes, held_law(held))}
        if isinstance(apply(changes, held), Refusal):
            # What is there already is an empty operation to the check.
            assert numbers & {*faulty, "CS10"}
        else:
            assert not numbers & faulty


def held_law(records: tuple[LawRecord, ...]) -> HeldLaw:
    """The records as law; those of groups and practices are put into their group and territory."""
    groups = {record.id: record for record in records if isinstance(record, Group)}
    for record in records:
        if isinstance(record, GroupMember):
            group = groups.get(record.group) or replace(AGREEMENT, id=record.group, reference=record.reference)
            groups[record.group] = replace(group, members=(*group.members, _membership(record)))
    practices = tuple(record.practice for record in records if isinstance(record, TerritoryPractice))
    book = build_book(
        "v1",
        territories=[replace(territory(), practices=practices)],
        groups=groups.values(),
        measures=[record for record in records if isinstance(record, Measure)],
        lines=[record for record in records if isinstance(record, TariffLine)],
        origin_rules=[record for record in records if isinstance(record, OriginRule)],
    )
    others = tuple(record for record in records if isinstance(record, Service | Procedure))
    held = HeldLaw(book, "", VOCABULARY.economies, VOCABULARY.currencies, (), others)
    assert all(member in records for group in groups.values() for member in members_of_group(group))
    return held
