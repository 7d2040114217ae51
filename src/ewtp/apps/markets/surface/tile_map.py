"""A map of the world in tiles, one per economy, coloured by cost; drawn as SVG attributes only."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from ewtp.core.markets.market_row import MarketOutcome
from ewtp.core.markets.rank_basis import find_rank_cost, find_rank_outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from ewtp.core.markets.market_row import MarketRow
    from ewtp.core.markets.rank_basis import RankBasis
    from ewtp.core.values.money import Money

TILE = 40
SHADES = 5
_EMPTY = ".."
_PRICED = frozenset({MarketOutcome.COMPLETE, MarketOutcome.RANGE})
_CLASSES = {
    MarketOutcome.INCOMPLETE: "tile-open",
    MarketOutcome.TAX_ONLY: "tile-tax",
    MarketOutcome.UNKNOWN: "tile-none",
    MarketOutcome.REFUSED: "tile-open",
}


@cache
def tile_grid() -> dict[str, tuple[tuple[str, int, int], ...]]:
    """Each region's tiles: economy, column, row, from 0."""
    regions: dict[str, list[tuple[str, int, int]]] = {}
    tiles: list[tuple[str, int, int]] = []
    row = 0
    text = resources.files("ewtp.apps.markets.surface").joinpath("tile_grid.txt").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            tiles, row = regions.setdefault(line.strip("[]"), []), 0
        elif line and not line.startswith("#"):
            tiles += [(code, column, row) for column, code in enumerate(line.split()) if code != _EMPTY]
            row += 1
    return {region: tuple(found) for region, found in regions.items()}


def tile_map(
    rows: Iterable[MarketRow], basis: RankBasis, value: Money, home: str, addresses: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The regions with their tiles: place, class of colour, and a label such as ``+19%`` over the price.

    The cost is the one that ``basis`` compares.
    ``addresses`` are those of the rows, by economy.
    """
    by_economy = {row.economy: row for row in rows}
    extra = {code: _extra(find_rank_cost(row, basis), value) for code, row in by_economy.items()}
    outcomes = {code: find_rank_outcome(row, basis) for code, row in by_economy.items()}
    limits = _limits([extra[code] for code, outcome in outcomes.items() if outcome in _PRICED])
    regions = []
    for region, places in tile_grid().items():
        tiles = [
            {
                "economy": code,
                "x": column * TILE,
                "y": row * TILE,
                "address": addresses.get(code, ""),
                "class": "tile-home" if code == home else _class(outcomes.get(code), extra.get(code), limits),
                "label": _label(outcomes.get(code), extra.get(code)),
            }
            for code, column, row in places
        ]
        columns = 1 + max(column for _, column, _ in places)
        height = 1 + max(row for _, _, row in places)
        regions.append({"region": region, "tiles": tiles, "width": columns * TILE, "height": height * TILE})
    return regions


def _extra(cost: Money | None, value: Money) -> Decimal | None:
    """The charges on top of the price, in per cent of it; the highest where the national line is open."""
    return None if cost is None else (cost.amount - value.amount) * 100 / value.amount


def _limits(extras: list[Decimal | None]) -> list[Decimal]:
    """Where one shade ends and the next begins, so that each holds about as many economies."""
    known = sorted({extra for extra in extras if extra is not None})
    if not known:
        return []
    return [known[min(len(known) - 1, len(known) * shade // SHADES)] for shade in range(1, SHADES)]


def _class(outcome: MarketOutcome | None, extra: Decimal | None, limits: list[Decimal]) -> str:
    if outcome is None:
        return "tile-none"
    if outcome not in _PRICED or extra is None:
        return _CLASSES.get(outcome, "tile-open")
    return f"tile-{1 + sum(extra >= limit for limit in limits)}"


def _label(outcome: MarketOutcome | None, extra: Decimal | None) -> str:
    if outcome is None:
        return ""
    if extra is None:
        return "?"
    return f"{extra:+.0f}%" + ("?" if outcome not in _PRICED else "")
