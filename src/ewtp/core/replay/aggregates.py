"""What a replay has counted so far: sums by name and key, which add up in any order and can be kept as JSON."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from itertools import repeat
from operator import add
from typing import TYPE_CHECKING, Any
from zlib import compress, decompress

import numpy as np

from ewtp.core.replay.firm_changes import FirmChanges, firms_from_json, firms_merged
from ewtp.core.replay.paired_answers import AMOUNTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What a line that the change touches becomes; each such line is one of these.
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
# The headline: every line is refused under both, or answered under both, or one of the last two of OUTCOMES.
COUNTS = ("lines", "answered", "refused", "affected", *OUTCOMES, *PROHIBITED)
# A row of a breakdown: affected lines, and amounts in ten-thousandths of those that can be compared.
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
# All lines to a destination that can be compared; ``incomplete`` ones are counted with what is known of them.
TOTALS = ("lines", "incomplete", *(f"{name}_{side}" for side in ("before", "after") for name in AMOUNTS))
# Breakdowns, by the value of a line and the currency of its answer.
DIMENSIONS = ("destination", "dispatch", "origin", "subheading", "firm_size")
# Of these, all lines are counted too; of thousands of products it would cost more than everything else.
COUNTED = ("destination", "dispatch", "origin", "firm_size")
Key = tuple[str, ...]
# Most sums are small or nothing, and more effort makes them hardly smaller.
_FASTEST = 1
Sums = dict[Key, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class ReplayTally:
    """Sums of whole numbers by the name of a table and a key; amounts are in ten-thousandths of a unit.

    ``headline`` has the key () and the fields COUNTS; ``totals`` (destination, currency) and TOTALS; a dimension's
    ``DIMENSION`` (value, currency) and ROW; ``lines_DIMENSION`` (value,) and the number of all lines; ``filings``
    (territory, agency) and ``papers`` (territory, agency, document) how many before and after. ``firms`` is None where
    lines name none.
    """

    tables: Mapping[str, Sums]
    firms: FirmChanges | None = None

    def as_json(self) -> dict[str, Any]:
        """The tally for a file: a million lines come to tens of thousands of sums, so these are packed."""
        return {
            "tables": {name: _packed(sums) for name, sums in sorted(self.tables.items())},
            "firms": None if self.firms is None else self.firms.as_json(),
        }


def tally_from_json(body: Mapping[str, Any]) -> ReplayTally:
    """The tally that ``as_json`` wrote."""
    tables = {name: _unpacked(table) for name, table in body["tables"].items()}
    return ReplayTally(tables, None if body["firms"] is None else firms_from_json(body["firms"]))


def _packed(sums: Sums) -> dict[str, Any]:
    """A table as columns of its keys, and its rows: 64-bit integers, little-endian, deflated, in base 64.

    Rows with a longer number are texts instead, for JSON's readers do not keep one.
    """
    rows = sorted(sums.items())
    values = [row for _, row in rows]
    body: dict[str, Any] = {"keys": [list(part) for part in zip(*(key for key, _ in rows), strict=True)]}
    try:
        whole = np.array(values, "<i8")
    except OverflowError:
        return body | {"texts": [" ".join(map(str, row)) for row in values]}
    return body | {"rows": len(rows), "packed": b64encode(compress(whole.tobytes(), _FASTEST)).decode()}


def _unpacked(body: Mapping[str, Any]) -> Sums:
    if "texts" in body:
        values = [tuple(map(int, row.split())) for row in body["texts"]]
    else:
        flat = np.frombuffer(decompress(b64decode(body["packed"])), "<i8")
        values = [tuple(row) for row in flat.reshape(body["rows"], -1 if len(flat) else 0).tolist()]
    keys = zip(*body["keys"], strict=True) if body["keys"] else repeat((), len(values))
    return dict(zip(keys, values, strict=True))


def merged(tallies: Iterable[ReplayTally]) -> ReplayTally:
    """The tally of all lines together, whichever way they were split and whatever order the parts come in."""
    tables: dict[str, Sums] = {}
    firms: list[FirmChanges] = []
    for tally in tallies:
        for name, sums in tally.tables.items():
            add_sums(tables.setdefault(name, {}), sums)
        if tally.firms is not None:
            firms.append(tally.firms)
    return ReplayTally(tables, firms_merged(firms) if firms else None)


def add_sums(to: Sums, sums: Sums) -> None:
    """Add each row of ``sums`` to the row of the same key."""
    for key, values in sums.items():
        add_row(to, key, values)


def add_row(to: Sums, key: Key, values: tuple[int, ...]) -> None:
    """Add to the row of a key."""
    held = to.get(key)
    to[key] = values if held is None else tuple(map(add, held, values))


class Gathering:
    """Tallies gathered one by one; parts of like size are merged, so that firms are sorted a few times only."""

    def __init__(self) -> None:
        self._parts: list[tuple[int, ReplayTally]] = []

    def add(self, tally: ReplayTally) -> None:
        """Take one more."""
        size = 1
        while self._parts and self._parts[-1][0] == size:
            _, held = self._parts.pop()
            tally, size = merged((held, tally)), size * 2
        self._parts.append((size, tally))

    def result(self) -> ReplayTally:
        """All of them together."""
        return merged(tally for _, tally in self._parts)
