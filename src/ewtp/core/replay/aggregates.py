"""The tally of a replay: sums by table and key, which add up in any order and can be stored as JSON."""

from __future__ import annotations

from base64 import b64decode, b64encode
from itertools import repeat
from operator import add
from typing import TYPE_CHECKING, Any
from zlib import compress, decompress

import numpy as np

from ewtp.core.replay.answer_pairs import AMOUNTS
from ewtp.core.replay.cell_firms import CellFirms, cell_firms_from_json, merge_cells
from ewtp.core.replay.firm_changes import FirmTally, firms_from_json, merge_firms
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Raised where the tables change, since a run that stopped midway cannot be resumed with others.
TALLY_EDITION = 4
# Outcomes of an affected line; each has exactly one of them.
OUTCOMES = (
    "gained",
    "lost",
    "same_cost",
    "became_incomplete",
    "became_complete",
    "otherwise_incomplete",
    "newly_refused",
    "no_longer_refused",
)
PROHIBITED = ("newly_prohibited", "no_longer_prohibited")
# A line that pays, files and may sell as before, under rules with other ids; it is not affected.
CITED_DIFFERENTLY = "cited_differently"
# The headline. Every line is refused on both sides, answered on both, or has one of the last two OUTCOMES.
COUNTS = ("lines", "answered", "refused", "affected", *OUTCOMES, *PROHIBITED, CITED_DIFFERENTLY)
# The table of lines that could claim what the change offers, with fewer papers to show: one row, one field.
OFFERED = "offered"
# The table of lines that could claim a preference which the change offers, by currency: how many, and what they save.
MAY_CLAIM = "may_claim"
# The table of what changes by currency and day, from which the sums in one currency are made; and its fields.
BY_DAY = "by_day"
DAY_ROW = ("lines", "revenue", "cost", "gain", "loss")
# The tables of what traders pay at least and at most: of all lines by currency, and of affected lines by its days.
BOUNDS = "bounds"
BOUNDS_BY_DAY = "bounds_by_day"
# The table of papers by the run of days in which what agencies promise is the same; only where they promise anything.
BY_PERIOD = "papers_by_period"
# The table of lines by month: how many there are, and how many the change affects.
MONTHS = "months"
# The table of what firms of each size pay, by currency: lines, what is paid before, and the change of cost.
PAID_BY_SIZE = "paid_by_size"
# Fields of a breakdown: numbers of affected lines, and sums in ten-thousandths over those that can be compared.
ROW = (
    "affected",
    *OUTCOMES,
    *PROHIBITED,
    "revenue_before",
    "revenue_after",
    "cost_before",
    "cost_after",
    "gain",
    "loss",
)
# Fields of the totals of a destination: over all lines that can be compared. ``incomplete`` of them lack an amount on
# both sides and are summed as far as known.
TOTALS = ("lines", "incomplete", *(f"{name}_{side}" for side in ("before", "after") for name in AMOUNTS))
# Dimensions of breakdowns; a breakdown is keyed by a line's value in the dimension and the currency of its answer.
DIMENSIONS = ("destination", "dispatch", "origin", "subheading", "firm_size")
# The dimensions whose values also count unaffected lines; for thousands of products that would dominate the cost.
COUNTED = ("destination", "dispatch", "origin", "firm_size")
Key = tuple[str, ...]
# Most sums are zero or small, and a higher level hardly compresses them further.
_FASTEST = 1
Sums = dict[Key, tuple[int, ...]]


