"""A change in one currency: the sums of every currency and day, each at the rate of its day."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from ewtp.core.replay.aggregates import DAY_ROW
from ewtp.core.replay.answer_pairs import PLACES
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import decimal_text, minor_units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.core.assessment.exchange import RateTable
    from ewtp.core.replay.aggregates import Sums

# Sums of any length keep all their digits, and those of a rate.
_DIGITS = 60
_AMOUNTS = DAY_ROW[1:]


@immutable
class ConvertedChanges:
    """Changes in ``currency``: ``amounts`` by name (revenue, cost, gain, loss), rounded once, to the currency's coin.

    ``lines`` are those converted. ``without_rate`` counts by currency the lines that no rate of their day converts, and
    which the amounts leave out. ``sources`` name the rates, of which the oldest was ``oldest_days`` old.
    """

    currency: str
    lines: int
    amounts: Mapping[str, Decimal]
    without_rate: Mapping[str, int] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    oldest_days: int = 0

    def as_json(self) -> dict[str, Any]:
        """The changes; amounts are decimal texts, null where no line could be converted."""
        amounts = {name: decimal_text(amount) if self.lines else None for name, amount in self.amounts.items()}
        left_out = [{"currency": currency, "lines": lines} for currency, lines in self.without_rate.items()]
        rates = {"sources": list(self.sources), "oldest_rate_days": self.oldest_days}
        return {"currency": self.currency, "lines": self.lines, **amounts, **rates, "without_rate": left_out}


def convert_changes(by_day: Sums, currency: str, rates: RateTable) -> ConvertedChanges:
    """What changes in one currency; ``by_day`` is the tally's table of that name."""
    lines, oldest = 0, 0
    sums = dict.fromkeys(_AMOUNTS, Decimal(0))
    left_out: dict[str, int] = {}
    sources: set[str] = set()
    with localcontext(prec=_DIGITS):
        for (own, day), (count, *values) in sorted(by_day.items()):
            rate = Decimal(1)
            if own != currency:
                used = rates.find(own, currency, date.fromisoformat(day))
                if used is None:
                    left_out[own] = left_out.get(own, 0) + count
                    continue
                rate, oldest = used.rate, max(oldest, used.age_days)
                sources.add(used.source)
            lines += count
            for name, value in zip(_AMOUNTS, values, strict=True):
                sums[name] += value * rate
        places = minor_units(currency)
        amounts = {name: round(value.scaleb(-PLACES), places) for name, value in sums.items()}
    return ConvertedChanges(currency, lines, amounts, left_out, tuple(sorted(sources)), oldest)
