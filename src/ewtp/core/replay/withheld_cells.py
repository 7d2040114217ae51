"""Which cells of a report are withheld: those behind which there are few firms, and those that would give them away.

Whoever knows a sum and all its parts but some knows the sum of these. So with a cell of fewer than five
firms others are withheld, the smallest first, until those withheld have five firms between them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.replay.cell_firms import BY_CURRENCY, LEAST_FIRMS
from ewtp.core.replay.report import BREAKDOWNS, CODE_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ewtp.core.replay.cell_firms import CellFirms
    from ewtp.core.replay.report import BreakdownRow, ReplayReport

# Whose sums are known where those of a finer breakdown are looked at.
_COARSER = {"heading": "chapter", "subheading": "heading"}
_SIZE = "firm_size"


class CellOfSum(NamedTuple):
    """A figure of a sum that is known: its key, some of the firms behind it (all, where fewer than five), its size."""

    key: str
    firms: tuple[int, ...]
    weight: int


def choose_withheld(cells: Iterable[CellOfSum]) -> frozenset[str]:
    """The cells of one sum that are not told; all of them where they have fewer than five firms together."""
    ordered = sorted(cells, key=lambda one: (one.weight, one.key))
    few = [one for one in ordered if len(one.firms) < LEAST_FIRMS]
    firms = {firm for one in few for firm in one.firms}
    for one in ordered:
        if few and len(firms) < LEAST_FIRMS and one not in few:
            few.append(one)
            firms.update(one.firms)
    return frozenset(one.key for one in few)


class WithheldCells:
    """What a report withholds; nothing where its lines are not known to be of firms."""

    def __init__(self, report: ReplayReport) -> None:
        self._report = report
        self._cells: CellFirms | None = report.tally.cells

    @cached_property
    def currencies(self) -> frozenset[str]:
        """The currencies of which no sum of what changes is told: the sum in one currency would give away one alone."""
        moved: dict[str, int] = {}
        for row in self._report.rows("destination"):
            moved[row.currency] = moved.get(row.currency, 0) + row.figures["affected"]
        if self._cells is None:
            return frozenset()
        firms = self._cells.firms.get(BY_CURRENCY, {})
        return choose_withheld(CellOfSum(each, firms.get(each, ()), weight) for each, weight in moved.items())

    def hides(self, currency: str) -> bool:
        """Whether no sum of what changes in a currency is told."""
        return self._cells is not None and (currency in self.currencies or self._cells.is_few(BY_CURRENCY, currency))

    @cached_property
    def sizes(self) -> frozenset[str]:
        """The sizes of firms of which neither the change nor what they pay is told."""
        if self._cells is None:
            return frozenset()
        moved: dict[str, int] = {}
        for row in self._report.rows(_SIZE):
            moved[row.value] = moved.get(row.value, 0) + row.figures["affected"]
        chosen = choose_withheld(CellOfSum(each, self._cells.of_value(_SIZE, each), moved[each]) for each in moved)
        untouched = {each.firm_size for each in self._report.sizes} - moved.keys()
        return chosen | untouched

    @cached_property
    def rows(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """By breakdown, the value and currency of each row that is not told."""
        found: dict[str, frozenset[tuple[str, str]]] = {}
        for name in BREAKDOWNS if self._cells is not None else ():
            if self._report.has_breakdown(name):
                found[name] = self._few_rows(name, self._report.rows(name), found)
        return found

    def _few_rows(
        self, name: str, rows: Iterable[BreakdownRow], coarser: Mapping[str, frozenset[tuple[str, str]]]
    ) -> frozenset[tuple[str, str]]:
        above = _COARSER.get(name)
        withheld: set[tuple[str, str]] = set()
        sums: dict[tuple[str, str], list[CellOfSum]] = {}
        for row in rows:
            part = row.value[: CODE_DIGITS[above]] if above else ""
            # What a sum that is withheld consists of would tell it.
            if row.currency in self.currencies or (above and (part, row.currency) in coarser[above]):
                withheld.add((row.value, row.currency))
            else:
                cell = CellOfSum(row.value, self._firms(name, row.value, row.currency), row.figures["affected"])
                sums.setdefault((part, row.currency), []).append(cell)
        for (_, currency), cells in sums.items():
            withheld |= {(value, currency) for value in choose_withheld(cells)}
        if name == _SIZE:
            withheld |= {(row.value, row.currency) for row in rows if row.value in self.sizes}
        return frozenset(withheld)

    def _firms(self, name: str, value: str, currency: str) -> tuple[int, ...]:
        if self._cells is None:
            return ()
        digits = CODE_DIGITS.get(name)
        if digits is None:
            return self._cells.of_cell(name, value, currency)
        return self._prefixes[digits].get((value, currency), ())

    @cached_property
    def _prefixes(self) -> Mapping[int, Mapping[tuple[str, str], tuple[int, ...]]]:
        cells = self._cells
        return (
            {} if cells is None else {each: cells.group_by_prefix("subheading", each) for each in CODE_DIGITS.values()}
        )
