"""A book compiled: entries, lists of rules, and what each list comes to on every day and for every origin."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.assembling import Draft, finished
from ewtp.core.compiled.entries import (
    FIRST_DAY,
    Covering,
    RuleList,
    Schedule,
    day_number,
    day_of,
    joined_lists,
    numbered,
    rules_by_entry,
    rules_by_territory,
    runs_of,
    split_by_origin,
)
from ewtp.core.compiled.origins import Origins
from ewtp.core.compiled.outcomes import FACETS_OF_RULES, Case, Decider, Facet
from ewtp.core.compiled.tables import BUYERS, TRANSPORTS, CompiledBook
from ewtp.core.compiled.unknowns import unknown_bit
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.money import Money, minor_units

if TYPE_CHECKING:
    from collections.abc import Callable

    from ewtp.core.rulebook.book import Book, Rule
    from ewtp.core.rulebook.territory import Territory

_VALUE_CONDITIONS = frozenset({"maximum_value", "below_value", "minimum_value"})
NO_TERRITORY, NO_TARIFF, HAS_TARIFF = range(3)


def compile_book(
    book: Book,
    economies: frozenset[str],
    exists: Callable[[str], bool],
) -> CompiledBook:
    """Compile every rule of the book for every destination and origin among ``economies``.

    ``exists`` says whether six digits are a subheading of HS 2022.
    """
    return _Compiler(book, tuple(sorted(economies)), exists).compiled()


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list of rules of one facet; ``lower_duties``: the code may have preferences or quotas."""

    facet: Facet
    rules: RuleList
    lower_duties: bool


