"""Acts are checked before anybody votes on them: acts that break each rule, and acts that break none."""

from __future__ import annotations

import pytest

from ewtp.core.acts.act import RecognisePaper
from ewtp.core.acts.act_fault import ACT_FAULT_NUMBERS
from ewtp.core.acts.acts_check import check_acts
from ewtp.core.acts.acts_text import read_acts
from ewtp.core.acts.compilation import compile_acts
from ewtp.core.acts.record_additions import claim_of
from ewtp.core.rulebook.changeset.check import check
from ewtp.core.rulebook.measure import LONGEST_CLAIM
from ewtp.core.values.refusal import Refusal
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
    ("everybody is exempt", f'exempt "*" from duty of AA on 01 {FROM}', [("CS21", "articles[0].acts[0]")]),
    ("nobody in return", RECOGNISED, [("CS20", "articles[0].acts[0]")]),
    ("for everybody who", RECOGNISED.replace(" origin DD", ""), [("CS20", "articles[0].acts[0]")]),
]


ABSURD = [
    ("end duty of AA on 01 from 1492-01-01", ["CS12"]),
    (f"end duty of AA on 01 except 02 {FROM}", ["CS3"]),
    (f'add fee of AA on 0101 except 9999 with expression "1%" {FROM}', ["CS3"]),
    (f'add fee of AA on 0101 with expression "0%" {FROM}', ["CS3"]),
    (f'add fee of AA on 0101 with expression "1%" condition claim "" {FROM}', ["CS13"]),
    (f"amend duty of AA on 01 with currency XQQ {FROM}", ["CS4"]),
    (f'amend duty of AA on 01 with expression "100000000000000000000%" {FROM}', ["CS4"]),
    (f'amend duty of AA on 01 with minimum "5 USD" {FROM}', ["CS3"]),
    (f'replace expression "5%" with "5.00 %" in duty of AA on 01 {FROM}', ["CS10"]),
    (f"recognise Cert of Vets for duty of AA on 01 {FROM}", ["CS14"]),
    (f"recognise Cert of Vets for requirement of AA by Vets on 01 claim {'c' * 61} {FROM}", ["CS13"]),
    (f'raise threshold to "100000000000000 USD" in relief of AA {FROM}', ["CS4"]),
    (f"answer within 20000 days of AA by Vets {FROM}", ["CS4"]),
    (f"join AA-BB economy AA-BB {FROM}", ["CS3"]),
    (f'join AA-BB economy "*" {FROM}', ["CS6"]),
    (f'amend duty of AA on 01 with title "" {FROM}', ["CS4"]),
    (f"amend requirement of AA on 01 with stage whenever {FROM}", ["CS4"]),
    (f"recognise Certificate of Vets for requirement of AA by Vets paper Certificate on 01 {FROM}", ["CS3"]),
    (f'add preference of AA on 01 with expression "6%" origin CC {FROM}', ["CS11"]),
]


@pytest.mark.parametrize(("text", "numbers"), ABSURD, ids=[text for text, _ in ABSURD])
def test_acts_that_nobody_can_mean_are_refused(text: str, numbers: list[str]):
    made = compile_acts(acts_of(text), LAW)
    assert [fault.number for fault in (*check_acts(made, LAW), *check(made.changeset, LAW))] == numbers


@pytest.mark.parametrize(
    "clause",
    [
        'end duty of AA by ""',
        'end duty of AA paper " "',
        'accept electronic requirement of AA as ""',
        'recognise Cert of Vets for requirement of AA claim ""',
    ],
)
def test_a_clause_of_nothing_is_refused(clause: str):
    refused = read_acts(f"{clause} {FROM}")
    assert isinstance(refused, Refusal)
    assert refused.code == "act_value_wrong"


@pytest.mark.parametrize("agency", ["Vets", "Ministry of agriculture, livestock, fisheries and food", "V" * 200])
def test_a_claim_that_is_made_up_can_be_made_in_a_question(agency: str):
    act = acts_of(f'recognise Cert of "{agency}" for requirement of AA by Vets on 01 {FROM}').articles[0].acts[0]
    assert isinstance(act, RecognisePaper)
    assert len(claim_of(act)) <= LONGEST_CLAIM


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
