"""The check of a change before anybody votes on it: everything that is wrong with it, against the law in force."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.canonical import changes_nothing
from ewtp.core.rulebook.changeset.changeset import Changeset, Ended, ends_of, split_by_key
from ewtp.core.rulebook.changeset.diff import apply_unchecked
from ewtp.core.rulebook.changeset.duty_clash import find_clashes
from ewtp.core.rulebook.changeset.fault import Fault
from ewtp.core.rulebook.changeset.law_record import (
    place_of,
    record_key,
    record_name,
    record_period,
    same_content,
    same_law,
)
from ewtp.core.rulebook.changeset.overlay import Overlay
from ewtp.core.rulebook.changeset.record_check import LAST_DAY, RecordCheck
from ewtp.core.rulebook.changeset.sentences import (
    BASE_DIFFERS,
    CHANGE_CONTRADICTS,
    CHANGE_CONTRADICTS_ITSELF,
    CHANGE_EMPTY,
    CHANGE_END_ABSURD,
    CHANGE_ENDS_EARLY,
    NOT_HELD,
    NOT_HELD_MISSING,
    OPERATION_EMPTY,
)
from ewtp.core.rulebook.measure import Measure, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
    from ewtp.core.rulebook.changeset.law_record import KeyDay, LawRecord
    from ewtp.core.rulebook.territory import Group, GroupMember


@dataclass(slots=True)
class _Matter:
    """The operations on one key, each with its place in the changeset."""

    ends: list[tuple[str, Ended[LawRecord]]] = field(default_factory=list)
    added: list[tuple[str, LawRecord]] = field(default_factory=list)


def check(
    changeset: Changeset[LawRecord], law: HeldLaw, promised: Sequence[Group | GroupMember] = ()
) -> tuple[Fault, ...]:
    """Everything that is wrong with a change, in the order of the rules' numbers and then of the changeset.

    ``law`` holds at least all records of the keys that the changeset names, the lines and the duties on its codes, and
    every territory and group. No fault means that ``apply`` gives the changed law, and that every operation matters.
    Groups and memberships that are ``promised`` need not be there yet: others bring them by the same proposal, and
    what is for goods of these groups alone has effect from that day on.
    """
    faults = [] if changeset else [Fault(CHANGE_EMPTY)]
    if changeset.base and changeset.base != law.digest:
        faults.append(Fault(BASE_DIFFERS))
    for matter in _matters(changeset).values():
        faults += _matter_faults(matter, law)
    faults += _find_idle_operations(changeset)
    faults += _find_far_ends(changeset)
    added = list(_list_additions(changeset))
    after = _book_after(changeset, law)
    faults += find_clashes(added, law, after)
    awaited = _book_after(replace(changeset, added=(*changeset.added, *promised)), law) if promised else after
    records = RecordCheck(law, [*(record for _, record in added), *promised], awaited)
    for where, record in added:
        faults += [replace(fault, where=where) for fault in records.faults_of(record)]
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: int(fault.number[2:])))


def _book_after(changeset: Changeset[LawRecord], law: HeldLaw) -> Book:
    """The book with the change, as far as it can be applied."""
    possible = [
        end for end in changeset.ended if end.last_day is None or end.last_day >= record_period(end.record).start
    ]
    return Overlay(replace(changeset, ended=tuple(possible))).over(law.book, coverage=law.book.coverage)


def _list_additions(changeset: Changeset[LawRecord]) -> Iterator[tuple[str, LawRecord]]:
    yield from ((f"added[{n}]", record) for n, record in enumerate(changeset.added))
    yield from ((f"amended[{n}].after", change.after) for n, change in enumerate(changeset.amended))


def _matters(changeset: Changeset[LawRecord]) -> dict[str, _Matter]:
    matters: dict[str, _Matter] = defaultdict(_Matter)
    places = [f"ended[{n}]" for n in range(len(changeset.ended))]
    places += [f"amended[{n}].before" for n in range(len(changeset.amended))]
    for where, end in zip(places, ends_of(changeset), strict=True):
        matters[record_key(end.record)].ends.append((where, end))
    for where, record in _list_additions(changeset):
        matters[record_key(record)].added.append((where, record))
    return matters


def _matter_faults(matter: _Matter, law: HeldLaw) -> list[Fault]:
    """What is wrong with the operations on one key: with what they replace, and with one another."""
    faults = [*_not_held(matter, law), *_find_conflicts(matter)]
    # Where the base is another one, what it would contradict is not known.
    return faults or [*_early(matter), *_find_overlaps(matter, law)]


def _not_held(matter: _Matter, law: HeldLaw) -> Iterator[Fault]:
    for where, end in matter.ends:
        held = law.record_at(end.record)
        if held is None or not same_law(held, end.record):
            params = {"record": record_name(end.record), "start": record_period(end.record).start}
            yield Fault(NOT_HELD_MISSING if held is None else NOT_HELD, params, where=where)


def _find_conflicts(matter: _Matter) -> Iterator[Fault]:
    """Operations on one record with different results."""
    days: dict[KeyDay, date | None] = {}
    for where, end in matter.ends:
        place = place_of(end.record)
        if days.setdefault(place, end.last_day) != end.last_day:
            yield _twice(end.record, where)
    brought: dict[KeyDay, LawRecord] = {}
    for where, record in matter.added:
        if not same_law(brought.setdefault(place_of(record), record), record):
            yield _twice(record, where)


def _twice(record: LawRecord, where: str) -> Fault:
    params = {"record": record_name(record), "start": record_period(record).start}
    return Fault(CHANGE_CONTRADICTS_ITSELF, params, where=where)


def _early(matter: _Matter) -> Iterator[Fault]:
    for where, end in matter.ends:
        start = record_period(end.record).start
        if end.last_day is not None and end.last_day < start:
            yield Fault(CHANGE_ENDS_EARLY, {"record": record_name(end.record), "start": start}, where=where)


def _find_overlaps(matter: _Matter, law: HeldLaw) -> Iterator[Fault]:
    """Records that would hold under one key on one day."""
    some = matter.added[0][1] if matter.added else None
    if some is None:
        return
    ends: Changeset[LawRecord] = Changeset("", "", ended=tuple(end for _, end in matter.ends))
    left = apply_unchecked(ends, law.records_like(some)) if not any(_early(matter)) else ()
    new = {id(record): where for where, record in matter.added}
    brought = {place_of(record): record for _, record in matter.added}.values()
    for one, other in pairwise(sorted((*left, *brought), key=place_of)):
        if not record_period(one).overlaps(record_period(other)):
            continue
        where = new.get(id(other)) or new.get(id(one))
        later = record_period(other).start
        if same_law(one, other):
            yield Fault(OPERATION_EMPTY, {"record": record_name(other), "start": later}, where=where)
        else:
            params = {"first": record_name(one), "second": record_name(other), "day": later}
            yield Fault(CHANGE_CONTRADICTS, params, where=where)


def _find_far_ends(changeset: Changeset[LawRecord]) -> Iterator[Fault]:
    """Records whose last day would be so late that nobody means it."""
    for number, end in enumerate(changeset.ended):
        if end.last_day is not None and end.last_day > LAST_DAY:
            params = {"record": record_name(end.record), "end": end.last_day, "last": LAST_DAY}
            yield Fault(CHANGE_END_ABSURD, params, where=f"ended[{number}]")


def _find_idle_operations(changeset: Changeset[LawRecord]) -> Iterator[Fault]:
    """Operations after which all is as before."""
    for number, end in enumerate(changeset.ended):
        period = record_period(end.record)
        if end.last_day is not None and period.end is not None and end.last_day >= period.end:
            yield _nothing(end.record, f"ended[{number}]")
    for number, change in enumerate(changeset.amended):
        one, other = record_period(change.before), record_period(change.after)
        days = one.end == other.end and one.start <= other.start
        if days and same_content(_as_law(change.before), _as_law(change.after)):
            yield _nothing(change.after, f"amended[{number}]")
    # What is ended and brought again, in as many pieces as it takes.
    ended = tuple(replace(end, record=_as_law(end.record)) for end in changeset.ended)
    plain = replace(changeset, added=tuple(map(_as_law, changeset.added)), ended=ended, amended=())
    idle = {key for key, part in split_by_key(plain).items() if part.ended and part.added and changes_nothing(part)}
    for number, record in enumerate(changeset.added if idle else ()):
        if record_key(record) in idle:
            yield _nothing(record, f"added[{number}]")


def _as_law(record: LawRecord) -> LawRecord:
    """The record as it would be in force: a rule that is only proposed again is the same rule."""
    return replace(record, status=Status.LAW) if isinstance(record, Measure) else record


def _nothing(record: LawRecord, where: str) -> Fault:
    return Fault(OPERATION_EMPTY, {"record": record_name(record), "start": record_period(record).start}, where=where)
