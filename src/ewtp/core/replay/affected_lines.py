"""The lines that a change can affect; all others keep their answers and are not answered twice.

A line is assessed under the import rules of the territories of its destination and the export rules of those of its
dispatch, at prefixes of its code; where the code is short, also at longer codes that begin with it. A line is skipped
only where the change has no rule at any of these places. A change of a membership can affect all lines from, of or to
the economy, one of a group all lines, one of a practice the territory's (one of its status among customs territories
also those from there), and one of a national line its subheading. A code of another edition is assessed under its
equivalents in the edition of the schedule. A line that is selected needlessly costs time, never accuracy.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from ewtp.core.replay.answer_pairs import encode_texts
from ewtp.core.replay.group_sums import find_distinct
from ewtp.core.rulebook.measure import Direction
from ewtp.core.rulebook.territory import TERRITORIAL_STATUS, Group, GroupMember, TariffLine, TerritoryPractice
from ewtp.core.values.codes import SUBHEADING_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.rule import CodePlace

_SEPARATORS = re.compile(r"[\s.]+")
# The cache of spellings of codes is cleared at this size.
_MOST_KNOWN = 1_000_000


class AffectedLines:
    """Finds the lines of a table that a change can affect; threads may share it."""

    def __init__(
        self,
        before: Book,
        after: Book,
        parts: Mapping[CodePlace, Changeset[Measure]],
        economies: Iterable[str],
        others: Sequence[LawRecord] = (),
        *,
        replaced: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
    ) -> None:
        """``others`` are the records beside measures that the change ends or brings.

        ``replaced`` is ``Book.replaced`` of the whole law; without it every code is of its schedule's edition.
        """
        inward, outward = _find_changed_places(before, after, parts, others)
        for territory, prefixes in inward.items():
            edition = before.territories[territory].hs_edition if territory in before.territories else ""
            prefixes.update(_other_names(_PrefixMatcher(frozenset(prefixes)), edition, replaced or {}))
        # A group that comes or goes also changes which names are claims of its members alone.
        self._everything = any(isinstance(record, Group) for record in others)
        joining = {record.economy for record in others if isinstance(record, GroupMember)}
        named = frozenset(economies) | frozenset(before.territories)
        everywhere = _PrefixMatcher(frozenset({""}))
        members = {name: everywhere for name in named if not joining.isdisjoint(before.members_of(name))}
        self._by_column = [
            ("to", _by_economy(before, inward, named) | members),
            ("from", _by_economy(before, outward, named) | members),
            ("origin", members),
        ]

    def find_rows(self, lines: pa.Table) -> NDArray[np.int64]:
        """The indices of the lines that can be affected, ascending."""
        if self._everything:
            return np.arange(lines.num_rows)
        affected = np.zeros(lines.num_rows, np.bool_)
        codes, texts = encode_texts(lines["hs"])
        for column, matchers in self._by_column:
            if not matchers or column not in lines.column_names:
                continue
            economies, names = encode_texts(lines[column])
            for number, name in enumerate(names.to_pylist()):
                matcher = matchers.get(name.strip().upper())
                if matcher is not None:
                    rows = np.flatnonzero(economies == number)
                    affected[rows] |= _match_codes(codes[rows], texts, matcher)
        return np.flatnonzero(affected)


def _find_changed_places(
    before: Book, after: Book, parts: Mapping[CodePlace, Changeset[Measure]], others: Sequence[LawRecord]
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """By territory, the prefixes at which its law on imports changes, and that on exports."""
    inward: dict[str, set[str]] = defaultdict(set)
    outward: dict[str, set[str]] = defaultdict(set)
    for (territory, prefix), part in parts.items():
        for measure in (*part.added, *(end.record for end in part.ended)):
            # The schedules of two economies agree at six digits alone.
            leaving = measure.direction is Direction.EXPORT
            (outward if leaving else inward)[territory].add(prefix[:SUBHEADING_DIGITS] if leaving else prefix)
    for territory in {*before.coverage, *after.coverage}:
        # Every answer lists the kinds of rule that a territory lacks, and some decisions depend on them.
        if before.coverage.get(territory) != after.coverage.get(territory):
            inward[territory].add("")
    for record in others:
        match record:
            case TariffLine(territory=territory, code=code):
                inward[territory].add(code[:SUBHEADING_DIGITS])
                if before.schedule_starts.get(territory) != after.schedule_starts.get(territory):
                    inward[territory].add("")
            case TerritoryPractice(territory=territory):
                inward[territory].add("")
    for territory in _find_status_changes(others):
        outward[territory].add("")
    return inward, outward


def _find_status_changes(records: Iterable[LawRecord]) -> set[str]:
    """The territories whose status among customs territories changes; it decides duties on goods from there too."""
    practices = (record for record in records if isinstance(record, TerritoryPractice))
    return {each.territory for each in practices if each.practice.name in TERRITORIAL_STATUS}


class _PrefixMatcher:
    """Matches codes with the prefixes of rules; remembers the result for each spelling."""

    def __init__(self, prefixes: frozenset[str]) -> None:
        self.prefixes = prefixes
        # The short codes that some prefix begins with.
        self._above = {prefix[:length] for prefix in prefixes for length in range(1, len(prefix) + 1)}
        self._known: dict[str, bool] = {}

    def matches(self, code: str) -> bool:
        """Whether a rule can apply to the code, or to a longer one that begins with it."""
        found = self._known.get(code)
        if found is None:
            digits = _SEPARATORS.sub("", code)
            found = digits in self._above or any(digits[:n] in self.prefixes for n in range(len(digits) + 1))
            if len(self._known) >= _MOST_KNOWN:
                self._known = {}
            self._known[code] = found
        return found


def _other_names(
    matcher: _PrefixMatcher, edition: str, replaced: Mapping[tuple[str, str], tuple[str, ...]]
) -> set[str]:
    """The codes of other editions of which some equivalent in ``edition`` matches."""
    return {code for (code, into), names in replaced.items() if into == edition and any(map(matcher.matches, names))}


def _by_economy(
    book: Book, by_territory: Mapping[str, set[str]], economies: Iterable[str]
) -> dict[str, _PrefixMatcher]:
    shared: dict[frozenset[str], _PrefixMatcher] = {}
    found = {}
    for economy in economies:
        prefixes = frozenset[str]().union(*(by_territory.get(t.code, ()) for t in book.territories_of(economy)))
        if prefixes:
            found[economy] = shared.setdefault(prefixes, _PrefixMatcher(prefixes))
    return found


def _match_codes(codes: NDArray[np.int32], texts: pa.StringArray, matcher: _PrefixMatcher) -> NDArray[np.bool_]:
    used, back = find_distinct(codes, len(texts))
    named = texts.take(pa.array(used)).to_pylist()
    return np.array([matcher.matches(code) for code in named], np.bool_)[back]
