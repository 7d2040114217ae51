"""Conditions of requirements and prohibitions, what lifts them, and reliefs of every kind of charge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.assessment.unknowns import UN_REGIMES
from ewtp.core.rulebook.accepted_paper import find_accepted_paper
from ewtp.core.rulebook.measure import Condition, Direction, Kind, Measure
from ewtp.core.rulebook.territory import Group, Membership, Territory
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import SOURCE, answered, ask, book, rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.assessment.answer import LineAnswer

PERMIT = rule(Kind.REQUIREMENT, "01", "", agency="Vets", document="Permit", id="permit", title="")
NOTICE = rule(Kind.REQUIREMENT, "01", "", agency="Vets", document="Notice", id="notice")
DATA = rule(Kind.REQUIREMENT, "01", "", agency="Port", document="Data", id="data")
BAN = rule(Kind.PROHIBITION, "01", "", id="ban", title="No horses")
DUTY = rule(Kind.DUTY, "01", "10%", id="duty")
PREFERENCE = rule(Kind.PREFERENCE, "01", "0%", include=("AA-BB",), id="preference")
RECOGNITION = rule(
    Kind.RELIEF,
    "01",
    "",
    id="recognition",
    title="Recognition of certificates of BB",
    programme="recognition",
    agency="Vets",
    document="Permit",
    include=("BB",),
    conditions=(
        Condition("claim", "recognition:BB"),
        Condition("document", "Health certificate"),
        Condition("authority", "Veterinary Office of BB"),
    ),
)


def on(measure: Measure, *conditions: tuple[str, str]) -> Measure:
    """The measure with conditions."""
    return replace(measure, conditions=tuple(Condition(*each) for each in conditions))


def line(measures: Sequence[Measure], claims: Sequence[str] = (), **question: Any) -> LineAnswer:
    return answered(ask(book(measures), line={"claims": list(claims)}, **question)).lines[0]


def papers(found: LineAnswer) -> list[str]:
    return sorted(each.measure.id for each in (*found.requirements, *found.prohibitions))


# A whole question: freight that was not given might cost something.
NO_FREIGHT = {"amount": "0.00", "currency": "USD"}


@pytest.mark.parametrize("rule_", [PERMIT, BAN], ids=["requirement", "prohibition"])
@pytest.mark.parametrize(
    ("conditions", "question", "stands"),
    [
        ([("below_value", "1000.00 USD")], {}, False),
        ([("maximum_value", "1000.00 USD")], {}, True),
        ([("above_value", "1000.00 USD")], {}, False),
        ([("above_value", "999.99 USD")], {}, True),
        ([("minimum_value", "800.00 EUR")], {}, True),
        ([("minimum_value", "800.01 EUR")], {}, False),
        ([("transport", "sea air")], {"transport": "air"}, True),
        ([("transport", "sea")], {"transport": "air"}, False),
        ([("buyer", "consumer")], {"buyer": "business"}, False),
        ([("buyer", "consumer"), ("below_value", "1 USD")], {}, False),
        ([("claim", "special")], {}, False),
        ([("claim", "special")], {"claims": ["special"]}, True),
        ([("unless_claim", "special")], {}, True),
        ([("unless_claim", "special")], {"claims": ["special"]}, False),
        ([("end_use", "circus")], {"claims": ["end_use:circus"]}, True),
        ([("note", "anything")], {}, True),
    ],
)
def test_a_paper_is_asked_for_where_its_conditions_are_met(
    rule_: Measure, conditions: list[tuple[str, str]], question: dict[str, Any], *, stands: bool
):
    found = line([on(rule_, *conditions)], **question)
    assert papers(found) == ([rule_.id] if stands else [])
    assert "paper_open" not in [unknown.code for unknown in found.unknowns]


@pytest.mark.parametrize("kind", ["buyer", "transport", "moon"])
def test_a_paper_that_may_be_needed_stays_and_says_what_is_open(kind: str):
    answer = answered(ask(book([on(PERMIT, (kind, "full")), DUTY, rule(Kind.TAX, "", "20%")]), freight=NO_FREIGHT))
    found = answer.lines[0]
    assert papers(found) == ["permit"]
    (unknown,) = [each for each in found.unknowns if each.code == "paper_open"]
    # The permit has no title: it is named by its document.
    assert unknown.message.startswith("Permit applies")
    # A paper is not a sum.
    assert answer.totals.complete


def test_a_claim_that_switches_a_requirement_off_is_an_option_then_a_fact():
    law = [on(PERMIT, ("unless_claim", "waiver")), NOTICE]
    before = line(law)
    assert papers(before) == ["notice", "permit"]
    (option,) = before.paper_options
    assert (option.claim, option.saving, [each.measure.id for each in option.lifts]) == ("waiver", None, ["permit"])
    assert before.as_json()["options"] == [option.as_json()]
    assert before.lifted == ()
    after = line(law, ["waiver"])
    assert papers(after) == ["notice"]
    assert after.paper_options == ()
    (lifted,) = after.as_json()["lifted"]
    assert (lifted["claim"], lifted["measure"]) == ("waiver", "permit")
    assert [each["document"] for each in lifted["lifts"]] == ["Permit"]


def test_a_claim_switches_off_nothing_that_another_condition_keeps_away():
    law = [on(PERMIT, ("unless_claim", "waiver"), ("below_value", "1 USD"))]
    assert line(law).paper_options == ()
    assert line(law, ["waiver"]).lifted == ()


def test_with_the_claim_the_recognised_paper_meets_the_requirement_and_the_answer_cites_it():
    before = line([PERMIT, NOTICE, DATA, RECOGNITION])
    assert papers(before) == ["data", "notice", "permit"]
    (option,) = before.paper_options
    assert option.proof == "Health certificate (Veterinary Office of BB)"
    assert [each.measure.id for each in option.lifts] == ["permit"]
    assert option.as_json()["citation"]["reference"] == RECOGNITION.reference
    after = line([PERMIT, NOTICE, DATA, RECOGNITION], ["recognition:BB"])
    assert papers(after) == ["data", "notice"]
    (lifted,) = after.as_json()["lifted"]
    assert lifted["document"] == "Health certificate"
    assert lifted["authority"] == "Veterinary Office of BB"
    assert lifted["lifts"] == [{"measure": "permit", "agency": "Vets", "document": "Permit", "title": ""}]
    assert lifted["citation"] == option.as_json()["citation"]


def test_a_recognition_is_only_for_its_origins():
    refused = ask(book([PERMIT, RECOGNITION]), line={"claims": ["recognition:BB"], "origin": "CC"})
    assert isinstance(refused, Refusal)
    assert refused.code == "claim_unknown"
    assert papers(line([PERMIT, replace(RECOGNITION, agency="Port")], ["recognition:BB"])) == ["permit"]


def test_a_reciprocal_recognition_is_for_the_members_of_its_group():
    mutual = replace(
        RECOGNITION,
        origins=replace(RECOGNITION.origins, include=("AA-BB",)),
        conditions=(Condition("claim", "AA-BB"), *RECOGNITION.conditions[1:]),
    )
    assert papers(line([PERMIT, mutual], ["AA-BB"])) == []
    answer = answered(ask(book([PERMIT, mutual]), **{"from": "CC"}))
    assert papers(answer.lines[0]) == ["permit"]
    assert answer.lines[0].paper_options == ()


def test_one_claim_may_lower_the_duty_and_lift_a_paper():
    law = [DUTY, PREFERENCE, on(PERMIT, ("unless_claim", "AA-BB"))]
    found = line(law)
    (option,) = found.options
    assert option.saving is not None
    assert [each.measure.id for each in option.lifts] == ["permit"]
    assert found.paper_options == ()


def test_a_limit_of_value_lifts_requirements_without_a_claim():
    small = rule(Kind.RELIEF, "", "", id="small", programme="relief:requirement", agency="Port")
    found = line([PERMIT, DATA, on(small, ("maximum_value", "1000 USD"))])
    assert papers(found) == ["permit"]
    assert [(each.rule.measure.id, each.claim) for each in found.lifted] == [("small", "")]
    assert papers(line([PERMIT, DATA, on(small, ("maximum_value", "999 USD"))])) == ["data", "permit"]
    still = line([PERMIT, DATA, on(small, ("buyer", "consumer"))])
    assert papers(still) == ["data", "permit"]
    assert "paper_open" in [unknown.code for unknown in still.unknowns]


def test_a_claim_may_lift_a_requirement_on_exports():
    where = Territory("BB", "Bland", ("BB",), "USD")
    out = replace(on(PERMIT, ("unless_claim", "waiver")), territory="BB", direction=Direction.EXPORT)
    law = book([DUTY], others=[where]), book([DUTY, out], others=[where])
    assert papers(answered(ask(law[1])).lines[0]) == ["permit"]
    assert papers(answered(ask(law[1], line={"claims": ["waiver"]})).lines[0]) == []
    assert isinstance(ask(law[0], line={"claims": ["waiver"]}), Refusal)
    # The same for a code above the national lines.
    assert papers(answered(ask(law[1], "010121", line={"claims": ["waiver"]})).lines[0]) == []


RELIEF = rule(Kind.RELIEF, "", "", id="relief", title="Relief", conditions=(Condition("maximum_value", "1000 USD"),))
CHARGED = [
    DUTY,
    rule(Kind.ADDITIONAL_DUTY, "01", "5%", id="extra"),
    rule(Kind.EXCISE, "01", "3%", id="excise"),
    rule(Kind.FEE, "", "1%", id="fee"),
    rule(Kind.TAX, "", "20%", id="tax"),
]


@pytest.mark.parametrize("kind", ["duty", "excise", "fee", "tax"])
def test_a_relief_takes_away_the_charges_that_it_names_and_no_others(kind: str):
    relief = replace(RELIEF, programme=f"relief:{kind}")
    charged = {charge.rule.measure.id for charge in line([*CHARGED, relief]).charges}
    gone = {"duty": {"duty", "extra"}}.get(kind, {kind})
    assert charged == {each.id for each in CHARGED} - gone | {"relief"}
    (nothing,) = [charge for charge in line([*CHARGED, relief]).charges if charge.rule.measure.id == "relief"]
    assert str(nothing.kind) == kind
    assert nothing.amount.amount == 0
    above = answered(ask(book([*CHARGED, relief]), value="1000.01"))
    assert {charge.rule.measure.id for charge in above.lines[0].charges} == {each.id for each in CHARGED}


def test_a_relief_of_a_tax_that_is_not_held_settles_the_tax():
    found = line([DUTY, replace(RELIEF, programme="relief:tax")])
    assert "tax_not_in_rulebook" not in [unknown.code for unknown in found.unknowns]
    # A relief of fees says nothing where no fee is held.
    assert [str(charge.kind) for charge in line([DUTY, replace(RELIEF, programme="relief:fee")]).charges] == ["duty"]


def test_a_relief_of_fees_leaves_the_fee_to_the_other_lines():
    relief = on(rule(Kind.RELIEF, "0101", "", id="relief", programme="relief:fee"))
    lines = [{"hs": code, "value": {"amount": "100.00", "currency": "USD"}} for code in ("01012100", "02011000")]
    law = book([rule(Kind.FEE, "", "1%", id="fee", minimum="10.00 USD"), relief])
    answer = answered(ask(law, lines=lines))
    assert [(c.rule.measure.id, str(c.amount.amount)) for each in answer.lines for c in each.charges] == [
        ("relief", "0.00"),
        ("fee", "10.00"),
    ]


def test_a_relief_that_answers_cannot_read_is_told_apart():
    assert RECOGNITION.unreadable == ""
    for programme in ("", "relief", "relief:preference", "recognition:APHIS", "relief:duty relief:tax"):
        assert replace(RELIEF, programme=programme).unreadable == "relief_unreadable"
    assert on(RECOGNITION).unreadable == "relief_unreadable"
    assert find_accepted_paper(RELIEF) is None
    assert find_accepted_paper(RECOGNITION) is not None


def test_every_answer_says_that_sanctions_were_not_looked_at_and_no_total_hangs_on_it():
    answer = answered(ask(book([DUTY]), freight=NO_FREIGHT))
    said = [each for each in answer.lines[0].unknowns if each.code == "embargo_not_looked_at"]
    assert [(each.form, each.effect.value, list(each.params["economies"])) for each in said] == [
        ("", "none", ["BB", "AA"])
    ]
    with_tax = answered(ask(book([DUTY, rule(Kind.TAX, "", "20%")]), freight=NO_FREIGHT))
    assert with_tax.totals.complete


def test_a_regime_of_the_united_nations_on_an_economy_is_told_from_its_day_on():
    held = book([DUTY])
    members = (Membership("CC", Period(date(2026, 4, 19))),)
    held = replace(held, groups={**held.groups, UN_REGIMES: Group(UN_REGIMES, "Regimes", members, SOURCE)})
    told = {}
    for day in ("2026-04-18", "2026-04-19"):
        unknowns = answered(ask(held, line={"origin": "CC"}, date=day)).lines[0].unknowns
        told[day] = next(each for each in unknowns if each.code == "embargo_not_looked_at")
    assert told["2026-04-18"].form == ""
    assert (told["2026-04-19"].form, list(told["2026-04-19"].params["regimes"])) == ("regime", ["CC"])
    assert list(told["2026-04-19"].params["economies"]) == ["BB", "CC", "AA"]
