"""The order of the tests of origin, and what is refused before any is made."""

from __future__ import annotations

from datetime import date

import pytest

from ewtp.core.origin.change import ProcessFacts
from ewtp.core.origin.decision import GENERAL_SCHEME, TEXTILE_SCHEME, decide_origin
from ewtp.core.origin.origin_question import OriginQuestion, read_origin_question
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.territory import OriginRule
from ewtp.core.values.refusal import Refusal

SOURCE = Source("s", "s", "s", None, date(2026, 12, 1))


def rule(scheme: str, classes: str) -> OriginRule:
    return OriginRule(scheme, "0000000000", "9999999999", tuple(classes.split()), classes, SOURCE)


def ask(hs: str, made_in: str, *materials: str, whole: bool = False) -> OriginQuestion:
    question = read_origin_question(hs, made_in, materials, whole=whole, facts=ProcessFacts())
    assert isinstance(question, OriginQuestion), question
    return question


@pytest.mark.parametrize(
    ("question", "classes", "origin", "reason"),
    [
        (ask("9004", "MX", whole=True), "CTH", "MX", "origin_whole"),
        (ask("9004", "VN", whole=True), "CTH", "VN", "origin_whole"),
        (ask("9004", "VN", "9001:VN"), "CTH", "VN", "origin_domestic"),
        (ask("9004", "VN", "9001:CN"), "CTH", None, "origin_case_by_case"),
        (ask("9004", "US", "9001:CN"), "CTH", None, "origin_case_by_case"),
        (ask("9004", "MX", "9001:CN", "9004:MX"), "CTH", "MX", "origin_change"),
        # Of wine up to 10% is disregarded, of sugar nothing.
        (ask("2204", "CA", "2204:FR:9"), "CTH", "CA", "origin_small_share"),
        (ask("9004", "CA", "9004:FR:7.5"), "CTH", "FR", "origin_one_material"),
        (ask("1701", "CA", "1701:BR:1"), "CTH", "BR", "origin_one_material"),
        (ask("9004", "CA", "9004:FR:4", "9004:IT:4"), "CTH", None, "origin_character"),
        # A domestic material that makes no change is considered beside the foreign one.
        (ask("9004", "CA", "9004:FR:40", "9004:CA:60"), "CTH", None, "origin_character"),
        # Nothing that is not stated can bring 8% below 7%.
        (ask("9004", "CA", "9004:FR:8", "9004:FR"), "CTH", "FR", "origin_one_material"),
        (ask("9004", "CA", "9004:FR:6", "9004:FR"), "CTH", None, "origin_share_missing"),
    ],
)
def test_the_tests_are_made_in_the_order_of_the_regulation(
    question: OriginQuestion, classes: str, origin: str | None, reason: str
) -> None:
    decision = decide_origin(question, [rule(GENERAL_SCHEME, classes)])
    assert (decision.origin, decision.reason.code) == (origin, reason)


def test_textiles_have_their_own_rules_whatever_the_code() -> None:
    seat_belts = ask("8708.21", "VN", "5806:CN")
    both = [rule(GENERAL_SCHEME, "CTH"), rule(TEXTILE_SCHEME, "CTH EX:5806")]
    decision = decide_origin(seat_belts, both)
    assert (decision.reason.code, [each.scheme for each in decision.rules]) == ("origin_process", [TEXTILE_SCHEME])
    # All materials of one economy decide nothing about textiles, and a rule that is missing is told.
    assert decide_origin(ask("6109", "VN", "5205:VN"), []).reason.code == "origin_rule_missing"


def test_every_fault_of_a_question_is_told_at_once() -> None:
    refusal = read_origin_question("90", "MX", ["lenses", "9001:CN:101"], whole=False, facts=ProcessFacts())
    assert isinstance(refusal, Refusal)
    assert [(each.code, each.where) for each in refusal.every] == [
        ("code_unreadable", "hs"),
        ("material_unreadable", "material[0]"),
        ("share_out_of_range", "material[1]"),
    ]
    # A share of 0 or 100 is one, and shares that are stated may not be more than the whole.
    for shares, codes in (
        (("0", "100"), []),
        (("60", "40.01"), ["shares_above_whole"]),
        (("-0.1",), ["share_out_of_range"]),
    ):
        asked = [f"{9001 + place}:CN:{share}" for place, share in enumerate(shares)]
        question = read_origin_question("9004", "MX", asked, whole=False, facts=ProcessFacts())
        assert [each.code for each in question.every] == codes if isinstance(question, Refusal) else codes == []
    foreign = read_origin_question("9004", "MX", ["9001:CN", "9001:MX"], whole=True, facts=ProcessFacts())
    assert isinstance(foreign, Refusal)
    assert [(each.code, each.where, each.params) for each in foreign.every] == [
        ("whole_of_foreign", "whole", {"codes": ["9001"]})
    ]
    missing = read_origin_question("9004", "MX", [], whole=False, facts=ProcessFacts())
    assert isinstance(missing, Refusal)
    assert missing.code == "materials_missing"
