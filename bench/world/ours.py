"""Our side: a Parquet file of lines through the compiled rulebook, row group by row group, answers kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ewtp.core.values.money import minor_units
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor
    from pathlib import Path

    from ewtp.core.compiled.table.assessor import TableAssessor

TEXTS = ["from", "to", "origin", "hs", "currency", "buyer", "transport", "claims", "supplementary_unit"]
_OTHERS = ("date", "value", "freight", "insurance", "supplementary_quantity")


def line_columns(names: list[str]) -> list[str]:
    """The columns that a line has, of all that a file has."""
    return [name for name in names if name in TEXTS or name in _OTHERS or name.startswith("quantity_")]


def answer_groups(assessor: TableAssessor, path: Path, groups: list[int]) -> list[pa.Table]:
    """The answers to some row groups, in order."""
    file = pq.ParquetFile(path, read_dictionary=TEXTS)
    columns = line_columns(file.schema_arrow.names)
    answers = []
    for group in groups:
        lines = file.read_row_group(group, columns=columns, use_threads=False)
        found = assessor.assess_table(lines)
        if isinstance(found, Refusal):
            raise SystemExit(found.message)
        answers.append(found)
    return answers


def answer_file(assessor: TableAssessor, path: Path, pool: ThreadPoolExecutor | None = None) -> list[pa.Table]:
    """The answers to a whole file, a row group at a time in each thread; in this thread alone without a pool.

    The threads of a pool stay, as those of a batch do, and keep the memory that they have used.
    """
    count = pq.read_metadata(path).num_row_groups
    if pool is None:
        return answer_groups(assessor, path, list(range(count)))
    return [table for found in pool.map(lambda n: answer_groups(assessor, path, [n]), range(count)) for table in found]


def totals_of(answers: list[pa.Table], name: str = "total") -> dict[str, Any]:
    """The sum of an amount by currency, exactly, in the currency's major unit as a decimal."""
    sums: dict[str, Any] = {}
    for table in answers:
        small = pa.table({"currency": table["currency"], name: _as_whole(table[name])})
        grouped = small.group_by("currency").aggregate([(name, "sum")])
        for currency, total in zip(grouped["currency"].to_pylist(), grouped[f"{name}_sum"].to_pylist(), strict=True):
            if currency is not None:
                sums[currency] = sums.get(currency, 0) + (total or 0)
    scale = _scale_of(answers[0][name].type)
    return {currency: minor_of(total, currency, scale) for currency, total in sums.items()}


def minor_of(total: int, currency: str, scale: int | None) -> int:
    """A sum in the currency's minor units; ``scale`` is None where it is in those already."""
    return total if scale is None else total * 10 ** minor_units(currency) // 10**scale


def _scale_of(kind: pa.DataType) -> int | None:
    return None if pa.types.is_integer(kind) else int(kind.scale)


def _as_whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Amounts as the whole numbers that they are kept as; nothing is copied."""
    if pa.types.is_integer(column.type):
        return column
    if column.type.bit_width == 64:
        return pa.chunked_array([_bare(chunk) for chunk in column.chunks], pa.int64())
    return pc.cast(pc.multiply(column, 10**column.type.scale), pa.int64())


def _bare(chunk: pa.Array) -> pa.Array:
    return pa.Array.from_buffers(pa.int64(), len(chunk), chunk.buffers(), offset=chunk.offset)


def minor_column(answers: pa.Table, name: str) -> Any:
    """An amount of every line in minor units of its currency, as integers; 0 where the line was refused."""
    whole = _as_whole(answers[name])
    scale = _scale_of(answers[name].type)
    numbers = pc.fill_null(whole, 0).combine_chunks().to_numpy(zero_copy_only=False)
    if scale is None:
        return numbers
    currency = pa.table({"currency": answers["currency"]}).unify_dictionaries().combine_chunks()["currency"].chunk(0)
    divisors = pa.array([10 ** (scale - minor_units(c)) for c in currency.dictionary.to_pylist()])
    divisor = pc.fill_null(pc.take(divisors, currency.indices), 1).to_numpy(zero_copy_only=False)
    return numbers // divisor
