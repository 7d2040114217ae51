"""The demand for a product from the trade figures that an operator has brought; remembered until they change."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ewtp.core.markets.demand import summarise_demand
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.trade_figures.figure_store import figure_folder, find_figures

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ewtp.core.markets.demand import Demand


def demand_of(hs: str) -> Mapping[str, Demand]:
    """By economy, what is held of its imports of a subheading; nothing where nobody has brought figures."""
    home = home_path()
    try:
        changed = figure_folder(home).stat().st_mtime_ns
    except FileNotFoundError:
        return {}
    return _summary_of(home, changed, hs)


@lru_cache(maxsize=256)
def _summary_of(home: Path, changed: int, hs: str) -> Mapping[str, Demand]:
    """The summary; ``changed`` is when the figures last did, so that others are read again."""
    del changed
    return summarise_demand(find_figures(home, hs))
