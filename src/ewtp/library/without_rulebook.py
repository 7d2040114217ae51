"""What needs no rulebook and no database: one duty expression, and the search for a code."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.classification.search import search as search_index
from ewtp.core.rulebook.expressions.duty_question import DutyQuestion, NamedTexts, answer_duty_question
from ewtp.core.rulebook.expressions.sentences import (
    CURRENCY_MISSING,
    RATE_UNREADABLE,
    SEASON_DATE_MISSING,
    VALUE_MISSING,
)
from ewtp.core.values.money import parse_decimal
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_index import load_index
from ewtp.gateways.reference.iso_codes import vocabulary
from ewtp.library.refusals import unless_refused
from ewtp.library.sentences import CURRENCY_ARGUMENT, DATE_ARGUMENT, RATES_ARGUMENT, VALUE_ARGUMENT

_OF_ARGUMENTS = {
    CURRENCY_MISSING: CURRENCY_ARGUMENT,
    RATE_UNREADABLE: RATES_ARGUMENT,
    SEASON_DATE_MISSING: DATE_ARGUMENT,
    VALUE_MISSING: VALUE_ARGUMENT,
}

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date as Date  # noqa: N812 - the parameter has the plain name


def duty(
    expression: str,
    *,
    value: Decimal | str | int | None = None,
    currency: str | None = None,
    schedule_currency: str | None = None,
    quantities: Mapping[str, Decimal | str | int] | None = None,
    parts: Mapping[str, Decimal | str | int] | None = None,
    inherited: Decimal | str | int | None = None,
    rates: Mapping[str, Decimal | str | int] | None = None,
    date: Date | str | None = None,
) -> dict[str, Any]:
    """The amount of one duty, written as official schedules write it; the shape is that of ``ewtp duty --json``.

    Amounts are decimals, texts or whole numbers. ``quantities`` are by unit (``{"kg": "120"}``), ``parts`` are values
    of named parts, ``rates`` are by pair of currencies (``{"EUR/GBP": "0.8571"}``). A fact that the expression needs
    and nobody gave raises ``RefusedError``.
    """
    question = DutyQuestion(
        expression,
        value=_amount(value, "value"),
        currency=currency,
        schedule_currency=schedule_currency,
        quantities=_pairs(quantities, "quantities"),
        parts=_pairs(parts, "parts"),
        inherited=_amount(inherited, "inherited"),
        rates=_pairs(rates, "rates"),
        day=_text(date),
    )
    answer = answer_duty_question(question, vocabulary().currencies)
    return unless_refused(_name_argument(answer) if isinstance(answer, Refusal) else answer).as_json()


def search(words: str, *, limit: int = 10) -> dict[str, Any]:
    """Six-digit codes for a product in words, likeliest first; the shape is that of ``ewtp hs --json``."""
    return unless_refused(search_index(load_index(), words, limit)).as_json()


def _name_argument(refusal: Refusal) -> Refusal:
    """The refusal in words that name an argument where those of the command line name an option."""
    worded = _OF_ARGUMENTS.get(refusal.sentence)
    return refusal if worded is None else replace(refusal, sentence=worded)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _amount(given: object, where: str) -> str | None:
    """The amount as text, read here so that a refusal names the argument and no option of the command line."""
    if given is None:
        return None
    unless_refused(parse_decimal(str(given) if isinstance(given, Decimal) else given, where))
    return str(given)


def _pairs(given: Mapping[str, Decimal | str | int] | None, where: str) -> NamedTexts:
    return tuple((name, str(_amount(amount, f"{where}.{name[:40]}"))) for name, amount in (given or {}).items())