class _Compiler:
    """Holds what is met on the way."""

    def __init__(self, book: Book, economies: tuple[str, ...], exists: Callable[[str], bool]) -> None:
        self.book = book
        self.economies = economies
        self.exists = exists
        self.decider = Decider()
        self.origins = Origins(book, economies)
        self.rules: list[Rule] = []
        self.draft = Draft()
        self._imports = rules_by_territory(book)
        self._lists: dict[_Listed, int] = {}
        # What the rules in force on some days come to, shared by the lists that have them.
        self._decided: dict[tuple[object, ...], tuple[int, list[int]]] = {}

    def compiled(self) -> CompiledBook:
        """The whole book."""
        schedules: dict[str, list[str]] = defaultdict(list)
        for economy in self.economies:
            tariff = self._tariff(self.book.territories_of(economy))
            schedules[tariff.code if tariff else ""].append(economy)
        for _, members in sorted(schedules.items()):
            self._schedule(members)
        for listed in self._lists:
            self._spans(listed)
        return finished(self.draft, self.decider, self.origins, self.book, economies=self.economies, exists=self.exists)

    def _tariff(self, territories: tuple[Territory, ...]) -> Territory | None:
        return next((t for t in territories if t.nomenclature), None)

    def _schedule(self, members: list[str]) -> None:
        """One schedule and every destination that uses it."""
        book = self.book
        codes = sorted({t.code for economy in members for t in book.territories_of(economy)})
        tariff = self._tariff(book.territories_of(members[0]))
        schedule = Schedule(tariff, tuple(codes))
        by_territory = {code: self._imports.get(code, {}) for code in codes}
        schedule.fill(
            ((prefix, rule) for own in by_territory.values() for prefix, rules in own.items() for rule in rules),
            book.lines.get(tariff.code, ()) if tariff else (),
        )
        covering: dict[str, Covering] = {}
        for code, own in by_territory.items():
            numbers: dict[int, int] = {}
            for rules in own.values():
                for rule in rules:
                    numbers[id(rule)] = len(self.rules)
                    self.rules.append(rule)
            covering[code] = numbered(rules_by_entry(schedule, own, numbers))
        number = self.draft.add_schedule(
            schedule,
            runs_of(schedule, book),
            book.schedule_starts.get(tariff.code) if tariff else None,
        )
        for economy in members:
            self._destination(economy, number, covering, schedule)

    def _destination(
        self,
        economy: str,
        schedule_number: int,
        covering: dict[str, Covering],
        schedule: Schedule,
    ) -> None:
        territories = self.book.territories_of(economy)
        lower = any(Kind.PREFERENCE in self._kinds(t.code) for t in territories)
        each = [covering[t.code] for t in territories]
        rows = np.zeros((len(Facet), len(schedule.codes)), np.int32)
        for facet in FACETS_OF_RULES:
            for joined, entries in joined_lists(
                [(found[0][:, facet], found[1][facet]) for found in each], len(schedule.codes)
            ):
                rest = joined
                if facet is Facet.ADDITIONAL:
                    by_origin, rest = split_by_origin(joined, self.rules)
                    rows[Facet.ADDITIONAL_BY_ORIGIN, entries] = self._list(Facet.ADDITIONAL_BY_ORIGIN, by_origin)
                rows[facet, entries] = self._list(facet, rest, lower=lower and facet is Facet.DUTY)
        flags = (HAS_TARIFF if schedule.tariff else NO_TARIFF) if territories else NO_TERRITORY
        unknowns, no_tax = self._gaps(economy, territories, schedule)
        self.draft.add_destination(economy, schedule_number, rows, flags=flags, unknowns=unknowns, no_tax=no_tax)

    def _kinds(self, territory: str) -> frozenset[Kind]:
        return self.book.coverage.get(territory, frozenset())

    def _gaps(self, economy: str, territories: tuple[Territory, ...], schedule: Schedule) -> tuple[int, int]:
        """What is left open for every line to a destination, and for those that no tax reaches."""
        if not territories:
            return unknown_bit("economy_not_in_rulebook"), 0
        union = any(t.code == economy and len(t.members) > 1 for t in territories)
        no_tax = unknown_bit("tax_depends_on_member" if union else "tax_not_in_rulebook")
        if schedule.tariff is None:
            return unknown_bit("tariff_not_in_rulebook"), no_tax
        return unknown_bit("not_in_rulebook"), no_tax

    def _list(self, facet: Facet, rules: RuleList, *, lower: bool = False) -> int:
        return self._lists.setdefault(_Listed(facet, rules, lower), len(self._lists))

    def _spans(self, listed: _Listed) -> None:
        """Decide a list for every day, class of origins, buyer, transport and interval of value."""
        rules = [self.rules[n] for n in listed.rules]
        kinds = {c.kind for rule in rules for c in rule.measure.conditions}
        limits = {c.value for rule in rules for c in rule.measure.conditions if c.kind in _VALUE_CONDITIONS}
        read = _limits(limits)
        if read is None:
            self.draft.add_list(buyer=False, transport=False, currency=-1, limits=())
            self.draft.add_span(FIRST_DAY, self.origins.classes(frozenset(), date.min)[0], [self.decider.scalar()])
            return
        currency, minor_limits, values = read
        buyers = BUYERS if "buyer" in kinds else BUYERS[:1]
        transports = TRANSPORTS if "transport" in kinds else TRANSPORTS[:1]
        number = -1 if currency == "" else self.decider.currencies.place(currency)
        self.draft.add_list(
            buyer=len(buyers) > 1,
            transport=len(transports) > 1,
            currency=number,
            limits=minor_limits,
        )
        turns = {turn for rule in rules for turn in (rule.first_day, _after(rule.last_day)) if turn}
        turns |= self.origins.turns(self.origins.names_in(rules))
        last: tuple[int, list[int]] | None = None
        for start in [FIRST_DAY, *sorted(day_number(turn) for turn in turns)]:
            day = day_of(start)
            here = [rule for rule in rules if rule.first_day <= day <= rule.last_day]
            modes = (len(buyers), len(transports), values)
            in_force = tuple(map(id, here))
            key = (listed.facet, listed.lower_duties, modes, in_force, self.origins.turns_before(here, day))
            found = self._decided.get(key)
            if found is None:
                row, classes = self.origins.classes(self.origins.names_in(here), day)
                outcomes = [
                    self.decider.decide(
                        listed.facet,
                        here,
                        Case(day, memberships, buyer, transport, value),
                        lower_duties=listed.lower_duties,
                    )
                    for memberships in classes
                    for buyer in buyers
                    for transport in transports
                    for value in values
                ]
                found = self._decided[key] = (row, outcomes)
            row, outcomes = found
            if (row, outcomes) != last:
                self.draft.add_span(start, row, outcomes)
                last = (row, outcomes)


def _after(day: date) -> date | None:
    return None if day == date.max else day + timedelta(days=1)


def _limits(limits: set[str]) -> tuple[str, tuple[int, ...], tuple[Money, ...]] | None:
    """The limits' currency, the limits in minor units, and one value below, at, between and above them.

    None where the limits are in more than one currency, or finer than a minor unit.
    """
    if not limits:
        return "", (), (Money(Decimal(1), "XXX"),)
    amounts = set()
    currencies = set()
    for text in limits:
        figure, _, currency = text.partition(" ")
        amounts.add(Decimal(figure))
        currencies.add(currency)
    currency = currencies.pop()
    minor = [amount.scaleb(minor_units(currency)) for amount in sorted(amounts)]
    if currencies or any(amount != amount.to_integral_value() for amount in minor):
        return None
    ordered = sorted(amounts)
    values = [ordered[0] / 2]
    for amount, following in zip(ordered, [*ordered[1:], ordered[-1] * 3 + 1], strict=True):
        values += [amount, (amount + following) / 2]
    return currency, tuple(int(amount) for amount in minor), tuple(Money(value, currency) for value in values)
