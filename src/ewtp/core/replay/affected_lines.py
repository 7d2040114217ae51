"""Which lines a change can touch at all: the others are answered as before, and need not be answered twice.

A line reads the rules of the territories that its destination belongs to, and the export rules of those that it is sent
from, by codes that its own code begins with or, where it is short, that begin with it. So a line is only left out where
no rule of the change lies on that way; one that is looked at for nothing does no harm.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from ewtp.core.replay.comparison import distinct
from ewtp.core.replay.paired_answers import texts_of
from ewtp.core.rulebook.measure import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.diff import Changeset
    from ewtp.core.rulebook.changeset.overlay import Place

_SEPARATORS = re.compile(r"[\s.]+")
# Codes as they are written; a file with more spellings than this begins again.
_MOST_KNOWN = 1_000_000


class Touch:
    """Finds the lines of a table that a change can touch; safe to use from several threads."""

    def __init__(self, before: Book, after: Book, parts: Mapping[Place, Changeset], economies: Iterable[str]) -> None:
        inward: dict[str, set[str]] = defaultdict(set)
        outward: dict[str, set[str]] = defaultdict(set)
        for (territory, prefix), part in parts.items():
            for measure in (*part.added, *(end.measure for end in part.ended)):
                (outward if measure.direction is Direction.EXPORT else inward)[territory].add(prefix)
        for territory in {*before.coverage, *after.coverage}:
            # Every answer names the kinds of rule that a territory lacks, and some decisions rest on them.
            if before.coverage.get(territory) != after.coverage.get(territory):
                inward[territory].add("")
        named = frozenset(economies) | frozenset(before.territories)
        self._ways = [
            ("to", _by_economy(before, inward, named)),
            ("from", _by_economy(before, outward, named)),
        ]

    def places(self, lines: pa.Table) -> NDArray[np.int64]:
        """The numbers of the lines that can be touched, from 0, ascending."""
        found = np.zeros(lines.num_rows, np.bool_)
        codes, texts = texts_of(lines["hs"])
        for column, reached in self._ways:
            if not reached:
                continue
            places, names = texts_of(lines[column])
            for place, name in enumerate(names.to_pylist()):
                prefixes = reached.get(name.strip().upper())
                if prefixes is not None:
                    rows = np.flatnonzero(places == place)
                    found[rows] |= _reached(codes[rows], texts, prefixes)
        return np.flatnonzero(found)


class _Prefixes:
    """Prefixes of rules, and codes that were compared with them before."""

    def __init__(self, prefixes: frozenset[str]) -> None:
        self.prefixes = prefixes
        # What a short code has to be for a prefix to begin with it.
        self._above = {prefix[:length] for prefix in prefixes for length in range(1, len(prefix) + 1)}
        self._known: dict[str, bool] = {}

    def meet(self, code: str) -> bool:
        """Whether a rule can bear on the code, or on a line below it."""
        found = self._known.get(code)
        if found is None:
            digits = _SEPARATORS.sub("", code)
            found = digits in self._above or any(digits[:n] in self.prefixes for n in range(len(digits) + 1))
            if len(self._known) >= _MOST_KNOWN:
                self._known = {}
            self._known[code] = found
        return found


def _by_economy(book: Book, by_territory: Mapping[str, set[str]], economies: Iterable[str]) -> dict[str, _Prefixes]:
    shared: dict[frozenset[str], _Prefixes] = {}
    found = {}
    for economy in economies:
        prefixes = frozenset[str]().union(*(by_territory.get(t.code, ()) for t in book.territories_of(economy)))
        if prefixes:
            found[economy] = shared.setdefault(prefixes, _Prefixes(prefixes))
    return found


def _reached(codes: NDArray[np.int32], texts: pa.StringArray, prefixes: _Prefixes) -> NDArray[np.bool_]:
    used, back = distinct(codes, len(texts))
    named = texts.take(pa.array(used)).to_pylist()
    return np.array([prefixes.meet(code) for code in named], np.bool_)[back]
