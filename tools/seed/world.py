"""Write the packs of no single economy: correlations of the Harmonized System and monthly exchange rates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.uk import exchange_rates
from ewtp.gateways.official_files.world import hs_correlation
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import RETRIEVED, gather

if TYPE_CHECKING:
    from pathlib import Path

# A workbook is dated by the first day of the newer of its editions.
_WORKBOOKS = (
    ("hs2022_hs2017", "HS2022toHS2017ConversionAndCorrelationTables.xlsx", date(2022, 1, 1)),
    ("hs2017_hs2012", "HS2017toHS2012ConversionAndCorrelationTables.xlsx", date(2017, 1, 1)),
)
# The file's last month.
_RATES_PUBLISHED = date(2023, 8, 1)


def write_correlations(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/hs/<pair of editions>``."""
    for folder, file, published in _WORKBOOKS:
        gathered = gather(hs_correlation.read(reference / "hs" / file, retrieved=RETRIEVED, published=published))
        if isinstance(gathered, Refusal):
            return gathered
        write_pack(root / "hs" / folder, source=gathered.source, defaults={}, replaced=gathered.replaced)
    return None


def write_exchange_rates(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/exchange_rates/hmrc``."""
    file = reference / "fx" / "hmrc_monthly_rates_2020-2023.csv"
    gathered = gather(exchange_rates.read(file, retrieved=RETRIEVED, published=_RATES_PUBLISHED))
    if isinstance(gathered, Refusal):
        return gathered
    write_pack(root / "exchange_rates" / "hmrc", source=gathered.source, defaults={}, rates=gathered.rates)
    return None
