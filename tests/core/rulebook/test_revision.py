"""The decision about one key: what stays, what ends, what is news, and that stating it twice changes nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.rulebook.edition import Decision, Incoming, Known, decide, effective_days
from ewtp.core.values.period import Period

NEW_YEAR, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)
ONE_DAY = timedelta(days=1)
FIRST = date(2026, 1, 1)
DAYS = 12
Timeline = dict[date, str]


def known(content: str, start: date, end: date | None = None, row: int = 1, stated_by: str = "f") -> Known:
    return Known(row, stated_by, content, Period(start, end))


def incoming(content: str, start: date, end: date | None = None, record: int = 1, stated_by: str = "f") -> Incoming:
    return Incoming(record, stated_by, content, Period(start, end))


def test_something_unheard_of_is_recorded_as_it_came() -> None:
    made = decide([], [incoming("a", MARCH)], {"f": MARCH})
    assert made == Decision(record=((1, Period(MARCH)),), new=1)


def test_the_same_said_again_later_is_unchanged() -> None:
    assert decide([known("a", NEW_YEAR)], [incoming("a", MARCH)], {"f": MARCH}) == Decision(unchanged=1)


def test_a_change_ends_the_old_the_day_before() -> None:
    made = decide([known("a", NEW_YEAR)], [incoming("b", MARCH)], {"f": MARCH})
    assert made == Decision(
        close=(1,),
        again=((1, Period(NEW_YEAR, MARCH - ONE_DAY)),),
        record=((1, Period(MARCH)),),
        superseded=1,
    )


def test_what_vanishes_ends_the_day_before() -> None:
    made = decide([known("a", NEW_YEAR)], [], {"f": MARCH})
    assert made == Decision(close=(1,), again=((1, Period(NEW_YEAR, MARCH - ONE_DAY)),), ended=1)


def test_what_was_to_start_later_and_vanishes_is_withdrawn() -> None:
    assert decide([known("a", JUNE)], [], {"f": MARCH}) == Decision(close=(1,), ended=1)


def test_a_correction_from_the_first_day_replaces_without_a_trace_in_validity() -> None:
    made = decide([known("a", MARCH)], [incoming("b", MARCH)], {"f": MARCH})
    assert made == Decision(close=(1,), record=((1, Period(MARCH)),), superseded=1)


def test_the_past_is_filled_in_only_where_nothing_was_known() -> None:
    made = decide([known("a", MARCH)], [incoming("b", NEW_YEAR)], {"f": JUNE})
    assert made.record == ((1, Period(NEW_YEAR, MARCH - ONE_DAY)), (1, Period(JUNE)))
    assert made.again == ((1, Period(MARCH, JUNE - ONE_DAY)),)


def test_an_extension_is_one_longer_rule() -> None:
    made = decide([known("a", NEW_YEAR, MARCH)], [incoming("a", NEW_YEAR)], {"f": NEW_YEAR})
    assert made == Decision(close=(1,), again=((1, Period(NEW_YEAR)),), superseded=1)


def test_a_file_that_contradicts_itself_leaves_the_key_as_it_was() -> None:
    both = [incoming("a", MARCH, record=1), incoming("b", MARCH, record=2)]
    made = decide([known("a", NEW_YEAR)], both, {"f": MARCH})
    assert made == Decision(refused=((1, "contradicts_itself"), (2, "contradicts_itself")))


def test_two_seasons_are_no_contradiction() -> None:
    seasons = [incoming("a", NEW_YEAR, MARCH - ONE_DAY, record=1), incoming("b", MARCH, record=2)]
    assert decide([], seasons, {"f": NEW_YEAR}).new == 2


@pytest.mark.parametrize(("start", "refused"), [(MARCH, ()), (NEW_YEAR, ((1, "contradicts_other_source"),))])
def test_another_source_may_only_speak_of_other_days(start: date, refused: tuple[tuple[int, str], ...]) -> None:
    made = decide([known("a", NEW_YEAR, MARCH - ONE_DAY, stated_by="g")], [incoming("b", start)], {"f": start})
    assert made.refused == refused
    assert made.close == ()


def test_without_a_day_a_family_is_stated_from_its_first_day() -> None:
    records = [incoming("a", MARCH), incoming("a", NEW_YEAR, MARCH - ONE_DAY), incoming("b", JUNE, stated_by="g")]
    assert effective_days(records) == {"f": NEW_YEAR, "g": JUNE}


def _periods(timeline: Timeline) -> list[tuple[str, Period]]:
    periods: list[tuple[str, Period]] = []
    for day, content in sorted(timeline.items()):
        if periods and periods[-1][0] == content and periods[-1][1].end == day - ONE_DAY:
            periods[-1] = (content, Period(periods[-1][1].start, day))
        else:
            periods.append((content, Period(day, day)))
    return periods


def _carried_out(before: list[Known], after: list[Incoming], made: Decision) -> list[tuple[str, Period]]:
    rows = [(row.content, row.validity) for row in before if row.row not in made.close]
    rows += [(next(k.content for k in before if k.row == row), period) for row, period in made.again]
    rows += [(next(i.content for i in after if i.record == record), period) for record, period in made.record]
    return sorted(rows, key=lambda row: row[1].start)


_timelines = st.dictionaries(
    st.integers(0, DAYS - 1).map(lambda n: FIRST + timedelta(days=n)),
    st.sampled_from("abc"),
    max_size=DAYS,
)


@given(_timelines, _timelines, st.integers(0, DAYS).map(lambda n: FIRST + timedelta(days=n)))
def test_day_by_day_it_is_what_the_file_says_from_its_day_on_and_what_was_known_before(
    old: Timeline,
    new: Timeline,
    effective: date,
) -> None:
    before = [known(c, p.start, p.end, row=n) for n, (c, p) in enumerate(_periods(old))]
    after = [incoming(c, p.start, p.end, record=n) for n, (c, p) in enumerate(_periods(new))]
    result = _carried_out(before, after, decide(before, after, {"f": effective}))
    wanted = {
        day: said
        for day in (FIRST + timedelta(days=n) for n in range(DAYS))
        if (said := (old.get(day) or new.get(day)) if day < effective else new.get(day))
    }
    assert {day: c for c, p in result for day in wanted if day in p} == wanted
    assert result == _periods(wanted)
    # Saying the same again changes nothing, and no day is ever said twice.
    rows = [known(c, p.start, p.end, row=n) for n, (c, p) in enumerate(result)]
    again = decide(rows, after, {"f": effective})
    assert (again.close, again.again, again.record) == ((), (), ())
    assert again.unchanged == len(after)
