"""The lines that can be declared in a year under a rulebook: codes, units, currencies and programmes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.rulebook.expressions.duty_needs import is_computable
from ewtp.core.rulebook.measure import Direction, Kind, Origins
from ewtp.core.rulebook.rule import find_matching_claims
from ewtp.core.synthetic.line_quantities import UnitCounts, choose_units, count_units
from ewtp.core.synthetic.sentences import ECONOMIES_TOO_FEW
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.rulebook.territory import TariffLine, Territory

# Chapters 98 and 99 hold special provisions, which are declared beside a code of the goods.
_FIRST_SPECIAL = "98"
_ELSEWHERE_CURRENCY = "USD"
_FEWEST_ECONOMIES = 2
_Dated = tuple[Origins, date, date]


@immutable
class DeclarableProduct:
    """A declarable code, its first and last day in the year, and the units that its duties or its line count.

    ``preferences`` numbers its class in the schedule; the same origins may claim for all products of a class.
    """

    code: str
    first: date
    last: date
    units: tuple[str, ...]
    preferences: int


@dataclass(frozen=True, slots=True, eq=False)
class ProductSchedule:
    """A territory's products; ``claims[e, c, o]`` indexes ``options``: the programmes that an origin may claim.

    The three axes are the runs of days that begin on ``days``, the classes of products, and the profile's economies as
    origins. The first option is to claim nothing.
    """

    territory: str
    products: tuple[DeclarableProduct, ...]
    days: tuple[date, ...]
    options: tuple[tuple[str, ...], ...]
    claims: NDArray[np.int32]


@immutable
class Destination:
    """An economy with its currency, the index of its schedule, and the economies inside its customs union.

    Where ``schedule`` is None, six-digit codes are declared.
    """

    economy: str
    currency: str
    schedule: int | None
    inside: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class ImportProfile:
    """Everything that lines are drawn from; ``version`` names the rulebook that it was read from."""

    version: str
    year: int
    economies: tuple[str, ...]
    destinations: tuple[Destination, ...]
    schedules: tuple[ProductSchedule, ...]
    subheadings: tuple[str, ...]


def build_import_profile(
    book: Book,
    *,
    year: int,
    subheadings: Iterable[str],
    tariff_book: Callable[[str], Book] | None = None,
) -> ImportProfile | Refusal:
    """Read a year of the book's law; ``subheadings`` are the six-digit codes of HS 2022.

    Where ``book`` holds only territories and groups, ``tariff_book`` returns the book of one territory's tariff, by
    its code; only one of them is held in memory at a time.
    Refusals: ``economies_too_few`` where the book names fewer than two economies or no destination.
    """
    unions = {t.code for t in book.territories.values() if len(t.members) > 1}
    named = {m for t in book.territories.values() for m in t.members}
    named |= {m.economy for group in book.groups.values() for m in group.memberships}
    economies = tuple(sorted(named - unions))
    reached = sorted({m for t in book.territories.values() for m in t.members} - unions)
    if len(economies) < _FEWEST_ECONOMIES or not reached:
        return Refusal(ECONOMIES_TOO_FEW)
    tariffs = {economy: _tariff(book.territories_of(economy)) for economy in reached}
    used = sorted({tariff for tariff in tariffs.values() if tariff})
    places = {code: place for place, code in enumerate(used)}
    return ImportProfile(
        book.version,
        year,
        economies,
        tuple(
            Destination(economy, _currency(book, economy), places.get(tariffs[economy]), _inside(book, economy))
            for economy in reached
        ),
        tuple(
            _ScheduleReader(tariff_book(code) if tariff_book else book, code, year, economies).read() for code in used
        ),
        tuple(sorted(code for code in subheadings if code < _FIRST_SPECIAL)),
    )


def _tariff(territories: tuple[Territory, ...]) -> str:
    return next((t.code for t in territories if t.nomenclature), "")


def _currency(book: Book, economy: str) -> str:
    territories = book.territories_of(economy)
    own = next((t.currency for t in territories if t.code == economy and t.currency), None)
    return own or next((t.currency for t in territories if t.currency), _ELSEWHERE_CURRENCY)


def _inside(book: Book, economy: str) -> frozenset[str]:
    """The economies from which goods reach this one without crossing a customs border."""
    return frozenset({economy, *(m for t in book.territories_of(economy) for m in t.members)})


class _ScheduleReader:
    """Reads the schedule of one territory over a year."""

    def __init__(self, book: Book, territory: str, year: int, economies: tuple[str, ...]) -> None:
        self.book = book
        self.territory = territory
        self.first, self.last = date(year, 1, 1), date(year, 12, 31)
        self.economies = economies
        self._charging: dict[str, list[tuple[Rule, UnitCounts, bool]]] = {}
        self._classes: dict[frozenset[_Dated], int] = {frozenset(): 0}

    def read(self) -> ProductSchedule:
        """The schedule with its products and the claims open to each class of them."""
        lines = [
            line
            for line in self.book.lines.get(self.territory, ())
            if line.code < _FIRST_SPECIAL and line.validity.start <= self.last
            if line.validity.end is None or self.first <= line.validity.end
        ]
        drafts = [self._draft(line) for line in lines]
        # A unit that no rule of the schedule counts is left out, even where the tariff requires lines to state it.
        counted = frozenset(key for _, wanted, _ in drafts for key in wanted)
        products = tuple(self._product(line, wanted, kind, counted) for line, wanted, kind in drafts)
        days = self._turns(products)
        options: dict[tuple[str, ...], int] = {(): 0}
        claims = np.zeros((len(days), len(self._classes), len(self.economies)), np.int32)
        for place, day in enumerate(days):
            self._claims_on(day, options, claims[place])
        return ProductSchedule(self.territory, products, days, tuple(options), claims)

    def _draft(self, line: TariffLine) -> tuple[TariffLine, UnitCounts, int]:
        wanted: UnitCounts = defaultdict(int)
        preferences: set[_Dated] = set()
        for rule, needed, claimable in self._rules(line.code):
            for key, weight in needed.items():
                wanted[key] += weight
            if claimable:
                preferences.add((rule.measure.origins, *self._clip_period(rule.first_day, rule.last_day)))
        return line, wanted, self._classes.setdefault(frozenset(preferences), len(self._classes))

    def _product(self, line: TariffLine, wanted: UnitCounts, kind: int, counted: frozenset[str]) -> DeclarableProduct:
        first, last = self._clip_period(line.validity.start, line.validity.end or date.max)
        units = choose_units(wanted, (key for key in line.units if key in counted))
        return DeclarableProduct(line.code, first, last, units, kind)

    def _clip_period(self, first: date, last: date) -> tuple[date, date]:
        return max(first, self.first), min(last, self.last)

    def _rules(self, code: str) -> Iterator[tuple[Rule, UnitCounts, bool]]:
        for length in range(len(code) + 1):
            prefix = code[:length]
            found = self._charging.get(prefix)
            if found is None:
                found = self._charging[prefix] = list(self._of_prefix(prefix))
            for each in found:
                if each[0].measure.product.covers(code):
                    yield each

    def _of_prefix(self, prefix: str) -> Iterator[tuple[Rule, UnitCounts, bool]]:
        """The rules at a prefix, in force in the year, that count a quantity or can be claimed."""
        for rule in self.book.rules.get((self.territory, prefix), ()):
            expression = rule.expression
            if rule.first_day > self.last or rule.last_day < self.first or rule.measure.direction is Direction.EXPORT:
                continue
            if expression is None or isinstance(expression, Refusal):
                continue
            wanted = count_units(expression)
            claimable = rule.measure.kind is Kind.PREFERENCE and is_computable(expression)
            if wanted or claimable:
                yield rule, wanted, claimable

    def _turns(self, products: tuple[DeclarableProduct, ...]) -> tuple[date, ...]:
        """The first days of the runs of days during which codes and claims do not change."""
        turns = {self.first}
        periods = [(product.first, product.last) for product in products]
        periods += [(first, last) for kind in self._classes for _, first, last in kind]
        for name in {name for kind in self._classes for origins, _, _ in kind for name in origins.include}:
            group = self.book.groups.get(name)
            periods += [(m.validity.start, m.validity.end or date.max) for m in group.memberships] if group else []
        for first, last in periods:
            turns.add(first)
            if last < self.last:
                turns.add(date.fromordinal(last.toordinal() + 1))
        return tuple(sorted(day for day in turns if self.first <= day <= self.last))

    def _claims_on(self, day: date, options: dict[tuple[str, ...], int], cells: NDArray[np.int32]) -> None:
        named = {n for kind in self._classes for o, _, _ in kind for n in (*o.include, *o.exclude)}
        alike: dict[frozenset[str], list[int]] = defaultdict(list)
        for place, economy in enumerate(self.economies):
            alike[(self.book.groups_of(economy, day) | {economy}) & named].append(place)
        for memberships, places in alike.items():
            matched: dict[Origins, tuple[str, ...]] = {}
            for kind, row in self._classes.items():
                open_to: set[str] = set()
                for origins, first, last in kind:
                    if first <= day <= last:
                        if origins not in matched:
                            matched[origins] = find_matching_claims(origins, memberships)
                        open_to.update(matched[origins])
                option = options.setdefault(tuple(sorted(open_to)), len(options))
                cells[row, places] = option
