"""The part of a version's law that a change is about, so that a replay need not read the whole of it.

Reading a quarter of a million measures takes longer than answering ten million lines; most changes are about few.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.bulk_reader import LawTogether
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, measures_known
from ewtp.apps.rulebook.reading.version_changes import measures_around
from ewtp.core.compiled.patch.patch import affected_scope, changed_measures
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.measure import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.overlay import Overlay
    from ewtp.core.rulebook.measure import Measure


@dataclass(frozen=True, slots=True)
class LawAround:
    """The law around a change: all rules at its places, and what following it through a compiled book asks for.

    ``differing`` are the measures that only one side has; None where they are too many to be followed one by one, and
    ``book`` then has the rules at the change's places alone. ``book`` also has one rule at least of every kind that a
    territory has, where the change ends some of the kind and others remain, so that its coverage with the change is
    that of the whole law.
    """

    book: Book
    differing: list[Measure] | None


def law_around(label: str, published_at: datetime, overlay: Overlay) -> LawAround:
    """The law of a version around a change."""
    law = LawTogether(label, published_at)
    here = law.measures_at(overlay.parts)
    ended: dict[str, set[Kind]] = defaultdict(set)
    for (territory, _), part in overlay.parts.items():
        ended[territory].update(end.measure.kind for end in part.ended)
    wanted = sorted((territory, kind.value) for territory, kinds in ended.items() for kind in kinds)
    measures = [*here, *law.measures_elsewhere(wanted, overlay.parts)]
    book = _book(law.frame, measures)
    found = changed_measures(book, overlay.over(book), overlay.parts)
    scope = affected_scope(law.frame, found)
    if scope is None:
        return LawAround(book, None)
    prefixes = {measure.product.prefix for measure in found}
    more = measures_around(*scope, prefixes=prefixes, moment=published_at) if found else []
    return LawAround(_book(law.frame, dict.fromkeys((*measures, *more))), found)


def requirements_of(moment: datetime) -> Iterator[Measure]:
    """Every measure of a version that asks for papers."""
    return measures_known(MeasureFilter(kind=Kind.REQUIREMENT.value, known_at=moment))


def _book(frame: Book, measures: Iterable[Measure]) -> Book:
    rules = build_book(frame.version, territories=(), groups=(), measures=measures).rules
    return replace(frame, rules=rules, _rules_of={}, _lines_of={})
