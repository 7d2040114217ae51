"""A book with a changeset carried out, without copying it: only the rules that the changeset touches are made anew.

The rules of a book lie by territory and code prefix, and everything that makes a measure's key lies inside one of these
places. So a changeset falls apart into one for each place, and each is carried out when somebody looks there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from ewtp.core.rulebook.book import Book, prepare
from ewtp.core.rulebook.changeset.diff import Changeset, Ended, apply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ewtp.core.rulebook.book import Rule
    from ewtp.core.rulebook.measure import Kind, Measure

Place = tuple[str, str]


def places_of(changeset: Changeset) -> dict[Place, Changeset]:
    """The changeset by territory and prefix, each part as what it ends and what it adds, in the order of ``apply``."""
    ended: dict[Place, list[Ended]] = defaultdict(list)
    added: dict[Place, list[Measure]] = defaultdict(list)
    for end in changeset.ended:
        ended[_place(end.measure)].append(end)
    for change in changeset.amended:
        start = change.after.validity.start
        last_day = start - timedelta(days=1) if start > change.before.validity.start else None
        ended[_place(change.before)].append(Ended(change.before, last_day))
    for measure in (*(change.after for change in changeset.amended), *changeset.added):
        added[_place(measure)].append(measure)
    return {
        place: Changeset(changeset.before, changeset.after, tuple(added.get(place, ())), tuple(ended.get(place, ())))
        for place in sorted({*ended, *added})
    }


class Overlay:
    """A changeset made ready to be laid over books: the whole law, or the parts of it that questions need."""

    def __init__(self, changeset: Changeset) -> None:
        self.changeset = changeset
        self.parts = places_of(changeset)

    def over(self, book: Book, *, coverage: Mapping[str, frozenset[Kind]] | None = None) -> Book:
        """The book as ``build_book`` would make it of the measures that ``apply`` gives; its version's name stays.

        What a book remembers is begun anew, save which economies belong to which groups and territories: a changeset
        is about measures alone. Where ``book`` is a part of the law, ``coverage`` is that of the whole overlaid one.
        """
        rules = OverlaidRules(book.rules, self.parts)
        return replace(
            book,
            rules=rules,
            coverage=_coverage(book, rules) if coverage is None else coverage,
            _rules_of={},
            _lines_of={},
            derived={},
        )

    def contradictions(self, book: Book) -> Iterator[tuple[Measure, Measure]]:
        """Pairs of measures that would share a key and a day in ``book`` with the changeset, which law cannot do."""
        rules = OverlaidRules(book.rules, self.parts)
        for place in self.parts:
            measures = sorted((rule.measure for rule in rules.get(place, ())), key=_key)
            for one, other in pairwise(measures):
                if one.key == other.key and (one.validity.end is None or one.validity.end >= other.validity.start):
                    yield one, other


def ends_too_early(changeset: Changeset) -> tuple[Measure, ...]:
    """The measures that the changeset would end before they began; such a changeset cannot be carried out."""
    return tuple(
        end.measure for end in changeset.ended if end.last_day is not None and end.last_day < end.measure.validity.start
    )


def overlaid(book: Book, changeset: Changeset) -> Book:
    """The whole law with a changeset carried out; see ``Overlay.over``."""
    return Overlay(changeset).over(book)


def not_held(book: Book, changeset: Changeset) -> tuple[Measure, ...]:
    """The measures that the changeset ends or amends and the book does not have, by key and first day."""
    named = [*(end.measure for end in changeset.ended), *(change.before for change in changeset.amended)]
    return tuple(measure for measure in named if not _holds(book, measure))


def _holds(book: Book, measure: Measure) -> bool:
    wanted = _key(measure)
    return any(_key(rule.measure) == wanted for rule in book.rules.get(_place(measure), ()))


def _key(measure: Measure) -> tuple[str, date]:
    return measure.key, measure.validity.start


def _place(measure: Measure) -> Place:
    return measure.territory, measure.product.prefix


class OverlaidRules(Mapping[Place, "tuple[Rule, ...]"]):
    """The rules of a book by place, with a changeset's parts carried out where somebody looks."""

    def __init__(self, below: Mapping[Place, tuple[Rule, ...]], parts: Mapping[Place, Changeset]) -> None:
        self.below = below
        self.parts = parts
        self._changed: dict[Place, tuple[Rule, ...]] = {}

    def __getitem__(self, place: Place) -> tuple[Rule, ...]:
        if place not in self.parts:
            return self.below[place]
        found = self._changed.get(place)
        if found is None:
            found = self._changed[place] = _changed(self.below.get(place, ()), self.parts[place])
        # A place whose last rule went is no place of a book, as if it had been built without it.
        if not found:
            raise KeyError(place)
        return found

    def __iter__(self) -> Iterator[Place]:
        yield from (place for place in self.below if place not in self.parts or place in self)
        yield from (place for place in self.parts if place not in self.below and place in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _changed(rules: tuple[Rule, ...], part: Changeset) -> tuple[Rule, ...]:
    """One place's rules with its part carried out; what stays keeps its rule, what is new is read."""
    ready = {id(rule.measure): rule for rule in rules}
    measures = apply(part, (rule.measure for rule in rules))
    made = [ready.get(id(measure)) or prepare(measure) for measure in measures]
    return tuple(sorted(made, key=lambda rule: rule.measure.id))


def _coverage(book: Book, rules: OverlaidRules) -> dict[str, frozenset[Kind]]:
    """Which kinds of rule each territory has, where the book is the whole law."""
    held = {territory: set(kinds) for territory, kinds in book.coverage.items()}
    gone: dict[str, set[Kind]] = defaultdict(set)
    for place in rules.parts:
        before, after = _kinds(book.rules.get(place, ())), _kinds(rules.get(place, ()))
        held.setdefault(place[0], set()).update(after)
        gone[place[0]] |= before - after
    for territory, kinds in gone.items():
        if kinds:
            left = {kind for place, found in rules.items() if place[0] == territory for kind in _kinds(found)}
            held[territory] -= kinds - left
    return {territory: frozenset(kinds) for territory, kinds in held.items() if kinds}


def _kinds(rules: tuple[Rule, ...]) -> set[Kind]:
    return {rule.measure.kind for rule in rules}
