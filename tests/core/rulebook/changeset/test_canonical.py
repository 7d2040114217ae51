"""A changeset's digest depends on the law that it ends and brings, and on nothing else."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ewtp.core.rulebook.changeset.canonical import canonical_bytes, changeset_digest, record_digest
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended, collect_reasons
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json, changeset_from_json
from ewtp.core.rulebook.changeset.diff import apply
from ewtp.core.rulebook.changeset.law_record import for_period, place_of, record_period, same_content
from ewtp.core.rulebook.changeset.reconciliation import merge
from ewtp.core.rulebook.measure import Condition, Kind, Measure
from ewtp.core.rulebook.service import Procedure
from ewtp.core.rulebook.territory import OriginRule, Practice, TerritoryPractice
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import SINCE, SOURCE, rule
from tests.core.rulebook.changeset.small_law import (
    JULY,
    MARCH,
    NAMES,
    ONE_DAY,
    OTHERS,
    UNHURRIED,
    change_between,
    laws,
    proposed,
    renamed,
)

if TYPE_CHECKING:
    from ewtp.core.rulebook.changeset.law_record import LawRecord

Law = tuple["LawRecord", ...]
DUTY = rule(Kind.DUTY, "0101", "5%")
# What the first form had of the change and of the duty in the test that reads them.
FIRST_DIGEST = "22edb26ec95a79a7cc154d986956556a204f65c8ba49c3533dee41d2a96ed44a"
FIRST_RECORD_DIGEST = "97442ab9926349df78e4939d7eaa5a18339f1dde23d2c998a26eb922eb22f44c"


def retold(changes: Changeset[LawRecord], order: Any) -> Changeset[LawRecord]:
    """The same reform by somebody else: other names, another order, and amendments as an end and an addition."""
    added = [renamed(record, 1) for record in changes.added]
    ended = [Ended(renamed(end.record, 2), end.last_day) for end in changes.ended]
    amended = []
    for change in changes.amended:
        before, after = renamed(change.before, 3), renamed(change.after, 4)
        if order.random() < 0.5 and isinstance(before, Measure) and isinstance(after, Measure):
            start = after.validity.start
            ended.append(Ended(before, start - ONE_DAY if start > before.validity.start else None))
            added.append(after)
        else:
            amended.append(Amended(before, after))
    for members in (added, ended, amended):
        order.shuffle(members)
    return Changeset("then", "now", tuple(added), tuple(ended), tuple(amended), base="5eed")


@UNHURRIED
@given(laws(), laws(), st.randoms(use_true_random=False))
def test_the_same_reform_told_otherwise_has_the_same_bytes(before: Law, after: Law, order: Any):
    changes = change_between(before, after)
    assert canonical_bytes(retold(changes, order)) == canonical_bytes(changes)


@UNHURRIED
@given(laws(), laws(), laws())
def test_another_reform_has_another_digest(before: Law, one: Law, other: Law):
    same = changeset_digest(change_between(before, one)) == changeset_digest(change_between(before, other))
    assert same == (set(one) == set(other))


@UNHURRIED
@given(laws(), laws(), st.randoms(use_true_random=False))
def test_what_contradicts_itself_is_another_reform_in_whichever_order(before: Law, after: Law, order: Any):
    changes = change_between(before, after)
    measures = [record for record in changes.added if isinstance(record, Measure)]
    assume(measures)
    twice = replace(measures[0], id="twice", reference="another article")
    both = replace(changes, added=(*changes.added, twice))
    alone = replace(changes, added=tuple(twice if one is measures[0] else one for one in changes.added))
    assert canonical_bytes(retold(both, order)) == canonical_bytes(both)
    assert len({changeset_digest(one) for one in (changes, both, alone)}) == 3


def test_two_rates_at_one_place_have_a_digest_of_their_own():
    three = proposed(rule(Kind.FEE, "0101", "3%"))
    four = replace(three, id="four", expression="4%")
    digests = [
        changeset_digest(Changeset(*NAMES, added)) for added in ((three, four), (four, three), (three,), (four,))
    ]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
    again = Changeset(*NAMES, (three, replace(three, id="again")))
    assert changeset_digest(again) == digests[2]


@UNHURRIED
@given(laws(), laws())
def test_a_change_survives_its_file_with_every_kind_of_record(before: Law, after: Law):
    changes = change_between(before, after)
    read = changeset_from_json(orjson.loads(orjson.dumps(changeset_as_json(changes))))
    assert read == changes
    result = apply(changes, before)
    assert not isinstance(result, Refusal)
    assert set(result) == set(after)


def divided(law: Law, order: Any) -> Law:
    """The same law, with some periods in two that touch, and rates in other words."""
    pieces: list[LawRecord] = []
    for record in law:
        period = record_period(record)
        days = 300 if period.end is None else (period.end - period.start).days
        middle = period.start + timedelta(days=order.randint(0, days))
        halves = [period]
        if middle > period.start and order.random() < 0.7:
            halves = [Period(period.start, middle - ONE_DAY), Period(middle, period.end)]
        pieces += (respelled(for_period(record, half), order) for half in halves)
    return tuple(pieces)


def respelled(record: LawRecord, order: Any) -> LawRecord:
    """The same rate, written in another way."""
    if not isinstance(record, Measure):
        return record
    return replace(record, expression=record.expression.replace("%", order.choice(["%", " %", ".0%", ".00 %"])))


@UNHURRIED
@given(laws(), laws(), st.randoms(use_true_random=False))
def test_neither_words_of_a_rate_nor_divided_periods_are_another_reform(before: Law, after: Law, order: Any):
    changes = change_between(before, after)
    assert canonical_bytes(change_between(divided(before, order), divided(after, order))) == canonical_bytes(changes)
    nothing = change_between(before, divided(before, order))
    assert changeset_digest(nothing) == changeset_digest(Changeset(*NAMES))


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("expression", "3%", "3.00 %"),
        ("expression", "0.051 USD/kg + 8.5%", "5.1¢/kg + 8.50%"),
        ("expression", "1.50 USD/kg MIN 2%", "1.5 USD/kg MIN 2.0%"),
        ("expression", "Free", "0%"),
        ("minimum", "5 USD", "5.00 USD"),
        ("maximum", "100 USD", "100.0 USD"),
        ("conditions", (Condition("below_value", "150 EUR"),), (Condition("below_value", "150.00 EUR"),)),
        ("conditions", (Condition("transport", "air sea"),), (Condition("transport", "sea air air"),)),
    ],
)
def test_a_value_written_in_two_ways_is_one(field: str, one: Any, other: Any):
    fee = rule(Kind.FEE, "0101", "1%")
    first, second = (replace(fee, **{field: value}) for value in (one, other))
    assert record_digest(first) == record_digest(second)
    another: Any = {field: () if field == "conditions" else "2 USD"}
    assert record_digest(replace(fee, **another)) != record_digest(first)
    assert same_content(first, second)
    assert not change_between((first,), (second,))
    assert not Amended(first, second).changed


def test_what_a_schedule_counts_otherwise_stays_another_rate():
    rates = ("2 USD/kg", "200 USD/100 kg", "2 USD/kg + 1%", "1% + 2 USD/kg", "2.0000000000000000000000000000001%", "2%")
    assert len({record_digest(rule(Kind.FEE, "0101", rate)) for rate in rates}) == len(rates)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("tax_base", "customs_value+duty*0.50", "duty*0.5 + customs_value"),
        ("customs_union", "EU SM", "SM EU"),
        ("clock.vote", "14d", "336h"),
    ],
)
def test_a_practice_or_figure_written_in_two_ways_is_one(name: str, one: str, other: str):
    def stated(value: str) -> LawRecord:
        if name == "clock.vote":
            return Procedure("EWTP", name, value, SINCE, SOURCE, "statute")
        return TerritoryPractice("AA", Practice(name, value, SINCE, SOURCE, "act"))

    assert record_digest(stated(one)) == record_digest(stated(other))
    assert not change_between((stated(one),), (stated(other),))
    order = [TerritoryPractice("AA", Practice("rate_source", text, SINCE, SOURCE, "act")) for text in ("A B", "B A")]
    assert record_digest(order[0]) != record_digest(order[1])


def test_digests_of_the_first_form_are_still_read():
    cheaper = proposed(DUTY, id="reform", expression="3.0 %", validity=Period(MARCH))
    changes: Changeset[LawRecord] = Changeset(*NAMES, added=(OTHERS[7],), amended=(Amended(DUTY, cheaper),))
    body = changeset_as_json(changes)
    assert body["digest"] != FIRST_DIGEST
    body["digest"], body["amended"][0]["replaces"] = FIRST_DIGEST, FIRST_RECORD_DIGEST
    assert changeset_from_json(body) == changes
    # In the first form, which takes rates as they are written, another spelling is another reform.
    body["amended"][0]["after"]["expression"] = "3%"
    refused = changeset_from_json(body)
    assert isinstance(refused, Refusal)
    assert refused.code == "change_digest_wrong"


def test_four_ways_to_write_one_reform_had_four_digests():
    cheaper = proposed(DUTY, id="reform", expression="3%", validity=Period(MARCH))
    added = rule(Kind.FEE, "", "1%")
    written = Changeset(*NAMES, added=(added,), amended=(Amended(DUTY, cheaper),))
    known = renamed(DUTY, 7)
    assert isinstance(known, Measure)
    ways: list[Changeset[LawRecord]] = [
        written,
        replace(written, before="2026-01-01.1", after="another name"),
        replace(written, amended=(Amended(known, replace(cheaper, id="x", known_from=known.known_from)),)),
        Changeset(*NAMES, added=(cheaper, added), ended=(Ended(DUTY, MARCH - ONE_DAY),)),
    ]
    assert len({changeset_digest(way) for way in ways}) == 1
    dearer = replace(cheaper, expression="3.5%")
    for other in (
        replace(written, added=()),
        replace(written, amended=(Amended(DUTY, dearer),)),
        replace(written, amended=(Amended(replace(DUTY, expression="6%"), cheaper),)),
        replace(written, amended=(Amended(DUTY, replace(cheaper, validity=Period(JULY))),)),
    ):
        assert changeset_digest(other) != changeset_digest(written)


def test_an_operation_that_changes_nothing_is_not_in_the_digest():
    nothing: Changeset[LawRecord] = Changeset(*NAMES)
    until = replace(DUTY, validity=Period(DUTY.validity.start, MARCH))
    assert changeset_digest(Changeset(*NAMES, amended=(Amended(DUTY, renamed(DUTY, 1)),))) == changeset_digest(nothing)
    assert changeset_digest(Changeset(*NAMES, ended=(Ended(until, MARCH),))) == changeset_digest(nothing)
    shortened = Changeset(*NAMES, amended=(Amended(DUTY, until),))
    assert changeset_digest(shortened) == changeset_digest(Changeset(*NAMES, ended=(Ended(DUTY, MARCH),)))


@pytest.mark.parametrize("record", OTHERS, ids=lambda record: type(record).__name__)
def test_every_field_of_a_record_is_in_its_digest(record: LawRecord):
    digest = record_digest(record)
    others: dict[str, Any] = {"reference": "elsewhere", "territory": "BB", "validity": Period(MARCH), "title": "x"}
    if isinstance(record, OriginRule):
        # A change states a rule of origin for all time; its days are those of the act that adopts it.
        del others["validity"]
    for name in others.keys() & {field.name for field in fields(record)}:
        assert record_digest(replace(record, **{name: others[name]})) != digest, name
    assert record_digest(renamed(record, 3)) == digest
    if hasattr(record, "source"):
        elsewhere: Any = {"source": replace(SOURCE, id="other")}
        assert record_digest(replace(record, **elsewhere)) != digest


def test_reasons_are_kept_with_the_operations_and_are_in_no_digest():
    after = proposed(DUTY, id="cheaper", expression="1%", validity=Period(MARCH))
    gone, new = rule(Kind.FEE, "0101", "1%"), proposed(rule(Kind.FEE, "0201", "2%"))
    plain = Changeset(*NAMES, (new,), (Ended(gone, None),), (Amended(DUTY, after),))
    body = changeset_as_json(plain)
    for operation, why in (("added", "for roads"), ("ended", "repealed"), ("amended", "cheaper milk")):
        body[operation][0]["why"] = why
    made = changeset_from_json(body)
    assert isinstance(made, Changeset)
    assert changeset_digest(made) == changeset_digest(plain)
    assert [made.reason_for(record) for record in (new, gone, DUTY)] == ["for roads", "repealed", "cheaper milk"]
    assert changeset_as_json(made) == body
    other = replace(plain, reasons=collect_reasons([(place_of(DUTY), "simpler")]))
    nothing: Changeset[Any] = Changeset(*NAMES)
    merged, turned = merge(nothing, made, other), merge(nothing, other, made)
    assert isinstance(merged, Changeset)
    assert merged == turned
    assert merged.reason_for(DUTY) == "cheaper milk\nsimpler"
    body["added"][0]["why"] = "x" * 2_001
    refusal = changeset_from_json(body)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.where) == ("change_why_unreadable", "added[0].why")
