"""Bounded mappings: the caches of a long-lived process must not grow with strangers' questions."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_K = TypeVar("_K")
_V = TypeVar("_V")


class LruMap(Generic[_K, _V]):
    """A mapping that drops its least recently used entries beyond ``most``; threads may share it.

    With ``weigh``, which gives the weight of a value, entries are also dropped until all weigh ``most_weight`` at most;
    a value that weighs more by itself is not kept.
    """

    def __init__(self, most: int, *, most_weight: int = 0, weigh: Callable[[_V], int] | None = None) -> None:
        self._lock = Lock()
        self._most = most
        self._most_weight = most_weight
        self._weigh = weigh or _weightless
        self._weight = 0
        self._values: OrderedDict[_K, tuple[int, _V]] = OrderedDict()

    def get(self, key: _K) -> _V | None:
        """The value, which is now the most recently used; None where there is none."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[1]

    def keep_value(self, key: _K, value: _V) -> None:
        """Keep a value, as the most recently used."""
        weight = self._weigh(value)
        with self._lock:
            earlier, _ = self._values.pop(key, (0, value))
            self._values[key] = weight, value
            self._weight += weight - earlier
            while len(self._values) > self._most or self._weight > self._most_weight:
                _, (dropped, _) = self._values.popitem(last=False)
                self._weight -= dropped

    @property
    def weight(self) -> int:
        """What all entries weigh together."""
        return self._weight


def _weightless(_value: object) -> int:
    return 0


class BoundedDict(dict[_K, _V]):
    """A dictionary that starts again from nothing when it would hold more than ``most`` entries; threads may share it.

    For results that are quickly computed again, which all books of a version share.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: _K, value: _V) -> None:
        if len(self) >= self._most:
            self.clear()
        super().__setitem__(key, value)
