"""Rules ranked by what they cost micro and small firms as a share of their trade, beside what they cost large ones."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from ewtp.core.burden.tally import BurdenSum
from ewtp.core.rulebook.measure import Kind
from ewtp.core.synthetic.assumptions import FIRM_SIZES
from ewtp.core.values.money import decimal_text, minor_units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.core.burden.tally import BurdenSums, BurdenTally, RuleKey

# The sizes whose burden ranks the rules, together, and the size that they are compared with.
SMALLER = ("micro", "small")
SMALLER_NAME, LARGE = "micro_and_small", "large"
GROUPS = {**{size: (size,) for size in FIRM_SIZES}, SMALLER_NAME: SMALLER}
# Shares have eight decimals: a millionth of a per cent.
_SHARE = Decimal("0.00000001")
_DIGITS = 50
# Papers are counted for this much trade, in the currency of the report.
TRADE_UNIT = 1_000_000


@dataclass(frozen=True, slots=True)
class SizeBurden:
    """What a rule takes of the firms of one size; every ratio names its denominator.

    ``paid`` and ``goods`` (the value of the goods on the ``lines`` that the rule reaches) are rounded to the currency's
    coin. ``share_of_trade`` is paid over ``trade``, the value of all goods of these firms; ``share_where_charged`` is
    paid over ``goods``; ``lines_per_unit`` are lines for each million of trade. A ratio is None where its denominator
    is zero, and ``firms`` where the lines name none.
    """

    lines: int
    firms: int | None
    paid: Decimal
    goods: Decimal
    trade: Decimal
    share_of_trade: Decimal | None
    share_where_charged: Decimal | None
    lines_per_unit: Decimal | None

    def as_json(self) -> dict[str, Any]:
        """The figures; decimals as text."""
        return {
            "lines": self.lines,
            "firms": self.firms,
            "paid": decimal_text(self.paid),
            "goods": decimal_text(self.goods),
            "trade": decimal_text(self.trade),
            "share_of_trade": _text(self.share_of_trade),
            "share_where_charged": _text(self.share_where_charged),
            "lines_per_million_of_trade": _text(self.lines_per_unit),
        }


@dataclass(frozen=True, slots=True)
class RuleBurden:
    """A rule, or a group of rules, by its key in the tally, and what it takes, by the names of ``GROUPS``."""

    key: RuleKey
    sizes: Mapping[str, SizeBurden]

    @property
    def kind(self) -> str:
        """The kind of its charges, or ``requirement``."""
        return self.key[0]

    @property
    def is_paper(self) -> bool:
        """Whether the rule asks for a paper, whose cost in money the rulebook does not know."""
        return self.kind == Kind.REQUIREMENT

    @property
    def burden(self) -> Decimal | None:
        """What ranks the rule: the share of the trade of micro and small firms, or their papers for each million."""
        return self._measure_size(self.sizes[SMALLER_NAME])

    @property
    def difference(self) -> Decimal | None:
        """How much greater the burden is than that of large firms; None where one of the two has no trade."""
        one, other = self.burden, self._measure_size(self.sizes[LARGE])
        return None if one is None or other is None else one - other

    def _measure_size(self, size: SizeBurden) -> Decimal | None:
        return size.lines_per_unit if self.is_paper else size.share_of_trade

    def as_json(self) -> dict[str, Any]:
        """The rule with its figures by size, and what ranks it."""
        return {
            "kind": self.kind,
            "burden": _text(self.burden),
            "difference": _text(self.difference),
            "sizes": {name: size.as_json() for name, size in self.sizes.items()},
        }


def rank_burdens(tally: BurdenTally, sums: BurdenSums, currency: str, *, firms_named: bool) -> tuple[RuleBurden, ...]:
    """Everything in ``sums`` of a tally, the greatest burden of micro and small firms first; charges before papers."""
    with localcontext(prec=_DIGITS):
        trade = {name: _together(tally.trade, sizes) for name, sizes in GROUPS.items()}
        found = [
            RuleBurden(
                key,
                {
                    name: _size_burden(_together(by_size, sizes), trade[name], currency, firms_named=firms_named)
                    for name, sizes in GROUPS.items()
                },
            )
            for key, by_size in sums.items()
        ]
    return tuple(sorted(found, key=lambda rule: (rule.is_paper, -(rule.burden or 0), rule.key)))


def trade_of_sizes(tally: BurdenTally, currency: str, *, firms_named: bool) -> dict[str, SizeBurden]:
    """All charges together by size, over all trade of that size."""
    with localcontext(prec=_DIGITS):
        trade = {name: _together(tally.trade, sizes) for name, sizes in GROUPS.items()}
        return {name: _size_burden(one, one, currency, firms_named=firms_named) for name, one in trade.items()}


def _together(by_size: Mapping[str, BurdenSum], sizes: tuple[str, ...]) -> BurdenSum:
    total = BurdenSum()
    for size in sizes:
        one = by_size.get(size)
        if one is not None:
            total.lines += one.lines
            total.goods += one.goods
            total.paid += one.paid
            total.incomplete += one.incomplete
            total.firms = total.firms | one.firms
    return total


def _size_burden(own: BurdenSum, trade: BurdenSum, currency: str, *, firms_named: bool) -> SizeBurden:
    coin = Decimal(1).scaleb(-minor_units(currency))
    return SizeBurden(
        lines=own.lines,
        firms=len(own.firms) if firms_named else None,
        paid=own.paid.quantize(coin),
        goods=own.goods.quantize(coin),
        trade=trade.goods.quantize(coin),
        share_of_trade=_ratio(own.paid, trade.goods),
        share_where_charged=_ratio(own.paid, own.goods),
        lines_per_unit=_ratio(Decimal(own.lines) * TRADE_UNIT, trade.goods),
    )


def _ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole).quantize(_SHARE) if whole else None


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else decimal_text(figure)
