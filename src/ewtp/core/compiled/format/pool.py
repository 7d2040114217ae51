"""Intern pools: equal values kept once, each under a number."""

from __future__ import annotations

from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Pool(Generic[_Value]):
    """Values that are kept once, each under a number; the first one is number 0."""

    def __init__(self, *first: _Value) -> None:
        self._places: dict[_Value, int] = {}
        self.listed: list[_Value] = []
        for value in first:
            self.place(value)

    def place(self, value: _Value) -> int:
        """The number of a value."""
        found = self._places.get(value)
        if found is None:
            found = self._places[value] = len(self.listed)
            self.listed.append(value)
        return found

    def append(self, value: _Value) -> None:
        """Give the next number to a value, which may have one already."""
        self._places.setdefault(value, len(self.listed))
        self.listed.append(value)
