"""Money: an exact decimal amount that never travels without its currency."""

from __future__ import annotations

import re
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
)
from functools import lru_cache
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import (
    AMOUNT_ABSURD,
    AMOUNT_NEGATIVE,
    AMOUNT_NOT_TEXT,
    AMOUNT_UNREADABLE,
    QUANTITY_ABSURD,
    QUANTITY_NEGATIVE,
    QUANTITY_NOT_TEXT,
    QUANTITY_UNREADABLE,
)

if TYPE_CHECKING:
    from ewtp.core.values.sentence import Sentence

_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?\Z")
# A consignment worth more than this is a slip of the keyboard, not trade.
LARGEST_AMOUNT = Decimal("1e15")
_LONGEST_TEXT = 60
# ISO 4217 gives these currencies another number of decimals than two.
_MINOR_UNITS = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def minor_units(currency: str) -> int:
    """How many decimals the currency has (ISO 4217)."""
    return _MINOR_UNITS.get(currency, 2)


_MODES = {
    "half_up": ROUND_HALF_UP,
    "down": ROUND_DOWN,
    "half_even": ROUND_HALF_EVEN,
    "half_down": ROUND_HALF_DOWN,
}
_EXPONENTS = [Decimal(1).scaleb(-places) for places in range(9)]
# Absurd quantities times one another are long, and rounding them must not fail for want of digits.
_WIDE = Context(prec=120)


def round_amount(amount: Decimal, places: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    """``amount`` with ``places`` decimals; halves are rounded up unless the law has another mode."""
    return amount.quantize(_EXPONENTS[places], rounding, _WIDE)


@immutable
class Rounding:
    """To how many decimals an amount is rounded, and which way: ``mode`` is one of the modes of Python's decimals."""

    places: int
    mode: str


@lru_cache(maxsize=256)
def parse_rounding(text: str) -> Rounding | None:
    """``2:half_up`` as places and mode; None where it cannot be read."""
    places, _, mode = text.partition(":")
    if mode not in _MODES or not places.isascii() or not places.isdecimal() or int(places) >= len(_EXPONENTS):
        return None
    return Rounding(int(places), _MODES[mode])


def decimal_text(amount: Decimal) -> str:
    """The amount in plain digits, never in exponent notation."""
    return format(amount, "f")


# Currencies whose shape was checked once need no second look.
_checked: set[str] = set()


@immutable
class Money:
    """``amount`` in ``currency`` (ISO 4217), exact; rounding is always asked for by name."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        amount = self.amount
        if type(amount) is not Decimal or not amount.is_finite():
            msg = f"money is a finite decimal, not {amount!r}"
            raise TypeError(msg)
        if self.currency not in _checked:
            if not _CURRENCY.match(self.currency):
                msg = f"a currency is three capital letters, not {self.currency!r}"
                raise ValueError(msg)
            _checked.add(self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            msg = f"{self.currency} and {other.currency} do not add up without a rate"
            raise ValueError(msg)
        return other.amount

    def round_to_minor(self, rounding: str = ROUND_HALF_UP) -> Money:
        """Rounded to the currency's minor unit."""
        return Money(round_amount(self.amount, minor_units(self.currency), rounding), self.currency)

    def as_json(self) -> dict[str, str]:
        """``{"amount": "1000.00", "currency": "USD"}``; amounts are strings, never numbers."""
        return {"amount": format(self.amount, "f"), "currency": self.currency}


@lru_cache(maxsize=256)
def no_money(currency: str) -> Money:
    """Nothing, with the decimals of the currency."""
    return Money(round_amount(Decimal(0), minor_units(currency)), currency)


@immutable
class AmountWordings:
    """What is said of an amount that cannot be taken; every sentence has the one parameter ``name``."""

    name: str
    not_text: Sentence
    unreadable: Sentence
    negative: Sentence
    absurd: Sentence


OF_FIELD = AmountWordings("field", AMOUNT_NOT_TEXT, AMOUNT_UNREADABLE, AMOUNT_NEGATIVE, AMOUNT_ABSURD)
OF_QUANTITY = AmountWordings("unit", QUANTITY_NOT_TEXT, QUANTITY_UNREADABLE, QUANTITY_NEGATIVE, QUANTITY_ABSURD)


def parse_plain_decimal(text: str) -> Decimal | None:
    """Plain digits as records of law have them (``0.10``); None where the text is anything else."""
    return Decimal(text) if _DECIMAL.match(text) and text.isascii() else None


@lru_cache(maxsize=4096)
def parse_money(text: str) -> Money | None:
    """``150.00 EUR`` as records of law have limits and bounds; None where it cannot be read."""
    figure, _, currency = text.partition(" ")
    amount = parse_plain_decimal(figure)
    return None if amount is None or not _CURRENCY.match(currency) else Money(amount, currency)


def parse_decimal(
    text: object, what: str, *, signed: bool = False, wordings: AmountWordings = OF_FIELD
) -> Decimal | Refusal:
    """A decimal from a user's string or integer; ``what`` names its field, or its unit, in the refusal.

    Accepts plain digits with a dot. A JSON float is refused, for it has already lost digits. Refusals:
    ``amount_unreadable``, ``amount_negative``, ``amount_absurd``.
    """
    if isinstance(text, bool) or not isinstance(text, str | int):
        return Refusal(wordings.not_text, {wordings.name: what})
    written = text if isinstance(text, str) else str(text)
    raw = written.strip() if len(written) <= _LONGEST_TEXT else ""
    if not _DECIMAL.match(raw) or not raw.isascii():
        return Refusal(wordings.unreadable, {wordings.name: what})
    amount = Decimal(raw)
    if amount < 0 and not signed:
        return Refusal(wordings.negative, {wordings.name: what})
    if abs(amount) >= LARGEST_AMOUNT:
        return Refusal(wordings.absurd, {wordings.name: what})
    # Minus zero is zero, and is written back as such.
    return amount or abs(amount)