@immutable
class ReplayTally:
    """Sums of whole numbers by the name of a table and a key; amounts are in ten-thousandths of a unit.

    | table | key | fields |
    |---|---|---|
    | ``"headline"`` | () | COUNTS |
    | ``"totals"`` | (destination, currency) | TOTALS |
    | a dimension's name | (value, currency) | ROW |
    | ``"lines_"`` and a dimension's name | (value,) | the number of all lines |
    | ``"by_day"`` | (currency, day) | DAY_ROW: affected lines that can be compared, and what changes on them |
    | ``"bounds"`` | (currency,) | BOUND_ROW, as the module of bounds has it |
    | ``"bounds_by_day"`` | (currency, day) | its CHANGE_ROW over affected lines |
    | ``"filings"`` | (territory, agency) | the numbers before and after |
    | ``"papers"`` | (territory, agency, document) | the numbers before and after |
    | ``"may_claim"`` | (currency,) | lines that could claim an offered preference, and what they would save |
    | ``"months"`` | (month,) | lines, and those affected |
    | ``"paid_by_size"`` | (firm size, currency) | lines, what is paid before, change of cost |
    | ``"papers_by_period"`` | (territory, agency, document, first day) | the numbers before and after |

    ``firms`` and ``cells`` are None where the lines have no column of firms.
    """

    tables: Mapping[str, Sums]
    firms: FirmTally | None = None
    cells: CellFirms | None = None

    def as_json(self) -> dict[str, Any]:
        """The tally as JSON; the sums are packed, since a million lines give tens of thousands of them."""
        return {
            "tables": {name: _pack_sums(sums) for name, sums in sorted(self.tables.items())},
            "firms": None if self.firms is None else self.firms.as_json(),
            "cells": None if self.cells is None else self.cells.as_json(),
        }


def tally_from_json(body: Mapping[str, Any]) -> ReplayTally:
    """The tally that ``as_json`` wrote."""
    tables = {name: _unpack_sums(table) for name, table in body["tables"].items()}
    firms, cells = body["firms"], body.get("cells")
    return ReplayTally(
        tables,
        None if firms is None else firms_from_json(firms),
        None if cells is None else cell_firms_from_json(cells),
    )


def _pack_sums(sums: Sums) -> dict[str, Any]:
    """A table as columns of its keys and rows of 64-bit integers: little-endian, deflated, in base 64.

    Where a number does not fit 64 bits, the rows are decimal texts, because many JSON parsers round long integers.
    """
    rows = sorted(sums.items())
    values = [row for _, row in rows]
    body: dict[str, Any] = {"keys": [list(part) for part in zip(*(key for key, _ in rows), strict=True)]}
    try:
        whole = np.array(values, "<i8")
    except OverflowError:
        return body | {"texts": [" ".join(map(str, row)) for row in values]}
    return body | {"rows": len(rows), "packed": b64encode(compress(whole.tobytes(), _FASTEST)).decode()}


def _unpack_sums(body: Mapping[str, Any]) -> Sums:
    if "texts" in body:
        values = [tuple(map(int, row.split())) for row in body["texts"]]
    else:
        flat = np.frombuffer(decompress(b64decode(body["packed"])), "<i8")
        values = [tuple(row) for row in flat.reshape(body["rows"], -1 if len(flat) else 0).tolist()]
    keys = zip(*body["keys"], strict=True) if body["keys"] else repeat((), len(values))
    return dict(zip(keys, values, strict=True))


def merge_tallies(tallies: Iterable[ReplayTally]) -> ReplayTally:
    """The tally of all lines together; neither the split into parts nor their order matters."""
    tables: dict[str, Sums] = {}
    firms: list[FirmTally] = []
    cells: list[CellFirms] = []
    for tally in tallies:
        for name, sums in tally.tables.items():
            add_sums(tables.setdefault(name, {}), sums)
        if tally.firms is not None:
            firms.append(tally.firms)
        if tally.cells is not None:
            cells.append(tally.cells)
    return ReplayTally(tables, merge_firms(firms) if firms else None, merge_cells(cells) if cells else None)


def add_sums(to: Sums, sums: Sums) -> None:
    """Add each row of ``sums`` to the row of the same key."""
    for key, values in sums.items():
        add_row(to, key, values)


def add_row(to: Sums, key: Key, values: tuple[int, ...]) -> None:
    """Add to the row of a key."""
    held = to.get(key)
    to[key] = values if held is None else tuple(map(add, held, values))


class RunningTally:
    """Accumulates tallies one by one; merges parts of equal size, so that each firm is sorted only a few times."""

    def __init__(self) -> None:
        self._parts: list[tuple[int, ReplayTally]] = []

    def add(self, tally: ReplayTally) -> None:
        """Add a tally."""
        size = 1
        while self._parts and self._parts[-1][0] == size:
            _, held = self._parts.pop()
            tally, size = merge_tallies((held, tally)), size * 2
        self._parts.append((size, tally))

    def result(self) -> ReplayTally:
        """The tally of all parts."""
        return merge_tallies(tally for _, tally in self._parts)
