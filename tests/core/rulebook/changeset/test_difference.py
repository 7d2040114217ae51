"""The difference of two rulebooks reads as people would say it, prints as JSON, and can be applied."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json, changeset_from_json
from ewtp.core.rulebook.changeset.diff import apply, difference
from ewtp.core.rulebook.citation import Adoption, AmendedLaw, Source
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Origins, Product, Status
from ewtp.core.rulebook.measure_json import measure_as_json, measure_from_json
from ewtp.core.rulebook.precedence import measures_in_effect
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
ONE_DAY = timedelta(days=1)
SOURCE = Source("xx-tariff", "Tariff", "Customs", JANUARY, JANUARY)
NAMES = ("one", "two")


def duty(code: str, expression: str, start: date = JANUARY, end: date | None = None, **fields: Any) -> Measure:
    return Measure(
        id=f"XX-{code}-{start}",
        territory="XX",
        kind=Kind.DUTY,
        product=Product("HS2022", code),
        validity=Period(start, end),
        source=SOURCE,
        reference=code,
        expression=expression,
        **fields,
    )


def test_equal_rulebooks_differ_in_nothing_even_when_names_and_editions_do() -> None:
    newer = replace(SOURCE, published=MARCH, title="Tariff, second edition")
    changed = replace(duty("0901", "5%"), id="other", source=newer)
    made = difference([duty("0901", "5%")], [changed], names=NAMES)
    assert not made
    assert made == Changeset("one", "two")


def test_a_new_rate_from_a_day_on_is_an_amendment() -> None:
    old, ended, new = duty("0901", "5%"), duty("0901", "5%", end=MARCH - ONE_DAY), duty("0901", "4%", MARCH)
    made = difference([old], [ended, new], names=NAMES)
    assert made.amended == (Amended(old, new),)
    assert (made.added, made.ended) == ((), ())
    assert made.amended[0].changed == ("expression",)


def test_a_correction_is_an_amendment_too() -> None:
    made = difference([duty("0901", "5%")], [duty("0901", "4%")], names=NAMES)
    assert made.amended == (Amended(duty("0901", "5%"), duty("0901", "4%")),)


def test_an_end_an_extension_a_withdrawal_and_an_addition() -> None:
    before = [duty("01", "5%"), duty("02", "5%", end=MARCH), duty("03", "5%")]
    after = [duty("01", "5%", end=MARCH), duty("02", "5%"), duty("04", "5%")]
    made = difference(before, after, names=NAMES)
    assert made.ended == (Ended(before[0], MARCH), Ended(before[2], None))
    assert made.amended == (Amended(before[1], after[1]),)
    assert made.amended[0].changed == ("validity",)
    assert made.added == (after[2],)


def test_a_changeset_survives_json() -> None:
    rich = replace(
        duty("0101", "5%", conditions=(Condition("document", "N853", "CHED"),), yields_to=("p",)),
        origins=Origins(("KE", "XX-FTA"), ("UG",)),
        product=Product("HS2022", "0101", ("010121",)),
    )
    made = difference([duty("01", "5%"), duty("03", "1%")], [rich, duty("03", "2%", MARCH)], names=NAMES)
    text = orjson.dumps(changeset_as_json(made))
    assert changeset_from_json(orjson.loads(text)) == made
    assert orjson.loads(text)["counts"] == {"added": 2, "ended": 2, "amended": 0}


def test_what_is_no_changeset_is_refused_with_its_place() -> None:
    body = changeset_as_json(difference([], [duty("01", "5%")], names=NAMES))
    broken: Any
    for broken in ({}, {"before": "a", "after": "b", "added": 5}, [], {"before": "a", "after": "b", "ended": [{}]}):
        read = changeset_from_json(broken)
        assert isinstance(read, Refusal)
        assert read.code == "changeset_unreadable"
    body["added"][0]["kind"] = "toll"
    read = changeset_from_json(body)
    assert isinstance(read, Refusal)
    assert (read.code, read.where) == ("measure_unreadable", "added[0]")


def test_a_measure_survives_json_and_nonsense_does_not() -> None:
    measure = duty("01", "5%", currency="USD", minimum="1.00 USD")
    assert measure_from_json(measure_as_json(measure)) == measure
    for field, value in (("origins", "KE"), ("valid_from", "soon"), ("expression", 5), ("source", None)):
        assert isinstance(measure_from_json({**measure_as_json(measure), field: value}), Refusal)


_FIRST = date(2026, 1, 1)


def _rulebook(days: dict[tuple[str, int], str]) -> list[Measure]:
    made: list[Measure] = []
    for (code, day), rate in sorted(days.items()):
        when = _FIRST + timedelta(days=day)
        last = made[-1] if made else None
        if last and (last.product.prefix, last.expression) == (code, rate) and last.validity.end == when - ONE_DAY:
            made[-1] = replace(last, validity=Period(last.validity.start, when))
        else:
            made.append(duty(code, rate, when, when))
    return made


_rulebooks = st.dictionaries(
    st.tuples(st.sampled_from(["01", "02"]), st.integers(0, 6)),
    st.sampled_from(["1%", "2%"]),
    max_size=14,
).map(_rulebook)


def test_an_adopted_rule_amends_the_law_of_its_key():
    law = duty("0901", "10%")
    adopted = replace(law, id="reform", expression="5%", status=Status.ADOPTED, source=replace(SOURCE, id="adopted"))
    assert difference([law], [adopted], names=NAMES) == Changeset(*NAMES, amended=(Amended(law, adopted),))
    later = replace(adopted, validity=Period(MARCH))
    after = measures_in_effect([law, later])
    amending = replace(later, adoption=Adoption(amends=(AmendedLaw(law.id, law.validity, law.source, law.reference),)))
    assert after == [replace(law, validity=Period(JANUARY, MARCH - ONE_DAY)), amending]
    made = difference([law], after, names=NAMES)
    assert made == Changeset(*NAMES, amended=(Amended(law, amending),))
    assert {"status", "expression", "source"} <= set(made.amended[0].changed)


def code_of(changeset: Changeset[Measure], *measures: Measure) -> str:
    refused = apply(changeset, measures)
    assert isinstance(refused, Refusal), refused
    return refused.code


def test_a_changeset_for_another_rulebook_is_refused():
    held, dearer, shorter = duty("0901", "10%"), duty("0901", "12%"), duty("0901", "10%", end=MARCH)
    cheaper = duty("0901", "5%", MARCH)
    amending = Changeset(*NAMES, amended=(Amended(held, cheaper),))
    ending = Changeset(*NAMES, ended=(Ended(held, MARCH),))
    for changeset in (amending, ending):
        assert not isinstance(apply(changeset, [held]), Refusal)
        assert not isinstance(apply(changeset, [replace(held, source=replace(SOURCE, published=MARCH))]), Refusal)
        for moved in ((), (dearer,), (shorter,), (duty("0902", "10%"),)):
            assert code_of(changeset, *moved) == "changeset_base_moved"
    adding = Changeset(*NAMES, added=(cheaper,))
    before = duty("0901", "10%", end=MARCH - ONE_DAY)
    assert apply(adding, [before]) == (before, cheaper)
    assert code_of(adding, cheaper) == "changeset_base_moved"
    refused = apply(amending, [dearer])
    assert isinstance(refused, Refusal)
    assert held.id in refused.message


def test_a_changeset_that_contradicts_the_law_or_itself_is_refused():
    held = duty("0901", "10%")
    assert code_of(Changeset(*NAMES, added=(duty("0901", "5%", MARCH),)), held) == "changeset_contradicts"
    early = Changeset(*NAMES, ended=(Ended(held, JANUARY - ONE_DAY),))
    assert code_of(early, held) == "changeset_contradicts"
    assert apply(Changeset(*NAMES, ended=(Ended(held, JANUARY),)), [held]) == (duty("0901", "10%", end=JANUARY),)


@given(_rulebooks, _rulebooks)
def test_applying_the_difference_gives_the_other_rulebook(before: list[Measure], after: list[Measure]) -> None:
    made = difference(before, after, names=NAMES)
    assert apply(made, before) == tuple(sorted(after, key=lambda m: (m.key, m.validity.start)))
    assert bool(made) == (before != after)
    assert changeset_from_json(changeset_as_json(made)) == made


def test_an_older_file_is_read_and_a_slip_is_not():
    held, cheaper = duty("0901", "5%"), duty("0901", "3%", MARCH)
    older = {
        "before": "law",
        "after": "reform",
        "added": [measure_as_json(cheaper)],
        "ended": [{"measure": measure_as_json(held), "last_day": "2026-02-28"}],
    }
    assert changeset_from_json(older) == Changeset("law", "reform", (cheaper,), (Ended(held, MARCH - ONE_DAY),))
    body = changeset_as_json(Changeset(*NAMES, (duty("02", "1%"),), (Ended(held, None),), (Amended(held, cheaper),)))
    slips: list[tuple[str, str, Callable[[dict[str, Any]], Any]]] = [
        ("change_field_unknown", "end", lambda b: b.update(end=[])),
        ("change_field_unknown", "added[0].expresion", lambda b: b["added"][0].update(expresion="9%")),
        ("change_field_unknown", "added[0].source.colour", lambda b: b["added"][0]["source"].update(colour="red")),
        ("change_field_unknown", "ended[0].lastday", lambda b: b["ended"][0].update(lastday="2026-01-01")),
        ("changeset_unreadable", "ended[0]", lambda b: b["ended"][0].pop("last_day")),
        ("changeset_unreadable", "ended[0].last_day", lambda b: b["ended"][0].update(last_day="soon")),
        ("change_digest_wrong", "ended[0].replaces", lambda b: b["ended"][0].update(replaces="0" * 64)),
        ("change_digest_wrong", "amended[0].replaces", lambda b: b["amended"][0]["before"].update(expression="6%")),
        ("change_digest_wrong", "digest", lambda b: b["amended"][0]["after"].update(expression="4%")),
        ("measure_unreadable", "amended[0].after", lambda b: b["amended"][0]["after"].pop("valid_from")),
        ("record_unreadable", "added[0]", lambda b: b["added"][0].update(record="decree")),
    ]
    for code, where, slip in slips:
        wrong = deepcopy(body)
        slip(wrong)
        read = changeset_from_json(wrong)
        assert isinstance(read, Refusal), where
        assert (read.code, read.where) == (code, where)
    everything = deepcopy(body)
    for _, where, slip in slips[1:6]:
        if where != "ended[0].last_day":
            slip(everything)
    everything["amended"][0]["after"]["kind"] = "toll"
    read = changeset_from_json(everything)
    assert isinstance(read, Refusal)
    assert [each.where for each in read.every] == [
        "added[0].expresion",
        "added[0].source.colour",
        "ended[0]",
        "amended[0].after",
    ]
