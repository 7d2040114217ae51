"""What the parts of lists of levies come to, mode by mode: columns of numbers, each made once for the same axes.

A list of levies has hundreds of modes, and every list of a schedule has most of its rules in common with the others, so
that the columns of its parts are mostly known, and often the rows that they make together as well.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.assessment.matched_rules import are_conditions_met

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.compiled.compile.outcomes import Mode
    from ewtp.core.rulebook.rule import Rule

# Whether the conditions of rules are met; None where a fact is missing.
Verdicts = tuple[bool | None, ...]


class ModeColumn(NamedTuple):
    """A number for every mode; ``number`` is that of the column among those of the same axes."""

    number: int
    by_mode: Sequence[int]


class LevyRow(NamedTuple):
    """What levies come to in a mode: the numbers of the reliefs and of each part, and whether the claim is known."""

    reliefs: int
    excise: int
    fee: int
    tax: int
    claim_known: int


class LevyRows(NamedTuple):
    """The rows that differ, and by mode the index of its row."""

    rows: Sequence[LevyRow]
    by_mode: Sequence[int]


@dataclass(slots=True)
class LevyColumns:
    """The columns of all lists of levies that have the same axes, and so the same modes."""

    modes: Sequence[Mode]
    claims: frozenset[str] = field(init=False)
    nothing: ModeColumn = field(init=False)
    _facts: list[LineFacts] = field(init=False)
    _columns: dict[object, ModeColumn] = field(default_factory=dict)
    _verdicts: dict[int, list[bool | None]] = field(default_factory=dict)
    _rows: dict[tuple[int, ...], LevyRows] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.claims = frozenset([mode.claim for mode in self.modes if mode.claim is not None])
        self._facts = [mode.circumstances(frozenset()) for mode in self.modes]
        self.nothing = self.find((), lambda: [0] * len(self.modes))

    def find(self, key: object, make: Callable[[], Sequence[int]]) -> ModeColumn:
        """The column of a key, made if there is none yet."""
        found = self._columns.get(key)
        if found is None:
            found = self._columns[key] = ModeColumn(len(self._columns), make())
        return found

    def find_places(self, heard: frozenset[str]) -> ModeColumn:
        """By mode, the mode that has its outcome where rules hear these claims: its own, or that without a claim.

        A claim that no rule hears changes nothing.
        """
        claims = self.claims & heard
        width = len(self.claims) + 1

        def make() -> Sequence[int]:
            # The mode without a claim is the first of those that differ in nothing else.
            return [n if mode.claim in claims else n - n % width for n, mode in enumerate(self.modes)]

        return self.find(("places", claims), make)

    def number_verdicts(
        self, own: Sequence[tuple[int, Rule]], number: Callable[[Verdicts, Mode], int]
    ) -> Sequence[int]:
        """By mode, the number of what rules come to; ``own`` are the rules, at least one, with their shapes.

        ``number`` is called once for each combination of verdicts, with the first mode that has it.
        """
        known: dict[Verdicts, int] = {}
        by_mode: list[int] = []
        together = zip(*[self._find_verdicts(shape, rule) for shape, rule in own], strict=True)
        for verdicts, mode in zip(together, self.modes, strict=True):
            found = known.get(verdicts)
            if found is None:
                found = known[verdicts] = number(verdicts, mode)
            by_mode.append(found)
        return by_mode

    def find_rows(self, columns: Sequence[ModeColumn], places: ModeColumn) -> LevyRows:
        """The rows of five columns; ``places`` has by mode the mode whose row it shares."""
        key = (places.number, *[column.number for column in columns])
        found = self._rows.get(key)
        if found is None:
            whole = [*zip(*[column.by_mode for column in columns], strict=True)]
            index: dict[tuple[int, ...], int] = {}
            # There are hundreds of modes and tens of thousands of such rows, so that their memory counts.
            by_mode = array("I", [index.setdefault(whole[place], len(index)) for place in places.by_mode])
            found = self._rows[key] = LevyRows([LevyRow(*row) for row in index], by_mode)
        return found

    def _find_verdicts(self, shape: int, rule: Rule) -> list[bool | None]:
        """Whether the conditions of a rule are met, by mode; the origin has no part in that."""
        found = self._verdicts.get(shape)
        if found is None:
            found = self._verdicts[shape] = [are_conditions_met(rule, facts) for facts in self._facts]
        return found
