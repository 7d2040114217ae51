"""The difference of two rulebooks, and a changeset applied to a rulebook.

Measures are identified by their key and first day. A measure that ends the day before another of the same key starts is
amended; one that ends without a successor is ended; the rest is added. Applying a difference to the rulebook it was
taken from gives the other one exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended, same_content
from ewtp.core.rulebook.sentences import (
    CHANGESET_BASE_MOVED,
    CHANGESET_BASE_MOVED_NOT_HELD,
    CHANGESET_CONTRADICTS,
    CHANGESET_CONTRADICTS_EARLY,
)
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.rulebook.measure import Measure

_ONE_DAY = timedelta(days=1)
# A key and a first day.
_Place = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A measure that a changeset names and the rulebook does not hold as stated; ``held`` is the one held instead.

    ``measure`` is one to be ended or amended, or one to be added where ``held`` is there already.
    """

    measure: Measure
    held: Measure | None


def difference(before: Iterable[Measure], after: Iterable[Measure], *, names: tuple[str, str]) -> Changeset:
    """The changeset from one set of measures to another, ordered by key and first day.

    In each set no two measures with the same key may be valid on the same day (``measures_in_effect`` sees to that).
    ``names`` are the two versions'.
    """
    old, new = _placed(before), _placed(after)
    gone = {place: m for place, m in old.items() if place not in new or not _equal(m, new[place])}
    come = {place: m for place, m in new.items() if place not in old or not _equal(m, old[place])}
    successors: dict[_Place, Measure] = {(m.key, m.validity.start): m for m in come.values()}
    added, ended, amended = dict(come), [], []
    for place, measure in sorted(gone.items()):
        stays = come.get(place)
        shortened = stays is not None and _shortens(measure, stays)
        if stays is not None and not shortened:
            amended.append(Amended(measure, stays))
            del added[place]
            continue
        last_day = stays.validity.end if stays is not None else None
        added.pop(place, None)
        following = (measure.key, last_day + _ONE_DAY) if last_day else None
        successor = successors.get(following) if following else None
        if following is not None and successor is not None and following in added and following not in gone:
            amended.append(Amended(measure, successor))
            del added[following]
        else:
            ended.append(Ended(measure, last_day))
    return Changeset(*names, tuple(added[place] for place in sorted(added)), tuple(ended), tuple(amended))


def apply(changeset: Changeset, measures: Iterable[Measure]) -> tuple[Measure, ...] | Refusal:
    """The measures after the changeset, ordered by key and first day.

    No two of the measures with the same key may be valid on the same day. An amendment ends the amended measure on the
    day before its successor starts. Refuses with ``changeset_base_moved`` where the changeset was written against
    other measures (see ``mismatches``) and with ``changeset_contradicts`` where two measures would hold under one key
    on one day, or one would end before its first day.
    """
    held = tuple(measures)
    moved = mismatches(changeset, held)
    if moved:
        return base_moved(moved)
    early = early_end(changeset)
    if early is not None:
        return ends_early(early)
    result = merge(changeset, held)
    for one, other in pairwise(result):
        if one.key == other.key and one.validity.overlaps(other.validity):
            return contradiction(one, other)
    return result


def mismatches(changeset: Changeset, measures: Iterable[Measure]) -> tuple[Mismatch, ...]:
    """The measures that are not held as the changeset states them, in the order of the changeset.

    Which edition of its source a measure cites, and when it became known, does not matter.
    """
    placed = _placed(measures)
    named = [*(end.measure for end in changeset.ended), *(change.before for change in changeset.amended)]
    found = []
    for measure in named:
        held = placed.get(_place(measure))
        if held is None or not _equal(held, measure):
            found.append(Mismatch(measure, held))
    for end in ends_of(changeset):
        if end.last_day is None:
            placed.pop(_place(end.measure), None)
    for measure in added_by(changeset):
        held = placed.get(_place(measure))
        if held is not None:
            found.append(Mismatch(measure, held))
    return tuple(found)


def merge(changeset: Changeset, measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """The measures after the changeset, where ``mismatches`` were looked for before.

    A measure to be ended that is not held is skipped, and one to be added replaces the one held.
    """
    placed = _placed(measures)
    for end in ends_of(changeset):
        _end(placed, end)
    for measure in added_by(changeset):
        placed[_place(measure)] = measure
    return tuple(placed[place] for place in sorted(placed))


def ends_of(changeset: Changeset) -> tuple[Ended, ...]:
    """The ends that the changeset sets, those of amended measures included."""
    ends = list(changeset.ended)
    for change in changeset.amended:
        start = change.after.validity.start
        ends.append(Ended(change.before, start - _ONE_DAY if start > change.before.validity.start else None))
    return tuple(ends)


def added_by(changeset: Changeset) -> tuple[Measure, ...]:
    """The measures that the changeset brings, those that amend others included."""
    return (*(change.after for change in changeset.amended), *changeset.added)


def early_end(changeset: Changeset) -> Ended | None:
    """The first end that would come before the measure's first day; such a changeset cannot be applied."""
    for end in changeset.ended:
        if end.last_day is not None and end.last_day < end.measure.validity.start:
            return end
    return None


def base_moved(found: tuple[Mismatch, ...]) -> Refusal:
    """The refusal ``changeset_base_moved``, which names the first of the mismatches."""
    first = found[0].measure
    sentence = CHANGESET_BASE_MOVED_NOT_HELD if found[0].held is None else CHANGESET_BASE_MOVED
    return Refusal(sentence, {"measure": first.id, "start": first.validity.start, "count": len(found)})


def contradiction(one: Measure, other: Measure) -> Refusal:
    """The refusal ``changeset_contradicts`` of two measures that would share a key and a day."""
    return Refusal(CHANGESET_CONTRADICTS, {"first": one.id, "second": other.id, "day": other.validity.start})


def ends_early(end: Ended) -> Refusal:
    """The refusal ``changeset_contradicts`` of an end before the first day."""
    return Refusal(CHANGESET_CONTRADICTS_EARLY, {"measure": end.measure.id, "start": end.measure.validity.start})


def _place(measure: Measure) -> _Place:
    return measure.key, measure.validity.start


def _placed(measures: Iterable[Measure]) -> dict[_Place, Measure]:
    placed: dict[_Place, Measure] = {}
    for measure in measures:
        place = _place(measure)
        if place in placed:
            msg = f"two measures with the key {measure.key} start on {measure.validity.start}"
            raise ValueError(msg)
        placed[place] = measure
    return placed


def _equal(one: Measure, other: Measure) -> bool:
    return one.validity == other.validity and same_content(one, other)


def _shortens(before: Measure, after: Measure) -> bool:
    """Whether ``after`` is ``before`` with an earlier last day."""
    ended = after.validity.end
    return (
        ended is not None
        and (before.validity.end is None or ended < before.validity.end)
        and same_content(before, after)
    )


def _end(placed: dict[_Place, Measure], end: Ended) -> None:
    place = _place(end.measure)
    held = placed.get(place)
    if held is None:
        return
    if end.last_day is None:
        del placed[place]
    elif held.validity.end is None or end.last_day < held.validity.end:
        placed[place] = replace(held, validity=Period(held.validity.start, end.last_day))
