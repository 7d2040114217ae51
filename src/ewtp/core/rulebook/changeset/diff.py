"""The difference of two rulebooks, and a changeset applied to a rulebook.

Records are identified by their key and first day. A record that ends the day before another of the same key starts is
amended; one that ends without a successor is ended; the rest is added. Applying a difference to the rulebook it was
taken from gives the other one exactly.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Generic

from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended, R_co, ends_of, find_added_records
from ewtp.core.rulebook.changeset.law_record import (
    LawRecord,
    R,
    for_period,
    place_of,
    record_key,
    record_name,
    record_period,
    same_content,
    same_law,
)
from ewtp.core.rulebook.changeset.sentences import (
    CHANGESET_BASE_MOVED,
    CHANGESET_BASE_MOVED_NOT_HELD,
    CHANGESET_CONTRADICTS,
    CHANGESET_CONTRADICTS_EARLY,
)
from ewtp.core.values.immutable import immutable
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ewtp.core.rulebook.changeset.law_record import KeyDay

_ONE_DAY = timedelta(days=1)


@immutable
class Mismatch(Generic[R_co]):
    """A record that a changeset names and the rulebook does not hold as stated; ``held`` is the one held instead.

    ``record`` is one to be ended or amended, or one to be added where ``held`` is there already.
    """

    record: R_co
    held: R_co | None


def difference(before: Iterable[R], after: Iterable[R], *, names: tuple[str, str]) -> Changeset[R]:
    """The changeset from one set of records to another, ordered by key and first day.

    In each set no two records with the same key may be valid on the same day (``measures_in_effect`` sees to that for
    measures). ``names`` are the two versions'.
    """
    old, new = _place_records(before), _place_records(after)
    gone = {place: m for place, m in old.items() if place not in new or not same_law(m, new[place])}
    come = {place: m for place, m in new.items() if place not in old or not same_law(m, old[place])}
    successors: dict[KeyDay, R] = dict(come)
    added: dict[KeyDay, R] = dict(come)
    ended: list[Ended[R]] = []
    amended: list[Amended[R]] = []
    for place, record in sorted(gone.items()):
        stays = come.get(place)
        shortened = stays is not None and _shortens(record, stays)
        if stays is not None and not shortened:
            amended.append(Amended(record, stays))
            del added[place]
            continue
        last_day = record_period(stays).end if stays is not None else None
        added.pop(place, None)
        following = (record_key(record), last_day + _ONE_DAY) if last_day else None
        successor = successors.get(following) if following else None
        if following is not None and successor is not None and following in added and following not in gone:
            amended.append(Amended(record, successor))
            del added[following]
        else:
            ended.append(Ended(record, last_day))
    return Changeset(*names, tuple(added[place] for place in sorted(added)), tuple(ended), tuple(amended))


def apply(changes: Changeset[R], records: Iterable[R]) -> tuple[R, ...] | Refusal:
    """The records after the changes, ordered by key and first day.

    No two of the records with the same key may be valid on the same day. An amendment ends the amended record on the
    day before its successor starts. Refuses with ``changeset_base_moved`` where the changes were written against
    other records (see ``mismatches``) and with ``changeset_contradicts`` where two records would hold under one key
    on one day, or one would end before its first day.
    """
    held = tuple(records)
    moved = mismatches(changes, held)
    if moved:
        return base_moved(moved)
    early = early_end(changes)
    if early is not None:
        return ends_early(early)
    result = apply_unchecked(changes, held)
    for one, other in pairwise(result):
        if overlap(one, other):
            return contradiction(one, other)
    return result


def overlap(one: LawRecord, other: LawRecord) -> bool:
    """Whether two records of one key would hold on the same day."""
    return record_key(one) == record_key(other) and record_period(one).overlaps(record_period(other))


def mismatches(changes: Changeset[R], records: Iterable[R]) -> tuple[Mismatch[R], ...]:
    """The records that are not held as the changes state them, in the order of the changes.

    Which edition of its source a measure cites, and when it became known, does not matter.
    """
    placed = _place_records(records)
    named = [*(end.record for end in changes.ended), *(change.before for change in changes.amended)]
    found = []
    for record in named:
        held = placed.get(place_of(record))
        if held is None or not same_law(held, record):
            found.append(Mismatch(record, held))
    for end in ends_of(changes):
        if end.last_day is None:
            placed.pop(place_of(end.record), None)
    for record in find_added_records(changes):
        held = placed.get(place_of(record))
        if held is not None:
            found.append(Mismatch(record, held))
    return tuple(found)


def apply_unchecked(changes: Changeset[R], records: Iterable[R]) -> tuple[R, ...]:
    """The records after the changes, where ``mismatches`` were looked for before.

    A record to be ended that is not held is skipped, and one to be added replaces the one held.
    """
    placed = _place_records(records)
    for end in ends_of(changes):
        _end(placed, end)
    for record in find_added_records(changes):
        placed[place_of(record)] = record
    return tuple(placed[place] for place in sorted(placed))


def early_end(changes: Changeset[R]) -> Ended[R] | None:
    """The first end that would come before the record's first day; such changes cannot be applied."""
    for end in changes.ended:
        if end.last_day is not None and end.last_day < record_period(end.record).start:
            return end
    return None


def base_moved(found: Sequence[Mismatch[R]]) -> Refusal:
    """The refusal ``changeset_base_moved``, which names the first of the mismatches."""
    first = found[0].record
    sentence = CHANGESET_BASE_MOVED_NOT_HELD if found[0].held is None else CHANGESET_BASE_MOVED
    return Refusal(sentence, {"measure": record_name(first), "start": record_period(first).start, "count": len(found)})


def contradiction(one: LawRecord, other: LawRecord) -> Refusal:
    """The refusal ``changeset_contradicts`` of two records that would share a key and a day."""
    params = {"first": record_name(one), "second": record_name(other), "day": record_period(other).start}
    return Refusal(CHANGESET_CONTRADICTS, params)


def ends_early(end: Ended[R]) -> Refusal:
    """The refusal ``changeset_contradicts`` of an end before the first day."""
    params = {"measure": record_name(end.record), "start": record_period(end.record).start}
    return Refusal(CHANGESET_CONTRADICTS_EARLY, params)


def _place_records(records: Iterable[R]) -> dict[KeyDay, R]:
    placed: dict[KeyDay, R] = {}
    for record in records:
        place = place_of(record)
        if place in placed:
            msg = f"two records with the key {place[0]} start on {place[1]}"
            raise ValueError(msg)
        placed[place] = record
    return placed


def _shortens(before: LawRecord, after: LawRecord) -> bool:
    """Whether ``after`` is ``before`` with an earlier last day."""
    last, ended = record_period(before).end, record_period(after).end
    return ended is not None and (last is None or ended < last) and same_content(before, after)


def _end(placed: dict[KeyDay, R], end: Ended[R]) -> None:
    place = place_of(end.record)
    held = placed.get(place)
    if held is None:
        return
    period = record_period(held)
    if end.last_day is None:
        del placed[place]
    elif period.end is None or end.last_day < period.end:
        placed[place] = for_period(held, Period(period.start, end.last_day))
