"""A table of lines as arrays of integers: indices of names, amounts in minor units, marks on lines that do not fit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ewtp.core.compiled.format.entry_key import LENGTH_BITS, MOST_DIGITS, SUBHEADING_DIGITS
from ewtp.core.compiled.format.kernel_arrays import NO_CLAIM, ODD_CLAIM, Lines
from ewtp.core.compiled.format.tables import BUYERS, TRANSPORTS
from ewtp.core.compiled.kernel.code_columns import parse_codes
from ewtp.core.compiled.kernel.line_columns import FrameColumns, check_days, list_used_frames
from ewtp.core.compiled.kernel.number_columns import read_amount_column
from ewtp.core.compiled.machine.arrow_columns import in_one_piece, number_column, text_column
from ewtp.core.compiled.machine.buffers import empty, full, read_only
from ewtp.core.compiled.machine.epoch_days import LAST_YEAR, day_number
from ewtp.core.compiled.machine.fixed_point import POWERS
from ewtp.core.compiled.table.quantities import QUANTITY, SUPPLEMENTARY_QUANTITY, SUPPLEMENTARY_UNIT, quantity_arrays
from ewtp.core.compiled.table.sentences import (
    COLUMN_MISSING,
    COLUMN_TWICE,
    COLUMN_TYPE,
    QUANTITY_IN_TWO_COLUMNS,
)
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import minor_units
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import resolve_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ewtp.core.compiled.format.tables import CompiledBook

TEXTS = ("from", "to", "origin", "hs", "currency", "buyer", "transport", "claims", SUPPLEMENTARY_UNIT)
_AMOUNTS = ("value", "freight", "insurance", SUPPLEMENTARY_QUANTITY)
NEEDED = ("from", "to", "date", "hs", "value", "currency")
_FIRST_DAY, _LAST_DAY = day_number(date(1990, 1, 1)), day_number(date(LAST_YEAR, 12, 31))


@immutable
class LineTable:
    """Lines for the kernel; the currencies and days of the table, in order; its pairs of destination and currency."""

    lines: Lines
    currencies: tuple[str, ...]
    days: NDArray[np.int32]
    pairs: list[tuple[int, int]]


def check_columns(schema: pa.Schema) -> Refusal | None:
    """Whether a table has the columns of lines, in types that hold exact amounts; other columns do not matter."""
    missing = [name for name in NEEDED if name not in schema.names]
    if missing:
        return Refusal(COLUMN_MISSING, {"name": missing[0], "needed": NEEDED})
    units: set[str] = set()
    for field in schema:
        if schema.names.count(field.name) > 1:
            return Refusal(COLUMN_TWICE, {"name": field.name})
        if field.name.startswith(QUANTITY):
            unit = resolve_unit(field.name.removeprefix(QUANTITY))
            if isinstance(unit, Refusal):
                return unit.under(field.name)
            if unit.key in units:
                return Refusal(QUANTITY_IN_TWO_COLUMNS, {"unit": unit})
            units.add(unit.key)
        if not _fits(field):
            return Refusal(COLUMN_TYPE, {"name": field.name, "type": str(field.type)})
    return None


def _fits(field: pa.Field) -> bool:
    """Whether a column has a type that can be read; a column that is not one of lines always fits."""
    if field.name.startswith(QUANTITY) or field.name in _AMOUNTS:
        return _is_exact(field.type)
    if field.name in TEXTS:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
    return field.name != "date" or bool(pa.types.is_date32(field.type))


def _is_exact(kind: pa.DataType) -> bool:
    decimal = pa.types.is_decimal32(kind) or pa.types.is_decimal64(kind) or pa.types.is_decimal128(kind)
    return bool(decimal and kind.scale >= 0) or bool(pa.types.is_integer(kind))


def read_lines(table: pa.Table, book: CompiledBook) -> LineTable:
    """The lines as arrays; ``scalar`` marks lines with a name or value that the kernel does not support."""
    names = book.names
    count = table.num_rows
    scalar = full(count, np.bool_)
    places = {economy: place for place, economy in enumerate(names.economies)}
    source = _places(table, "from", places, scalar, np.int16)
    target = _places(table, "to", places, scalar, np.int16)
    origin = _origins(table, source, places, scalar)
    spoken = text_column(table, "currency")
    currencies = tuple(text or "" for text in spoken.dictionary.to_pylist())
    currency = _indices(spoken, scalar)
    decimals = np.array([minor_units(text) for text in currencies] or [0], np.int64)
    amounts = [_amounts(table, name, decimals, currency, scalar, needed=name == "value") for name in _AMOUNTS[:3]]
    day = _days(table, source, target, scalar)
    code, keys, exists = _codes(table, book.tables.subheadings, scalar)
    quantities = quantity_arrays(table, names.quantities, scalar)
    lines = Lines(
        source=source,
        destination=target,
        origin=origin,
        day=day,
        code=code,
        code_key=keys,
        code_exists=exists,
        currency=currency,
        value=amounts[0],
        freight=amounts[1],
        insurance=amounts[2],
        buyer=_places(table, "buyer", {b: n for n, b in enumerate(BUYERS) if b}, scalar, np.int8, absent=0),
        transport=_places(table, "transport", {t: n for n, t in enumerate(TRANSPORTS) if t}, scalar, np.int8, absent=0),
        claim=_claims(table, {claim: place for place, claim in enumerate(names.claims)}, count),
        quantities=quantities,
        scalar=scalar,
    )
    columns = FrameColumns(scalar, target, currency, day)
    used, on = list_used_frames(columns, max(len(currencies), 1), len(names.economies), _FIRST_DAY, _LAST_DAY)
    pairs = [divmod(int(pair), max(len(currencies), 1)) for pair in np.flatnonzero(used)]
    days = np.flatnonzero(on) + _FIRST_DAY
    return LineTable(lines, currencies, days.astype(np.int32), pairs)


def _indices(found: pa.DictionaryArray, scalar: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Indices of the dictionary; a null marks its line and has index 0."""
    if found.indices.null_count or found.dictionary.null_count:
        scalar |= np.asarray(found.is_null())
    indices = found.indices.fill_null(0) if found.indices.null_count else found.indices
    found_places: NDArray[np.int32] = np.asarray(indices)
    return found_places


