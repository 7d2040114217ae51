"""A book with a changeset applied, without a copy: only what the changeset touches is rebuilt.

A book indexes its rules by territory and code prefix, and both are part of a measure's key. So a changeset splits into
one for each such place, which is applied when somebody looks there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.changeset import Changeset, Ended, ends_of, find_added_records
from ewtp.core.rulebook.changeset.diff import Mismatch, apply_unchecked, mismatches
from ewtp.core.rulebook.changeset.record_overlay import book_after
from ewtp.core.rulebook.measure import Direction
from ewtp.core.rulebook.precedence import measures_in_effect
from ewtp.core.rulebook.rule import CodePlace, Rule, in_order
from ewtp.core.values.codes import SUBHEADING_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_record import LawRecord
    from ewtp.core.rulebook.measure import Kind, Measure


def places_of(changes: Changeset[Measure]) -> dict[CodePlace, Changeset[Measure]]:
    """The changes by territory and prefix, each part as the ends that it sets and the measures that it adds."""
    ended: dict[CodePlace, list[Ended[Measure]]] = defaultdict(list)
    added: dict[CodePlace, list[Measure]] = defaultdict(list)
    for end in ends_of(changes):
        ended[_place(end.record)].append(end)
    for measure in find_added_records(changes):
        added[_place(measure)].append(measure)
    return {
        place: Changeset(changes.before, changes.after, tuple(added.get(place, ())), tuple(ended.get(place, ())))
        for place in sorted({*ended, *added})
    }


class Overlay:
    """A changeset to be applied to books: to the whole law, or to the parts of it that questions need."""

    def __init__(self, changeset: Changeset[LawRecord]) -> None:
        self.changeset = changeset
        self.parts = places_of(changeset.measures)

    def over(
        self,
        book: Book,
        *,
        coverage: Mapping[str, frozenset[Kind]] | None = None,
        schedule_starts: Mapping[str, date] | None = None,
    ) -> Book:
        """The book as ``build_book`` would make it of the records that ``apply`` gives; its version's name stays.

        The changeset's own measures count even where they are only proposed: the book simulates a reform. It starts
        with empty memos; which economies belong to which groups is remembered where only measures change. Where
        ``book`` is a part of the law, ``coverage`` and ``schedule_starts`` are those of the whole overlaid one. Look
        for ``mismatches`` first: a record held otherwise than the changeset states it is overwritten.
        """
        rules = OverlaidRules(book.rules, self.parts)
        found = book_after(book, self.changeset)
        return replace(
            found,
            rules=rules,
            export_rules=_change_export_rules(book, self.parts),
            coverage=_coverage(book, rules) if coverage is None else coverage,
            schedule_starts=found.schedule_starts if schedule_starts is None else schedule_starts,
            _relief_places=book.relief_places_with(self.parts),
            derived={},
        )

    def mismatches(self, book: Book) -> tuple[Mismatch[Measure], ...]:
        """The measures that ``book`` does not hold as the changeset states them, as ``mismatches`` gives them."""
        places = dict.fromkeys(map(_place, _measures_of(self.changeset.measures)))
        return mismatches(
            self.changeset.measures, (rule.measure for place in places for rule in book.rules.get(place, ()))
        )

    def contradictions(self, book: Book) -> Iterator[tuple[Measure, Measure]]:
        """Pairs of measures that would share a key and a day in ``book`` with the changeset, which law cannot do."""
        rules = OverlaidRules(book.rules, self.parts)
        for place in self.parts:
            measures = sorted((rule.measure for rule in rules.get(place, ())), key=_key)
            for one, other in pairwise(measures):
                if one.key == other.key and (one.validity.end is None or one.validity.end >= other.validity.start):
                    yield one, other


def overlaid(book: Book, changeset: Changeset[LawRecord]) -> Book:
    """The whole law with a changeset applied; see ``Overlay.over``."""
    return Overlay(changeset).over(book)


def _measures_of(changes: Changeset[Measure]) -> Iterator[Measure]:
    yield from (end.record for end in ends_of(changes))
    yield from find_added_records(changes)


def _key(measure: Measure) -> tuple[str, date]:
    return measure.key, measure.validity.start


def _place(measure: Measure) -> CodePlace:
    return measure.territory, measure.product.prefix


def _change_export_rules(
    book: Book, parts: Mapping[CodePlace, Changeset[Measure]]
) -> Mapping[CodePlace, tuple[Rule, ...]]:
    """The rules on exports with a changeset's parts applied; a part of the law has all of them."""
    found = dict(book.export_rules)
    for (territory, prefix), part in parts.items():
        leaving = Changeset(
            part.before,
            part.after,
            tuple(measure for measure in part.added if measure.direction is Direction.EXPORT),
            tuple(end for end in part.ended if end.record.direction is Direction.EXPORT),
        )
        if leaving.added or leaving.ended:
            place = (territory, prefix[:SUBHEADING_DIGITS])
            there = found.get(place, ())
            here = tuple(rule for rule in there if rule.measure.product.prefix == prefix)
            others = tuple(rule for rule in there if rule.measure.product.prefix != prefix)
            found[place] = others + _change_rules(here, leaving)
    return found


class OverlaidRules(Mapping[CodePlace, "tuple[Rule, ...]"]):
    """The rules of a book by place, with a changeset's parts applied where somebody looks."""

    def __init__(
        self, below: Mapping[CodePlace, tuple[Rule, ...]], parts: Mapping[CodePlace, Changeset[Measure]]
    ) -> None:
        self.below = below
        self.parts = parts
        self._changed: dict[CodePlace, tuple[Rule, ...]] = {}

    def __getitem__(self, place: CodePlace) -> tuple[Rule, ...]:
        if place not in self.parts:
            return self.below[place]
        found = self._changed.get(place)
        if found is None:
            found = self._changed[place] = _change_rules(self.below.get(place, ()), self.parts[place])
        # A book has no place without rules, so that one whose last rule went is not there.
        if not found:
            raise KeyError(place)
        return found

    def __iter__(self) -> Iterator[CodePlace]:
        yield from (place for place in self.below if place not in self.parts or place in self)
        yield from (place for place in self.parts if place not in self.below and place in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _change_rules(rules: tuple[Rule, ...], part: Changeset[Measure]) -> tuple[Rule, ...]:
    """One place's rules with its part applied; a measure that stays keeps its rule, a new one is read."""
    known = {id(rule.measure): rule for rule in rules}
    measures = measures_in_effect(apply_unchecked(part, (rule.measure for rule in rules)), proposals=True)
    return in_order(known.get(id(measure)) or Rule(measure) for measure in measures)


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
