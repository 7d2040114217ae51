"""The context that all lines of a consignment share: territories, currency, and the practices of their law."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol, TypeVar

from ewtp.core.assessment.answer import PracticeUsed
from ewtp.core.rulebook.coverage_statement import COVERED_KINDS
from ewtp.core.rulebook.tax_base import DEFAULT_TAX_BASE, TaxBase, parse_tax_base
from ewtp.core.rulebook.territorial_status import (
    CustomsRelation,
    find_coverage,
    status_practices,
    territories_named_with,
)
from ewtp.core.rulebook.territory import UNSETTLED, VALUATIONS, PracticeName
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import Money, Rounding, minor_units, parse_rounding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from ewtp.core.assessment.exchange import RateTable, RateUsed
    from ewtp.core.assessment.question import Question
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Kind
    from ewtp.core.rulebook.service import Procedure
    from ewtp.core.rulebook.territory import Territory

_T = TypeVar("_T")
# Counts freight and insurance in, so that no duty is left out where a law is not known.
_DEFAULT_VALUATION = "CIF"


class HsTexts(Protocol):
    """The Harmonized System as answers need it: whether a subheading exists, and its wording."""

    def exists(self, code: str) -> bool:
        """Whether the first six digits are a subheading of HS 2022."""

    def describe(self, code: str) -> str:
        """The wording of the subheading, empty where it is not known."""


@dataclass(slots=True)
class ConsignmentContext:
    """Everything about the consignment that all its lines share."""

    question: Question
    book: Book
    rates: RateTable
    texts: HsTexts
    territories: tuple[Territory, ...]
    tariff: Territory | None
    currency: str
    basis: str
    basis_is_known: bool
    rounding: Rounding
    tax_rounding: Rounding
    value_rounding: Rounding | None
    tax_base: TaxBase
    practices: tuple[PracticeUsed, ...]
    rates_used: dict[tuple[str, str], RateUsed]
    customs_relation: CustomsRelation
    # The kinds of charge that goods owe on entry, and not between the economy of dispatch and the destination.
    not_owed: frozenset[Kind]
    # The territories whose law applies but for its taxes.
    lending: frozenset[str]
    # Whether sources disagree on what taxes are taken on.
    tax_base_is_open: bool
    # The figures by which the destination's authorities decide on the day.
    procedures: tuple[Procedure, ...]

    @property
    def inside_union(self) -> bool:
        """Whether the goods cross no customs border between different tariffs."""
        return self.customs_relation is not CustomsRelation.BORDER

    def rate(self, currency: str, target: str) -> Decimal | None:
        """The official rate on the day, remembered so that the answer can name it."""
        if currency == target:
            return Decimal(1)
        used = self.rates_used.get((currency, target))
        if used is None:
            used = self.rates.find(currency, target, self.question.day, self.list_rate_sources())
            if used is None:
                return None
            self.rates_used[(currency, target)] = used
        return used.rate

    def list_rate_sources(self) -> tuple[str, ...]:
        """The sources of exchange rates that the destination's law names, in its order."""
        practice = self.rate_practice()
        return tuple(practice.value.split()) if practice else ()

    def rate_practice(self) -> PracticeUsed | None:
        """What the destination's law says about exchange rates; None where nothing is held."""
        for territory in self.territories:
            found = territory.practice(PracticeName.RATE_SOURCE, self.question.day)
            if found:
                return PracticeUsed(
                    found.name, found.value, territory.code, found.source.title, found.reference, found.source.link
                )
        return None

    def practices_used(self) -> tuple[PracticeUsed, ...]:
        """The practices behind the answer; that of exchange rates where one was used."""
        about_rates = self.rate_practice() if self.rates_used else None
        return self.practices if about_rates is None else (*self.practices, about_rates)

    def convert_money(self, money: Money) -> Money | None:
        """The amount in the answer's currency, rounded to its minor unit."""
        if money.currency == self.currency:
            return money
        rate = self.rate(money.currency, self.currency)
        return None if rate is None else Money(money.amount * rate, self.currency).round_to_minor()


@immutable
class _Conventions:
    """How the destination's law has an answer computed on a day, in a currency."""

    territories: tuple[Territory, ...]
    tariff: Territory | None
    basis: str
    basis_is_known: bool
    rounding: Rounding
    tax_rounding: Rounding
    value_rounding: Rounding | None
    tax_base: TaxBase
    practices: tuple[PracticeUsed, ...]
    lending: frozenset[str]
    tax_base_is_open: bool
    procedures: tuple[Procedure, ...]


def build_context(question: Question, book: Book, rates: RateTable, texts: HsTexts) -> ConsignmentContext:
    """Find the territories of the destination and settle currency, valuation and rounding for this question."""
    currency = _currency(question, book.territories_of(question.destination, question.day), rates)
    key = ("conventions", question.destination, question.day, currency)
    settled: _Conventions | None = book.derived.get(key)
    if settled is None:
        settled = _conventions(question.destination, question.day, currency, book)
        book.derived[key] = settled
    return ConsignmentContext(
        question=question,
        book=book,
        rates=rates,
        texts=texts,
        territories=settled.territories,
        tariff=settled.tariff,
        currency=currency,
        basis=settled.basis,
        basis_is_known=settled.basis_is_known,
        rounding=settled.rounding,
        tax_rounding=settled.tax_rounding,
        value_rounding=settled.value_rounding,
        tax_base=settled.tax_base,
        practices=settled.practices,
        rates_used={},
        customs_relation=book.find_customs_relation(question.origin, question.destination, question.day),
        not_owed=book.charges_inside(question.origin, question.destination, question.day),
        lending=settled.lending,
        tax_base_is_open=settled.tax_base_is_open,
        procedures=settled.procedures,
    )


