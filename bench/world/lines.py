"""A year of synthetic trade in a Parquet file, drawn from the seed's rulebook by the product's own generator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from ewtp.core.trade.generating import synthetic_trade
from ewtp.core.trade.profile import TradeProfile, profile_of
from ewtp.core.values.refusals import Refusal
from ewtp.gateways import hs_texts

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.rulebook.book import Book

YEAR = 2026
SEED = 20_260_630
GROUP_LINES = 1_000_000


def trade_profile(book: Book) -> TradeProfile:
    """What the generator has to know of a book."""
    subheadings = [code for code in (f"{number:06d}" for number in range(1_000_000)) if hs_texts.exists(code)]
    profile = profile_of(book, year=YEAR, subheadings=subheadings)
    if isinstance(profile, Refusal):
        raise SystemExit(profile.message)
    return profile


def write_lines(profile: TradeProfile, lines: int, path: Path) -> None:
    """Write ``lines`` lines, a million in a row group, in bounded memory."""
    writer: pq.ParquetWriter | None = None
    for table in synthetic_trade(profile, lines, SEED, batch_lines=GROUP_LINES):
        # Plain pages cost a third of the time of compressed ones to read, for everybody alike.
        writer = writer or pq.ParquetWriter(path, table.schema, compression="none")
        writer.write_table(table, row_group_size=GROUP_LINES)
    assert writer is not None
    writer.close()
