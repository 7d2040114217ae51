"""The part of a version's law that a change is about, so that a replay need not read the whole of it.

Reading a quarter of a million measures takes longer than answering ten million lines; most changes are about few.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.core.compiled.patch.patch import affected_scope, changed_measures

if TYPE_CHECKING:
    from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.overlay import Overlay
    from ewtp.core.rulebook.measure import Kind, Measure


@dataclass(frozen=True, slots=True)
class LawAround:
    """The law around a change: all rules at its places, and the inputs for patching a compiled book.

    ``differing`` are the measures that only one side has; None where they are too many to be followed one by one, and
    ``book`` then has the rules at the change's places alone. ``book`` also has one rule at least of every kind that a
    territory has, where the change ends some of the kind and others remain, so that its coverage with the change is
    that of the whole law.
    """

    book: Book
    differing: list[Measure] | None


def law_around(reader: RulebookReader, overlay: Overlay) -> LawAround:
    """The part of a version's law around a change."""
    here = reader.measures_at(overlay.parts)
    ended: dict[str, set[Kind]] = defaultdict(set)
    for (territory, _), part in overlay.parts.items():
        ended[territory].update(end.record.kind for end in part.ended)
    wanted = sorted((territory, kind) for territory, kinds in ended.items() for kind in kinds)
    measures = [*here, *reader.measures_elsewhere(wanted, overlay.parts)]
    book = reader.holding(measures)
    found = changed_measures(book, overlay.over(book), overlay.parts)
    scope = affected_scope(reader.frame, found)
    if scope is None:
        return LawAround(book, None)
    more = reader.measures_around(found, territories=scope.territories, kinds=scope.kinds)
    return LawAround(reader.holding(dict.fromkeys((*measures, *more))), found)
