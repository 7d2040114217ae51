"""An act states the difference that a change makes, and with the law it has in effect what the change asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import assume, given
from hypothesis import strategies as st

from ewtp.core.rulebook.adoption import AdoptingAct, derive_adopted_records
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset
from ewtp.core.rulebook.changeset.diff import apply
from ewtp.core.rulebook.citation import Adoption, Source
from ewtp.core.rulebook.measure import Kind, Measure, Status
from ewtp.core.rulebook.precedence import measures_in_effect
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import rule
from tests.core.rulebook.changeset.test_overlay import books, changesets_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.rulebook.adoption import AdoptedRecord

ONE_DAY = timedelta(days=1)
JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
ACT = AdoptingAct("AA", Source("act", "Act 7", "Parliament", JANUARY, JANUARY), "section 2", "proposal 3")
LAW = rule(Kind.DUTY, "0101", "10%")


def beside(law: Iterable[Measure], records: Iterable[AdoptedRecord]) -> list[Measure]:
    """The measures in effect with an act beside the law, as the rulebook stores them."""
    adopted = []
    for one in records:
        assert isinstance(one.record, Measure)
        adoption = Adoption(one.act.adopted_from, abolishes=one.abolishes)
        adopted.append(replace(one.record, adoption=adoption))
    return measures_in_effect([*law, *adopted])


def rules_on(day: date, measures: Iterable[Measure]) -> dict[str, tuple[str, str]]:
    """By key, the rule that holds on a day."""
    return {m.key: (m.expression, m.title) for m in measures if day in m.validity}


@given(books, st.data(), st.sampled_from([date.min, date(2026, 1, 20), MARCH]))
def test_law_and_act_together_are_what_the_change_gives(drawn: list[Measure], data: st.DataObject, first_day: date):
    law = [m for m in drawn if m.status is Status.LAW]
    changeset = data.draw(changesets_of(law))
    changed = apply(changeset, law)
    assume(not isinstance(changed, Refusal))
    assert not isinstance(changed, Refusal)
    records = derive_adopted_records(changeset, law, ACT, first_day)
    if isinstance(records, Refusal):
        assert records.code == "adoption_empty"
        records = ()
    found = beside(law, records)
    bounds = {m.validity.start for m in (*law, *changed)} | {m.validity.end for m in (*law, *changed)} | {first_day}
    days = {day + n * ONE_DAY for day in bounds if day is not None and day.year > 1 for n in (-1, 0, 1)}
    for day in sorted(days):
        assert rules_on(day, found) == rules_on(day, changed if day >= first_day else law)


def test_an_act_cites_itself_and_not_the_text_that_it_adopts():
    reform = replace(LAW, id="reform", expression="5%", reference="article 1", validity=Period(MARCH))
    records = derive_adopted_records(Changeset("a", "b", amended=(Amended(LAW, reform),)), [LAW], ACT)
    assert not isinstance(records, Refusal)
    (record,) = records
    assert isinstance(record.record, Measure)
    assert (record.record.source, record.record.reference, record.record.status) == (
        ACT.source,
        "section 2",
        Status.ADOPTED,
    )


def test_what_the_law_says_already_is_not_adopted():
    same = replace(LAW, id="reform", status=Status.PROPOSED, source=replace(LAW.source, id="proposal"))
    longer = replace(LAW, validity=Period(JANUARY, MARCH))
    change = Changeset("a", "b", amended=(Amended(longer, same),))
    records = derive_adopted_records(change, [longer], ACT)
    assert not isinstance(records, Refusal)
    assert [(one.validity, one.abolishes) for one in records] == [(Period(MARCH + ONE_DAY), False)]
    refusal = derive_adopted_records(Changeset("a", "b", amended=(Amended(LAW, same),)), [LAW], ACT)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "adoption_empty"
