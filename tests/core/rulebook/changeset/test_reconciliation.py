"""Two amendments merge in either order, a change is rebased on the law of today, and what differs is never guessed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.rulebook.changeset.canonical import changeset_digest
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended, ends_of, find_added_records
from ewtp.core.rulebook.changeset.diff import apply
from ewtp.core.rulebook.changeset.law_record import record_key
from ewtp.core.rulebook.changeset.reconciliation import LawConflict, merge, rebase
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import GroupMember
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import SINCE, SOURCE, rule
from tests.core.rulebook.changeset.small_law import JULY, MARCH, NAMES, ONE_DAY, UNHURRIED, change_between, laws
from tests.core.rulebook.changeset.test_check import held_law

if TYPE_CHECKING:
    from ewtp.core.rulebook.changeset.law_record import LawRecord

Law = tuple["LawRecord", ...]
NOTHING: Changeset[LawRecord] = Changeset(*NAMES)
DUTY = rule(Kind.DUTY, "0101", "5%")
FROM_MARCH = replace(DUTY, id="march", expression="4%", validity=Period(MARCH))
FROM_JULY = replace(DUTY, id="july", expression="3%", validity=Period(JULY))


def applied(changes: Changeset[LawRecord], law: Law) -> Law:
    result = apply(changes, law)
    assert not isinstance(result, Refusal), result
    return result


def keys(changes: Changeset[LawRecord]) -> set[str]:
    return {record_key(record) for record in (*find_added_records(changes), *(end.record for end in ends_of(changes)))}


@UNHURRIED
@given(laws(), laws(), laws())
def test_two_amendments_merge_the_same_in_either_order(law: Law, one: Law, other: Law):
    first, second = change_between(law, one), change_between(law, other)
    made, turned = merge(NOTHING, first, second), merge(NOTHING, second, first)
    if isinstance(made, tuple):
        assert isinstance(turned, tuple)
        assert [(conflict.day, conflict.params) for conflict in made] == [(c.day, c.params) for c in turned]
        assert keys(first) & keys(second)
        return
    assert isinstance(made, Changeset)
    assert made == turned
    after = applied(made, law)
    # One after the other, in either order, is the same law.
    for earlier, later in ((first, second), (second, first)):
        then = rebase(later, held_law(applied(earlier, law)))
        assert not isinstance(then, tuple)
        assert set(applied(then, applied(earlier, law))) == set(after)


@UNHURRIED
@given(laws(), laws())
def test_amendments_of_different_matters_never_conflict(law: Law, after: Law):
    whole = change_between(law, after)
    matters = sorted(keys(whole))
    ours = set(matters[: len(matters) // 2])
    one, other = (_part(whole, ours, inside=inside) for inside in (True, False))
    made = merge(NOTHING, one, other)
    assert isinstance(made, Changeset)
    assert changeset_digest(made) == changeset_digest(whole)


@UNHURRIED
@given(laws(), laws(), laws(), st.lists(st.sampled_from(["", "01d", "b45e"]), min_size=3, max_size=3))
def test_no_base_is_lost(law: Law, one: Law, other: Law, bases: list[str]):
    sides = (NOTHING, change_between(law, one), change_between(law, other))
    draft, first, second = (replace(side, base=base) for side, base in zip(sides, bases, strict=True))
    for made in (merge(draft, first, second), merge(draft, second, first)):
        if len(set(bases) - {""}) > 1:
            assert isinstance(made, Refusal)
            assert (made.code, made.params) == ("change_bases_differ", {"count": 2})
        elif isinstance(made, Changeset):
            assert made.base == max(bases)


def test_changes_of_two_versions_merge_once_they_are_rebased():
    one: Changeset[LawRecord] = Changeset("old", "one", amended=(Amended(DUTY, FROM_JULY),), base="01d")
    fee = rule(Kind.FEE, "", "1%")
    other: Changeset[LawRecord] = Changeset("v1", "other", (fee,), base="b45e")
    assert isinstance(merge(NOTHING, one, other), Refusal)
    today = replace(held_law((DUTY,)), digest="b45e")
    rebased = [rebase(each, today) for each in (one, other)]
    assert all(isinstance(each, Changeset) for each in rebased)
    made = merge(NOTHING, *(each for each in rebased if isinstance(each, Changeset)))
    assert made == Changeset("law", "one + other", (fee,), (), one.amended, "b45e")


def _part(whole: Changeset[LawRecord], matters: set[str], *, inside: bool) -> Changeset[LawRecord]:
    def kept(record: LawRecord) -> bool:
        return (record_key(record) in matters) is inside

    return replace(
        whole,
        added=tuple(record for record in whole.added if kept(record)),
        ended=tuple(end for end in whole.ended if kept(end.record)),
        amended=tuple(change for change in whole.amended if kept(change.before)),
    )


@UNHURRIED
@given(laws(), laws(), laws())
def test_a_draft_merges_with_itself_and_with_one_amendment_of_it(law: Law, draft: Law, amended: Law):
    first, second = change_between(law, draft), change_between(law, amended)
    for one, other, expected in ((first, first, first), (first, second, second), (second, first, second)):
        made = merge(first, one, other)
        assert isinstance(made, Changeset)
        assert changeset_digest(made) == changeset_digest(expected)


@UNHURRIED
@given(laws(), laws())
def test_a_change_on_its_own_law_is_rebased_to_itself_and_on_its_result_to_nothing(law: Law, after: Law):
    changes = change_between(law, after)
    same, again = rebase(changes, held_law(law)), rebase(changes, held_law(after))
    assert not isinstance(same, tuple)
    assert changeset_digest(same) == changeset_digest(changes)
    assert not isinstance(again, tuple)
    assert not again


def test_amendments_of_one_rule_on_different_days_merge():
    one = Changeset(*NAMES, amended=(Amended(DUTY, replace(FROM_MARCH, validity=Period(MARCH, JULY - ONE_DAY))),))
    other = Changeset(*NAMES, amended=(Amended(DUTY, FROM_JULY),))
    made = merge(NOTHING, one, other)
    # One ends the duty in July, the other has another duty from then on.
    assert isinstance(made, tuple)
    draft = Changeset(*NAMES, added=(FROM_JULY,), amended=one.amended)
    dearer = replace(FROM_MARCH, id="dearer", expression="6%", validity=Period(MARCH, JULY - ONE_DAY))
    cheaper = replace(FROM_JULY, id="cheaper", expression="1%")
    in_spring = replace(draft, amended=(Amended(DUTY, dearer),))
    in_summer = replace(draft, added=(cheaper,))
    both = merge(draft, in_spring, in_summer)
    assert isinstance(both, Changeset)
    expected: Changeset[LawRecord] = Changeset(*NAMES, added=(cheaper,), amended=(Amended(DUTY, dearer),))
    assert changeset_digest(both) == changeset_digest(expected)


def test_a_conflict_shows_three_columns():
    one: Changeset[LawRecord] = Changeset("law", "one", amended=(Amended(DUTY, FROM_MARCH),))
    other: Changeset[LawRecord] = Changeset("law", "other", ended=(Ended(DUTY, JULY),))
    made = merge(NOTHING, one, other)
    assert isinstance(made, tuple)
    (conflict,) = made
    assert isinstance(conflict, LawConflict)
    shown: Any = conflict.as_json()
    assert (shown["code"], shown["day"]) == ("change_conflict", "2026-07-02")
    assert [side and side["expression"] for side in (shown["base"], shown["one"], shown["other"])] == ["5%", "4%", None]


def test_changes_that_replace_different_laws_conflict():
    dearer = replace(DUTY, expression="9%")
    made = merge(
        NOTHING, Changeset(*NAMES, ended=(Ended(DUTY, MARCH),)), Changeset(*NAMES, ended=(Ended(dearer, MARCH),))
    )
    assert isinstance(made, tuple)


def test_a_change_is_rebased_on_a_law_that_was_reworded_and_not_on_one_that_was_changed():
    change: Changeset[LawRecord] = Changeset("old", "reform", amended=(Amended(DUTY, FROM_JULY),), base="01d")
    reworded = replace(DUTY, id="new", reference="elsewhere", source=replace(SOURCE, id="next"), title="Ordinary duty")
    made = rebase(change, held_law((reworded,)))
    assert made == Changeset("v1", "reform", amended=(Amended(reworded, FROM_JULY),))
    for moved in ((replace(DUTY, expression="6%"),), (replace(DUTY, validity=Period(DUTY.validity.start, JULY)),)):
        refused = rebase(change, held_law(moved))
        assert isinstance(refused, tuple), moved
        assert refused[0].form == "law"
    elsewhere = (DUTY, GroupMember("AA-BB", "BB", SINCE, SOURCE, ""))
    assert rebase(change, held_law(elsewhere)) == replace(change, before="v1", base="")
