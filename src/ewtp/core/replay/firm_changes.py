"""Which firms pay more or less and show more or fewer papers: the changes of every affected firm, by a hash of its id.

A firm whose costs change takes twenty bytes for each currency that it pays in: eight for the hash, four for the
currency, eight for the change. A firm whose papers change takes twenty more. Ten million firms take 200 MB. Among ten
million firms, two ids share a hash with a probability of about one in 400,000. Nothing else about a firm is stored.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

# The 64-bit hash of Fowler, Noll and Vo, and the finaliser of MurmurHash3, which spreads small differences.
_OFFSET, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_MIX = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
_SHIFT = np.uint64(33)
_HALF = 32
_LOW = (1 << _HALF) - 1
_MOST = 2**63 - 1


@dataclass(frozen=True, slots=True, eq=False)
class FirmChanges:
    """Sums of changes, ordered by number and currency, each pair once.

    Of costs they are in ten-thousandths; of papers they are counts, and the currency is 0.
    """

    numbers: NDArray[np.uint64]
    currencies: NDArray[np.uint32]
    changes: NDArray[np.int64]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FirmChanges):
            return NotImplemented
        return all(np.array_equal(one, two) for one, two in zip(self._arrays, other._arrays, strict=True))

    __hash__ = None  # type: ignore[assignment]  # arrays can be changed

    @property
    def _arrays(self) -> tuple[NDArray[Any], ...]:
        return self.numbers, self.currencies, self.changes

    def count_firms(self) -> tuple[int, int, int]:
        """The numbers of firms with more, with less, and with more in one currency and less in another."""
        starts = np.flatnonzero(np.diff(self.numbers, prepend=~self.numbers[:1]))
        if not len(starts):
            return 0, 0, 0
        more = np.logical_or.reduceat(self.changes > 0, starts)
        less = np.logical_or.reduceat(self.changes < 0, starts)
        return int((more & ~less).sum()), int((less & ~more).sum()), int((more & less).sum())

    def as_json(self) -> list[str]:
        """The three arrays, little-endian, in base 64."""
        kinds = ("<u8", "<u4", "<i8")
        return [
            b64encode(array.astype(kind).tobytes()).decode() for array, kind in zip(self._arrays, kinds, strict=True)
        ]


NO_FIRMS = FirmChanges(np.empty(0, np.uint64), np.empty(0, np.uint32), np.empty(0, np.int64))


@immutable
class FirmTally:
    """What becomes of the firms: the changes of their costs, and of the number of papers that they have to show."""

    costs: FirmChanges
    papers: FirmChanges

    def counts(self) -> dict[str, int]:
        """The numbers of firms that pay more, less, or both in two currencies; and that show more or fewer papers."""
        more, less, both = self.costs.count_firms()
        burdened, relieved, _ = self.papers.count_firms()
        return {
            "pay_more": more,
            "pay_less": less,
            "pay_more_and_less": both,
            "more_papers": burdened,
            "fewer_papers": relieved,
        }

    def as_json(self) -> dict[str, list[str]]:
        """Both changes, as ``FirmChanges.as_json`` writes them."""
        return {"costs": self.costs.as_json(), "papers": self.papers.as_json()}


def firms_from_json(body: Mapping[str, Sequence[str]]) -> FirmTally:
    """The tally that ``as_json`` wrote."""
    return FirmTally(_changes_from_json(body["costs"]), _changes_from_json(body["papers"]))


def _changes_from_json(body: Sequence[str]) -> FirmChanges:
    numbers, currencies, changes = (b64decode(text) for text in body)
    return FirmChanges(
        np.frombuffer(numbers, "<u8").astype(np.uint64),
        np.frombuffer(currencies, "<u4").astype(np.uint32),
        np.frombuffer(changes, "<i8").astype(np.int64),
    )


def sum_by_firm(
    firms: NDArray[np.uint64], currency: NDArray[np.int32], names: Sequence[str], changes: NDArray[np.int64]
) -> FirmChanges:
    """Sum the changes of lines, in ten-thousandths, by firm; ``currency`` indexes ``names``."""
    packed = np.array([_pack_currency(name) for name in names] or [0], np.uint32)[currency]
    return _sum_changes(FirmChanges(firms, packed, changes))


def count_by_firm(firms: NDArray[np.uint64], changes: NDArray[np.int64]) -> FirmChanges:
    """Sum the changes of lines' numbers of papers by firm."""
    return _sum_changes(FirmChanges(firms, np.zeros(len(firms), np.uint32), changes))


def merge_firms(parts: Iterable[FirmTally]) -> FirmTally:
    """Sum the changes of all parts; their order does not matter."""
    gathered = list(parts)
    return FirmTally(
        _merge_changes([part.costs for part in gathered]), _merge_changes([part.papers for part in gathered])
    )


def _merge_changes(parts: Sequence[FirmChanges]) -> FirmChanges:
    gathered = list(parts) or [NO_FIRMS]
    columns = zip(*(part._arrays for part in gathered), strict=True)  # noqa: SLF001 - of its own class
    numbers, currencies, changes = (np.concatenate(column) for column in columns)
    return _sum_changes(FirmChanges(numbers, currencies, changes))


def hash_ids(ids: Sequence[str]) -> NDArray[np.uint64]:
    """A 64-bit hash of each id, the same in every file and on every computer."""
    texts = [text.encode() for text in ids]
    lengths = np.array([len(text) for text in texts], np.uint64)
    width = max((len(text) for text in texts), default=1) or 1
    rows = np.array(texts, f"S{width}").view(np.uint8).reshape(len(texts), width)
    with np.errstate(over="ignore"):
        found = np.full(len(texts), _OFFSET)
        for position in range(width):
            within = lengths > position
            found[within] = (found[within] ^ rows[within, position]) * _PRIME
        for mix in _MIX:
            found = (found ^ (found >> _SHIFT)) * mix
    return found ^ (found >> _SHIFT)


def _sum_changes(lines: FirmChanges) -> FirmChanges:
    order = np.lexsort((lines.currencies, lines.numbers))
    numbers, currencies, changes = (array[order] for array in lines._arrays)  # noqa: SLF001 - of its own class
    if not len(order):
        return NO_FIRMS
    new = np.ones(len(order), np.bool_)
    new[1:] = (numbers[1:] != numbers[:-1]) | (currencies[1:] != currencies[:-1])
    starts = np.flatnonzero(new)
    # Sums of halves cannot overflow. A sum beyond 62 bits (460 trillion for one firm) keeps its sign, and only the sign
    # is reported.
    high = np.add.reduceat(changes >> _HALF, starts)
    low = np.add.reduceat(changes & _LOW, starts)
    high += low >> _HALF
    whole = np.where(np.abs(high) < 1 << (_HALF - 2), (high << _HALF) + (low & _LOW), np.sign(high) * _MOST)
    return FirmChanges(numbers[starts], currencies[starts], whole)


def _pack_currency(currency: str) -> int:
    """A currency code as an integer, so that the firms need no list of currencies."""
    return int.from_bytes(currency.encode()[:3], "little")
