"""From the text of a schedule to the tree, for every official dialect.

``parse`` never guesses: where the text leaves something open (which currency "c" is a cent of, whether
"1,250" is a thousand or a fraction) and neither the text nor the schedule's currency settles it, the
answer is a refusal with the place in the original text.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from ewtp.core.rulebook.expressions import sentences
from ewtp.core.rulebook.expressions.calendar import UnreadSeason, find_starts, read_ranges
from ewtp.core.rulebook.expressions.grammar import GRAMMAR
from ewtp.core.rulebook.expressions.rate_units import read_denominator
from ewtp.core.rulebook.expressions.tree import (
    FREE,
    AdValorem,
    Alternatives,
    Bounded,
    Difference,
    Expression,
    Inherited,
    Missing,
    Polarised,
    Season,
    Seasonal,
    Specific,
    Sum,
    is_name,
)
from ewtp.core.rulebook.expressions.typography import normalise, original_offset
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from ewtp.core.values.sentence import Sentence

_Node = TypeVar("_Node")
LONGEST_TEXT = 2000
NOT_HELD, NOT_CONFIRMED = sentences.NOT_HELD, sentences.NOT_CONFIRMED
_DEEPEST_NESTING = 20
_MOST_DIGITS = 24
_SIGN_CURRENCIES = {"€": "EUR", "£": "GBP"}
# Currencies whose schedules write "$" and "¢"; the schedule's currency determines which one is meant.
_DOLLARS = frozenset(
    {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "JMD", "TTD", "BBD", "BZD", "FJD", "NAD", "LRD", "XCD"},
)
# Schedules in these currencies write a comma before the decimals (SARS Schedule 1 Part 1: "3,625c/kg").
_DECIMAL_COMMAS = frozenset({"ZAR"})
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?\Z")
_UNSETTLED_COMMA = re.compile(r"[0-9]{1,3},[0-9]{3}\Z")
_DECIMAL_COMMA = re.compile(r"[0-9]*,[0-9]+\Z")
_PLAIN = re.compile(r"[0-9]*(?:\.[0-9]+)?\Z")
_ARTICLE = re.compile(
    r"^(?:/ ?|(?:on|of|upon) (?:the |a )?(?:value of (?:the |such )?|fair (?=retail))?(?:the )?)",
    re.IGNORECASE,
)
_COMPONENTS = {
    "EA": "agricultural component",
    "ADSZ": "additional duty on sugar",
    "ADFM": "additional duty on flour",
    "ENTRY PRICE": "entry price",
}


@immutable
class _Dialect:
    """The settings that the schedule itself determines."""

    currency: str | None
    bare_number_is_percent: bool


class _UnreadError(Exception):
    """A refusal on its way out of the parser's callbacks."""

    def __init__(self, sentence: Sentence, token: Token | None = None, **params: str) -> None:
        super().__init__(sentence.code)
        self.sentence = sentence
        self.params = params
        self.at = 0 if token is None else token.start_pos or 0


@immutable
class _BarePercent:
    """A number without any sign, which is a percentage where its context shows it."""

    percent: AdValorem
    token: Token


@immutable
class _PerDegree:
    """A specific duty for each degree of polarisation under 100, awaiting the rate it reduces."""

    reduction: Specific
    token: Token


@cache
def _grammar() -> Lark:
    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=True)


