"""A change as a table: what each rule states before it and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given

from ewtp.core.rulebook.changeset.change_table import tabulate_changeset
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.measure import Condition, Kind
from ewtp.core.rulebook.service import Service
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import SINCE, SOURCE, rule
from tests.core.rulebook.changeset.small_law import JULY, MARCH, NAMES, UNHURRIED, change_between, laws, proposed

if TYPE_CHECKING:
    from ewtp.core.rulebook.changeset.law_record import LawRecord

PAPERS = [rule(Kind.REQUIREMENT, code, "", agency="Vets", document="Certificate") for code in ("0101", "0201")]


def rows(changeset: Changeset[Any]) -> list[tuple[Any, ...]]:
    told = []
    for row in tabulate_changeset(changeset):
        parts = (row.what, row.scope, row.before, row.after, row.when)
        told.append((row.territory, *(part and part.message for part in parts), row.rules))
    return told


def test_rules_that_differ_in_their_codes_alone_share_a_row():
    change: Changeset[LawRecord] = Changeset(*NAMES, ended=tuple(Ended(paper, MARCH) for paper in PAPERS))
    assert rows(change) == [("AA", "Vets Certificate", "0101, 0201", "applies", None, "from 2026-03-02", 2)]


def test_old_and_new_stand_side_by_side():
    duty = rule(Kind.DUTY, "0101", "5%")
    limit = rule(Kind.RELIEF, "", "", programme="relief:duty", conditions=(Condition("maximum_value", "1.00 USD"),))
    higher = proposed(limit, validity=Period(JULY), conditions=(Condition("maximum_value", "9.00 USD"),))
    change: Changeset[LawRecord] = Changeset(
        *NAMES,
        added=(proposed(rule(Kind.PREFERENCE, "0101", "Free", include=("BB",))),),
        ended=(Ended(Service("AA", "Vets", "", 9, SINCE, SOURCE, "charter"), None),),
        amended=(
            Amended(duty, proposed(duty, expression="3%", validity=Period(JULY))),
            Amended(limit, higher),
        ),
    )
    assert rows(change) == [
        ("AA", "days in which Vets answers (AA)", None, "9", None, "from 2026-01-01", 1),
        ("AA", "the ordinary duty", "0101", "5%", "3%", "from 2026-07-01", 1),
        ("AA", "the preference", "0101 (origin: BB)", None, "Free", "from 2026-01-01", 1),
        (
            "AA",
            "the relief (relief)",
            "every product",
            "applies (maximum_value 1.00 USD)",
            "applies (maximum_value 9.00 USD)",
            "from 2026-07-01",
            1,
        ),
    ]


@given(laws(), laws())
@UNHURRIED
def test_every_operation_is_in_one_row(before: tuple[LawRecord, ...], after: tuple[LawRecord, ...]):
    change = change_between(before, after)
    table = tabulate_changeset(change)
    assert sum(row.rules for row in table) == sum(change.counts.values())
    assert all(row.before is not None or row.after is not None for row in table)
    assert all(row.as_json()["rules"] for row in table)
