"""How many agencies ask for a paper on one tariff line, and which two papers are asked for together."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from ewtp.core.distances.code_cover import rows_covering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.distances.schedule_contents import ComparedSchedule

HEADING_DIGITS = 4
# A line on which this many agencies ask for papers is one of the crowded ones, which are counted by heading.
CROWDED = 3
# A pair of papers is placed by its headings while they are no more than this, and else by chapters.
_MOST_HEADINGS = 40


class PaperName(NamedTuple):
    """A paper by the agency that asks for it, and the document."""

    agency: str
    document: str


@dataclass(frozen=True, slots=True)
class AgencyCounts:
    """How many agencies ask for papers on the lines of a territory.

    ``lines`` has by number of agencies, from zero, the lines on which that many ask; ``crowded`` are the headings with
    lines of three agencies or more, with the number of those lines, the most first.
    """

    territory: str
    lines: tuple[int, ...]
    crowded: tuple[tuple[str, int], ...]

    @property
    def most(self) -> int:
        """The greatest number of agencies on one line."""
        return len(self.lines) - 1

    def as_json(self) -> dict[str, Any]:
        """The counts; headings by code."""
        return {
            "territory": self.territory,
            "lines_by_agencies": list(self.lines),
            "crowded_headings": [{"heading": heading, "lines": lines} for heading, lines in self.crowded],
        }


@dataclass(frozen=True, slots=True)
class PaperPair:
    """Two papers that two agencies of one territory ask for on the same lines.

    ``lines`` is their number, ``headings`` has it by four-digit heading, and ``one_lines`` and ``other_lines`` are all
    the lines on which each is asked for. ``classes`` are the MAST chapters of each. That two papers are asked for
    together does not show that they ask for the same facts.
    """

    territory: str
    one: PaperName
    other: PaperName
    lines: int
    one_lines: int
    other_lines: int
    headings: tuple[tuple[str, int], ...]
    classes: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def key(self) -> tuple[str, ...]:
        """The pair as the tally of burdens names it."""
        return (self.territory, *self.one, *self.other)

    @property
    def shared_classes(self) -> tuple[str, ...]:
        """The MAST chapters that both papers are of; without one, nothing says that they are about the same matter."""
        return tuple(sorted(set(self.classes[0]) & set(self.classes[1])))

    @property
    def kept(self) -> PaperName:
        """The paper that more lines need, or of equals the first: the one to accept in the place of the other."""
        return self.one if self.one_lines >= self.other_lines else self.other

    @property
    def lifted(self) -> PaperName:
        """The other paper."""
        return self.other if self.kept is self.one else self.one

    @property
    def codes(self) -> tuple[str, ...]:
        """The headings in which both are asked for, while they are few, and else the chapters."""
        found = sorted(heading for heading, _ in self.headings)
        return tuple(found if len(found) <= _MOST_HEADINGS else dict.fromkeys(heading[:2] for heading in found))

    def as_json(self) -> dict[str, Any]:
        """The pair with its lines by heading."""
        return {
            "territory": self.territory,
            "papers": [
                {"agency": name.agency, "document": name.document, "lines": lines, "classes": list(classes)}
                for name, lines, classes in zip(
                    (self.one, self.other), (self.one_lines, self.other_lines), self.classes, strict=True
                )
            ],
            "lines": self.lines,
            "headings": [{"heading": heading, "lines": lines} for heading, lines in self.headings],
        }


class PaperLines:
    """The papers of every line of a schedule, on which agencies and pairs are counted below any code."""

    def __init__(self, schedule: ComparedSchedule) -> None:
        self.territory = schedule.territory
        kept: dict[frozenset[PaperName], frozenset[PaperName]] = {}
        self._lines: list[tuple[str, frozenset[PaperName]]] = []
        for code, rows in zip(schedule.lines, rows_covering(schedule.lines, schedule.papers), strict=True):
            names = frozenset(PaperName(row.agency, row.document) for row in rows)
            self._lines.append((code, kept.setdefault(names, names)))
        classes: dict[PaperName, set[str]] = defaultdict(set)
        for row in schedule.papers:
            classes[PaperName(row.agency, row.document)].add(row.mast_chapter)
        self._classes = {name: tuple(sorted(found - {""})) for name, found in classes.items()}

    def count_agencies(self, prefix: str = "") -> AgencyCounts:
        """The lines below ``prefix`` by the number of agencies that ask for papers on them."""
        numbers: Counter[int] = Counter()
        crowded: Counter[str] = Counter()
        for code, papers in self._below(prefix):
            number = len({name.agency for name in papers if name.agency})
            numbers[number] += 1
            if number >= CROWDED:
                crowded[code[:HEADING_DIGITS]] += 1
        by_number = tuple(numbers[number] for number in range(max(numbers, default=0) + 1))
        return AgencyCounts(self.territory, by_number, _most_first(crowded))

    def pair_papers(self, prefix: str = "") -> list[PaperPair]:
        """The papers that different agencies ask for together below ``prefix``, those on most lines first."""
        alone: Counter[PaperName] = Counter()
        together: dict[tuple[PaperName, PaperName], Counter[str]] = defaultdict(Counter)
        for code, papers in self._below(prefix):
            alone.update(papers)
            for one, other in combinations(sorted(papers), 2):
                if one.agency and other.agency and one.agency != other.agency:
                    together[one, other][code[:HEADING_DIGITS]] += 1
        found = [
            PaperPair(
                territory=self.territory,
                one=one,
                other=other,
                lines=headings.total(),
                one_lines=alone[one],
                other_lines=alone[other],
                headings=_most_first(headings),
                classes=(self._classes[one], self._classes[other]),
            )
            for (one, other), headings in together.items()
        ]
        return sorted(found, key=lambda pair: (-pair.lines, pair.one, pair.other))

    def _below(self, prefix: str) -> Iterator[tuple[str, frozenset[PaperName]]]:
        return ((code, papers) for code, papers in self._lines if code.startswith(prefix))


def _most_first(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
