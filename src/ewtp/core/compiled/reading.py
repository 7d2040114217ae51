"""A table of lines as arrays of integers: names become places, amounts minor units; what does not fit is marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ewtp.core.compiled.arithmetic import NOT_GIVEN, compiled
from ewtp.core.compiled.entries import day_number
from ewtp.core.compiled.layout import Lines
from ewtp.core.compiled.tables import BUYERS, TRANSPORTS
from ewtp.core.values.money import minor_units
from ewtp.core.values.refusals import Refusal
from ewtp.core.values.units import resolve_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.tables import Names

QUANTITY = "quantity_"
_TEXTS = ("from", "to", "origin", "hs", "currency", "buyer", "transport", "claims")
_AMOUNTS = ("value", "freight", "insurance")
_NEEDED = ("from", "to", "date", "hs", "value", "currency")
_QUANTITY_DECIMALS = 4
_LARGEST = 10**15
_FIRST_DAY, _LAST_DAY = day_number(date(1990, 1, 1)), day_number(date(2100, 12, 31))


@dataclass(frozen=True, slots=True)
class Read:
    """Lines for the kernel, with the currencies that they name and each line's place among those."""

    lines: Lines
    currencies: tuple[str, ...]
    currency: NDArray[np.int32]


def check_columns(schema: pa.Schema) -> Refusal | None:
    """Whether a table has the columns of lines, in types that hold exact amounts."""
    missing = [name for name in _NEEDED if name not in schema.names]
    if missing:
        return Refusal("column_missing", f"The lines need a column {missing[0]!r}; needed are {', '.join(_NEEDED)}.")
    units: set[str] = set()
    for field in schema:
        exact = pa.types.is_decimal128(field.type) or pa.types.is_integer(field.type)
        if field.name.startswith(QUANTITY):
            unit = resolve_unit(field.name.removeprefix(QUANTITY))
            if isinstance(unit, Refusal):
                return unit.under(field.name)
            if unit.key in units:
                return Refusal("quantity_twice", f"Two columns give the quantity in {unit.name}; keep one.")
            units.add(unit.key)
            fits = exact
        elif field.name in _AMOUNTS:
            fits = exact
        elif field.name in _TEXTS:
            kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
            fits = pa.types.is_string(kind) or pa.types.is_large_string(kind)
        elif field.name == "date":
            fits = pa.types.is_date32(field.type)
        else:
            return Refusal("column_unknown", f"There is no column {field.name[:40]!r} among those of lines.")
        if not fits:
            return Refusal(
                "column_type",
                f"Column {field.name!r} is {field.type}; texts are strings, days date32, amounts decimal128.",
            )
    return None


def read_lines(table: pa.Table, names: Names) -> Read:
    """The lines as arrays; ``scalar`` marks those that only the scalar path can judge."""
    count = table.num_rows
    scalar = np.zeros(count, np.bool_)
    economies = {name: place for place, name in enumerate(names.economies)}
    source = _places(table, "from", economies, scalar, count=count)
    target = _places(table, "to", economies, scalar, count=count)
    origin = _places(table, "origin", economies, scalar, count=count, absent=-2)
    origin = np.where(origin == -2, source, origin).astype(np.int32)  # noqa: PLR2004 - the mark of an absent one
    currencies = tuple(sorted(set(_texts(table, "currency").dictionary.to_pylist())))
    currency = _places(table, "currency", {name: n for n, name in enumerate(currencies)}, scalar, count=count)
    decimals = np.array([minor_units(name) for name in currencies] or [2], np.int64)[currency]
    value = _amounts(table, "value", decimals, scalar, needed=True)
    freight = _amounts(table, "freight", decimals, scalar)
    insurance = _amounts(table, "insurance", decimals, scalar)
    days = table["date"].combine_chunks()
    day = np.asarray(days.cast(pa.int32()).fill_null(0)).astype(np.int32)
    scalar |= np.asarray(days.is_null()) | (day < _FIRST_DAY) | (day > _LAST_DAY) | (source == target)
    buyer = _places(table, "buyer", {b: n for n, b in enumerate(BUYERS) if b}, scalar, count=count, absent=0)
    transport = _places(
        table, "transport", {t: n for n, t in enumerate(TRANSPORTS) if t}, scalar, count=count, absent=0
    )
    _places(table, "claims", {"": 0}, scalar, count=count, absent=0)
    subheading, tail, digits = _codes(table, scalar)
    quantities, rows = _quantities(table, names.quantities, scalar)
    lines = Lines(
        source=source,
        destination=target,
        origin=origin,
        day=day,
        subheading=subheading,
        tail=tail,
        tail_digits=digits,
        value=value,
        freight=freight,
        insurance=insurance,
        buyer=buyer,
        transport=transport,
        quantities=quantities,
        quantity_row=rows,
        frame=np.zeros(count, np.int32),
        scalar=scalar,
    )
    return Read(lines, currencies, currency)


def _texts(table: pa.Table, name: str) -> pa.DictionaryArray:
    found = table[name]
    if not pa.types.is_dictionary(found.type):
        found = found.dictionary_encode()
    found = found.unify_dictionaries().combine_chunks()
    return found.chunk(0) if isinstance(found, pa.ChunkedArray) else found


def _places(
    table: pa.Table,
    name: str,
    places: Mapping[str, int],
    scalar: NDArray[np.bool_],
    *,
    count: int,
    absent: int | None = None,
) -> NDArray[np.int32]:
    """The place of each line's name; a name without one marks the line, and so does an absent one unless it may be."""
    if name not in table.column_names:
        return np.full(count, absent or 0, np.int32)
    found = _texts(table, name)
    numbers = np.array([places.get(text, -1) for text in found.dictionary.to_pylist()] + [-3], np.int32)
    row: NDArray[np.int32] = numbers[np.asarray(found.indices.fill_null(len(numbers) - 1))]
    if absent is not None:
        row[row == -3] = absent  # noqa: PLR2004 - the mark of a null
    lost = (row < 0) & (row != absent)
    scalar |= lost
    row[lost] = 0
    return row


