"""Converts the kernel's amounts to decimals, in the answer's currency and in that of the question."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.compiled.format.kernel_arrays import DECIMALS
from ewtp.core.markets.market_row import Span
from ewtp.core.values.money import Money, minor_units, round_amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.assessment.exchange import RateUsed


class CurrencyConverter:
    """Converts amounts in ten-thousandths of the answer's currency ``local`` to ``currency``, that of the question.

    ``rate`` is the one by which the answer converted the other way; None where both currencies are the same.
    """

    def __init__(self, local: str, currency: str, rate: RateUsed | None) -> None:
        self.rate = rate
        self._local = local
        self._currency = currency
        self._places = minor_units(local)
        self._target_places = minor_units(currency)
        self._coin = int(10 ** (DECIMALS - self._places))
        self._units = rate.rate if rate else None
        # The converter is that of one question, whose rows have many amounts in common: most are nothing.
        self._known: dict[int, Decimal] = {}
        self._spans: dict[tuple[int, int], Span] = {}

    def convert(self, amount: int) -> Decimal:
        """An amount in the question's currency, rounded to its minor unit."""
        found = self._known.get(amount)
        if found is None:
            found = Decimal(amount // self._coin).scaleb(-self._places)
            if self._units is not None:
                found = round_amount(found / self._units, self._target_places)
            self._known[amount] = found
        return found

    def convert_span(self, amounts: Sequence[int]) -> Span:
        """The span of amounts in the question's currency; of two amounts the higher is never the lower one there."""
        ends = (min(amounts), max(amounts))
        found = self._spans.get(ends)
        if found is None:
            found = self._spans[ends] = self.span([self.convert(amount) for amount in dict.fromkeys(ends)])
        return found

    def span(self, amounts: Sequence[Decimal]) -> Span:
        """The span of converted amounts."""
        return _span_in(amounts, self._currency)

    def local_span(self, amounts: Sequence[int]) -> Span:
        """The span of amounts in the answer's currency."""
        ends = dict.fromkeys((min(amounts), max(amounts)))
        return _span_in([Decimal(amount // self._coin).scaleb(-self._places) for amount in ends], self._local)


def _span_in(amounts: Sequence[Decimal], currency: str) -> Span:
    if len(amounts) == 1:
        one = Money(amounts[0], currency)
        return Span(one, one)
    return Span(Money(min(amounts), currency), Money(max(amounts), currency))
