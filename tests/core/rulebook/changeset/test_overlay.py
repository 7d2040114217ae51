"""A book with a changeset applied is the book that the changed measures would build."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.changeset.diff import Mismatch, apply
from ewtp.core.rulebook.changeset.overlay import Overlay, overlaid
from ewtp.core.rulebook.measure import Kind, Measure, Status
from ewtp.core.rulebook.precedence import measures_in_effect
from ewtp.core.rulebook.rule import Rule
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import answered, ask, book, rule, territory

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
statuses = st.sampled_from([*Status, Status.LAW])


def without_clashes(drawn: list[Measure]) -> list[Measure]:
    """The measures that share no day with an earlier one of their key and status."""
    kept: list[Measure] = []
    for one in drawn:
        clashes = (m.key == one.key and m.status is one.status and m.validity.overlaps(one.validity) for m in kept)
        if not any(clashes):
            kept.append(one)
    return kept


books = st.lists(
    st.builds(lambda m, status: replace(m, status=status, id=f"{m.id}-{status}"), measures, statuses), max_size=12
).map(without_clashes)


@st.composite
def changesets_of(draw: st.DrawFn, held: list[Measure]) -> Changeset[Measure]:
    """A changeset of measures that a rulebook holds, and of others that may clash with them."""
    named = draw(st.lists(st.sampled_from(held), max_size=4, unique_by=id)) if held else []
    ended, amended = [], []
    for one in named:
        days = draw(st.sampled_from([None, 0, 40]))
        if draw(st.booleans()):
            ended.append(Ended(one, None if days is None else one.validity.start + timedelta(days=days)))
        else:
            start = one.validity.start + timedelta(days=days or 0)
            end = one.validity.end
            validity = Period(start, None if end is None else max(start, end))
            amended.append(Amended(one, replace(one, validity=validity, title="amended", status=draw(statuses))))
    added = [replace(m, status=draw(statuses)) for m in draw(st.lists(measures, max_size=4))]
    return Changeset("a", "b", tuple(added), tuple(ended), tuple(amended))


def as_law(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return tuple(Rule(replace(each.measure, status=Status.LAW)) for each in rules)


def built(found: tuple[Measure, ...] | list[Measure]) -> Book:
    return build_book("v1", territories=[territory()], groups=[], measures=found)


@settings(deadline=None)  # the first expression that is parsed loads the grammar
@given(books, st.data())
def test_an_overlay_is_the_book_of_the_changed_measures(drawn: list[Measure], data: st.DataObject):
    held = measures_in_effect(drawn)
    changeset = data.draw(changesets_of(held))
    changed = apply(changeset, held)
    assume(not isinstance(changed, Refusal))
    assert not isinstance(changed, Refusal)
    # What a reform proposes counts where it is simulated, and is written as law here to be counted in any book.
    wanted = built([replace(m, status=Status.LAW) for m in measures_in_effect(changed, proposals=True)])
    found = overlaid(built(drawn), changeset)
    found.rules = {place: as_law(rules) for place, rules in found.rules.items()}
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


def test_measures_that_the_rulebook_holds_otherwise_or_not_at_all_are_conflicts():
    held, other = rule(Kind.DUTY, "0101", "5%"), rule(Kind.DUTY, "0201", "5%")
    dearer = replace(other, expression="6%")
    changeset = Changeset(
        "v1", "b", added=(held,), ended=(Ended(other, None),), amended=(Amended(rule(Kind.DUTY, "0301", "1%"), held),)
    )
    found = Overlay(changeset).mismatches(book([held, dearer]))
    assert found == (
        Mismatch(other, dearer),
        Mismatch(rule(Kind.DUTY, "0301", "1%"), None),
        Mismatch(held, held),
        Mismatch(held, held),
    )
    assert Overlay(Changeset("v1", "b", ended=(Ended(other, None),))).mismatches(book([other])) == ()


def test_a_reform_that_is_only_proposed_counts_where_it_is_simulated():
    law = rule(Kind.DUTY, "0101", "10%")
    reform = replace(law, id="reform", expression="5%", status=Status.PROPOSED, validity=Period(date(2026, 3, 1)))
    before = book([law])
    after = overlaid(before, Changeset("v1", "b", amended=(Amended(law, reform),)))
    (charge,) = answered(ask(after)).lines[0].charges
    assert charge.amount.amount == 50
    assert charge.rule.measure.status is Status.PROPOSED
    assert answered(ask(before)).totals.duty.amount == 100


@pytest.mark.parametrize(("last_day", "contradicts"), [(None, True), (date(2026, 2, 28), False)])
def test_two_measures_of_one_key_on_one_day_contradict_each_other(last_day: date | None, *, contradicts: bool):
    held = rule(Kind.DUTY, "0101", "5%")
    added = replace(held, id="other", expression="4%", validity=Period(date(2026, 3, 1)))
    ended = (Ended(held, last_day),) if last_day else ()
    found = list(Overlay(Changeset("v1", "b", added=(added,), ended=ended)).contradictions(book([held])))
    assert found == ([(held, added)] if contradicts else [])
