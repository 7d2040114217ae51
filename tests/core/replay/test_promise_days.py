"""What agencies promise is added up by paper and day, before and after; what nobody promises is counted apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from ewtp.core.replay.aggregates import BY_PERIOD, merge_tallies
from ewtp.core.replay.comparison import tally_lines
from ewtp.core.replay.paper_index import PaperIndex, RequiredPaper
from ewtp.core.replay.promise_days import PromisedDays, add_promised, count_promised, find_turns
from ewtp.core.replay.report import ReplayReport
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.changeset.overlay import overlaid
from ewtp.core.rulebook.service import Service
from ewtp.core.values.period import Period
from tests.core.assessment.small_book import DAY, SINCE, SOURCE
from tests.core.replay.invented_law import answers, book_of
from tests.core.replay.test_other_records import assessor
from tests.core.replay.test_reforms import FOOD, LAW, WOOD
from tests.core.replay.test_reforms import lines as lines_of

if TYPE_CHECKING:
    from ewtp.core.rulebook.book import Book

pytestmark = pytest.mark.kernel

NEXT = DAY + timedelta(days=1)
SLOW = Service("AA", "Food", "Notice", 10, SINCE, SOURCE, "charter")
QUICK = replace(SLOW, days=4, validity=Period(NEXT))
EVERY = Service("AA", "Food", "", 7, Period(SINCE.start, DAY), SOURCE, "charter")
LINES = lines_of(("beef", "BB", 1000, None), ("beef", "BB", 1000, None), ("horse", "BB", 1000, None))
PAPERS = PaperIndex({m.id: RequiredPaper(m.territory, m.agency, m.document) for m in (FOOD, WOOD)})


def asked() -> pa.Table:
    """Two notices, on the last day before the change and on its first, and a paper that nobody promises."""
    rows = LINES.to_pylist()
    rows[1]["date"] = NEXT
    return pa.Table.from_pylist(rows, schema=LINES.schema)


def law(*services: Service) -> Book:
    return replace(book_of(LAW), services={"AA": services} if services else {})


@pytest.mark.parametrize(
    ("before", "changes", "wanted"),
    [
        (law(SLOW), Changeset("law", "quick", amended=(Amended(SLOW, QUICK),)), PromisedDays(20, 14, 1)),
        (law(SLOW), Changeset("law", "no notice", ended=(Ended(FOOD, None),)), PromisedDays(20, 0, 1)),
        (law(), Changeset("law", "a first promise", added=(QUICK,)), PromisedDays(0, 0, 3)),
        (law(EVERY), Changeset("law", "no wood", ended=(Ended(WOOD, None),)), PromisedDays(7, 7, 2)),
    ],
)
def test_days_are_those_of_the_papers_on_their_days(before: Book, changes: Changeset[Any], wanted: PromisedDays):
    after, lines = overlaid(before, changes), asked()
    turns = find_turns(before, after)
    one, two = (answers(assessor(book), lines) for book in (before, after))
    parts = [
        tally_lines(lines[part], one[part], two[part], papers=PAPERS, turns=turns)
        for part in (slice(0, 1), slice(1, 3))
    ]
    found = count_promised(merge_tallies(parts).tables[BY_PERIOD], before, after)
    assert add_promised(found.values()) == wanted
    report = ReplayReport(merge_tallies(parts), "v1", {}, promised=found).as_json()
    assert report["promised_days"]["change"] == wanted.after - wanted.before


def test_lines_that_no_rule_reaches_count_on_both_sides():
    before = law(SLOW)
    after = overlaid(before, Changeset("law", "quick", amended=(Amended(SLOW, QUICK),)))
    lines, none = asked(), np.zeros(0, np.int64)
    one = answers(assessor(before), lines)
    tally = tally_lines(lines, one, one.slice(0, 0), papers=PAPERS, rows=none, turns=find_turns(before, after))
    assert add_promised(count_promised(tally.tables[BY_PERIOD], before, after).values()) == PromisedDays(20, 14, 1)
    assert BY_PERIOD not in tally_lines(lines, one, one.slice(0, 0), papers=PAPERS, rows=none).tables
