"""The burden of rules on a file, a table or synthetic lines, from one version of the rulebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from ewtp.apps.batches.reading.burden import BurdenReader
from ewtp.apps.batches.reading.sentences import FILE_UNREADABLE
from ewtp.apps.batches.reading.version_assessor import version_assessor
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.parquet.lines import LinesTooLargeError, columns_of_lines, lines_of
from ewtp.gateways.parquet.sentences import LINES_UNPACK_TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ewtp.apps.batches.reading.burden import BurdenReport
    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.gateways.parquet.lines import LinesFile

LINES_AT_ONCE = 50_000


def file_burden(
    source: LinesFile,
    version: VersionRef,
    currency: str,
    destination: str,
    progress: Callable[[str, int, int], None],
) -> BurdenReport | Refusal:
    """The burden on the lines of a Parquet file, from a version that is compiled.

    Refuses with ``firm_size_missing``, and with ``file_unreadable`` or ``file_unsafe`` where the file breaks off.
    """
    try:
        return tables_burden(source.pieces(0, LINES_AT_ONCE), version, currency, destination, (source.rows, progress))
    except LinesTooLargeError:
        return Refusal(LINES_UNPACK_TOO_LARGE, {"path": source.path})
    except (OSError, pa.ArrowException):
        return Refusal(FILE_UNREADABLE, {"path": source.path, "line": source.rows})


def tables_burden(
    tables: Iterable[pa.Table],
    version: VersionRef,
    currency: str,
    destination: str,
    shown: tuple[int, Callable[[str, int, int], None]],
) -> BurdenReport | Refusal:
    """The burden on tables of lines, from a version that is compiled; ``shown`` are their number and the progress."""
    reader = BurdenReader(version, currency, destination)
    assess = version_assessor(version).assess_table
    total, progress = shown
    for table in tables:
        asked = columns_of_lines(table.schema)
        if isinstance(asked, Refusal):
            return asked
        refused = reader.add_table(lines_of(table, asked), table, assess)
        if refused is not None:
            return refused
        progress("lines counted", reader.count.read, total)
    return reader.report()


def table_burden(table: pa.Table, version: VersionRef, currency: str, destination: str) -> BurdenReport | Refusal:
    """The burden on a small table, answered line by line; the version need not be compiled."""
    reader = BurdenReader(version, currency, destination)
    return reader.add_table(table, table) or reader.report()
