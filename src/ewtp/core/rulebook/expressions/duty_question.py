"""One duty expression with its facts as text, as the command line and the library take it, parsed and computed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.expressions.evaluation import Computation, Facts, evaluate
from ewtp.core.rulebook.expressions.json_form import as_json as expression_json
from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.expressions.sentences import CURRENCY_MISSING, RATE_UNREADABLE, VALUE_MISSING
from ewtp.core.rulebook.expressions.tree import AdValorem, Expression, Specific, walk
from ewtp.core.values.codes import parse_currency
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import Money, decimal_text, parse_decimal, round_amount
from ewtp.core.values.quantity import read_quantities
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import CURRENCY_NOT_ISO, DATE_UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

# These write their amounts with "$" and "¢", so a value in one of them shows which dollar is meant.
_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "XCD", "BBD", "TTD", "JMD"})
_PAIR_LENGTH = 7

NamedTexts = tuple[tuple[str, str], ...]


@immutable
class DutyQuestion:
    """The facts as they were typed.

    ``value`` is in ``currency``; ``schedule_currency`` is that of amounts which the expression writes without one.
    ``quantities`` are pairs of unit and amount, ``parts`` of a part's name and its value, ``rates`` of two currencies
    (``EUR/GBP``) and what one unit of the first is worth in the second. ``inherited`` is the duty of the applicable
    subheading; ``day`` the day of import (YYYY-MM-DD).
    """

    expression: str
    value: str | None = None
    currency: str | None = None
    schedule_currency: str | None = None
    quantities: NamedTexts = ()
    parts: NamedTexts = ()
    inherited: str | None = None
    rates: NamedTexts = ()
    day: str | None = None


@immutable
class DutyAnswer:
    """The expression as a tree, and the exact computation of the duty."""

    expression: Expression
    computation: Computation

    @property
    def amount(self) -> Decimal:
        """The duty, rounded to two decimals."""
        return round_amount(self.computation.amount, 2)

    def as_json(self) -> dict[str, Any]:
        """The answer of ``ewtp duty --json``."""
        return {
            "amount": decimal_text(self.amount),
            "currency": self.computation.currency,
            "exact": self.computation.amount_text,
            "expression": expression_json(self.expression),
            "trace": [step.text for step in self.computation.trace],
            "steps": [step.statement.reference() for step in self.computation.trace],
        }


def answer_duty_question(question: DutyQuestion, currencies: AbstractSet[str]) -> DutyAnswer | Refusal:
    """Read the expression and the facts, and compute the duty; ``currencies`` are those that exist (ISO 4217)."""
    currency = _currency(question.currency, currencies)
    if isinstance(currency, Refusal):
        return currency.under("currency")
    schedule = _currency(question.schedule_currency, currencies)
    if isinstance(schedule, Refusal):
        return schedule.under("schedule_currency")
    text = question.expression
    tree = parse(text, currency=schedule or (currency if currency in _DOLLARS else None))
    if isinstance(tree, Refusal) and tree.code == "currency_undetermined" and currency:
        tree = parse(text, currency=currency)
    if isinstance(tree, Refusal):
        return tree
    facts = _facts(tree, currency, question)
    if isinstance(facts, Refusal):
        return facts
    result = evaluate(tree, facts)
    return result if isinstance(result, Refusal) else DutyAnswer(tree, result)


def _currency(text: str | None, currencies: AbstractSet[str]) -> str | Refusal:
    if not text:
        return ""
    code = parse_currency(text)
    if isinstance(code, Refusal) or code in currencies:
        return code
    return Refusal(CURRENCY_NOT_ISO, {"currency": code})


def _facts(tree: Expression, currency: str, question: DutyQuestion) -> Facts | Refusal:
    currency = currency or next((node.currency for node in walk(tree) if isinstance(node, Specific)), "")
    value = _value(tree, question.value, currency)
    if isinstance(value, Refusal):
        return value
    quantities = read_quantities(question.quantities)
    if isinstance(quantities, Refusal):
        return quantities
    parts = _parts(question.parts, value.currency)
    if isinstance(parts, Refusal):
        return parts
    rates = _rates(question.rates)
    if isinstance(rates, Refusal):
        return rates
    inherited = parse_decimal(question.inherited, "--inherited") if question.inherited else None
    if isinstance(inherited, Refusal):
        return inherited
    day = _day(question.day)
    if isinstance(day, Refusal):
        return day
    return Facts(customs_value=value, quantities=quantities, parts=parts, inherited=inherited, rates=rates, date=day)


def _value(tree: Expression, text: str | None, currency: str) -> Money | Refusal:
    if text is None:
        if any(isinstance(node, AdValorem) and node.base is None and node.percent for node in walk(tree)):
            return Refusal(VALUE_MISSING)
        return Money(Decimal(0), currency or "USD")
    if not currency:
        return Refusal(CURRENCY_MISSING)
    amount = parse_decimal(text, "--value")
    return amount if isinstance(amount, Refusal) else Money(amount, currency)


def _parts(given: NamedTexts, currency: str) -> dict[str, Money] | Refusal:
    read: dict[str, Money] = {}
    for name, text in given:
        amount = parse_decimal(text, f"--part {name[:40]}")
        if isinstance(amount, Refusal):
            return amount
        read[name] = Money(amount, currency)
    return read


def _rates(given: NamedTexts) -> dict[tuple[str, str], Decimal] | Refusal:
    read: dict[tuple[str, str], Decimal] = {}
    for pair, figure in given:
        source, target = pair[:3].upper(), pair[4:].upper()
        rate = parse_decimal(figure, f"--rate {pair[:10]}")
        if isinstance(rate, Refusal):
            return rate
        if len(pair) != _PAIR_LENGTH or pair[3] != "/" or not (source + target).isalpha() or rate == 0:
            return Refusal(RATE_UNREADABLE, {"text": f"{pair}={figure}"[:40]})
        read[(source, target)] = rate
    for (source, target), rate in list(read.items()):
        read.setdefault((target, source), Decimal(1) / rate)
    return read


def _day(text: str | None) -> date | Refusal | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return Refusal(DATE_UNREADABLE)
