"""Changes that meet: two amendments of one draft, or a draft and the law that has moved since.

Both are one three-way merge, key by key and day by day: where only one side differs from the common ancestor, it
counts; where both differ in the same way, so does that; where they differ from one another, somebody has to choose.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.changeset.changeset import Changeset, ends_of, find_added_records, split_by_key, with_reasons
from ewtp.core.rulebook.changeset.diff import apply_unchecked, difference
from ewtp.core.rulebook.changeset.duty_clash import would_clash
from ewtp.core.rulebook.changeset.law_record import (
    LawRecord,
    content_fields,
    for_period,
    place_of,
    record_name,
    record_period,
    same_content,
    same_field,
    same_law,
)
from ewtp.core.rulebook.changeset.law_record_json import law_record_as_json
from ewtp.core.rulebook.changeset.sentences import CHANGES_BASES_DIFFER, CHANGES_CONFLICT, LAW_CONFLICTS
from ewtp.core.rulebook.charge_kinds import LOWER_DUTIES
from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.values.immutable import immutable
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
    from ewtp.core.values.sentence import Sentence

# Days are counted so that the end is the first day after; this one never comes.
_NEVER = date.max.toordinal() + 1
# What a new edition may reword without another rule.
_WORDING = frozenset({"reference", "title", "source"})

# The kinds of which one measure alone is charged on a line.
_RANKED = frozenset({Kind.DUTY, *LOWER_DUTIES})

_RecordsInTime = list[LawRecord]


@immutable
class LawConflict(Refusal):
    """A matter on which two sides differ from the base and from one another, from ``day`` on.

    ``base``, ``one`` and ``other`` hold on that day; None where the side has no record then.
    """

    day: date = date.min
    base: LawRecord | None = None
    one: LawRecord | None = None
    other: LawRecord | None = None

    def as_json(self) -> dict[str, Any]:
        """The refusal with the three records in full."""
        sides = {"base": self.base, "one": self.one, "other": self.other}
        records = {name: law_record_as_json(side) if side is not None else None for name, side in sides.items()}
        return {**Refusal.as_json(self), "day": self.day.isoformat(), **records}


def merge(
    base: Changeset[LawRecord], one: Changeset[LawRecord], other: Changeset[LawRecord]
) -> Changeset[LawRecord] | tuple[LawConflict, ...] | Refusal:
    """The change that makes of ``base`` what both ``one`` and ``other`` made of it, or where they conflict.

    With an empty ``base``, two reforms of one law become one. The order of the two does not matter. Refuses with
    ``change_bases_differ`` changes that were written on different versions: what both would be one of is not known
    before each is rebased.
    """
    sides = (base, one, other)
    bases = {side.base for side in sides} - {""}
    if len(bases) > 1:
        return Refusal(CHANGES_BASES_DIFFER, {"count": len(bases)})
    held: dict[str, dict[date, LawRecord]] = defaultdict(dict)
    conflicts: dict[str, LawConflict] = {}
    for side in sides:
        for end in ends_of(side):
            key, start = place_of(end.record)
            if not same_law(held[key].setdefault(start, end.record), end.record):
                conflicts[key] = _conflict(CHANGES_CONFLICT, start, held[key][start], end.record, None)
    after: _RecordsInTime = []
    parts = [split_by_key(side) for side in sides]
    for key in sorted({key for part in parts for key in part}):
        law = sorted(held[key].values(), key=place_of)
        ancestor, first, second = (_apply_part(part.get(key), law) for part in parts)
        merged = _merge_timelines(CHANGES_CONFLICT, ancestor, first, second, same_content)
        if isinstance(merged, LawConflict):
            conflicts.setdefault(key, merged)
        else:
            after += merged
    conflicts = {**{conflict.message: conflict for conflict in _find_clashes(base, one, other, after)}, **conflicts}
    if conflicts:
        return tuple(conflicts[key] for key in sorted(conflicts))
    before = [record for records in held.values() for record in records.values()]
    names = (base.before, " + ".join(sorted({one.after, other.after})))
    made = replace(difference(before, after, names=names), base=max(bases, default=""))
    return with_reasons(made, one, other)


def _find_clashes(
    base: Changeset[LawRecord], one: Changeset[LawRecord], other: Changeset[LawRecord], after: _RecordsInTime
) -> Iterator[LawConflict]:
    """Where each side brings a duty of another key, and both would be charged on the same goods."""
    fresh = {place_of(record) for record in after} - {place_of(record) for record in find_added_records(base)}
    sides: list[dict[tuple[str, str], list[Measure]]] = []
    for side in (one, other):
        here: dict[tuple[str, str], list[Measure]] = defaultdict(list)
        for record in find_added_records(side):
            # Charges of other kinds add up, and there may be thousands of them at one place.
            if isinstance(record, Measure) and record.kind in _RANKED and place_of(record) in fresh:
                here[record.territory, record.product.prefix].append(record)
        sides.append(here)
    for place in sorted(sides[0].keys() & sides[1].keys()):
        for first in sides[0][place]:
            for second in sides[1][place]:
                if would_clash(first, second):
                    day = max(first.validity.start, second.validity.start)
                    yield _conflict(CHANGES_CONFLICT, day, None, first, second)


def rebase(changeset: Changeset[LawRecord], onto: HeldLaw) -> Changeset[LawRecord] | tuple[LawConflict, ...]:
    """The change as it has to be written on the law of today, or where that law conflicts with it.

    What the law already says by itself falls away. A record of which only the citation or the title was reworded is
    the same rule.
    """
    before: _RecordsInTime = []
    after: _RecordsInTime = []
    conflicts: list[LawConflict] = []
    for _, part in sorted(split_by_key(changeset).items()):
        seen = sorted((end.record for end in ends_of(part)), key=place_of)
        law = onto.records_like((*seen, *find_added_records(part))[0])
        merged = _merge_timelines(LAW_CONFLICTS, seen, _apply_part(part, seen), law, same_content, _same_rule)
        if isinstance(merged, LawConflict):
            conflicts.append(merged)
        else:
            before += law
            after += merged
    if conflicts:
        return tuple(conflicts)
    made = replace(difference(before, after, names=(onto.book.version, changeset.after)), base=onto.digest)
    return with_reasons(made, changeset)


def _apply_part(part: Changeset[LawRecord] | None, law: _RecordsInTime) -> _RecordsInTime:
    return law if part is None else list(apply_unchecked(part, law))


def _merge_timelines(
    sentence: Sentence,
    base: _RecordsInTime,
    one: _RecordsInTime,
    other: _RecordsInTime,
    *same: Callable[[LawRecord, LawRecord], bool],
) -> _RecordsInTime | LawConflict:
    """The timeline of one key that both sides made of the base's.

    ``same`` compares the first side with the base, and the second one, where its measure is another.
    """
    sides = (base, one, other)
    for side in sides:
        for earlier, later in pairwise(side):
            if record_period(earlier).overlaps(record_period(later)):
                return _conflict(sentence, record_period(later).start, None, earlier, later)
    merged: _RecordsInTime = []
    for start, end in pairwise(_boundaries(sides)):
        on_base, on_one, on_other = (_record_on(side, start) for side in sides)
        chosen = _choose_record(on_base, on_one, on_other, same)
        if chosen is not None and not isinstance(chosen, LawRecord):
            return _conflict(sentence, date.fromordinal(start), on_base, on_one, on_other)
        if chosen is None:
            continue
        begins = [_begins(side, start) for side in sides]
        fresh = begins[1] if begins[1] != begins[0] else begins[2]
        last = merged[-1] if merged else None
        if last is not None and not fresh and _end_of(last) == start and same_content(last, chosen):
            merged[-1] = for_period(last, _period(record_period(last).start.toordinal(), end))
        else:
            merged.append(for_period(chosen, _period(start, end)))
    return merged


def _choose_record(
    base: LawRecord | None,
    one: LawRecord | None,
    other: LawRecord | None,
    same: tuple[Callable[[LawRecord, LawRecord], bool], ...],
) -> Any:
    """The record that counts where the three hold; False where nobody can tell."""
    if _agree(one, other, same_content):
        # Either has the content; which id it goes by must not depend on the order of the two.
        return one if one is None or other is None else min(one, other, key=_sort_key)
    if _agree(one, base, same[0]):
        return other
    return one if _agree(other, base, same[-1]) else False


def _agree(one: LawRecord | None, other: LawRecord | None, same: Callable[[LawRecord, LawRecord], bool]) -> bool:
    return one is other or (one is not None and other is not None and same(one, other))


def _same_rule(one: LawRecord, other: LawRecord) -> bool:
    """Whether two records are the same rule, whatever they cite."""
    return type(one) is type(other) and all(
        same_field(one, other, name) for name in content_fields(one) if name not in _WORDING
    )


def _sort_key(record: LawRecord) -> tuple[str, str]:
    return record_name(record), repr(record)


def _boundaries(sides: Iterable[_RecordsInTime]) -> list[int]:
    """The days on which something begins, and the first days after something ends, in order."""
    days: set[int] = set()
    for side in sides:
        for record in side:
            days |= {record_period(record).start.toordinal(), _end_of(record)}
    return sorted(days)


def _record_on(timeline: _RecordsInTime, day: int) -> LawRecord | None:
    return next((r for r in timeline if record_period(r).start.toordinal() <= day < _end_of(r)), None)


def _begins(timeline: _RecordsInTime, day: int) -> bool:
    return any(record_period(record).start.toordinal() == day for record in timeline)


def _end_of(record: LawRecord) -> int:
    end = record_period(record).end
    return _NEVER if end is None else end.toordinal() + 1


def _period(start: int, end: int) -> Period:
    return Period(date.fromordinal(start), None if end == _NEVER else date.fromordinal(end - 1))


def _conflict(
    sentence: Sentence, day: date, base: LawRecord | None, one: LawRecord | None, other: LawRecord | None
) -> LawConflict:
    # The name must not depend on the order of the two.
    names = [record_name(side) for side in (base, one, other) if side is not None]
    params = {"record": names[0] if base is not None else min(names), "day": day}
    return LawConflict(sentence, params, day=day, base=base, one=one, other=other)
