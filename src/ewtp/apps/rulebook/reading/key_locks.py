"""A lock for each key, so that what one thread reads for a key makes no thread wait that needs another."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

_K = TypeVar("_K", bound="Hashable")


@dataclass(slots=True)
class _KeyLock:
    """A lock, and how many threads hold it or wait for it."""

    lock: Lock = field(default_factory=Lock)
    threads: int = 0


class KeyLocks(Generic[_K]):
    """Locks by key, each there for as long as a thread holds it or waits for it; threads may share them."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._locks: dict[_K, _KeyLock] = {}

    @contextmanager
    def hold(self, key: _K) -> Iterator[None]:
        """Hold the lock of a key; a thread must not ask for one that it holds."""
        with self._guard:
            mine = self._locks.setdefault(key, _KeyLock())
            mine.threads += 1
        try:
            with mine.lock:
                yield
        finally:
            with self._guard:
                mine.threads -= 1
                if not mine.threads:
                    del self._locks[key]

    def __len__(self) -> int:
        """How many keys are held or waited for."""
        return len(self._locks)
