"""A year of synthetic lines in a Parquet file, drawn from the seed's rulebook by the product's own generator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from ewtp.core.synthetic.generator import synthetic_lines
from ewtp.core.synthetic.import_profile import ImportProfile, build_import_profile
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference import hs_texts

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.rulebook.book import Book

YEAR = 2026
SEED = 20_260_630
GROUP_LINES = 1_000_000
# Codes of all schedules fit, so that no column of texts falls back to plain pages.
_DICTIONARY_BYTES = 16 * 2**20


def import_profile(book: Book) -> ImportProfile:
    """The profile that the generator draws from."""
    profile = build_import_profile(book, year=YEAR, subheadings=hs_texts.subheadings())
    if isinstance(profile, Refusal):
        raise SystemExit(profile.message)
    return profile


def write_lines(profile: ImportProfile, lines: int, path: Path) -> None:
    """Write ``lines`` lines, a million in a row group, in bounded memory."""
    writer: pq.ParquetWriter | None = None
    for table in synthetic_lines(profile, lines, SEED, batch_lines=GROUP_LINES):
        writer = writer or _writer(path, table.schema)
        writer.write_table(table, row_group_size=GROUP_LINES)
    assert writer is not None
    writer.close()


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """As `ewtp synthetic` writes, but without compression, so that what is measured is the job, for everybody alike."""
    return pq.ParquetWriter(
        path,
        schema,
        compression="none",
        use_dictionary=[field.name for field in schema if pa.types.is_dictionary(field.type)],
        dictionary_pagesize_limit=_DICTIONARY_BYTES,
        store_decimal_as_integer=True,
    )
