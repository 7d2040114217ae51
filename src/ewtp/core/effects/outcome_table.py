"""Tables of outcomes: what a line took in days, papers or cost, by trade and month, read and checked row by row."""

from __future__ import annotations

import re
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.effects.effect_plan import EVERY, OUTCOMES, TradePair
from ewtp.core.effects.sentences import (
    OUTCOME_COLUMN_MISSING,
    OUTCOME_ROW_INVALID,
    OUTCOME_ROW_TWICE,
    OUTCOME_TABLE_EMPTY,
    OUTCOME_TABLE_LONG,
)
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

COLUMNS = ("destination", "origins", "products", "month", "outcome", "value", "lines", "firms")
# Below this the mean of a cell would tell what a single firm did.
FEWEST_FIRMS = 5
MOST_ROWS = 20_000
_MOST_FAULTS = 20
_SHOWN = 40
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z", re.ASCII)
_PRODUCTS = re.compile(r"\d{2}(\d{2})?\Z", re.ASCII)
_VALUE = re.compile(r"\d{1,9}(\.\d{1,6})?\Z", re.ASCII)
_COUNT = re.compile(r"[1-9]\d{0,8}\Z", re.ASCII)


@immutable
class OutcomeCell:
    """The mean outcome of a line of one trade in one month (its first day), over ``lines`` of ``firms``.

    ``value`` is None where it is from fewer than five firms: then it is withheld, and not stored. ``firms``
    is None for what the law states, which involves no firm.
    """

    pair: TradePair
    month: date
    outcome: str
    value: Decimal | None
    lines: int
    firms: int | None = None

    @property
    def place(self) -> tuple[TradePair, date, str]:
        """What the cell is about."""
        return self.pair, self.month, self.outcome


@immutable
class _Reader:
    """Reads the columns of a row; faults are collected with the number of the row."""

    economies: Collection[str]
    today: date
    faults: list[Refusal] = field(default_factory=list)

    def cell(self, number: int, row: Mapping[str, str]) -> OutcomeCell | None:
        texts = {name: row[name].strip() for name in COLUMNS}
        before = len(self.faults)
        for name in COLUMNS:
            if not self._fits(name, texts):
                told = {"row": number, "column": name, "text": texts[name][:_SHOWN], "wanted": f"outcome:{name}"}
                self.faults.append(Refusal(OUTCOME_ROW_INVALID, told, where=name))
        if len(self.faults) > before:
            return None
        firms = int(texts["firms"])
        return OutcomeCell(
            TradePair(texts["destination"], texts["origins"], texts["products"]),
            date.fromisoformat(f"{texts['month']}-01"),
            texts["outcome"],
            Decimal(texts["value"]) if firms >= FEWEST_FIRMS else None,
            int(texts["lines"]),
            firms,
        )

    def _fits(self, name: str, texts: Mapping[str, str]) -> bool:
        text = texts[name]
        checks: Mapping[str, Callable[[], bool]] = {
            "destination": lambda: text in self.economies,
            "origins": lambda: text == EVERY or text in self.economies,
            "products": lambda: text == EVERY or bool(_PRODUCTS.match(text)),
            "month": lambda: self._is_over(text),
            "outcome": lambda: text in OUTCOMES,
            "value": lambda: bool(_VALUE.match(text)),
            "lines": lambda: bool(_COUNT.match(text)),
            "firms": lambda: bool(_COUNT.match(text)) and not _exceeds(text, texts["lines"]),
        }
        return checks[name]()

    def _is_over(self, text: str) -> bool:
        return bool(_MONTH.match(text)) and text < f"{self.today:%Y-%m}"


def _exceeds(firms: str, lines: str) -> bool:
    return bool(_COUNT.match(lines)) and int(firms) > int(lines)


def read_outcomes(
    rows: Sequence[Mapping[str, str]], *, economies: Collection[str], today: date
) -> tuple[OutcomeCell, ...] | Refusal:
    """The cells of a table, whose rows have texts by ``COLUMNS``; all of them or, where any is wrong, none.

    Refuses with ``outcome_table_empty``, ``outcome_table_long``, ``outcome_column_missing``, and with the first
    twenty of ``outcome_row_invalid`` and ``outcome_row_twice``. Rows count from 1.
    """
    if not rows:
        return Refusal(OUTCOME_TABLE_EMPTY)
    if len(rows) > MOST_ROWS:
        return Refusal(OUTCOME_TABLE_LONG, {"most": MOST_ROWS})
    for name in COLUMNS:
        if not all(isinstance(row.get(name), str) for row in rows):
            return Refusal(OUTCOME_COLUMN_MISSING, {"column": name, "columns": [*COLUMNS]}, where=name)
    reader, found = _Reader(economies, today), {}
    for number, row in enumerate(rows, start=1):
        cell = reader.cell(number, row)
        if cell is not None and cell.place in found:
            reader.faults.append(Refusal(OUTCOME_ROW_TWICE, {"row": number}))
        elif cell is not None:
            found[cell.place] = cell
        if len(reader.faults) >= _MOST_FAULTS:
            break
    return Refusal.join(reader.faults[:_MOST_FAULTS]) if reader.faults else tuple(found.values())