def _places(
    table: pa.Table,
    name: str,
    places: Mapping[str, int],
    scalar: NDArray[np.bool_],
    kind: type[np.signedinteger[Any]],
    *,
    absent: int | None = None,
) -> NDArray[Any]:
    """The index of each line's name; an unknown name marks the line, as does a missing one unless it is optional."""
    if name not in table.column_names:
        return full(table.num_rows, kind, absent or 0)
    found = text_column(table, name)
    texts = found.dictionary.to_pylist()
    numbers = np.array([absent if text is None else places.get(text, -1) for text in texts] or [0], dtype=object)
    mapped = np.array([-1 if n is None else n for n in numbers], kind)
    indices = found.indices
    row: NDArray[Any]
    if indices.null_count:
        row = mapped[np.asarray(indices.fill_null(0))]
        row[np.asarray(indices.is_null())] = -1 if absent is None else absent
    else:
        row = mapped[np.asarray(indices)]
    if indices.null_count or (mapped < 0).any():
        lost = row < 0
        scalar |= lost
        row[lost] = 0
    return row


def _origins(
    table: pa.Table, source: NDArray[Any], places: Mapping[str, int], scalar: NDArray[np.bool_]
) -> NDArray[Any]:
    """The index of each line's origin, which is the economy of dispatch where none is given."""
    if "origin" not in table.column_names or table["origin"].null_count == table.num_rows:
        return source
    found = text_column(table, "origin")
    if not found.null_count:
        return _places(table, "origin", places, scalar, np.int16)
    row = _places(table, "origin", places, scalar, np.int16, absent=np.iinfo(np.int16).max)
    filled: NDArray[Any] = np.where(row == np.iinfo(np.int16).max, source, row)
    return filled


def _claims(table: pa.Table, places: Mapping[str, int], count: int) -> NDArray[np.int32]:
    """The number of each line's one claim; ODD_CLAIM for several, or for one that the book lacks."""
    if "claims" not in table.column_names or table["claims"].null_count == count:
        return full(count, np.int32, NO_CLAIM)
    found = text_column(table, "claims")
    mapped = np.array([_claim(text, places) for text in found.dictionary.to_pylist()] + [NO_CLAIM], np.int32)
    indices = found.indices
    row: NDArray[np.int32] = mapped[np.asarray(indices.fill_null(len(mapped) - 1) if indices.null_count else indices)]
    return row


def _claim(text: str | None, places: Mapping[str, int]) -> int:
    claims = (text or "").split()
    if not claims:
        return NO_CLAIM
    return places.get(claims[0], ODD_CLAIM) if len(claims) == 1 else ODD_CLAIM


def _days(
    table: pa.Table, source: NDArray[np.int16], target: NDArray[np.int16], scalar: NDArray[np.bool_]
) -> NDArray[np.int32]:
    days = in_one_piece(table["date"])
    if days.null_count:
        scalar |= np.asarray(days.is_null())
        days = days.fill_null(date(1970, 1, 1))
    day: NDArray[np.int32] = np.asarray(days.view(pa.int32()))
    check_days(day, source, target, _FIRST_DAY, _LAST_DAY, scalar)
    return day


def _amounts(
    table: pa.Table,
    name: str,
    decimals: NDArray[np.int64],
    currency: NDArray[np.int32],
    scalar: NDArray[np.bool_],
    *,
    needed: bool = False,
) -> NDArray[np.int64]:
    """Minor units of each line's currency, -1 where none is given."""
    if name not in table.column_names or table[name].null_count == table.num_rows:
        if needed:
            scalar[:] = True
        return full(table.num_rows, np.int64, -1)
    column = number_column(table, name)
    places = decimals - column.scale
    # No number that can be read is divisible by a larger power of ten.
    divisors = POWERS[np.clip(-places, 0, len(POWERS) - 1)]
    factors = np.stack([POWERS[np.maximum(places, 0)], divisors], axis=1)
    found = empty(table.num_rows, np.int64)
    read_amount_column(column, factors, currency, needed, found, scalar)
    return found


def _codes(
    table: pa.Table, subheadings: NDArray[np.int32], scalar: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.bool_]]:
    """The index of each line's code among the distinct ones; for these, the keys and whether the subheading exists."""
    texts = text_column(table, "hs")
    place = _indices(texts, scalar)
    distinct = texts.dictionary.cast(pa.string())
    if distinct.null_count:
        distinct = distinct.fill_null("")
    count = len(distinct)
    keys = np.zeros(max(count, 1), np.int64)
    _, offsets, data = distinct.buffers()
    if count:
        starts = np.frombuffer(offsets, np.int32)[distinct.offset : distinct.offset + count + 1]
        text = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
        parse_codes(read_only(starts), read_only(text), keys)
    heads = (keys >> LENGTH_BITS) // 10 ** (MOST_DIGITS - SUBHEADING_DIGITS)
    exists = np.isin(heads, subheadings)
    if (keys == 0).any():
        scalar |= keys[place] == 0
    return place, keys, exists
