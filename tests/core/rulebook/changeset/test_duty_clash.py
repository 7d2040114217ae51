"""Two duties of one rank on one line: the check finds what the answer could not decide, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.changeset.check import check
from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
from ewtp.core.rulebook.changeset.overlay import overlaid
from ewtp.core.rulebook.changeset.reconciliation import merge
from ewtp.core.rulebook.measure import Kind, Measure, Product, Status
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import VOCABULARY, answered, ask, book, condition, rule
from tests.core.rulebook.changeset.small_law import JULY, MARCH, NAMES, proposed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.assessment.answer import Answer

DUTY = rule(Kind.DUTY, "0101", "5%")
COLUMN_2 = rule(Kind.DUTY, "0201", "9%", include=("AA-BB",))
PREFERENCE = rule(Kind.PREFERENCE, "0101", "2%", include=("AA-BB",))
CODES = {"0101": "01012100", "0201": "02011000", "": "02012000"}


def held(*more: Measure) -> HeldLaw:
    return HeldLaw(book([DUTY, COLUMN_2, PREFERENCE, *more]), "b45e", VOCABULARY.economies, VOCABULARY.currencies)


def new(expression: str, prefix: str = "0101", kind: Kind = Kind.DUTY, **fields: Any) -> Measure:
    return proposed(rule(kind, prefix, expression, id=f"new-{expression}", title=expression, **fields))


def clashes(changeset: Changeset[Any], law: HeldLaw) -> list[tuple[str, str | None]]:
    return [(fault.number, fault.where) for fault in check(changeset, law) if fault.form == "rank"]


def answer_after(changeset: Changeset[Any], law: HeldLaw, **fields: Any) -> Answer:
    """What is asked once the change has been adopted: its measures count as law does."""
    changed = replace(changeset, added=tuple(replace(record, status=Status.ADOPTED) for record in changeset.added))
    return answered(ask(overlaid(law.book, changed), **fields))


def adding(*measures: Measure, **fields: Any) -> Changeset[Any]:
    return Changeset(*NAMES, measures, **fields)


UNDECIDABLE: Iterable[tuple[str, Measure]] = (
    ("programme", new("3%", programme="x")),
    ("additional code", new("3%", additional_code="zz")),
    ("nomenclature", replace(new("3%"), product=Product("OTHER", "0101"))),
    ("exclusion of other goods", new("3%", exclusions=("01012900",))),
    ("excluded origin", new("3%", exclude=("CC",))),
    ("later", new("3%", programme="x", validity=Period(MARCH, JULY))),
    ("named origins", new("3%", "0201", include=("BB",))),
    ("a buyer", new("3%", programme="x", conditions=(condition("buyer", "consumer"),))),
)


@pytest.mark.parametrize("measure", [each for _, each in UNDECIDABLE], ids=[name for name, _ in UNDECIDABLE])
def test_a_second_duty_of_the_same_rank_is_a_fault_and_the_answer_could_not_decide_it(measure: Measure):
    change = adding(measure)
    assert clashes(change, held()) == [("CS8", "added[0]")]
    answer = answer_after(change, held(), hs=CODES[measure.product.prefix], buyer="consumer")
    (line,) = answer.as_json()["lines"]
    assert "duty_ambiguous" in [unknown["code"] for unknown in line["unknowns"]]
    assert line["charges"] == []


DECIDED: Iterable[tuple[str, Measure, str]] = (
    ("longer code", new("3%", "01012100"), "30.00"),
    ("shorter code", new("3%", "01"), "50.00"),
    ("named origin", new("3%", include=("BB",)), "30.00"),
    ("same rate in other words", new("5.0%", programme="x"), "50.00"),
    ("other goods", new("3%", exclusions=("01012100",)), "50.00"),
    ("other origins", new("3%", exclude=("BB",), include=("AA-BB",)), "50.00"),
    ("claim not made", new("3%", programme="x", conditions=(condition("moon", "full"),)), "50.00"),
)


@pytest.mark.parametrize(("measure", "duty"), [each[1:] for each in DECIDED])
def test_what_the_answer_decides_is_no_fault(measure: Measure, duty: str):
    change = adding(measure)
    assert clashes(change, held()) == []
    (charge,) = answer_after(change, held()).as_json()["lines"][0]["charges"]
    assert charge["amount"] == {"amount": duty, "currency": "USD"}


def test_one_fault_is_told_of_two_measures_that_the_change_brings():
    change = adding(new("1%", "0201", programme="x"), new("2%", "0201", programme="y"))
    assert clashes(change, held()) == [("CS8", "added[0]")]


def test_a_duty_that_replaces_the_one_beside_it_is_no_fault():
    cheaper = new("3%", programme="x", validity=Period(JULY))
    assert clashes(Changeset(*NAMES, amended=(Amended(DUTY, cheaper),)), held()) == []
    assert clashes(adding(cheaper, ended=(Ended(DUTY, MARCH),)), held()) == []


def test_an_ambiguity_that_the_law_has_is_no_fault_of_the_change():
    second = rule(Kind.DUTY, "0101", "4%", additional_code="B")
    third = new("3%", additional_code="C")
    assert clashes(adding(third), held(second)) == []


def test_a_line_that_a_longer_code_decides_is_in_no_clash():
    law = held(*(rule(Kind.DUTY, code, "1%") for code in ("01012100",)))
    assert clashes(adding(new("3%", programme="x")), law) == []


def test_two_preferences_of_one_claim_are_a_fault():
    second = new("1%", kind=Kind.PREFERENCE, include=("AA-BB",), programme="x")
    assert clashes(adding(second), held()) == [("CS8", "added[0]")]
    quota = new("1%", kind=Kind.QUOTA, include=("AA-BB",), order_number="09.1")
    assert clashes(adding(quota), held()) == []


def test_the_fault_names_the_line_the_origin_and_the_day():
    (fault,) = check(adding(new("3%", programme="x", validity=Period(MARCH))), held())
    assert fault.message == (
        "AA-duty-0101-*-5% and new-3% would both be the duty on 01012100 of origin AA on 2026-03-01, at different "
        "rates; end one of them, or give them different goods, origins or conditions."
    )


def test_duties_of_two_parts_of_the_year_meet_on_no_day():
    winter, summer, both = (
        (condition("season", days),) for days in ("01 NOV - 31 MAR", "01 APR - 31 OCT", "15 MAR - 30 APR")
    )
    law = held(rule(Kind.DUTY, "0202", "9%", conditions=winter))
    assert clashes(adding(new("3%", "0202", programme="x", conditions=summer)), law) == []
    change = adding(new("3%", "0202", programme="x", conditions=both))
    (fault,) = (each for each in check(change, law) if each.form == "rank")
    assert fault.params["day"] == date(2026, 3, 15)


def test_two_reforms_that_set_two_rates_on_one_code_do_not_merge():
    nothing: Changeset[Any] = Changeset(*NAMES)
    one = Changeset(*NAMES, amended=(Amended(DUTY, new("3%", validity=Period(JULY))),))
    other = adding(new("1%", programme="x", validity=Period(MARCH)))
    for found in (merge(nothing, one, other), merge(nothing, other, one)):
        assert isinstance(found, tuple)
        assert [(conflict.code, conflict.day) for conflict in found] == [("change_conflict", JULY)]
    for fields in ({"prefix": "0201"}, {"include": ("BB",)}, {"validity": Period(MARCH, MARCH)}):
        apart = adding(new("1%", programme="x", **fields))
        assert isinstance(merge(nothing, one, apart), Changeset)
    assert isinstance(merge(nothing, one, adding(new("3.0%", programme="x"))), Changeset)
