"""How many firms are behind a cell of a report, as far as it matters: fewer than five, or not.

A cell with fewer than five firms would tell one of them what the others do, and a reader who knows the trade whose
figures they are. Of the firms in each cell the five smallest hashes are kept: with five, there are enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

# A cell of fewer firms is withheld.
LEAST_FIRMS = 5
# The dimension of all affected lines together, which has one value.
WHOLE = ""
# The dimension of the currencies of answers.
BY_CURRENCY = "currency"
_BAR = "|"


@immutable
class CellFirms:
    """Of each dimension and key the smallest hashes of firms with affected lines, in order, at most five.

    A breakdown's key is that of ``cell_key``: figures are given by value and currency, and few firms may be behind one
    of them though many are behind the value.
    """

    firms: Mapping[str, Mapping[str, tuple[int, ...]]]

    def is_few(self, dimension: str, key: str) -> bool:
        """Whether fewer than five firms are behind the affected lines of a key."""
        return len(self.firms.get(dimension, {}).get(key, ())) < LEAST_FIRMS

    def of_cell(self, dimension: str, value: str, currency: str) -> tuple[int, ...]:
        """The firms behind the affected lines of a value whose answers are in a currency."""
        return self.firms.get(dimension, {}).get(cell_key(value, currency), ())

    def of_value(self, dimension: str, value: str) -> tuple[int, ...]:
        """The firms behind the affected lines of a value, in any currency."""
        held = self.firms.get(dimension, {})
        return _least(tuple(firm for key, firms in held.items() if _read_key(key)[0] == value for firm in firms))

    def group_by_prefix(self, dimension: str, digits: int) -> Mapping[tuple[str, str], tuple[int, ...]]:
        """The firms by the first ``digits`` of a code, and currency."""
        found: dict[tuple[str, str], tuple[int, ...]] = {}
        for key, firms in self.firms.get(dimension, {}).items():
            code, currency = _read_key(key)
            found[code[:digits], currency] = _least((*found.get((code[:digits], currency), ()), *firms))
        return found

    def as_json(self) -> dict[str, Any]:
        """The hashes as texts, since they are longer than the numbers of JSON."""
        return {
            name: {value: [str(firm) for firm in firms] for value, firms in sorted(values.items())}
            for name, values in sorted(self.firms.items())
        }


def cell_key(value: str, currency: str) -> str:
    """The key of a value and the currency of its answers, which has no bar in it."""
    return f"{value}{_BAR}{currency}"


def _read_key(key: str) -> tuple[str, str]:
    value, _, currency = key.rpartition(_BAR)
    return value, currency


def cell_firms_from_json(body: Mapping[str, Mapping[str, Sequence[str]]]) -> CellFirms:
    """The firms that ``as_json`` wrote."""
    return CellFirms(
        {
            name: {value: tuple(int(firm) for firm in firms) for value, firms in values.items()}
            for name, values in body.items()
        }
    )


def merge_cells(parts: Iterable[CellFirms]) -> CellFirms:
    """The firms of all parts together; their order does not matter."""
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for part in parts:
        for name, values in part.firms.items():
            held = found.setdefault(name, {})
            for value, firms in values.items():
                held[value] = _least((*held[value], *firms)) if value in held else firms
    return CellFirms(found)


def _least(firms: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(firms))[:LEAST_FIRMS])


def least_firms(
    cells: NDArray[np.int32], values: Sequence[str], firms: NDArray[np.uint64]
) -> dict[str, tuple[int, ...]]:
    """The smallest hashes of firms by cell; ``cells`` index ``values``, and both arrays have one element a line."""
    if not len(cells):
        return {}
    order = np.lexsort((firms, cells))
    cells, firms = cells[order], firms[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (cells[1:] != cells[:-1]) | (firms[1:] != firms[:-1])
    cells, firms = cells[new], firms[new]
    starts = np.flatnonzero(np.diff(cells, prepend=-1))
    found = {}
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(cells)], strict=True):
        found[values[int(cells[start])]] = tuple(firms[start : min(end, start + LEAST_FIRMS)].tolist())
    return found
