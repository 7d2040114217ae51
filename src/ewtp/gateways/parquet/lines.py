"""Parquet files of lines: their columns as a table assessor takes them, and their rows in pieces of any size."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import compute, parquet

from ewtp.core.compiled.table.lines_from_arrow import TEXTS, check_columns
from ewtp.core.compiled.table.quantities import QUANTITY, SUPPLEMENTARY_QUANTITY
from ewtp.core.compiled.table.sentences import COLUMN_TWICE
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.parquet.sentences import LINES_MISSING, LINES_TOO_WIDE, LINES_UNPACK_TOO_LARGE, LINES_UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COLUMNS = frozenset({*TEXTS, "date", "value", "freight", "insurance", SUPPLEMENTARY_QUANTITY})
# Read ahead of the decoder, by column; a whole column of a large row group would not fit in memory.
_BUFFER_BYTES = 1 << 20
_MOST_COLUMNS = 5_000
# A few kilobytes can unpack to gigabytes; writers make row groups of some hundred megabytes at most.
_FREE_BYTES, _MOST_TIMES = 1 << 29, 100
_MOST_VALUES_OF_ROW = 10_000
# The texts of a column in one piece: a dictionary stores a long one once, however many rows repeat it.
_FREE_TEXT_BYTES, _MOST_BYTES_OF_TEXT = 1 << 28, 1 << 10


class LinesTooLargeError(pa.ArrowInvalid):  # type: ignore[misc]
    """Raised where the rows of a file would not fit in memory."""


@dataclass(frozen=True, slots=True)
class LinesFile:
    """An open file of lines; ``schema`` is that of all its columns, ``asked`` that of the columns of lines."""

    path: Path
    schema: pa.Schema
    asked: pa.Schema
    rows: int
    identity: dict[str, Any]
    _file: parquet.ParquetFile

    @property
    def ignored(self) -> list[str]:
        """Columns that are not columns of lines."""
        return [name for name in self.schema.names if name not in self.asked.names]

    def pieces(self, first: int, size: int) -> Iterator[pa.Table]:
        """All columns from row ``first`` on, ``size`` rows at a time; texts of lines come as dictionaries.

        Memory depends on ``size`` alone, not on the file's row groups. Raises OSError or pa.ArrowException where
        the file is broken, and of these ``LinesTooLargeError`` where its texts would not fit in memory.
        """
        group, skip = self._place(first)
        held: list[pa.RecordBatch] = []
        count = 0
        for batch in self._file.iter_batches(size, row_groups=range(group, self._file.num_row_groups)):
            rest = self._write_out(batch.slice(skip))
            skip = max(0, skip - batch.num_rows)
            while rest.num_rows:
                taken = rest.slice(0, size - count)
                held.append(taken)
                count += taken.num_rows
                rest = rest.slice(taken.num_rows)
                if count == size:
                    yield pa.Table.from_batches(held)
                    held, count = [], 0
        if held:
            yield pa.Table.from_batches(held)

    def has_changed(self) -> bool:
        """Whether the file has changed since it was opened."""
        try:
            return _stamp(self.path) != {name: self.identity[name] for name in ("bytes", "changed_ns")}
        except OSError:
            return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write_out(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch with plain texts in the columns that are not columns of lines."""
        fields, columns = [], []
        for field, column in zip(batch.schema, batch.columns, strict=True):
            kind = self.schema.field(field.name).type
            if field.type == kind or field.name in TEXTS:
                fields.append(field)
                columns.append(column)
                continue
            lengths = compute.binary_length(column.dictionary)
            most = _FREE_TEXT_BYTES + _MOST_BYTES_OF_TEXT * batch.num_rows
            if (compute.sum(lengths.take(column.indices)).as_py() or 0) > most:
                msg = f"the texts of {field.name[:40]} unpack to too much"
                raise LinesTooLargeError(msg)
            fields.append(field.with_type(kind))
            columns.append(column.cast(kind))
        return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields, metadata=batch.schema.metadata))

    def _place(self, first: int) -> tuple[int, int]:
        """The row group of a row, and how many rows of the group precede it."""
        group = 0
        while group < self._file.num_row_groups and first >= (rows := self._file.metadata.row_group(group).num_rows):
            first -= rows
            group += 1
        return group, first


