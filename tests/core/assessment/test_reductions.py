"""Claims that end or lower an additional duty are options, with their condition in words; claims of fact are not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Condition, Kind
from tests.core.assessment.small_book import answered, ask, book, rule

if TYPE_CHECKING:
    from ewtp.core.assessment.answer import Option
    from ewtp.core.rulebook.measure import Measure

DUTY = rule(Kind.DUTY, "0101", "10%")


def due(expression: str, *conditions: Condition, code: str = "") -> Measure:
    made = rule(Kind.ADDITIONAL_DUTY, "0101", expression, programme="metal")
    return replace(made, id=f"metal-{expression}-{code}", conditions=conditions, additional_code=code)


def options(*measures: Measure) -> dict[str, Option]:
    return {option.claim: option for option in answered(ask(book([DUTY, *measures]))).lines[0].options}


def saving(option: Option) -> str | None:
    return str(option.saving.amount) if option.saving else None


def test_a_claim_that_ends_a_duty_is_offered_with_its_condition_and_no_rate() -> None:
    found = options(due("25%", Condition("unless_claim", "little", "under 15% of the weight")))
    assert saving(found["little"]) == "250.00"
    assert (found["little"].condition, found["little"].as_json()["expression"]) == ("under 15% of the weight", "")


def test_a_claim_that_lowers_a_duty_is_offered_with_the_lower_rate() -> None:
    found = options(
        due("25%", Condition("unless_claim", "quota", "within the quota")),
        due("7.5%", Condition("claim", "quota", "within the quota"), code="quota"),
    )
    assert saving(found["quota"]) == "175.00"
    assert found["quota"].condition == "within the quota"


def test_an_option_whose_saving_is_not_known_says_why() -> None:
    ends = due("25%", Condition("unless_claim", "little", "under 15% of the weight"))
    settled = options(ends)["little"]
    unsettled = options(ends, due("set by case, and not held", code="case"))["little"]
    assert settled.note is None
    assert unsettled.saving is None
    assert unsettled.note is not None
    assert "not fully known" in unsettled.note.message


def test_what_would_answer_an_open_question_is_no_option() -> None:
    asked = due(
        "25%",
        Condition("unless_claim", "end_use:parts", "parts"),
        Condition("unless_claim", "others", "no parts"),
        Condition("scope", "list", "parts"),
        code="open",
    )
    declared = due("25%", Condition("end_use", "parts", "parts"))
    assert options(declared, asked) == {}
    answer = answered(ask(book([DUTY, declared, asked])))
    assert "condition_open" in [unknown.code for unknown in answer.lines[0].unknowns]
