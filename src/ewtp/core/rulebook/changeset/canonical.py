"""The bytes and the digest of a changeset that depend on its content alone: what a vote is on.

Two changesets have one digest if and only if they change the law in the same way on the same days: ids, the order of
operations and of lists that are sets, moments of knowledge, editions of sources and names of versions do not count, nor
how a rate is written, how a period is divided, and whether an amendment is one operation or an end and an addition.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.core.rulebook.changeset.canonical_first import changeset_digest_first, record_digest_first
from ewtp.core.rulebook.changeset.changeset import ends_of, find_added_records, split_by_key
from ewtp.core.rulebook.changeset.law_record import record_period
from ewtp.core.rulebook.changeset.record_content import normal_form, record_content, rule_content
from ewtp.core.values.canonical_json import canonical_digest, canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord

# A digest of one form is never that of another. The first took rates as written, and periods as divided.
_FORM = "ewtp-changeset-2"
# A day that never comes, after the last one of what has no end.
_NEVER = date.max.toordinal() + 1
# The first day of a rule, the day after its last one, and the bytes of what it states.
_Stretch = tuple[int, int, bytes]


def record_digest(record: LawRecord) -> str:
    """SHA-256 of the record's content, in hexadecimal digits: what an operation names as the content it replaces."""
    return canonical_digest(record_content(record))


def changeset_digest(changes: Changeset[LawRecord]) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal digits."""
    return canonical_digest(_body(changes))


def canonical_bytes(changes: Changeset[LawRecord]) -> bytes:
    """The changes as canonical JSON: the law added, and the digests of the law ended, each with the days of that."""
    return canonical_json(_body(changes))


def is_digest_of(digest: object, changes: Changeset[LawRecord]) -> bool:
    """Whether a digest is that of the changes, in this form or in an earlier one."""
    return digest == changeset_digest(changes) or digest == changeset_digest_first(changes)


def is_record_digest_of(digest: object, record: LawRecord) -> bool:
    """Whether a digest is that of the record, in this form or in an earlier one."""
    return digest == record_digest(record) or digest == record_digest_first(record)


def changes_nothing(changes: Changeset[LawRecord]) -> bool:
    """Whether the law is the same on every day before and after; False where no law can hold the changes."""
    body = _body(changes)
    return not (body["added"] or body["ended"] or "contrary" in body)


def list_operations(changes: Changeset[LawRecord]) -> frozenset[bytes]:
    """The single ends and additions in canonical bytes, by which a part of a change is known to be one."""
    ends, added = normal_form(changes, record_content)
    return frozenset(map(canonical_json, (*(_write_end(*end) for end in ends), *map(record_content, added))))


def _write_end(record: LawRecord, last_day: date | None) -> list[str | None]:
    return [record_digest(record), last_day.isoformat() if last_day else None]


def _body(changes: Changeset[LawRecord]) -> dict[str, Any]:
    added: list[_Stretch] = []
    ended: list[_Stretch] = []
    contrary: dict[str, list[Any]] = {"added": [], "ended": []}
    for part in split_by_key(changes).values():
        timelines = _timelines(part)
        if timelines is None:
            ends, brought = normal_form(part, record_content)
            contrary["added"] += map(record_content, brought)
            contrary["ended"] += (_write_end(*end) for end in ends)
        else:
            held, after = timelines
            ended += _subtract(held, after)
            added += _subtract(after, held)
    body: dict[str, Any] = {
        "form": _FORM,
        "added": _sort_once({"rule": orjson.loads(each[2]), **_days(each)} for each in added),
        "ended": _sort_once({"rule": sha256(each[2]).hexdigest(), **_days(each)} for each in ended),
    }
    if any(contrary.values()):
        body["contrary"] = {name: _sort_once(operations) for name, operations in contrary.items()}
    return body


def _timelines(part: Changeset[LawRecord]) -> tuple[list[_Stretch], list[_Stretch]] | None:
    """The law of one key that a change ends, and what it leaves and brings; None where no law can hold that."""
    ends: dict[_Stretch, date | None] = {}
    for end in ends_of(part):
        if ends.setdefault(_stretch(end.record), end.last_day) != end.last_day:
            return None
    after = {_stretch(record) for record in find_added_records(part)}
    for (start, stop, rule), last_day in ends.items():
        if last_day is not None:
            if last_day.toordinal() < start:
                return None
            after.add((start, min(stop, last_day.toordinal() + 1), rule))
    timelines = (sorted(ends), sorted(after))
    return None if any(map(_overlap, timelines)) else timelines


def _stretch(record: LawRecord) -> _Stretch:
    period = record_period(record)
    stop = _NEVER if period.end is None else period.end.toordinal() + 1
    return period.start.toordinal(), stop, canonical_json(rule_content(record))


def _overlap(timeline: Iterable[_Stretch]) -> bool:
    return any(later[0] < earlier[1] for earlier, later in pairwise(timeline))


def _subtract(timeline: list[_Stretch], other: list[_Stretch]) -> list[_Stretch]:
    """The days of a timeline on which the other has not the same rule; what touches and states the same is one."""
    left: list[_Stretch] = []
    for start, stop, rule in timeline:
        at = start
        for first, last, same in other:
            if same == rule and first < stop and last > at:
                _append(left, (at, first, rule))
                at = last
        _append(left, (at, stop, rule))
    return left


def _append(stretches: list[_Stretch], one: _Stretch) -> None:
    start, stop, rule = one
    if start >= stop:
        return
    if stretches and stretches[-1][1:] == (start, rule):
        stretches[-1] = (stretches[-1][0], stop, rule)
    else:
        stretches.append(one)


def _days(stretch: _Stretch) -> dict[str, str | None]:
    start, stop, _ = stretch
    last = None if stop == _NEVER else date.fromordinal(stop - 1).isoformat()
    return {"valid_from": date.fromordinal(start).isoformat(), "valid_to": last}


def _sort_once(values: Iterable[Any]) -> list[Any]:
    """The values in the order of their canonical bytes, each once."""
    found = {canonical_json(value): value for value in values}
    return [found[written] for written in sorted(found)]
