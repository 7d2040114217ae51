"""A replay of changes of memberships, groups, practices and lines: both paths, and the lines that it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.replay.affected_lines import AffectedLines
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.changeset.overlay import Overlay
from ewtp.core.rulebook.measure import Direction, Kind
from ewtp.core.rulebook.territory import (
    Group,
    GroupMember,
    Membership,
    Practice,
    TariffLine,
    TerritoryPractice,
)
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import SINCE, SOURCE, VOCABULARY, rule, territory
from tests.core.compiled.drawn_lines import SCHEMA, differences, expected
from tests.core.replay.invented_law import CODES, LAW, answers, scalar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_record import LawRecord

pytestmark = pytest.mark.kernel

JUNE, LAST = date(2026, 6, 1), date(2026, 5, 31)
GROUP = Group("AA-BB", "Agreement", (Membership("BB", SINCE), Membership("AA", SINCE)), SOURCE, "treaty")
(ALONE,) = GROUP.stated
MEMBER = GroupMember("AA-BB", "BB", SINCE, SOURCE, "treaty")
LINE = TariffLine("AA", "01012100", SINCE)
FOB, CIF = (Practice("valuation", value, SINCE, SOURCE, "act, s. 1") for value in ("FOB", "CIF"))
MEASURES = (
    *LAW,
    rule(Kind.PREFERENCE, "", "1%", include=("AA-BB",), id="agreed"),
    rule(Kind.TAX, "0101", "3%", exclude=("AA-BB",), id="from-others", base="duty_paid"),
    rule(Kind.REQUIREMENT, "02", "", agency="Port", document="Note", direction=Direction.EXPORT, include=("AA-BB",)),
)
LINES = tuple(TariffLine(where, code, SINCE) for where in ("AA", "CC") for code in CODES)
CHANGES: dict[str, tuple[LawRecord | Ended[LawRecord] | Amended[LawRecord], ...]] = {
    "joins": (GroupMember("AA-BB", "EE", Period(JUNE), SOURCE, "accession"),),
    "leaves": (Ended(MEMBER, LAST),),
    "founded": (
        Group("p", "Another", (), SOURCE, "treaty"),
        GroupMember("p", "DD", Period(JUNE), SOURCE, "treaty"),
        rule(Kind.PREFERENCE, "0101", "Free", include=("p",), id="another"),
    ),
    "ends": (Ended(ALONE, LAST),),
    "restated": (Amended(ALONE, replace(ALONE, title="New", validity=Period(JUNE))),),
    "valued otherwise": (
        Amended(
            TerritoryPractice("AA", FOB), TerritoryPractice("AA", replace(CIF, validity=Period(JUNE), reference="s. 2"))
        ),
    ),
    "split": (
        Ended(LINE, LAST),
        *(TariffLine("AA", f"01012100{n}0", Period(JUNE)) for n in (1, 2)),
    ),
    "a schedule begins": (TariffLine("FF", "01012100", Period(JUNE)),),
}


def law(
    practices: Iterable[Practice] = (FOB,),
    groups: Iterable[Group] = (GROUP,),
    lines: Iterable[TariffLine] = LINES,
) -> Book:
    second = replace(territory(valuation="CIF", currency="JPY"), code="CC", name="Cland", members=("CC",))
    third = replace(territory(), code="FF", name="Fland", members=("FF",))
    base = Practice("tax_base", "customs_value + duty + additional_duty", SINCE, SOURCE, "act, s. 2")
    return build_book(
        "v1",
        territories=[replace(territory(), practices=(*practices, base)), second, third],
        groups=groups,
        measures=MEASURES,
        lines=lines,
    )


def changeset(name: str) -> Changeset[LawRecord]:
    made = CHANGES[name]
    return Changeset(
        "law",
        name,
        tuple(one for one in made if not isinstance(one, Ended | Amended)),
        tuple(one for one in made if isinstance(one, Ended)),
        tuple(one for one in made if isinstance(one, Amended)),
    )


def assessor(book: Book) -> TableAssessor:
    return TableAssessor(compile_book(book, VOCABULARY.economies, sorted({code[:6] for code in CODES})), scalar(book))


def lines() -> pa.Table:
    """Lines on both sides of the change, from and to whom it is about and others, that claim the agreements or not."""
    blank = dict.fromkeys(SCHEMA.names) | {"value": Decimal(1000), "freight": Decimal(100), "currency": "USD"}
    asked = product(
        ("BB", "EE", "DD", "AA"),
        ("AA", "CC", "FF"),
        (LAST, JUNE),
        (CODES[0], "020110", "0101210010"),
        (None, "AA-BB", "p"),
    )
    names = ("from", "to", "date", "hs", "claims")
    return pa.Table.from_pylist([blank | dict(zip(names, each, strict=True)) for each in asked], schema=SCHEMA)


@pytest.mark.parametrize("name", CHANGES)
def test_both_paths_say_the_same_and_lines_left_out_stay_as_they_were(name: str):
    overlay, before, asked = Overlay(changeset(name)), law(), lines()
    after = overlay.over(before)
    was, is_now = (answers(assessor(book), asked) for book in (before, after))
    assert differences(is_now, expected(asked, scalar(after))) == []
    affected = AffectedLines(before, after, overlay.parts, VOCABULARY.economies, overlay.changeset.others.records)
    left = np.setdiff1d(np.arange(asked.num_rows), affected.find_rows(asked))
    assert was.take(left).to_pylist() == is_now.take(left).to_pylist()
    pairs = zip(was.to_pylist(), is_now.to_pylist(), asked["date"].to_pylist(), strict=True)
    days = {day for one, other, day in pairs if one != other}
    assert days == (set() if name == "restated" else {JUNE})


def test_an_overlay_answers_as_a_book_that_was_built_so():
    until = Period(SINCE.start, LAST)
    joined = replace(GROUP, members=(*GROUP.members, Membership("EE", Period(JUNE))))
    left = replace(GROUP, members=(Membership("BB", until), GROUP.members[1]))
    split = [TariffLine("AA", f"01012100{n}0", Period(JUNE)) for n in (1, 2)]
    others = [line for line in LINES if line != LINE]
    built = {
        "joins": law(groups=[joined]),
        "leaves": law(groups=[left]),
        "valued otherwise": law(practices=(replace(FOB, validity=until), replace(CIF, validity=Period(JUNE)))),
        "split": law(lines=[*others, *split, replace(LINE, validity=until)]),
        "a schedule begins": law(lines=[*LINES, TariffLine("FF", "01012100", Period(JUNE))]),
    }
    asked = lines()
    for name, book in built.items():
        after = Overlay(changeset(name)).over(law())
        assert expected(asked, scalar(after)) == expected(asked, scalar(book)), name
