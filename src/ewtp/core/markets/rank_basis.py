"""The order of markets: with or without the best claim, with or without the tax on imports that a business reclaims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.core.assessment.effects import Effect
from ewtp.core.markets.market_row import ORDER, MarketOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from ewtp.core.markets.market_row import MarketRow, Span
    from ewtp.core.values.money import Money

# What is open of the tax alone leaves the cost without it as it is.
_OF_TAX = frozenset(
    {
        "reduced_rate_possible",
        "tax_not_in_rulebook",
        "tax_depends_on_member",
        "tax_base_incomplete",
        "sources_disagree",
        "rate_not_confirmed",
    }
)
# The range over the national lines says this in figures.
_IN_RANGE = "code_not_national"
# Rows without a tariff: they say nothing about where the product would do well.
WITHOUT_TARIFF = frozenset({MarketOutcome.TAX_ONLY, MarketOutcome.UNKNOWN})
SWITCH = ("with", "without")


@dataclass(frozen=True, slots=True)
class RankBasis:
    """What costs are compared: with the best ``claims``, and with ``tax``, the VAT or GST that a business reclaims."""

    claims: bool = True
    tax: bool = False

    def as_json(self) -> dict[str, str]:
        """``{"claims", "tax"}``, each ``"with"`` or ``"without"``."""
        return {"claims": SWITCH[not self.claims], "tax": SWITCH[not self.tax]}


def find_rank_cost(row: MarketRow, basis: RankBasis) -> Money | None:
    """The cost by which a row is ranked, the highest over its national lines; None where no tariff is known."""
    found = find_rank_span(row, basis)
    return found.highest if found else None


def find_rank_span(row: MarketRow, basis: RankBasis) -> Span | None:
    """The cost that is compared over the national lines; with a claim where its cost is known."""
    claimed = row.best if basis.claims and row.best is not None and row.best.landed_cost is not None else None
    if basis.tax:
        return claimed.landed_cost if claimed else row.landed_cost
    return claimed.without_tax if claimed else row.without_tax


def rank_rows(rows: Iterable[MarketRow], basis: RankBasis) -> tuple[MarketRow, ...]:
    """The rows by how much is known of the cost that is compared, then by that cost, then by code."""

    def key(row: MarketRow) -> tuple[int, Decimal | int, str]:
        cost = find_rank_span(row, basis)
        return (ORDER[find_rank_outcome(row, basis)], cost.highest.amount if cost else 0, row.economy)

    return tuple(sorted(rows, key=key))


def find_rank_outcome(row: MarketRow, basis: RankBasis) -> MarketOutcome:
    """How much is known of the cost that is compared: without the tax, what is open of the tax alone is no matter."""
    if basis.tax or row.outcome not in (MarketOutcome.INCOMPLETE, MarketOutcome.RANGE):
        return row.outcome
    if row.duty is None or row.without_tax is None:
        return row.outcome
    if any(u.code not in _OF_TAX and u.code != _IN_RANGE and u.effect is not Effect.NONE for u in row.unknowns):
        return row.outcome
    return MarketOutcome.COMPLETE if row.without_tax.settled is not None else MarketOutcome.RANGE