class _TreeReader(Transformer[Token, Expression]):
    """Builds the tree from the grammar's matches."""

    def __init__(self, dialect: _Dialect) -> None:
        super().__init__()
        self._dialect = dialect

    # Numbers and money.

    def number(self, items: list[Any]) -> tuple[Decimal, int, Token]:
        """Digits in the dialect's notation: (numerator, divisor, token)."""
        token, fraction = items
        amount = self._decimal(token)
        if fraction is None:
            return amount, 1, token
        above, below = (int(part) for part in fraction.split("/"))
        if amount != amount.to_integral_value() or below <= 1 or above >= below:
            raise _UnreadError(sentences.UNREADABLE_FRACTION, token, number=f"{token} {fraction}")
        return amount * below + above, below, token

    def _decimal(self, token: Token) -> Decimal:
        text = str(token)
        if len(text) > _MOST_DIGITS:
            raise _UnreadError(sentences.UNREADABLE_DIGITS, token)
        if _PLAIN.match(text):
            return Decimal(text)
        if self._dialect.currency in _DECIMAL_COMMAS:
            if _DECIMAL_COMMA.match(text):
                return Decimal(text.replace(",", "."))
        elif _UNSETTLED_COMMA.match(text):
            raise _UnreadError(sentences.AMBIGUOUS_THOUSAND, token, number=text)
        elif _THOUSANDS.match(text):
            return Decimal(text.replace(",", ""))
        elif _DECIMAL_COMMA.match(text):
            return Decimal(text.replace(",", "."))
        raise _UnreadError(sentences.UNREADABLE_NUMBER, token, number=text)

    def _whole(self, number: tuple[Decimal, int, Token]) -> Decimal:
        amount, divisor, token = number
        if divisor != 1:
            raise _UnreadError(sentences.UNREADABLE_SPECIFIC, token)
        return amount

    def _dollar(self, token: Token, named: str) -> str:
        currency = self._dialect.currency
        if currency is None:
            return "USD"
        if currency not in _DOLLARS:
            raise _UnreadError(sentences.CURRENCY_UNDETERMINED_SIGN, token, sign=named)
        return currency

    def cents(self, items: list[Any]) -> tuple[Decimal, str]:
        """``5.1¢`` and ``450c``."""
        number, sign = items
        if sign == "¢" and self._dialect.currency is None:
            return self._whole(number).scaleb(-2), "USD"
        if self._dialect.currency is None:
            raise _UnreadError(sentences.CURRENCY_UNDETERMINED_CENT, sign)
        return self._whole(number).scaleb(-2), self._dialect.currency

    def code_after(self, items: list[Any]) -> tuple[Decimal, str]:
        """``77.00 GBP``."""
        number, code = items
        return self._whole(number), str(code)

    def code_before(self, items: list[Any]) -> tuple[Decimal, str]:
        """``CHF 45.00``."""
        code, number = items
        return self._whole(number), str(code)

    def sign_before(self, items: list[Any]) -> tuple[Decimal, str]:
        """``$1.50`` and ``€2``."""
        sign, number = items
        return self._whole(number), _SIGN_CURRENCIES.get(sign) or self._dollar(sign, "$")

    def sign_after(self, items: list[Any]) -> tuple[Decimal, str]:
        """``1.1€``."""
        return self.sign_before(items[::-1])

    def plain_money(self, items: list[Any]) -> tuple[Decimal, str]:
        """``45.00`` in ``45.00/100 kg gross``: money in the schedule's currency."""
        number = items[0]
        if self._dialect.currency is None:
            raise _UnreadError(sentences.CURRENCY_UNDETERMINED, number[2])
        return self._whole(number), self._dialect.currency

    # Single duties.

    def ad_valorem(self, items: list[Any]) -> AdValorem:
        """A percentage, of the customs value or of a named part."""
        (percent, divisor, token), base = items
        name = None
        if base is not None:
            name = _ARTICLE.sub("", str(base)).lower().removesuffix(", if any")
            if not is_name(name):
                raise _UnreadError(sentences.UNREADABLE_BASE, base)
        return _build(lambda: AdValorem(percent, name, divisor), token)

    def bare_percent(self, items: list[Any]) -> _BarePercent:
        """A number alone."""
        percent, divisor, token = items[0]
        return _BarePercent(_build(lambda: AdValorem(percent, None, divisor), token), token)

    def specific(self, items: list[Any]) -> Specific:
        """Money per counted unit."""
        (amount, currency), token = items
        counted = read_denominator(str(token).strip())
        if counted is None:
            raise _UnreadError(sentences.UNREADABLE_UNIT, token)
        return _build(
            lambda: Specific(amount, currency, counted.unit, counted.per, counted.basis, counted.times),
            token,
        )

    def per_degree(self, items: list[Any]) -> _PerDegree:
        """The reduction of a sugar duty."""
        return _PerDegree(self.specific(items), items[1])

    def free(self, _items: list[Any]) -> AdValorem:
        """Free is zero per cent; a bond that is asked for belongs to the measure's conditions."""
        return FREE

    def inheritance(self, _items: list[Any]) -> Inherited:
        """The duty of the applicable subheading."""
        return Inherited()

    def reference(self, items: list[Token]) -> Missing:
        """A text that points elsewhere."""
        return _build(lambda: Missing("reference", " ".join(str(items[0]).lstrip(", ").split())[:400]), items[0])

    def component(self, items: list[Token]) -> Missing:
        """A component that another table of the schedule gives."""
        return Missing(_COMPONENTS[str(items[0]).upper()])

    def missing_fact(self, items: list[Token]) -> Missing:
        """The printed form ``[fact: detail]``."""
        fact, _colon, detail = str(items[0])[1:-1].partition(": ")
        return _build(lambda: Missing(fact, detail or None), items[0])

    # Combinations. Their operands leave the undecided state of single duties.

    def difference(self, items: list[Any]) -> Expression:
        """One duty less another; a sugar duty where the other is per degree."""
        first, second = items
        if isinstance(second, _PerDegree):
            rate = _settle_item(first)
            if not isinstance(rate, Specific):
                raise _UnreadError(sentences.UNREADABLE_REDUCTION, second.token)
            return _build(lambda: Polarised(rate, second.reduction), second.token)
        return Difference(_settle_item(first), _settle_item(second))

    def sum(self, items: list[Any]) -> Expression:
        """Terms that are all due."""
        return Sum(tuple(_settle_item(item) for item in items))

    def at_least(self, items: list[Any]) -> Expression:
        """A minimum."""
        return Bounded(_settle_item(items[0]), minimum=_settle_item(items[1]))

    def at_most(self, items: list[Any]) -> Expression:
        """A maximum."""
        return Bounded(_settle_item(items[0]), maximum=_settle_item(items[1]))

    def between(self, items: list[Any]) -> Expression:
        """A minimum and a maximum."""
        inner, minimum, maximum = (_settle_item(item) for item in items)
        return Bounded(inner, minimum, maximum)

    def cap(self, items: list[Any]) -> Expression:
        """A watch duty whose maximum is the duty of another article."""
        return Bounded(_settle_item(items[0]), maximum=self.reference(items[1:]))

    def alternatives(self, items: list[Any]) -> Expression:
        """Duties joined by "or"."""
        *terms, rule = items
        chosen: Any = (
            None if rule is None else ("higher" if re.search("higher|greater", rule, re.IGNORECASE) else "lower")
        )
        return Alternatives(tuple(_settle_item(term) for term in terms), chosen)

    def seasonal(self, items: list[Any]) -> Expression:
        """Duties by season; a last duty without dates is for the rest of the year."""
        seasons = []
        starts = find_starts(str(dates)[1:-1] for dates in items[1::2])
        for index in range(0, len(items), 2):
            expression = _settle_item(items[index])
            ranges = _ranges(items[index + 1], starts) if index + 1 < len(items) else ()
            seasons.append(Season(expression, ranges))
        return _build(lambda: Seasonal(tuple(seasons)), items[1])

    def start(self, items: list[Any]) -> Expression:
        """The whole text."""
        only = items[0]
        if isinstance(only, _BarePercent) and not self._dialect.bare_number_is_percent:
            raise _UnreadError(sentences.AMBIGUOUS_NUMBER, only.token, number=str(only.token))
        return _settle_item(only)


