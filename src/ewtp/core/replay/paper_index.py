"""The papers that requirements ask for, by the ids of measures that answers name."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ewtp.core.rulebook.measure import Measure


class RequiredPaper(NamedTuple):
    """The document that a requirement asks for, and the agency that asks."""

    territory: str
    agency: str
    document: str


class PaperIndex:
    """The papers that sets of requirements ask for; ``required`` gives the paper of a measure by the measure's id.

    ``papers`` and ``filings`` (territory, agency) list all of them, in order.
    """

    def __init__(self, required: Mapping[str, RequiredPaper]) -> None:
        self._required = required
        self.papers = tuple(sorted(set(required.values())))
        self.filings = tuple(sorted({paper[:2] for paper in self.papers}))
        papers = {paper: number for number, paper in enumerate(self.papers)}
        filings = {filing: number for number, filing in enumerate(self.filings)}
        self._numbers = {name: (papers[paper], filings[paper[:2]]) for name, paper in required.items()}
        self._known: dict[str, tuple[tuple[int, ...], tuple[int, ...], tuple[str, ...]]] = {}
        # Threads share the index: a counter gives no number twice, which the length of a dictionary may.
        self._next = count()
        self._filed: dict[tuple[frozenset[int], frozenset[str]], int] = {}
        self._numbered: dict[str, tuple[int, int]] = {}

    def find(self, measures: str) -> tuple[tuple[int, ...], tuple[int, ...], tuple[str, ...]]:
        """The numbers of the papers and of the filings, for ids of measures joined by spaces.

        Ids of unknown measures come third: each is counted as a paper under its own id, so that it shows.
        """
        found = self._known.get(measures)
        if found is None:
            names = measures.split()
            numbers = [self._numbers[name] for name in names if name in self._numbers]
            strange = tuple(name for name in names if name not in self._numbers)
            papers, filings = ({both[column] for both in numbers} for column in (0, 1))
            found = self._known[measures] = tuple(papers), tuple(filings), strange
        return found

    def find_lifted(self, relief: Measure) -> frozenset[str]:
        """The ids of the requirements that a relief of requirements may lift, product and origin apart."""
        wanted = RequiredPaper(relief.territory, relief.agency, relief.document)
        return frozenset(
            name
            for name, paper in self._required.items()
            if all(want in ("", has) for want, has in zip(wanted, paper, strict=True))
        )

    def number_papers(self, sets: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For sets of measures, numbers that are equal where the same papers are asked for; and how many papers."""
        known = self._numbered
        found = [known[names] if names in known else self._number(names) for names in sets]
        return np.array([number for number, _ in found], np.int64), np.array([count for _, count in found], np.int64)

    def _number(self, names: str) -> tuple[int, int]:
        papers, _, strange = self.find(names)
        number = self._filed.setdefault((frozenset(papers), frozenset(strange)), next(self._next))
        found = self._numbered[names] = (number, len(papers) + len(strange))
        return found
