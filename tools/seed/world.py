"""Write what belongs to no single economy: correlations of the Harmonized System and monthly exchange rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.uk import exchange_rates as hmrc_exchange_rates
from ewtp.gateways.official_files.world import hs_correlation
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered import gather

if TYPE_CHECKING:
    from pathlib import Path

_WORKBOOKS = (
    ("hs2022_hs2017", "HS2022toHS2017ConversionAndCorrelationTables.xlsx"),
    ("hs2017_hs2012", "HS2017toHS2012ConversionAndCorrelationTables.xlsx"),
)


def write_correlations(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/hs/<pair of editions>``."""
    for folder, file in _WORKBOOKS:
        gathered = gather(hs_correlation.read(reference / "hs" / file))
        if isinstance(gathered, Refusal):
            return gathered
        write_pack(root / "hs" / folder, source=gathered.source, defaults={}, replaced=gathered.replaced)
    return None


def write_exchange_rates(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/exchange_rates/hmrc``."""
    gathered = gather(hmrc_exchange_rates.read(reference / "fx" / "hmrc_monthly_rates_2020-2023.csv"))
    if isinstance(gathered, Refusal):
        return gathered
    write_pack(root / "exchange_rates" / "hmrc", source=gathered.source, defaults={}, rates=gathered.rates)
    return None