def _integers(found: pa.Array, scalar: NDArray[np.bool_]) -> tuple[NDArray[np.int64], int, NDArray[np.bool_]]:
    """Whole numbers with their number of decimals, and which are absent; one beyond all trade marks the line."""
    nulls = np.asarray(found.is_null())
    if pa.types.is_integer(found.type):
        numbers = np.asarray(found.fill_null(0)).astype(np.int64)
        decimals = 0
    else:
        words = np.frombuffer(found.buffers()[1], np.int64)[2 * found.offset : 2 * (found.offset + len(found))]
        numbers = np.where(nulls, 0, words[0::2])
        decimals = found.type.scale
        # The high word of a small amount is zero; the sign of a negative one is caught below.
        scalar |= ~nulls & (words[1::2] != 0)
    odd = (numbers < 0) | (numbers > _LARGEST)
    scalar |= odd
    numbers[odd] = 0
    return numbers, decimals, nulls


def _amounts(
    table: pa.Table,
    name: str,
    decimals: NDArray[np.int64],
    scalar: NDArray[np.bool_],
    *,
    needed: bool = False,
) -> NDArray[np.int64]:
    """Minor units of each line's currency, -1 where none is given."""
    if name not in table.column_names:
        return np.full(len(decimals), -1, np.int64)
    numbers, given, nulls = _integers(table[name].combine_chunks(), scalar)
    scaled = _rescaled(numbers, given, decimals, scalar)
    if needed:
        scalar |= nulls
    scaled[nulls] = -1
    return scaled


def _rescaled(
    numbers: NDArray[np.int64],
    given: int,
    wanted: NDArray[np.int64] | int,
    scalar: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """The same figures with another number of decimals; one that would lose a digit or overflow marks its line."""
    more = np.maximum(wanted - given, 0)
    fewer = np.maximum(given - wanted, 0)
    divisor = np.power(10, fewer, dtype=np.int64)
    factor = np.power(10, more, dtype=np.int64)
    whole = numbers // divisor
    too_large = whole > _LARGEST // factor
    scalar |= (numbers % divisor != 0) | too_large
    scaled: NDArray[np.int64] = np.where(too_large, 0, whole) * factor
    return scaled


def _quantities(
    table: pa.Table,
    known: Sequence[str],
    scalar: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Ten-thousandths by unit that some rule counts; other units are checked and left to the scalar path."""
    rows = np.full(len(known) + 1, -1, np.int32)
    found: list[NDArray[np.int64]] = []
    measured: dict[str, NDArray[np.bool_]] = {}
    for name in table.column_names:
        if not name.startswith(QUANTITY):
            continue
        unit = resolve_unit(name.removeprefix(QUANTITY))
        numbers, decimals, nulls = _integers(table[name].combine_chunks(), scalar)
        scaled = _rescaled(numbers, decimals, _QUANTITY_DECIMALS, scalar)
        scaled[nulls] = NOT_GIVEN
        # The same measured twice, in two units, is refused by the scalar path.
        dimension = "" if isinstance(unit, Refusal) else unit.dimension.partition(".")[0]
        before = measured.setdefault(dimension, np.zeros(table.num_rows, np.bool_))
        scalar |= before & ~nulls
        before |= ~nulls
        if not isinstance(unit, Refusal) and unit.key in known:
            rows[known.index(unit.key)] = len(found)
            found.append(scaled)
    return np.array(found, np.int64).reshape(len(found), table.num_rows), rows


def _codes(table: pa.Table, scalar: NDArray[np.bool_]) -> tuple[Any, Any, Any]:
    codes = table["hs"]
    if pa.types.is_dictionary(codes.type):
        codes = codes.cast(codes.type.value_type)
    codes = codes.combine_chunks().cast(pa.string())
    count = len(codes)
    out = np.zeros(count, np.int32), np.zeros(count, np.int64), np.zeros(count, np.int8)
    _, offsets, data = codes.buffers()
    starts = np.frombuffer(offsets, np.int32)[codes.offset : codes.offset + count + 1]
    letters = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    _parse_codes(starts, letters, *out, scalar)
    scalar |= np.asarray(codes.is_null())
    return out


@compiled()
def _parse_codes(starts: Any, letters: Any, subheading: Any, tail: Any, tail_digits: Any, scalar: Any) -> None:  # noqa: PLR0917 - a kernel takes positions
    """Six digits and the rest of every code; dots and spaces are passed over, anything else marks the line."""
    for line in range(subheading.shape[0]):
        digits = 0
        head = 0
        rest = 0
        for place in range(starts[line], starts[line + 1]):
            letter = letters[place]
            if letter == 46 or letter == 32:  # noqa: PLR1714, PLR2004 - a dot or a space; the compiler takes no sets
                continue
            if letter < 48 or letter > 57 or digits == 14:  # noqa: PLR2004 - not a digit, or one too many
                digits = 0
                break
            digits += 1
            if digits <= 6:  # noqa: PLR2004 - the subheading
                head = head * 10 + (letter - 48)
            else:
                rest = rest * 10 + (letter - 48)
        # A text much longer than its digits is refused by the scalar path.
        if digits < 6 or starts[line + 1] - starts[line] > 40:  # noqa: PLR2004 - as in the parser of codes
            scalar[line] = True
            continue
        subheading[line] = head
        tail[line] = rest
        tail_digits[line] = digits - 6
