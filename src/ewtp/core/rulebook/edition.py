"""The changes that a new edition of a source makes: the pure decision behind every import.

From a day on, an edition states the source's rules completely. The days before that day stay as they were known,
and are filled in only where nothing was known. For one key (see ``Measure.key``) this is a small sum over
days, so the decision is made key by key and a file of any size can be decided while it streams.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Protocol

from ewtp.core.values.immutable import immutable
from ewtp.core.values.period import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Days are counted so that the end is the first day after; this one never comes.
_NEVER = date.max.toordinal() + 1
_DaySpan = tuple[int, int]


@immutable
class Known:
    """A row that the rulebook holds now; ``row`` is whatever the memory knows it by."""

    row: int
    stated_by: str
    content: str
    validity: Period


@immutable
class Incoming:
    """A record of the file; ``record`` is its place in the stream, ``content`` everything but its key and dates."""

    record: int
    stated_by: str
    content: str
    validity: Period


class _Stated(Protocol):
    @property
    def stated_by(self) -> str: ...
    @property
    def content(self) -> str: ...
    @property
    def validity(self) -> Period: ...


@immutable
class Decision:
    """What happens under one key.

    ``close`` are rows no longer known to be so; ``again`` re-records a known row for another period and
    ``record`` an incoming record for a period (its own, or the part of it that is news). ``refused`` names
    a stable code for every incoming record of a key that contradicts itself or another source; such a key
    stays as it was. The counts are of incoming records, ``ended`` of known rows that nothing succeeds.
    """

    close: tuple[int, ...] = ()
    again: tuple[tuple[int, Period], ...] = ()
    record: tuple[tuple[int, Period], ...] = ()
    refused: tuple[tuple[int, str], ...] = ()
    new: int = 0
    superseded: int = 0
    unchanged: int = 0
    ended: int = 0


def decide(known: Sequence[Known], incoming: Sequence[Incoming], effective: Mapping[str, date]) -> Decision:
    """The decision for one key.

    ``effective`` gives, for every statement that the file makes, the day from which it states everything;
    known rows of other statements are not the file's to change, only to contradict.
    """
    if not known and len(incoming) == 1:
        return Decision(record=((incoming[0].record, incoming[0].validity),), new=1)
    if len(known) == len(incoming) == 1 and _same(known[0], incoming[0]):
        return Decision(unchanged=1)
    code = _contradiction(known, incoming, effective)
    if code:
        return Decision(refused=tuple((one.record, code) for one in incoming))
    own = [row for row in known if row.stated_by in effective]
    wanted = _want_periods(own, incoming, effective)
    close, again, record = [], [], []
    touched: set[str] = set()
    for content in sorted({*wanted, *(row.content for row in own)}):
        missing = set(wanted.get(content, ()))
        rows = [row for row in own if row.content == content]
        for row in rows:
            if _span(row.validity) in missing:
                missing.discard(_span(row.validity))
            else:
                close.append(row.row)
                touched.add(content)
        for span in sorted(missing):
            touched.add(content)
            # A known row keeps its name in the citations of older answers, so it goes before the newcomer.
            if rows:
                again.append((rows[0].row, _period(span)))
            else:
                first = next(one for one in incoming if one.content == content)
                record.append((first.record, _period(span)))
    return _count_decision(own, incoming, touched, Decision(tuple(close), tuple(again), tuple(record)))


def effective_days(records: Iterable[_Stated]) -> dict[str, date]:
    """The day from which each statement holds when nobody names one: the first day any of its records is valid."""
    days: dict[str, date] = {}
    for record in records:
        start = record.validity.start
        if start < days.get(record.stated_by, date.max):
            days[record.stated_by] = start
    return days


def _same(row: Known, one: Incoming) -> bool:
    return row.content == one.content and row.validity == one.validity and row.stated_by == one.stated_by


def _contradiction(known: Sequence[Known], incoming: Sequence[Incoming], effective: Mapping[str, date]) -> str:
    """The code of a refusal when two statements hold for the same day and differ; empty when none do."""
    for one, other in combinations(incoming, 2):
        if one.validity.overlaps(other.validity) and (one.content, one.stated_by) != (other.content, other.stated_by):
            return "contradicts_itself"
    for row in known:
        if row.stated_by not in effective and any(row.validity.overlaps(one.validity) for one in incoming):
            return "contradicts_other_source"
    return ""


def _want_periods(
    own: Sequence[Known],
    incoming: Sequence[Incoming],
    effective: Mapping[str, date],
) -> dict[str, list[_DaySpan]]:
    """For each content, the periods for which it is to be known afterwards."""
    wanted: dict[str, list[_DaySpan]] = defaultdict(list)
    kept: list[_DaySpan] = []
    for row in own:
        start, end = _span(row.validity)
        end = min(end, effective[row.stated_by].toordinal())
        if start < end:
            kept.append((start, end))
            wanted[row.content].append((start, end))
    for one in incoming:
        wanted[one.content] += _without(_span(one.validity), kept)
    return {content: _join_spans(spans) for content, spans in wanted.items()}


def _count_decision(own: Sequence[Known], incoming: Sequence[Incoming], touched: set[str], made: Decision) -> Decision:
    changed = [one for one in incoming if one.content in touched]
    stated = {one.content for one in incoming}
    ended = sum(1 for row in own if row.row in made.close and row.content not in stated) if not changed else 0
    return Decision(
        made.close,
        made.again,
        made.record,
        new=0 if own else len(changed),
        superseded=len(changed) if own else 0,
        unchanged=len(incoming) - len(changed),
        ended=ended,
    )


def _span(period: Period) -> _DaySpan:
    end = period.end
    return period.start.toordinal(), _NEVER if end is None or end == date.max else end.toordinal() + 1


def _period(span: _DaySpan) -> Period:
    start, end = span
    return Period(date.fromordinal(start), None if end == _NEVER else date.fromordinal(end - 1))


def _without(span: _DaySpan, taken: Iterable[_DaySpan]) -> list[_DaySpan]:
    left = [span]
    for start, end in taken:
        left = [
            piece
            for low, high in left
            for piece in ((low, min(high, start)), (max(low, end), high))
            if piece[0] < piece[1]
        ]
    return left


def _join_spans(spans: Iterable[_DaySpan]) -> list[_DaySpan]:
    """The same days in as few periods as possible."""
    joined: list[_DaySpan] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
