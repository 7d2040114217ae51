"""Acts are checked before anybody votes on them: acts that break each rule, and acts that break none."""

from __future__ import annotations

import pytest

from ewtp.core.acts.act_fault import ACT_FAULT_NUMBERS
from ewtp.core.acts.acts_check import check_acts
from ewtp.core.acts.compilation import compile_acts
from ewtp.core.rulebook.changeset.check import check
from tests.core.acts.invented_acts import acts_of
from tests.core.acts.test_compilation import LAW

FROM = "from 2027-01-01 without sunset"
RECOGNISED = f'recognise "Certificate" of "Vets" for requirement of AA by Vets on 01 origin DD reciprocal {FROM}'
UNSOUND: list[tuple[str, str, list[tuple[str, str | None]]]] = [
    (
        "an agency that asks for nothing",
        "end requirement of AA by Nobody from 2027-01-01",
        [("CS14", "articles[0].acts[0]")],
    ),
    ("a code without rules", "end duty of AA on 09 from 2027-01-01", [("CS14", "articles[0].acts[0]")]),
    (
        "the rate is there already",
        f'replace expression with "5%" in duty of AA on 01 {FROM}',
        [("CS14", "articles[0].acts[0]")],
    ),
    ("another old rate", f'replace expression "9%" with "1%" in duty of AA {FROM}', [("CS14", "articles[0].acts[0]")]),
    ("an origin that is exempt", f"exempt FF from preference of AA {FROM}", [("CS14", "articles[0].acts[0]")]),
    ("no line below the code", f"end duty of AA on 0199 {FROM}", [("CS14", "articles[0]")]),
    ("no sunset", "exempt CC from duty of AA from 2027-01-01", [("CS15", "articles[0].acts[0]")]),
    (
        "an article that is not there",
        f"article one requires two end duty of AA on 01 {FROM}",
        [("CS16", "articles[0].requires")],
    ),
    (
        "two articles of one name",
        f"article one end duty of AA on 01 {FROM} article one end requirement of AA {FROM}",
        [("CS16", "articles[1].name")],
    ),
    (
        "a circle",
        f"article one requires two end duty of AA on 01 {FROM} article two requires one end requirement of AA {FROM}",
        [("CS16", None)],
    ),
    ("a circle of one", f"article one requires one end duty of AA on 01 {FROM}", [("CS16", None)]),
    (
        "two rates for one rule",
        (
            f'replace expression with "1%" in duty of AA on 01 {FROM} '
            f'replace expression with "2%" in duty of AA on 0101 {FROM}'
        ),
        [("CS17", "articles[0].acts[1]")],
    ),
    ("a lower limit", f'raise threshold to "90.00 USD" in relief of AA {FROM}', [("CS18", "articles[0].acts[0]")]),
    ("another currency", f'raise threshold to "900.00 EUR" in relief of AA {FROM}', [("CS18", "articles[0].acts[0]")]),
    ("no limit", f'raise threshold to "90.00 USD" in duty of AA on 01 {FROM}', [("CS18", "articles[0].acts[0]")]),
    ("a base that is none", f"amend duty of AA on 01 with base freight {FROM}", [("CS19", "articles[0].acts[0]")]),
    ("nobody in return", RECOGNISED, [("CS20", "articles[0].acts[0]")]),
    ("for everybody who", RECOGNISED.replace(" origin DD", ""), [("CS20", "articles[0].acts[0]")]),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in UNSOUND], ids=[case[0] for case in UNSOUND])
def test_acts_that_break_a_rule_are_told_which(text: str, expected: list[tuple[str, str | None]]):
    faults = check_acts(compile_acts(acts_of(text), LAW), LAW)
    assert [(fault.number, fault.where) for fault in faults] == expected
    assert all(fault.message.endswith(".") for fault in faults)


def test_every_rule_is_broken_by_some_case():
    assert {number for _, _, expected in UNSOUND for number, _ in expected} == set(ACT_FAULT_NUMBERS.values())


@pytest.mark.parametrize(
    "text",
    [
        "end requirement of AA on 01 from 2027-01-01",
        f"exempt CC from duty of AA on 0105 {FROM} exempt DD from duty of AA on 01 {FROM}",
        f'end duty of AA on 0105 {FROM} replace expression with "1%" in duty of AA on 01 {FROM}',
        f"join AA-BB economy CC {FROM} set procedure clock.vote to open from 2027-01-01",
        f"answer within 5 days of AA by Vets {FROM}",
        f"{RECOGNISED} recognise Certificate of Vets for requirement of DD by Vets origin AA reciprocal {FROM}",
    ],
)
def test_sound_acts_have_no_fault(text: str):
    assert check_acts(compile_acts(acts_of(text), LAW), LAW) == ()


def test_what_is_wrong_with_the_change_is_told_by_its_own_check():
    text = f'replace expression with "a tenth" in duty of AA on 01 {FROM} join AA-ZZ economy CC {FROM}'
    made = compile_acts(acts_of(text), LAW)
    assert check_acts(made, LAW) == ()
    assert [fault.number for fault in check(made.changeset, LAW)] == ["CS4", "CS6"]
