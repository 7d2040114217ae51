"""The outcomes of the parts of levy lists, mode by mode: columns of numbers, each made once for the same axes.

A list of levies has hundreds of modes, and every list of a schedule has most of its rules in common with the others, so
that the columns of its parts are mostly known, and often the rows that they make together as well.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.assessment.rule_matches import are_conditions_met
from ewtp.core.compiled.format import charge_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.compiled.compile.outcomes import Mode
    from ewtp.core.rulebook.rule import Rule

_BYTE_VALUES = 256

# Whether the conditions of rules are met; None where a fact is missing.
Verdicts = tuple[bool | None, ...]


class ModeColumn(NamedTuple):
    """A number for every mode; ``number`` is that of the column among those of the same axes."""

    number: int
    by_mode: Sequence[int]


class LevyRow(NamedTuple):
    """The outcome of levies in a mode: the numbers of the reliefs and of each part, and whether the claim is known."""

    reliefs: int
    excise: int
    fee: int
    tax: int
    claim_known: int


class LevyRows(NamedTuple):
    """The rows that differ, and by mode the index of its row."""

    rows: Sequence[LevyRow]
    by_mode: Sequence[int]


class LevySets:
    """The numbers of the sets behind the rows of one situation: of excise, fee, tax and relief from customs duty.

    ``place`` gives the number of the set of a kind of charge; it is called once for each of reliefs and part.
    """

    __slots__ = ("_excises", "_fees", "_place", "_reliefs", "_taxes")

    def __init__(self, place: Callable[[int, LevyRow], int]) -> None:
        self._place = place
        self._excises: dict[tuple[int, int], int] = {}
        self._fees: dict[tuple[int, int], int] = {}
        self._taxes: dict[tuple[int, int], int] = {}
        self._reliefs: dict[int, int] = {}

    def find(self, row: LevyRow) -> tuple[int, int, int, int]:
        """The numbers of the sets of a row."""
        reliefs, excise, fee, tax, _ = row
        of_excise = self._excises.get((reliefs, excise))
        if of_excise is None:
            of_excise = self._excises[reliefs, excise] = self._place(charge_kind.EXCISE, row)
        of_fee = self._fees.get((reliefs, fee))
        if of_fee is None:
            of_fee = self._fees[reliefs, fee] = self._place(charge_kind.FEE, row)
        of_tax = self._taxes.get((reliefs, tax))
        if of_tax is None:
            of_tax = self._taxes[reliefs, tax] = self._place(charge_kind.TAX, row)
        of_duty = self._reliefs.get(reliefs)
        if of_duty is None:
            of_duty = self._reliefs[reliefs] = self._place(charge_kind.DUTY, row)
        return of_excise, of_fee, of_tax, of_duty


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
    _kept: dict[tuple[int, ...], LevyRow] = field(default_factory=dict)

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
        """By mode, the number of the outcome of rules; ``own`` are the rules, at least one, with their shapes.

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
            by_mode = [index.setdefault(whole[place], len(index)) for place in places.by_mode]
            # There are hundreds of modes and tens of thousands of such results, so that their memory counts.
            narrow = array("B" if len(index) <= _BYTE_VALUES else "L", by_mode)
            found = self._rows[key] = LevyRows([self._keep_row(row) for row in index], narrow)
        return found

    def _keep_row(self, row: tuple[int, ...]) -> LevyRow:
        """The row, as it is kept for all results that have it."""
        kept = self._kept.get(row)
        if kept is None:
            kept = LevyRow(*row)
            self._kept[kept] = kept
        return kept

    def _find_verdicts(self, shape: int, rule: Rule) -> list[bool | None]:
        """Whether the conditions of a rule are met, by mode; the origin has no part in that."""
        found = self._verdicts.get(shape)
        if found is None:
            found = self._verdicts[shape] = [are_conditions_met(rule, facts) for facts in self._facts]
        return found
