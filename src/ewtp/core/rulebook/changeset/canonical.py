"""The bytes and the digest of a changeset that depend on its content alone: what a vote is on.

Two changesets have one digest if and only if they end the same law on the same days and bring the same law: ids, the
order of operations and of lists that are sets, moments of knowledge, editions of sources and names of versions do not
count, nor whether an amendment is written as one operation or as an end and an addition.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.changeset.changeset import added_by, ends_of
from ewtp.core.rulebook.changeset.law_record import place_of, record_period, same_content
from ewtp.core.rulebook.changeset.law_record_json import law_record_as_json
from ewtp.core.rulebook.measure import Measure
from ewtp.core.values.canonical_json import canonical_digest, canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord

# A digest of one form is never that of another.
_FORM = "ewtp-changeset-1"
_NOT_CONTENT = ("id", "known_from", "known_to", "adopted_from", "abolishes")
_SETS = ("excluded_codes", "origins", "excluded_origins", "yields_to", "units", "classes")


def record_content(record: LawRecord) -> dict[str, Any]:
    """What the record states, as JSON, with its days: equal for equal law, whatever it is filed under."""
    # A member of an enumeration is a text too, and is written as one.
    stated = law_record_as_json(record).items()
    body: dict[str, Any] = {name: str(value) if isinstance(value, str) else value for name, value in stated}
    if isinstance(record, Measure):
        for name in _NOT_CONTENT:
            body.pop(name, None)
        conditions = {(str(c.kind), c.value, c.text) for c in record.conditions}
        body["conditions"] = [list(each) for each in sorted(conditions)]
    for name in _SETS:
        if name in body:
            body[name] = sorted(set(body[name]))
    if "source" in body:
        body["source"] = body["source"]["id"]
    return body


def record_digest(record: LawRecord) -> str:
    """SHA-256 of the record's content, in hexadecimal digits: what an operation names as the content it replaces."""
    return canonical_digest(record_content(record))


def canonical_bytes(changes: Changeset[LawRecord]) -> bytes:
    """The changes as canonical JSON: the law added, and the digests of the law ended with its last days."""
    return canonical_json(_body(changes))


def _body(changes: Changeset[LawRecord]) -> dict[str, Any]:
    ends, added = _normal_form(changes)
    return {
        "form": _FORM,
        "added": sorted((record_content(record) for record in added), key=canonical_json),
        "ended": [[digest, day or None] for digest, day in sorted({_end(record, day) for record, day in ends})],
    }


def _end(record: LawRecord, last_day: date | None) -> tuple[str, str]:
    return record_digest(record), last_day.isoformat() if last_day else ""


def changeset_digest(changes: Changeset[LawRecord]) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal digits."""
    return canonical_digest(_body(changes))


def _normal_form(changes: Changeset[LawRecord]) -> tuple[list[tuple[LawRecord, date | None]], list[LawRecord]]:
    """The ends and the additions, without those that change nothing.

    A record withdrawn and added again with fewer days from the same first day is ended early; one added again as it was
    is unchanged. Where two records are added at one place, which no law can hold, both stay.
    """
    added = _by_content(added_by(changes))
    ends: list[tuple[LawRecord, date | None]] = []
    for end in ends_of(changes):
        record, last_day = end.record, end.last_day
        period = record_period(record)
        here = added.get(place_of(record), {})
        again = next(iter(here.values())) if last_day is None and len(here) == 1 else None
        if again is not None and same_content(record, again):
            last, kept = period.end, record_period(again).end
            if last == kept:
                del added[place_of(record)]
                continue
            if kept is not None and (last is None or kept < last):
                del added[place_of(record)]
                last_day = kept
        if last_day is None or period.end is None or last_day < period.end:
            ends.append((record, last_day))
    return ends, [record for here in added.values() for record in here.values()]


def _by_content(records: Iterable[LawRecord]) -> dict[tuple[str, date], dict[bytes, LawRecord]]:
    """The records by their places, and there by what they state: one that is stated twice is there once."""
    found: dict[tuple[str, date], dict[bytes, LawRecord]] = defaultdict(dict)
    for record in records:
        found[place_of(record)].setdefault(canonical_json(record_content(record)), record)
    return found
