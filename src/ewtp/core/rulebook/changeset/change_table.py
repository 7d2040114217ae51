"""A change as a table, old and new side by side: what each rule states before it and after it, and from when."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.changeset import sentences as words
from ewtp.core.rulebook.changeset.law_record import record_period
from ewtp.core.rulebook.changeset.plain_words import (
    name_measure,
    name_record,
    value_set_by,
    word_period,
    word_scope,
)
from ewtp.core.rulebook.measure import EVERY_ORIGIN, Measure
from ewtp.core.values.immutable import immutable
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
    from ewtp.core.rulebook.changeset.law_record import LawRecord

_ONE_DAY = timedelta(days=1)


@immutable
class ChangeRow:
    """A row of the table: rules that differ in nothing but their codes.

    ``what`` names the rule and ``scope`` its goods, None where it is about none. ``before`` and ``after`` are what it
    states, None where nothing holds. ``when`` are the days of ``after``; where that is None, the day from which nothing
    holds. ``rules`` is their number, ``territory`` empty for records of no territory.
    """

    territory: str
    what: Statement
    scope: Statement | None
    before: Statement | None
    after: Statement | None
    when: Statement
    rules: int

    def as_json(self) -> dict[str, Any]:
        """The row with its sentences in English and their parameters."""
        parts = {"what": self.what, "scope": self.scope, "before": self.before, "after": self.after, "when": self.when}
        told = {name: None if part is None else part.as_json() for name, part in parts.items()}
        return {"territory": self.territory, **told, "rules": self.rules}


@immutable
class _Cell:
    """One operation: the row that it belongs to but for the codes, which ``record`` has."""

    record: LawRecord
    before: Statement | None
    after: Statement | None
    when: Statement


def tabulate_changeset(changeset: Changeset[LawRecord]) -> tuple[ChangeRow, ...]:
    """The change as a table, in order of territory, rule and code."""
    groups: dict[Any, list[_Cell]] = defaultdict(list)
    cells = chain(
        map(_amendment_cell, changeset.amended),
        (_Cell(record, None, _state_record(record), word_period(record)) for record in changeset.added),
        map(_end_cell, changeset.ended),
    )
    for cell in cells:
        groups[_group_by(cell)].append(cell)
    return tuple(_row(groups[key]) for key in sorted(groups, key=repr))


def _amendment_cell(change: Amended[LawRecord]) -> _Cell:
    return _Cell(change.after, _state_record(change.before), _state_record(change.after), word_period(change.after))


def _end_cell(end: Ended[LawRecord]) -> _Cell:
    first = record_period(end.record).start if end.last_day is None else end.last_day + _ONE_DAY
    when = Statement(words.FOR_ALL_TIME) if first == date.min else Statement(words.FROM_DAY, {"day": first})
    return _Cell(end.record, _state_record(end.record), None, when)


def _group_by(cell: _Cell) -> tuple[Any, ...]:
    record = cell.record
    told = tuple(part and repr(part.as_json()) for part in (_name(record), cell.before, cell.after, cell.when))
    return (getattr(record, "territory", ""), *told, *(_origins(record) if isinstance(record, Measure) else ((), ())))


def _row(cells: list[_Cell]) -> ChangeRow:
    first = cells[0]
    codes = sorted({cell.record.product.prefix for cell in cells if isinstance(cell.record, Measure)})
    scope = word_scope(codes, *_origins(first.record)) if isinstance(first.record, Measure) else None
    territory = getattr(first.record, "territory", "")
    return ChangeRow(territory, _name(first.record), scope, first.before, first.after, first.when, len(cells))


def _name(record: LawRecord) -> Statement:
    return name_measure(record) if isinstance(record, Measure) else name_record(record)


def _origins(measure: Measure) -> tuple[tuple[str, ...], tuple[str, ...]]:
    included = (name for name in measure.origins.include if name != EVERY_ORIGIN)
    return tuple(sorted(included)), tuple(sorted(measure.origins.exclude))


def _state_record(record: LawRecord) -> Statement:
    """What a record states: its rate, its value, or that it applies, with its conditions."""
    if not isinstance(record, Measure):
        value = value_set_by(record)
        return Statement(words.APPLIES) if value is None else Statement(words.VALUE_STATED, {"value": value})
    if record.expression:
        return Statement(words.RATE_STATED, {"rate": record.expression})
    conditions = sorted(_condition_texts(record))
    return Statement(words.APPLIES_IF, {"conditions": conditions}) if conditions else Statement(words.APPLIES)


def _condition_texts(measure: Measure) -> Iterable[str]:
    return (" ".join(filter(None, (condition.kind, condition.value))) for condition in measure.conditions)