def open_lines(path: Path) -> LinesFile | Refusal:
    """Open a file of lines; refused where it is none: ``file_unreadable``, ``column_*``, ``quantity_twice``, units'.

    A file that would unpack to far more than its size explains is refused with ``file_unsafe``.
    """
    if not path.is_file():
        return Refusal(LINES_MISSING, {"path": path})
    try:
        stamp = _stamp(path)
        schema = parquet.read_schema(path)
        texts = [field.name for field in schema if field.name in TEXTS]
        texts += _texts_stored_once(parquet.read_metadata(path), schema)
        file = parquet.ParquetFile(path, read_dictionary=texts, buffer_size=_BUFFER_BYTES, pre_buffer=False)
    except (OSError, pa.ArrowException):
        return Refusal(LINES_UNREADABLE, {"path": path})
    asked = _too_much(path, file.metadata) or columns_of_lines(schema)
    refused = asked if isinstance(asked, Refusal) else check_columns(asked)
    if isinstance(refused, Refusal):
        file.close()
        return refused
    rows = file.metadata.num_rows
    digest = hashlib.sha256(schema.serialize()).hexdigest()
    return LinesFile(path, schema, asked, rows, {**stamp, "rows": rows, "schema": digest}, file)


def _texts_stored_once(metadata: parquet.FileMetaData, schema: pa.Schema) -> list[str]:
    """The columns of texts, other than those of lines, in which a row may be a number that stands for a text."""
    plain = {field.name for field in schema if field.type in {pa.string(), pa.binary()}} - set(TEXTS)
    found = set()
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        for place in range(group.num_columns):
            column = group.column(place)
            if column.path_in_schema in plain and any("DICTIONARY" in encoding for encoding in column.encodings):
                found.add(column.path_in_schema)
    return sorted(found)


def _too_much(path: Path, metadata: parquet.FileMetaData) -> Refusal | None:
    """What the footer gives away of a file that would not fit in memory."""
    if metadata.num_columns > _MOST_COLUMNS:
        return Refusal(LINES_TOO_WIDE, {"path": path, "most": _MOST_COLUMNS})
    lists = [place for place in range(metadata.num_columns) if metadata.schema.column(place).max_repetition_level]
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        if group.total_byte_size > _FREE_BYTES:
            packed = sum(group.column(place).total_compressed_size for place in range(group.num_columns))
            if group.total_byte_size > _FREE_BYTES + _MOST_TIMES * packed:
                return Refusal(LINES_UNPACK_TOO_LARGE, {"path": path})
        # A row of a list is read whole, and a list that repeats one value takes next to no place.
        most = _MOST_VALUES_OF_ROW * max(group.num_rows, 1)
        if any(group.column(place).num_values > most for place in lists):
            return Refusal(LINES_UNPACK_TOO_LARGE, {"path": path})
    return None


def lines_of(piece: pa.Table, asked: pa.Schema) -> pa.Table:
    """The columns of lines of a piece, in the types that a table assessor takes."""
    columns = []
    for field in asked:
        column = piece[field.name]
        given = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        columns.append(column if given == field.type or field.name in TEXTS else column.cast(field.type))
    return pa.table(columns, names=asked.names)


def _stamp(path: Path) -> dict[str, int]:
    status = path.stat()
    return {"bytes": status.st_size, "changed_ns": status.st_mtime_ns}


def columns_of_lines(schema: pa.Schema) -> pa.Schema | Refusal:
    """The columns of lines in a schema; small decimals become wide ones, which hold the same figures."""
    names = [name for name in schema.names if name in _COLUMNS or name.startswith(QUANTITY)]
    twice = next((name for name, same in itertools.groupby(sorted(schema.names)) if len(list(same)) > 1), None)
    if twice is not None:
        return Refusal(COLUMN_TWICE, {"name": twice[:40]})
    return pa.schema([pa.field(name, _wide(schema.field(name).type)) for name in names])


def _wide(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_decimal32(kind) or pa.types.is_decimal64(kind):
        return pa.decimal128(kind.precision, kind.scale)
    return kind
