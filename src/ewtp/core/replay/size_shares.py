"""What a change costs firms of each size, as a share of what they pay: absolute sums always favour the large."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from ewtp.core.replay.answer_pairs import PLACES
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import decimal_text, minor_units

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.assessment.exchange import RateTable
    from ewtp.core.replay.aggregates import Sums

_DIGITS = 60
# Shares are given in hundredths of a percent.
_SHARE_PLACES = 2


@immutable
class SizeShare:
    """Of the firms of one size: what they ``paid`` in duties, taxes and fees before, and the ``change`` of their costs.

    Both are in ``currency``, over the lines that can be compared, at the rates of one day.
    """

    firm_size: str
    currency: str
    lines: int
    paid: Decimal
    change: Decimal

    @property
    def percent(self) -> Decimal | None:
        """The change in percent of what was paid; None where nothing was."""
        if not self.paid:
            return None
        return round(100 * self.change / self.paid, _SHARE_PLACES)

    def as_json(self) -> dict[str, Any]:
        """The sums and the share as decimal texts, ``percent`` null where nothing was paid."""
        percent = self.percent
        return {
            "firm_size": self.firm_size,
            "currency": self.currency,
            "lines": self.lines,
            "paid": decimal_text(self.paid),
            "change": decimal_text(self.change),
            "percent": None if percent is None else decimal_text(percent),
        }


def share_by_size(paid_by_size: Sums, currency: str, rates: RateTable, day: date | None) -> tuple[SizeShare, ...]:
    """The shares by size, in the order of their names; ``paid_by_size`` is the tally's table of that name.

    Several currencies are added up at the rates of ``day``: a share hardly depends on it. A currency without a rate
    then is left out of both sums.
    """
    sums: dict[str, list[Any]] = defaultdict(lambda: [0, Decimal(0), Decimal(0)])
    with localcontext(prec=_DIGITS):
        for (size, own), (lines, paid, change) in sorted(paid_by_size.items()):
            used = None if own == currency or day is None else rates.find(own, currency, day)
            if own != currency and used is None:
                continue
            rate = Decimal(1) if used is None else used.rate
            found = sums[size]
            found[0] += lines
            found[1] += paid * rate
            found[2] += change * rate
        places = minor_units(currency)
        return tuple(
            SizeShare(size, currency, lines, *(round(each.scaleb(-PLACES), places) for each in (paid, change)))
            for size, (lines, paid, change) in sorted(sums.items())
        )
