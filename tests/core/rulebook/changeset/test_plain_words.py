"""A change says in words what it does: grouped, short, old and new, and nothing left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.changeset.plain_words import word_changeset
from ewtp.core.rulebook.measure import Condition, Kind
from ewtp.core.rulebook.territory import GroupMember, TerritoryPractice
from ewtp.core.values.period import Period
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
)

if TYPE_CHECKING:
    from ewtp.core.rulebook.changeset.law_record import LawRecord

CODES = [f"92{n:02d}" for n in range(23)] + [f"94{n:02d}" for n in range(30)]


def said(changeset: Changeset[LawRecord]) -> list[str]:
    return [statement.message for statement in word_changeset(changeset)]


def test_the_end_of_one_requirement_on_many_codes_is_one_sentence():
    lacey = [rule(Kind.REQUIREMENT, code, "", agency="APHIS", document="AL1 data", territory="US") for code in CODES]
    ended: Changeset[LawRecord] = Changeset(*NAMES, ended=tuple(Ended(one, JULY - ONE_DAY) for one in lacey))
    assert said(ended) == ["US ends APHIS AL1 data for 53 codes in chapters 92, 94; last day 2026-06-30."]
    withdrawn: Changeset[LawRecord] = Changeset(*NAMES, ended=(Ended(lacey[0], None), Ended(lacey[40], None)))
    assert said(withdrawn) == ["US withdraws APHIS AL1 data for 9200, 9417, from its first day on."]
    everywhere = [rule(Kind.REQUIREMENT, f"{n:02d}", "", agency="FDA") for n in range(1, 98)]
    added: Changeset[LawRecord] = Changeset(*NAMES, added=tuple(everywhere))
    assert said(added) == ["AA adds FDA for 97 codes in 97 chapters, from 2026-01-01."]


def test_a_changed_rate_shows_the_old_one_and_the_new_one():
    duties = [rule(Kind.DUTY, code, rate) for code, rate in (("1006", "10%"), ("8471", "5%"), ("8541", "5%"))]
    cheaper = [proposed(one, expression="Free", validity=Period(JULY), id="x") for one in duties]
    changes = Changeset(*NAMES, amended=tuple(map(Amended, duties, cheaper)))
    assert said(changes) == [
        "AA changes the ordinary duty on 1006: 10% becomes Free, from 2026-07-01.",
        "AA changes the ordinary duty on 8471, 8541: 5% becomes Free, from 2026-07-01.",
    ]
    preference = rule(
        Kind.PREFERENCE, "0406", "5%", include=("GB", "AA-BB"), exclude=("CC",), validity=Period(MARCH, JULY)
    )
    fee = rule(Kind.FEE, "", "1%", title="Processing fee", include=tuple(f"G{n}" for n in range(9)))
    assert said(Changeset(*NAMES, added=(preference, fee))) == [
        "AA adds the fee (Processing fee) of 1% on every product (9 origins), from 2026-01-01.",
        "AA adds the preference of 5% on 0406 (origin: AA-BB, GB) (not of origin CC), from 2026-03-01 to 2026-07-01.",
    ]


def test_a_raised_threshold_names_what_changed():
    relief = rule(Kind.RELIEF, "", "", programme="relief:duty", conditions=(Condition("maximum_value", "135.00 GBP"),))
    raised = proposed(relief, conditions=(Condition("maximum_value", "800.00 GBP"),), validity=Period(JULY))
    assert said(Changeset(*NAMES, amended=(Amended(relief, raised),))) == [
        "AA changes the relief (relief) on every product: 135.00 GBP becomes 800.00 GBP, from 2026-07-01."
    ]
    other = replace(raised, conditions=(Condition("transport", "air"), *raised.conditions))
    assert said(Changeset(*NAMES, amended=(Amended(relief, other),))) == [
        "AA changes the relief (relief) for every product (conditions), from 2026-07-01."
    ]
    fee = rule(Kind.FEE, "", "1%", maximum="500.00 USD")
    capped = proposed(fee, maximum="400.00 USD", validity=Period(JULY))
    assert said(Changeset(*NAMES, amended=(Amended(fee, capped),))) == [
        "AA changes the fee (fee) on every product: 500.00 USD becomes 400.00 USD, from 2026-07-01."
    ]


def test_other_records_are_worded_by_what_they_are():
    member = GroupMember("AfCFTA", "GH", SINCE, SOURCE, "accession")
    practice = next(one for one in OTHERS if isinstance(one, TerritoryPractice))
    turned = replace(practice, practice=replace(practice.practice, value="FOB"))
    changes: Changeset[LawRecord] = Changeset(
        *NAMES, added=(member,), ended=(Ended(OTHERS[0], MARCH),), amended=(Amended(practice, turned),)
    )
    assert said(changes) == [
        "Added: membership of GH in AfCFTA, from 2026-01-01.",
        "Changed: practice valuation (AA): CIF becomes FOB, from 2026-01-01.",
        "Ended: tariff line 01012100 (AA); last day 2026-03-01.",
    ]


@pytest.mark.parametrize("record", OTHERS, ids=lambda record: type(record).__name__)
def test_every_kind_of_record_has_words_for_every_operation(record: LawRecord):
    elsewhere: Any = {"reference": "elsewhere"}
    other = replace(record, **elsewhere) if hasattr(record, "reference") else record
    for changes in (
        Changeset(*NAMES, added=(record,)),
        Changeset(*NAMES, ended=(Ended(record, MARCH),)),
        Changeset(*NAMES, ended=(Ended(record, None),)),
        Changeset(*NAMES, amended=(Amended(record, other),)),
    ):
        assert len(said(changes)) == 1


@UNHURRIED
@given(laws(), laws())
def test_no_operation_is_left_out(before: tuple[LawRecord, ...], after: tuple[LawRecord, ...]):
    changes = change_between(before, after)
    told = Counter(statement.form for statement in word_changeset(changes))
    assert bool(told) == bool(changes)
    assert sum(told.values()) <= sum(changes.counts.values())
    # What each operation says alone is said of all.
    alone = [Changeset(*NAMES, added=(one,)) for one in changes.added]
    alone += [Changeset(*NAMES, ended=(one,)) for one in changes.ended]
    alone += [Changeset(*NAMES, amended=(one,)) for one in changes.amended]
    assert {statement.form for one in alone for statement in word_changeset(one)} == set(told)