def in_currency(context: ConsignmentContext, currency: str) -> ConsignmentContext:
    """The context as if the answer were in another currency, as where no official rate reaches the destination's."""
    settled = _conventions(context.question.destination, context.question.day, currency, context.book)
    return replace(
        context,
        currency=currency,
        rounding=settled.rounding,
        tax_rounding=settled.tax_rounding,
        value_rounding=settled.value_rounding,
        practices=settled.practices,
        rates_used={},
    )


def _conventions(destination: str, day: date, currency: str, book: Book) -> _Conventions:
    territories = book.territories_of(destination, day)
    practices: list[PracticeUsed] = []

    def practice(name: PracticeName, default: str, read: Callable[[str], _T | None]) -> _T | None:
        """The practice in force, or the default; a practice that cannot be read is ignored."""
        for territory in territories:
            found = territory.practice(name, day)
            value = read(found.value) if found is not None else None
            if found is not None and value is not None:
                practices.append(
                    PracticeUsed(
                        name, found.value, territory.code, found.source.title, found.reference, found.source.link
                    )
                )
                return value
        if default:
            practices.append(PracticeUsed(name, default, destination, None, None))
        return read(default)

    def is_open(name: PracticeName) -> bool:
        """Whether the first territory that states the practice states that its sources disagree."""
        found = next((p for t in territories if (p := t.practice(name, day)) is not None), None)
        return found is not None and found.value == UNSETTLED

    half_up = f"{minor_units(currency)}:half_up"
    basis = practice(PracticeName.VALUATION, _DEFAULT_VALUATION, _read_valuation)
    # Few laws round the customs value itself; where none is known the value is exact, and no practice is listed.
    value_rounding = practice(PracticeName.ROUNDING_VALUE, "", parse_rounding)
    rounding = practice(PracticeName.ROUNDING_DUTY, half_up, parse_rounding)
    tax_rounding = practice(PracticeName.ROUNDING_TAX, half_up, parse_rounding)
    tax_base = practice(PracticeName.TAX_BASE, DEFAULT_TAX_BASE, _read_tax_base)
    # A default can always be read.
    assert basis and rounding and tax_rounding and tax_base  # noqa: S101, PT018 - what must hold
    return _Conventions(
        territories=territories,
        tariff=next((t for t in territories if t.nomenclature), None),
        basis=basis,
        basis_is_known=practices[0].source is not None and not is_open(PracticeName.VALUATION),
        rounding=rounding,
        tax_rounding=tax_rounding,
        value_rounding=value_rounding,
        tax_base=tax_base,
        practices=(
            *practices,
            *_coverage_of(territories, book.find_untaxed(destination, day), day),
            *_status_of(destination, day, book),
        ),
        lending=book.find_untaxed(destination, day),
        tax_base_is_open=is_open(PracticeName.TAX_BASE),
        procedures=tuple(rule for t in territories for rule in book.procedures.get(t.code, ()) if day in rule.validity),
    )


def _coverage_of(territories: tuple[Territory, ...], lending: frozenset[str], day: date) -> list[PracticeUsed]:
    """What is stated to be held of each kind of charge of the destination."""
    stated = [find_coverage(territories, lending, kind, day) for kind in COVERED_KINDS]
    return [
        PracticeUsed(each.name, each.value, territory.code, each.source.title, each.reference, each.source.link)
        for each in stated
        for territory in territories
        if each is not None and any(each is own for own in territory.practices)
    ]


def _status_of(destination: str, day: date, book: Book) -> list[PracticeUsed]:
    """Where the destination stands among customs and tax territories, and the parts that its name seems to cover."""
    own = book.territories.get(destination)
    stated = [(own, p) for p in status_practices(own) if day in p.validity] if own is not None else []
    return [
        PracticeUsed(
            practice.name,
            practice.value,
            territory.code,
            practice.source.title,
            practice.reference,
            practice.source.link,
        )
        for territory, practice in (*stated, *territories_named_with(_find_parts(book), destination, day))
        if practice.name != PracticeName.NAMED_WITH
    ]


def _find_parts(book: Book) -> Mapping[str, Territory]:
    """The territories that another economy's name is often taken to cover on some day, by code."""
    found: Mapping[str, Territory] | None = book.derived.get(PracticeName.NAMED_WITH)
    if found is None:
        found = {
            code: territory
            for code, territory in book.territories.items()
            if any(practice.name == PracticeName.NAMED_WITH for practice in territory.practices)
        }
        book.derived[PracticeName.NAMED_WITH] = found
    return found


def _read_valuation(text: str) -> str | None:
    if text == UNSETTLED:
        return _DEFAULT_VALUATION
    return text if text in VALUATIONS else None


def _read_tax_base(text: str) -> TaxBase | None:
    return parse_tax_base(DEFAULT_TAX_BASE if text == UNSETTLED else text)


def own_currency(destination: str, territories: tuple[Territory, ...]) -> str | None:
    """The currency of an economy, else that of the union it belongs to."""
    own = next((t.currency for t in territories if t.code == destination and t.currency), None)
    return own or next((t.currency for t in territories if t.currency), None)


def _currency(question: Question, territories: tuple[Territory, ...], rates: RateTable) -> str:
    """The destination's currency where an official rate reaches it, else the question's own."""
    given = {line.value.currency for line in question.lines}
    own = own_currency(question.destination, territories)
    if own is None or given == {own}:
        return own or question.lines[0].value.currency
    if all(c == own or rates.find(c, own, question.day) for c in given):
        return own
    return question.lines[0].value.currency
