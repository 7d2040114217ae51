"""Classes of origins: economies that the same named groups hold on a day are one class for the rules that name them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ewtp.core.compiled.outcomes import Pool

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.rulebook.book import Book, Rule


class Origins:
    """Finds, once for each set of names and day, the classes of all economies."""

    def __init__(self, book: Book, economies: tuple[str, ...]) -> None:
        self.rows = Pool()
        self._groups = book.groups
        self._places = {economy: place for place, economy in enumerate(economies)}
        self._found: dict[tuple[frozenset[str], date], tuple[int, list[frozenset[str]]]] = {}
        self._turns: dict[str, frozenset[date]] = {}

    def names_in(self, rules: Iterable[Rule]) -> frozenset[str]:
        """Every economy or group that the rules name."""
        names: set[str] = set()
        for rule in rules:
            if not rule.everyone:
                names.update(rule.named, rule.measure.origins.exclude)
        return frozenset(names)

    def turns(self, names: frozenset[str]) -> frozenset[date]:
        """The days on which a membership in one of the groups begins, or is over."""
        found: frozenset[date] = frozenset()
        for name in names:
            if name not in self._turns:
                group = self._groups.get(name)
                periods = [m.validity for m in group.members] if group else []
                ends = {p.end + timedelta(days=1) for p in periods if p.end is not None}
                self._turns[name] = frozenset({p.start for p in periods} | ends)
            found |= self._turns[name]
        return found

    def turns_before(self, rules: Iterable[Rule], day: date) -> int:
        """How many of the turns of the groups that the rules name are past: the memberships are then the same."""
        return sum(turn <= day for turn in self.turns(self.names_in(rules)))

    def classes(self, names: frozenset[str], day: date) -> tuple[int, list[frozenset[str]]]:
        """The number of the row that gives every economy its class, and each class's memberships."""
        key = (names, day)
        found = self._found.get(key)
        if found is None:
            held: list[set[str]] = [set() for _ in self._places]
            for name in names:
                if name in self._places:
                    held[self._places[name]].add(name)
                group = self._groups.get(name)
                for member in group.members if group else ():
                    if day in member.validity and member.economy in self._places:
                        held[self._places[member.economy]].add(name)
            classes = Pool()
            row = tuple(classes.place(frozenset(names_held)) for names_held in held)
            found = self._found[key] = (self.rows.place(row), classes.listed())
        return found
