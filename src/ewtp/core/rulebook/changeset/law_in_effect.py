"""The law that a change is checked against or rebased on: a book, and the records that a book does not index."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import field
from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.law_record import place_of, record_key
from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.rulebook.service import Procedure, Service
from ewtp.core.rulebook.territory import Group, GroupMember, OriginRule, TariffLine, TerritoryPractice, members_of_group
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Collection

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_record import LawRecord
    from ewtp.core.rulebook.rule import CodePlace


@immutable
class HeldLaw:
    """The law in force, whole or the part around a change.

    ``digest`` is that of its version. ``others`` are services and rules of procedure that the book does not have.
    ``economies`` are the codes of all economies, ``currencies`` those of all currencies, and ``subheadings`` all
    six-digit codes of HS, in order. ``programmes`` are pairs of a territory and a programme of its additional duties,
    beside those of the book.
    """

    book: Book
    digest: str
    economies: Collection[str]
    currencies: Collection[str]
    subheadings: tuple[str, ...] = ()
    others: tuple[LawRecord, ...] = ()
    programmes: frozenset[tuple[str, str]] = frozenset()
    _measures: dict[CodePlace, dict[str, list[Measure]]] = field(default_factory=dict, compare=False)
    _others: dict[str, list[LawRecord]] = field(default_factory=lambda: defaultdict(list), compare=False)
    _programmes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set), compare=False)
    _requirements: dict[str, list[Measure]] = field(default_factory=lambda: defaultdict(list), compare=False)

    def __post_init__(self) -> None:
        for record in self.others:
            self._others[record_key(record)].append(record)

    def records_like(self, record: LawRecord) -> list[LawRecord]:
        """The records of the same key, in the order of their first days."""
        return sorted(self._with_key(record), key=place_of)

    def record_at(self, record: LawRecord) -> LawRecord | None:
        """The record of the same key and first day."""
        place = place_of(record)
        return next((held for held in self._with_key(record) if place_of(held) == place), None)

    def _with_key(self, record: LawRecord) -> list[LawRecord]:
        book = self.book
        match record:
            case Measure():
                return [*self._measures_at((record.territory, record.product.prefix)).get(record.key, ())]
            case TariffLine():
                return [line for line in self.lines_of(record.territory, record.code) if line.code == record.code]
            case Group():
                group = book.groups.get(record.id)
                return [] if group is None else [*group.stated]
            case GroupMember():
                group = book.groups.get(record.group)
                return [] if group is None else [m for m in members_of_group(group) if m.economy == record.economy]
            case TerritoryPractice():
                territory = book.territories.get(record.territory)
                practices = () if territory is None else territory.practices
                return [TerritoryPractice(record.territory, p) for p in practices if p.name == record.practice.name]
            case OriginRule():
                span = (record.first, record.last)
                rules = book.origin_rules_by_scheme.get(record.scheme, ())
                return [rule for rule in rules if (rule.first, rule.last) == span]
            case Service() | Procedure():
                key = record_key(record)
                stated = (book.services if isinstance(record, Service) else book.procedures).get(record.territory, ())
                return [*(each for each in stated if record_key(each) == key), *self._others.get(key, ())]

    def _measures_at(self, place: CodePlace) -> dict[str, list[Measure]]:
        found = self._measures.get(place)
        if found is None:
            found = defaultdict(list)
            for rule in self.book.rules.get(place, ()):
                found[rule.measure.key].append(rule.measure)
            self._measures[place] = found
        return found

    def lines_of(self, territory: str, prefix: str) -> tuple[TariffLine, ...]:
        """The lines whose code begins with ``prefix``, of any day."""
        lines = self.book.lines.get(territory, ())
        first = bisect_left(lines, prefix, key=_code_of)
        return lines[first : bisect_right(lines, prefix + ":", lo=first, key=_code_of)]

    def lines_leading_to(self, territory: str, code: str) -> tuple[TariffLine, ...]:
        """The lines of which ``code`` is a subdivision, of any day."""
        lines = self.book.lines.get(territory, ())
        found: list[TariffLine] = []
        for length in range(2, len(code)):
            first = bisect_left(lines, code[:length], key=_code_of)
            found += lines[first : bisect_right(lines, code[:length], lo=first, key=_code_of)]
        return tuple(found)

    def is_subheading(self, prefix: str) -> bool:
        """Whether some six-digit code begins with the first six digits of ``prefix``."""
        start = prefix[:6]
        place = bisect_left(self.subheadings, start)
        return place < len(self.subheadings) and self.subheadings[place].startswith(start)

    def subheadings_of(self, prefix: str) -> tuple[str, ...]:
        """The six-digit codes that begin with the first six digits of ``prefix``."""
        start = prefix[:6]
        first = bisect_left(self.subheadings, start)
        return self.subheadings[first : bisect_right(self.subheadings, start + ":", lo=first)]

    def subheadings_between(self, first: str, last: str) -> tuple[str, ...]:
        """The six-digit codes from one to another, both included."""
        return self.subheadings[bisect_left(self.subheadings, first) : bisect_right(self.subheadings, last)]

    def programmes_of(self, territory: str) -> set[str]:
        """The programmes of the additional duties on goods in a territory: its own, and those of others there."""
        if not self._programmes:
            for where, programme in self.programmes:
                self._programmes[where].add(programme)
            for (where, _), rules in self.book.rules.items():
                found = [rule.measure.programme for rule in rules if rule.measure.kind is Kind.ADDITIONAL_DUTY]
                self._programmes[where].update(found)
        economies = self._economies_of(territory)
        near = [where for where in self._programmes if not economies.isdisjoint(self._economies_of(where))]
        return {programme for where in near for programme in self._programmes[where]}

    def _economies_of(self, code: str) -> set[str]:
        territory = self.book.territories.get(code)
        return {code, *(territory.members if territory is not None else ())}

    def requirements_of(self, territory: str) -> list[Measure]:
        """The requirements of a territory."""
        if not self._requirements:
            for (where, _), rules in self.book.rules.items():
                found = [rule.measure for rule in rules if rule.measure.kind is Kind.REQUIREMENT]
                if found:
                    self._requirements[where] += found
        return self._requirements.get(territory, [])


def _code_of(line: TariffLine) -> str:
    return line.code
