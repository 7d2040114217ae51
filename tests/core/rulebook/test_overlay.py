"""A book with a changeset laid over it is the book that the changed measures would build."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.rulebook.changeset.diff import Amended, Changeset, Ended, apply
from ewtp.core.rulebook.changeset.overlay import Overlay, ends_too_early, not_held, overlaid
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import answered, ask, book, rule, territory

if TYPE_CHECKING:
    from ewtp.core.rulebook.measure import Measure

FIRST = date(2026, 1, 1)
CODES = ("", "01", "010121", "01012100", "0201", "02012000")
KINDS = ((Kind.DUTY, "5%"), (Kind.DUTY, "7%"), (Kind.ADDITIONAL_DUTY, "10%"), (Kind.REQUIREMENT, ""), (Kind.FEE, "1%"))


def measure(code: str, kind: int, start: int, days: int | None) -> Measure:
    which, expression = KINDS[kind]
    first = FIRST + timedelta(days=start)
    fields = {"agency": "Vets"} if which is Kind.REQUIREMENT else {}
    validity = Period(first, None if days is None else first + timedelta(days=days))
    return rule(which, code, expression, id=f"AA-{which}-{code}-{first}-{expression}", validity=validity, **fields)


measures = st.builds(
    measure,
    st.sampled_from(CODES),
    st.integers(0, len(KINDS) - 1),
    st.sampled_from([0, 100, 200]),
    st.sampled_from([None, 30, 99]),
)
books = st.lists(measures, max_size=12, unique_by=lambda m: (m.key, m.validity.start))
ends = st.builds(
    lambda m, days: Ended(m, None if days is None else m.validity.start + timedelta(days=days)),
    measures,
    st.sampled_from([None, 0, 40]),
)
changesets = st.builds(
    Changeset,
    st.just("a"),
    st.just("b"),
    st.lists(measures, max_size=4).map(tuple),
    st.lists(ends, max_size=4).map(tuple),
    st.lists(st.builds(Amended, measures, measures), max_size=3).map(tuple),
)


def built(found: tuple[Measure, ...] | list[Measure]) -> Book:
    return build_book("v1", territories=[territory()], groups=[], measures=found)


@given(books, changesets)
def test_an_overlay_is_the_book_of_the_changed_measures(held: list[Measure], changeset: Changeset):
    wanted = built(apply(changeset, held))
    found = overlaid(built(held), changeset)
    assert dict(found.rules) == wanted.rules
    assert found.coverage == wanted.coverage
    assert len(found.rules) == len(wanted.rules)


def test_only_what_is_touched_is_read_again():
    kept, gone = rule(Kind.DUTY, "0101", "5%"), rule(Kind.DUTY, "0201", "5%")
    below = book([kept, gone])
    above = overlaid(below, Changeset("v1", "b", ended=(Ended(gone, None),)))
    assert above.rules[("AA", "0101")] is below.rules[("AA", "0101")]
    assert ("AA", "0201") not in above.rules
    assert ("AA", "0201") in below.rules


def test_answers_of_the_book_below_are_not_remembered():
    gone = rule(Kind.DUTY, "0101", "5%")
    below = book([gone])
    assert answered(ask(below)).totals.duty.amount == 50
    above = overlaid(below, Changeset("v1", "b", added=(replace(gone, expression="7%"),)))
    assert answered(ask(above)).totals.duty.amount == 70
    assert answered(ask(below)).totals.duty.amount == 50


def test_a_part_of_the_law_takes_what_the_whole_covers():
    fee = rule(Kind.FEE, "0201", "1%")
    whole = book([rule(Kind.DUTY, "0101", "5%"), fee])
    overlay = Overlay(Changeset("v1", "b", ended=(Ended(rule(Kind.FEE, "0101", "1%"), None),)))
    part = replace(book([rule(Kind.DUTY, "0101", "5%")]), coverage=whole.coverage)
    covered = overlay.over(whole).coverage
    assert Kind.FEE in covered["AA"]
    assert overlay.over(part, coverage=covered).coverage == covered


def test_what_the_rulebook_does_not_hold_is_named():
    held, other = rule(Kind.DUTY, "0101", "5%"), rule(Kind.DUTY, "0201", "5%")
    later = replace(held, validity=Period(date(2026, 3, 1)))
    changeset = Changeset("v1", "b", ended=(Ended(held, None), Ended(other, None)), amended=(Amended(later, held),))
    assert not_held(book([held]), changeset) == (other, later)


@pytest.mark.parametrize(("last_day", "contradicts"), [(None, True), (date(2026, 2, 28), False)])
def test_two_measures_of_one_key_on_one_day_contradict_each_other(last_day: date | None, *, contradicts: bool):
    held = rule(Kind.DUTY, "0101", "5%")
    added = replace(held, id="other", expression="4%", validity=Period(date(2026, 3, 1)))
    ended = (Ended(held, last_day),) if last_day else ()
    found = list(Overlay(Changeset("v1", "b", added=(added,), ended=ended)).contradictions(book([held])))
    assert found == ([(held, added)] if contradicts else [])


def test_an_end_before_the_beginning_is_named():
    held = rule(Kind.DUTY, "0101", "5%")
    ends = (Ended(held, FIRST - timedelta(days=1)), Ended(held, FIRST), Ended(held, None))
    assert ends_too_early(Changeset("v1", "b", ended=ends)) == (held,)