def _settle_item(item: Any) -> Expression:
    if isinstance(item, _BarePercent):
        return item.percent
    if isinstance(item, _PerDegree):
        raise _UnreadError(sentences.UNREADABLE_PER_DEGREE, item.token)
    expression: Expression = item
    return expression


def _build(make: Callable[[], _Node], token: Token) -> _Node:
    try:
        return make()
    except ValueError as error:
        raise _UnreadError(sentences.UNREADABLE_PART, token, reason=str(error)) from error


def _ranges(token: Token, starts: frozenset[tuple[int, int]]) -> Any:
    ranges = read_ranges(str(token)[1:-1], starts)
    if isinstance(ranges, UnreadSeason):
        if ranges.reason:
            raise _UnreadError(sentences.UNREADABLE_SEASON_IMPOSSIBLE, token, season=ranges.text, reason=ranges.reason)
        raise _UnreadError(sentences.UNREADABLE_SEASON, token, season=ranges.text)
    return ranges


# Nine in ten duties of the seed are written so, in every dialect, or as one word.
_PERCENT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?%", re.ASCII)


@lru_cache(maxsize=16384)
def _parse(text: str, currency: str | None, *, bare_number_is_percent: bool) -> Expression | Refusal:
    # Building the grammar takes longer than answering a question, most of which ask nothing of it.
    if percent := _PERCENT.fullmatch(text):
        return AdValorem(Decimal(percent[1]))
    if text in ("Free", "free"):
        return FREE
    return _parse_by_grammar(text, currency, bare_number_is_percent=bare_number_is_percent)


