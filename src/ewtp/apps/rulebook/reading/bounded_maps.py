"""Bounded mappings: the caches of a long-lived process must not grow with strangers' questions."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

_K = TypeVar("_K")
_V = TypeVar("_V")


class LruMap(Generic[_K, _V]):
    """A mapping that drops its least recently used entries beyond ``most``; threads may share it."""

    def __init__(self, most: int) -> None:
        self._lock = Lock()
        self._most = most
        self._values: OrderedDict[_K, _V] = OrderedDict()

    def get(self, key: _K) -> _V | None:
        """The value, which is now the most recently used; None where there is none."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: _K, value: _V) -> None:
        """Keep a value, as the most recently used."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)


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
