"""A changeset: the changes that lead from one rulebook to another. A reform is one; a replay applies one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from ewtp.core.rulebook.changeset.law_record import (
    LawRecord,
    content_fields,
    place_of,
    record_key,
    record_period,
    same_field,
)
from ewtp.core.rulebook.measure import Measure
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

R_co = TypeVar("R_co", bound=LawRecord, covariant=True)
# A key and a first day, with a text.
Reasons = tuple[tuple[tuple[str, "date"], str], ...]
_ONE_DAY = timedelta(days=1)


@immutable
class Ended(Generic[R_co]):
    """A record whose last day is now ``last_day``; None where it is withdrawn from its first day."""

    record: R_co
    last_day: date | None


@immutable
class Amended(Generic[R_co]):
    """From the first day of ``after`` on, ``after`` holds instead of ``before``; ``changed`` names what differs."""

    before: R_co
    after: R_co

    @property
    def changed(self) -> tuple[str, ...]:
        """The fields in which the two differ, in the order of a record's fields."""
        one, other = record_period(self.before), record_period(self.after)
        names = [name for name in content_fields(self.before) if not same_field(self.before, self.after, name)]
        if one.start == other.start and one != other:
            names.append("validity")
        return tuple(names)


@immutable
class Changeset(Generic[R_co]):
    """The changes from the rulebook ``before`` to the rulebook ``after`` (names of versions, or of a proposal).

    ``base`` is the digest of the version that the changes were written on; empty where none is named. ``reasons`` are
    the author's words on operations, by the key and first day of the record that each ends, amends or adds; they are
    not part of what the changes do, and so of no digest.
    """

    before: str
    after: str
    added: tuple[R_co, ...] = ()
    ended: tuple[Ended[R_co], ...] = ()
    amended: tuple[Amended[R_co], ...] = ()
    base: str = ""
    reasons: Reasons = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.ended or self.amended)

    @property
    def counts(self) -> dict[str, int]:
        """How many operations of each kind there are: ``added``, ``ended``, ``amended``."""
        return {"added": len(self.added), "ended": len(self.ended), "amended": len(self.amended)}

    def reason_for(self, record: LawRecord) -> str:
        """The author's words on the operation that ends, amends or adds a record; empty where there are none."""
        return dict(self.reasons).get(place_of(record), "")

    @property
    def others(self) -> Changeset[R_co]:
        """The changes of all records but measures, as ends and additions."""
        added = tuple(record for record in find_added_records(self) if not isinstance(record, Measure))
        ended = tuple(end for end in ends_of(self) if not isinstance(end.record, Measure))
        return Changeset(self.before, self.after, added, ended, base=self.base)

    @property
    def records(self) -> tuple[R_co, ...]:
        """Every record that the changes end or bring."""
        return (*(end.record for end in ends_of(self)), *find_added_records(self))

    @property
    def measures(self) -> Changeset[Measure]:
        """The changes of measures alone."""
        return Changeset(
            self.before,
            self.after,
            tuple(record for record in self.added if isinstance(record, Measure)),
            tuple(Ended(end.record, end.last_day) for end in self.ended if isinstance(end.record, Measure)),
            tuple(
                Amended(change.before, change.after)
                for change in self.amended
                if isinstance(change.before, Measure) and isinstance(change.after, Measure)
            ),
            self.base,
        )


def collect_reasons(reasons: Iterable[tuple[tuple[str, date], str]]) -> Reasons:
    """Reasons in order of place, each once; several for one operation are lines of one text."""
    found: dict[tuple[str, date], set[str]] = {}
    for place, text in reasons:
        found.setdefault(place, set()).update(line for line in text.splitlines() if line)
    return tuple((place, "\n".join(sorted(lines))) for place, lines in sorted(found.items()) if lines)


def with_reasons(changes: Changeset[R_co], *sources: Changeset[R_co]) -> Changeset[R_co]:
    """The changes with the reasons that others give for the same matters.

    A matter that the changes have under another first day keeps its reason; one that they do not have loses it.
    """
    places = [place_of(record) for record in (*changes.added, *(end.record for end in changes.ended))]
    places += [place_of(change.before) for change in changes.amended]
    by_key = dict(sorted(places, reverse=True))
    reasons = [
        (place if place in places else (place[0], by_key[place[0]]), text)
        for source in sources
        for place, text in source.reasons
        if place[0] in by_key
    ]
    return replace(changes, reasons=collect_reasons(reasons))


def ends_of(changes: Changeset[R_co]) -> tuple[Ended[R_co], ...]:
    """The ends that the changes set, those of amended records included."""
    ends = list(changes.ended)
    for change in changes.amended:
        start, first = record_period(change.after).start, record_period(change.before).start
        ends.append(Ended(change.before, start - _ONE_DAY if start > first else None))
    return tuple(ends)


def find_added_records(changes: Changeset[R_co]) -> tuple[R_co, ...]:
    """The records that the changes bring, those that amend others included."""
    return (*(change.after for change in changes.amended), *changes.added)


def split_by_key(changes: Changeset[R_co]) -> dict[str, Changeset[R_co]]:
    """The ends and additions of a changeset by key, in order of the keys."""
    ends: dict[str, list[Ended[R_co]]] = defaultdict(list)
    added: dict[str, list[R_co]] = defaultdict(list)
    for end in ends_of(changes):
        ends[record_key(end.record)].append(end)
    for record in find_added_records(changes):
        added[record_key(record)].append(record)
    return {
        key: Changeset("", "", tuple(added.get(key, ())), tuple(ends.get(key, ()))) for key in sorted({*ends, *added})
    }