def _parse_by_grammar(text: str, currency: str | None, *, bare_number_is_percent: bool) -> Expression | Refusal:
    clean = normalise(text)
    if not clean:
        return Refusal(sentences.EXPRESSION_EMPTY, at=0)
    try:
        tree = _grammar().parse(clean)
        return _TreeReader(_Dialect(currency, bare_number_is_percent)).transform(tree)
    except VisitError as error:
        if not isinstance(error.orig_exc, _UnreadError):
            raise
        unread = error.orig_exc
        return Refusal(unread.sentence, unread.params, at=original_offset(text, unread.at))
    except UnexpectedInput as error:
        return _refuse_text(text, clean, error)


def _refuse_text(text: str, clean: str, error: UnexpectedInput) -> Refusal:
    offset = len(clean)
    if isinstance(error, UnexpectedCharacters):
        # The cleaned text is one line, so the column is the place in it.
        offset = error.column - 1
    elif isinstance(error, UnexpectedToken) and error.token.type != "$END":
        offset = error.token.start_pos or 0
    rest = clean[offset : offset + 30]
    at = original_offset(text, offset)
    return Refusal(sentences.UNREADABLE, {"rest": rest}, at=at) if rest else Refusal(sentences.UNREADABLE_END, at=at)


def parse(text: str, *, currency: str | None = None, bare_number_is_percent: bool = False) -> Expression | Refusal:
    """The duty that ``text`` states, or why it cannot be read.

    ``currency`` is the schedule's own currency (ISO 4217), for amounts that carry no code: "$" and "¢" are
    United States dollars where it is None; a bare "c" or a bare amount then stays undetermined.
    ``bare_number_is_percent`` is for schedules whose column holds plain percentages. A text that ends with ``NOT_HELD``
    says in words what sets an amount, with ``NOT_CONFIRMED`` what one source states, with ``ELSEWHERE`` that another
    publication has it. Refusals: ``amount_not_held``, ``rate_not_confirmed``, ``expression_unreadable``,
    ``expression_ambiguous``, ``expression_empty``, ``expression_too_long``, ``currency_undetermined``, each with
    ``at``, an offset into ``text``.
    """
    if len(text) > LONGEST_TEXT:
        return Refusal(sentences.EXPRESSION_TOO_LONG, {"most": LONGEST_TEXT}, at=LONGEST_TEXT)
    if only := next((end for end in sentences.ONLY_WORDS if text.endswith(end) and text.removesuffix(end).strip()), ""):
        terms = text if only == sentences.ELSEWHERE else text.removesuffix(only)
        return Refusal(sentences.ONLY_WORDS[only], {"terms": terms}, at=0)
    depth = 0
    for offset, character in enumerate(text) if "((" in text else ():
        depth += (character == "(") - (character == ")")
        if depth > _DEEPEST_NESTING:
            return Refusal(sentences.UNREADABLE_NESTING, at=offset)
    return _parse(text, currency, bare_number_is_percent=bare_number_is_percent)
