"""What a record states, as JSON: as it writes it, and in the one way that equal law is written."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.changeset.canonical_values import (
    canonical_condition,
    canonical_figure,
    canonical_practice,
    canonical_rate,
    canonical_sum,
)
from ewtp.core.rulebook.changeset.changeset import ends_of, find_added_records
from ewtp.core.rulebook.changeset.law_record import place_of, record_period
from ewtp.core.rulebook.changeset.law_record_json import law_record_as_json
from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.service import Procedure
from ewtp.core.rulebook.territory import TerritoryPractice
from ewtp.core.values.canonical_json import canonical_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import KeyDay, LawRecord

_NOT_CONTENT = ("id", "known_from", "known_to", "adopted_from", "abolishes")
_SETS = ("excluded_codes", "origins", "excluded_origins", "yields_to", "units", "classes")


def describe_content(record: LawRecord) -> dict[str, Any]:
    """What the record states, with its days, in its own words for rates and other values."""
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


def record_content(record: LawRecord) -> dict[str, Any]:
    """What the record states, with its days: equal for equal law, whatever it is filed under and however written."""
    body = describe_content(record)
    match record:
        case Measure():
            body["expression"] = canonical_rate(record.expression, record.currency)
            body["minimum"], body["maximum"] = canonical_sum(record.minimum), canonical_sum(record.maximum)
            body["conditions"] = [list(each) for each in sorted(set(map(canonical_condition, record.conditions)))]
        case TerritoryPractice(_, practice):
            body["value"] = canonical_practice(practice.name, practice.value)
        case Procedure(territory, name, value):
            body["value"] = canonical_figure(territory, name, value)
    return body


def normal_form(
    changes: Changeset[LawRecord], content: Callable[[LawRecord], dict[str, Any]]
) -> tuple[list[tuple[LawRecord, date | None]], list[LawRecord]]:
    """The ends and the additions, without those that change nothing; ``content`` states what is equal.

    A record withdrawn and added again with fewer days from the same first day is ended early; one added again as it was
    is unchanged. Where two records are added at one place, which no law can hold, both stay.
    """
    added = _by_content(find_added_records(changes), content)
    ends: list[tuple[LawRecord, date | None]] = []
    for end in ends_of(changes):
        record, last_day = end.record, end.last_day
        period = record_period(record)
        here = added.get(place_of(record), {})
        again = next(iter(here.values())) if last_day is None and len(here) == 1 else None
        if again is not None and rule_content(record, content) == rule_content(again, content):
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


def rule_content(record: LawRecord, content: Callable[[LawRecord], dict[str, Any]] = record_content) -> dict[str, Any]:
    """What the record states beside its days."""
    return {name: value for name, value in content(record).items() if name not in ("valid_from", "valid_to")}


def _by_content(
    records: Iterable[LawRecord], content: Callable[[LawRecord], dict[str, Any]]
) -> dict[KeyDay, dict[bytes, LawRecord]]:
    """The records by their places, and there by what they state: one that is stated twice is there once."""
    found: dict[KeyDay, dict[bytes, LawRecord]] = defaultdict(dict)
    for record in records:
        found[place_of(record)].setdefault(canonical_json(content(record)), record)
    return found
