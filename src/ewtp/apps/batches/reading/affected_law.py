"""The part of a version's law that a change is about, so that a replay need not read the whole of it.

Reading a quarter of a million measures takes longer than answering ten million lines; most changes are about few.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.core.compiled.patch.group_reach import find_regrouped_measures
from ewtp.core.compiled.patch.patch import find_affected_scope, find_changed_measures
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.territory import TERRITORIAL_STATUS, Group, GroupMember, TariffLine, TerritoryPractice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_record import LawRecord
    from ewtp.core.rulebook.changeset.overlay import Overlay
    from ewtp.core.rulebook.measure import Kind, Measure


@dataclass(frozen=True, slots=True)
class LawAround:
    """The law around a change: all rules at its places, and the inputs for patching a compiled book.

    ``differing`` are the measures that only one side has, and those that ``find_regrouped_measures`` gives where the
    change is of groups or of who belongs to them, as ``regrouped`` says; None where they are too many to be followed
    one by one, or where lines change, and ``book`` then has the rules at the change's places alone. ``book`` also has
    one rule at least of every kind that a territory has, where the change ends some of the kind and others remain, so
    that its coverage with the change is that of the whole law; ``schedule_starts`` are of the whole law with the
    change.
    """

    book: Book
    differing: list[Measure] | None
    regrouped: bool
    schedule_starts: Mapping[str, date]

    def after(self, overlay: Overlay) -> Book:
        """``book`` with the change."""
        return overlay.over(self.book, schedule_starts=self.schedule_starts)


def law_around(reader: RulebookReader, overlay: Overlay) -> LawAround:
    """The part of a version's law around a change."""
    here = reader.measures_at(overlay.parts)
    ended: dict[str, set[Kind]] = defaultdict(set)
    for (territory, _), part in overlay.parts.items():
        ended[territory].update(end.record.kind for end in part.ended)
    wanted = sorted((territory, kind) for territory, kinds in ended.items() for kind in kinds)
    measures = [*here, *reader.measures_elsewhere(wanted, overlay.parts)]
    book, starts = reader.build_book_of(measures), _schedule_starts(reader, overlay)
    others = overlay.changeset.others.records
    groups = frozenset(filter(None, map(_group_of, others)))
    if any(_is_compiled(record) for record in others):
        return LawAround(book, None, regrouped=False, schedule_starts=starts)
    found = find_changed_measures(book, overlay.over(book), overlay.parts)
    if groups:
        changed = set(found)
        staying = (measure for measure in reader.measures_naming(groups) if measure not in changed)
        found += find_regrouped_measures(staying, groups)
    scope = find_affected_scope(reader.frame, found)
    if scope is None:
        return LawAround(book, None, regrouped=False, schedule_starts=starts)
    more = reader.measures_around(found, territories=scope.territories, kinds=scope.kinds)
    whole = reader.build_book_of(dict.fromkeys((*measures, *more)))
    return LawAround(whole, found, regrouped=bool(groups), schedule_starts=starts)


def _group_of(record: LawRecord) -> str:
    """The group that a record states, or states a member of; empty for others."""
    if isinstance(record, Group):
        return record.id
    return record.group if isinstance(record, GroupMember) else ""


def _is_compiled(record: LawRecord) -> bool:
    """Whether a record is part of a compiled book, beside measures and groups; most practices are read later."""
    if isinstance(record, TerritoryPractice):
        return record.practice.name in TERRITORIAL_STATUS
    return isinstance(record, TariffLine)


def _schedule_starts(reader: RulebookReader, overlay: Overlay) -> Mapping[str, date]:
    """The first days of all schedules with the change; those with changed lines are read whole."""
    starts = reader.frame.schedule_starts
    touched = {record.territory for record in overlay.changeset.others.records if isinstance(record, TariffLine)}
    if not touched:
        return starts
    lines = [line for territory in sorted(touched) for line in reader.lines_of(territory)]
    book = build_book("", territories=(), groups=(), measures=(), lines=lines)
    after = overlay.over(book).schedule_starts
    others = {territory: start for territory, start in starts.items() if territory not in touched}
    return {**others, **{territory: start for territory, start in after.items() if territory in touched}}
