"""A table of lines as arrays of integers: names become places, amounts minor units; what does not fit is marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ewtp.core.compiled.arithmetic import compiled
from ewtp.core.compiled.days import day_number
from ewtp.core.compiled.layout import NO_CLAIM, NOT_GIVEN, ODD_CLAIM, ODD_QUANTITY, Lines
from ewtp.core.compiled.schedules import MOST_DIGITS, SUBHEADING_DIGITS
from ewtp.core.compiled.tables import BUYERS, TRANSPORTS
from ewtp.core.values.money import minor_units
from ewtp.core.values.refusals import Refusal
from ewtp.core.values.units import resolve_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.tables import CompiledBook

QUANTITY = "quantity_"
TEXTS = ("from", "to", "origin", "hs", "currency", "buyer", "transport", "claims")
_AMOUNTS = ("value", "freight", "insurance")
NEEDED = ("from", "to", "date", "hs", "value", "currency")
_QUANTITY_DECIMALS = 4
_LARGEST = 10**15
_FIRST_DAY, _LAST_DAY = day_number(date(1990, 1, 1)), day_number(date(2100, 12, 31))
_POWERS = np.array([10**n for n in range(19)], np.int64)
# A text much longer than its digits is refused by the scalar path.
_LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class Read:
    """Lines for the kernel, with what the table names: currencies, the days in order, pairs of place and currency."""

    lines: Lines
    currencies: tuple[str, ...]
    days: NDArray[np.int32]
    pairs: list[tuple[int, int]]


def check_columns(schema: pa.Schema) -> Refusal | None:
    """Whether a table has the columns of lines, in types that hold exact amounts; other columns do not matter."""
    missing = [name for name in NEEDED if name not in schema.names]
    if missing:
        return Refusal("column_missing", f"The lines need a column {missing[0]!r}; needed are {', '.join(NEEDED)}.")
    units: set[str] = set()
    for field in schema:
        fits = True
        if schema.names.count(field.name) > 1:
            return Refusal("column_twice", f"There are two columns {field.name!r}; keep one.")
        if field.name.startswith(QUANTITY):
            unit = resolve_unit(field.name.removeprefix(QUANTITY))
            if isinstance(unit, Refusal):
                return unit.under(field.name)
            if unit.key in units:
                return Refusal("quantity_twice", f"Two columns give the quantity in {unit.name}; keep one.")
            units.add(unit.key)
            fits = _is_exact(field.type)
        elif field.name in _AMOUNTS:
            fits = _is_exact(field.type)
        elif field.name in TEXTS:
            kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
            fits = pa.types.is_string(kind) or pa.types.is_large_string(kind)
        elif field.name == "date":
            fits = pa.types.is_date32(field.type)
        if not fits:
            return Refusal(
                "column_type",
                f"Column {field.name!r} is {field.type}; texts are strings, days date32, amounts decimals or whole "
                "numbers.",
            )
    return None


def _is_exact(kind: pa.DataType) -> bool:
    decimal = pa.types.is_decimal32(kind) or pa.types.is_decimal64(kind) or pa.types.is_decimal128(kind)
    return bool(decimal and kind.scale >= 0) or bool(pa.types.is_signed_integer(kind))


def read_lines(table: pa.Table, book: CompiledBook) -> Read:
    """The lines as arrays; ``scalar`` marks those that hold something which the kernel does not know."""
    names = book.names
    count = table.num_rows
    scalar = np.zeros(count, np.bool_)
    places = {economy: place for place, economy in enumerate(names.economies)}
    source = _places(table, "from", places, scalar, np.int16)
    target = _places(table, "to", places, scalar, np.int16)
    origin = _origins(table, source, places, scalar)
    spoken = _texts(table, "currency")
    currencies = tuple(text or "" for text in spoken.dictionary.to_pylist())
    currency = _indices(spoken, scalar)
    decimals = np.array([minor_units(text) for text in currencies] or [0], np.int64)
    amounts = [
        _amounts(table, name, decimals, currency, scalar, needed=name == "value") for name in _AMOUNTS
    ]
    day = _days(table, source, target, scalar)
    code, keys, exists = _codes(table, book.tables.subheadings, scalar)
    quantities, rows = _quantities(table, names.quantities, scalar)
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
        quantity_row=rows,
        scalar=scalar,
    )
    used, first, last = _used(lines, len(currencies), len(names.economies), _FIRST_DAY, _LAST_DAY)
    pairs = [divmod(int(pair), max(len(currencies), 1)) for pair in np.flatnonzero(used)]
    days = np.flatnonzero(first) + _FIRST_DAY
    del last
    return Read(lines, currencies, days.astype(np.int32), pairs)


@compiled()
def _used(lines: Any, currencies: int, economies: int, first_day: int, last_day: int) -> Any:
    """Which pairs of a destination and a currency there are, and which days."""
    pairs = np.zeros(max(currencies, 1) * economies, np.bool_)
    days = np.zeros(last_day - first_day + 1, np.bool_)
    for line in range(lines.day.shape[0]):
        if not lines.scalar[line]:
            pairs[lines.destination[line] * currencies + lines.currency[line]] = True
            days[lines.day[line] - first_day] = True
    return pairs, days, 0


def _texts(table: pa.Table, name: str) -> pa.DictionaryArray:
    found = table[name]
    if not pa.types.is_dictionary(found.type):
        found = found.dictionary_encode()
    elif found.type.index_type != pa.int32() or pa.types.is_large_string(found.type.value_type):
        found = found.cast(pa.dictionary(pa.int32(), pa.string()))
    if found.num_chunks == 1:
        return found.chunk(0)
    found = found.unify_dictionaries().combine_chunks()
    return found.chunk(0) if isinstance(found, pa.ChunkedArray) else found


def _indices(found: pa.DictionaryArray, scalar: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Places in the dictionary; a null marks its line and has place 0."""
    if found.indices.null_count or found.dictionary.null_count:
        scalar |= np.asarray(found.is_null())
    indices = found.indices.fill_null(0) if found.indices.null_count else found.indices
    return np.asarray(indices)


def _places(
    table: pa.Table,
    name: str,
    places: Mapping[str, int],
    scalar: NDArray[np.bool_],
    kind: type[np.signedinteger[Any]],
    *,
    absent: int | None = None,
) -> NDArray[Any]:
    """The place of each line's name; a name without one marks the line, and so does an absent one unless it may be."""
    if name not in table.column_names:
        return np.full(table.num_rows, absent or 0, kind)
    found = _texts(table, name)
    texts = found.dictionary.to_pylist()
    numbers = np.array([absent if text is None else places.get(text, -1) for text in texts] or [0], dtype=object)
    mapped = np.array([-1 if n is None else n for n in numbers], kind)
    indices = found.indices
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
    """The place of each line's origin, which is the economy of dispatch where none is given."""
    if "origin" not in table.column_names or table["origin"].null_count == table.num_rows:
        return source
    found = _texts(table, "origin")
    if not found.null_count:
        return _places(table, "origin", places, scalar, np.int16)
    row = _places(table, "origin", places, scalar, np.int16, absent=np.iinfo(np.int16).max)
    return np.where(row == np.iinfo(np.int16).max, source, row)


def _claims(table: pa.Table, places: Mapping[str, int], count: int) -> NDArray[np.int32]:
    """The number of each line's one claim; several, or one that the book does not know, are odd."""
    if "claims" not in table.column_names or table["claims"].null_count == count:
        return np.full(count, NO_CLAIM, np.int32)
    found = _texts(table, "claims")
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
    table: pa.Table, source: NDArray[Any], target: NDArray[Any], scalar: NDArray[np.bool_]
) -> NDArray[np.int32]:
    days = table["date"].combine_chunks()
    days = days.chunk(0) if isinstance(days, pa.ChunkedArray) else days
    if days.null_count:
        scalar |= np.asarray(days.is_null())
        days = days.fill_null(date(1970, 1, 1))
    day: NDArray[np.int32] = np.asarray(days.view(pa.int32()))
    _check_days(day, source, target, _FIRST_DAY, _LAST_DAY, scalar)
    return day


@compiled()
def _check_days(day: Any, source: Any, target: Any, first: int, last: int, scalar: Any) -> None:
    for line in range(day.shape[0]):
        if day[line] < first or day[line] > last or source[line] == target[line]:
            scalar[line] = True


def _words(table: pa.Table, name: str) -> tuple[NDArray[np.int64], int, int, NDArray[np.uint8]]:
    """A column of decimals or whole numbers: its words, how many a number has, its decimals, its bits of validity."""
    found = table[name].combine_chunks()
    found = found.chunk(0) if isinstance(found, pa.ChunkedArray) else found
    scale = 0
    if pa.types.is_integer(found.type):
        found = found.cast(pa.int64())
    elif pa.types.is_decimal32(found.type):
        scale = found.type.scale
        found = found.cast(pa.decimal64(18, scale))
    else:
        scale = found.type.scale
    width = 2 if pa.types.is_decimal128(found.type) else 1
    validity, data = found.buffers()
    words = np.frombuffer(data, np.int64)[width * found.offset : width * (found.offset + len(found))]
    if validity is None or not found.null_count:
        return words, width, scale, np.zeros(0, np.uint8)
    bits = np.frombuffer(validity, np.uint8)
    if found.offset:
        bits = np.packbits(np.unpackbits(bits, bitorder="little")[found.offset :], bitorder="little")
    return words, width, scale, bits


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
        return np.full(table.num_rows, -1, np.int64)
    words, width, scale, bits = _words(table, name)
    found = np.empty(table.num_rows, np.int64)
    _read_amounts(words, width, scale, bits, decimals, currency, needed, found, scalar)
    return found


@compiled()
def _read_amounts(
    words: Any, width: int, scale: int, bits: Any, decimals: Any, currency: Any, needed: bool, found: Any, scalar: Any  # noqa: FBT001 - a kernel takes positions
) -> None:
    nulls = bits.shape[0] > 0
    for line in range(found.shape[0]):
        if nulls and not (bits[line >> 3] >> (line & 7)) & 1:
            found[line] = -1
            if needed:
                scalar[line] = True
            continue
        number = words[width * line]
        # The high word of a small amount is zero; a negative one is caught by its sign.
        if number < 0 or number > _LARGEST or (width == 2 and words[2 * line + 1] != 0):
            scalar[line] = True
            found[line] = 0
            continue
        places = decimals[currency[line]] - scale
        if places >= 0:
            if number > _LARGEST // _POWERS[places]:
                scalar[line] = True
            else:
                number *= _POWERS[places]
        else:
            divisor = _POWERS[-places]
            if divisor == 100:
                whole = number // 100
            else:
                whole = number // divisor
            if whole * divisor != number:
                scalar[line] = True
            number = whole
        found[line] = number


def _quantities(
    table: pa.Table,
    known: Sequence[str],
    scalar: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Ten-thousandths by the units that rules count, each from the columns that give it or another of its kind."""
    count = table.num_rows
    columns: dict[str, tuple[Any, ...]] = {}
    measured: dict[str, NDArray[np.bool_]] = {}
    for name in table.column_names:
        unit = resolve_unit(name.removeprefix(QUANTITY)) if name.startswith(QUANTITY) else None
        if unit is None or isinstance(unit, Refusal) or table[name].null_count == count:
            continue
        words = _words(table, name)
        columns[unit.key] = (unit, *words)
        # The same measured twice, in two units, is refused by the scalar path.
        before = measured.setdefault(unit.dimension.partition(".")[0], np.zeros(count, np.bool_))
        _note_measured(*words[:2], words[3], before, scalar)
    rows = np.full(len(known) + 1, -1, np.int32)
    found: list[NDArray[np.int64]] = []
    for place, key in enumerate(known):
        sources = _sources(key, columns)
        if not sources:
            continue
        row = np.full(count, NOT_GIVEN, np.int64)
        for source, numerator, denominator in sources:
            _, words, width, scale, bits = columns[source]
            _read_quantities(words, width, scale, bits, numerator, denominator, row)
        rows[place] = len(found)
        found.append(row)
    return np.array(found, np.int64).reshape(len(found), count), rows


def _sources(key: str, columns: Mapping[str, tuple[Any, ...]]) -> list[tuple[str, int, int]]:
    """The columns that the scalar path would take a quantity from, in its order, with the factor to take it by."""
    found: list[tuple[str, int, int]] = []
    # What is counted net is also counted by a plain weight.
    for wanted in (key, key.partition(".")[0]) if key.endswith(".net") else (key,):
        unit = resolve_unit(wanted)
        if wanted in columns:
            found.append((wanted, 1, 1))
        if isinstance(unit, Refusal):
            continue
        for other, (given, *_) in columns.items():
            if other != wanted and given.dimension == unit.dimension:
                numerator, denominator = (given.factor / unit.factor).as_integer_ratio()
                exact = given.factor * denominator == unit.factor * numerator
                # A factor that is no short fraction is left to the scalar path.
                found.append((other, numerator, denominator) if exact and numerator < 10**6 else (other, 0, 0))
    return found


@compiled()
def _note_measured(words: Any, width: int, bits: Any, before: Any, scalar: Any) -> None:
    nulls = bits.shape[0] > 0
    for line in range(before.shape[0]):
        if nulls and not (bits[line >> 3] >> (line & 7)) & 1:
            continue
        if before[line] or words[width * line] < 0 or words[width * line] > _LARGEST:
            scalar[line] = True
        if width == 2 and words[2 * line + 1] != 0:
            scalar[line] = True
        before[line] = True


@compiled()
def _read_quantities(
    words: Any, width: int, scale: int, bits: Any, numerator: int, denominator: int, found: Any
) -> None:
    nulls = bits.shape[0] > 0
    places = _QUANTITY_DECIMALS - scale
    for line in range(found.shape[0]):
        if found[line] != NOT_GIVEN or (nulls and not (bits[line >> 3] >> (line & 7)) & 1):
            continue
        number = words[width * line]
        if number < 0 or number > _LARGEST or denominator == 0:
            found[line] = ODD_QUANTITY
            continue
        if numerator != 1:
            if np.float64(number) * numerator > 4e18:
                found[line] = ODD_QUANTITY
                continue
            number *= numerator
        if places >= 0:
            if np.float64(number) * np.float64(_POWERS[places]) > 4e18:
                found[line] = ODD_QUANTITY
                continue
            number *= _POWERS[places]
            divisor = denominator
        else:
            divisor = denominator * _POWERS[-places]
        whole = number // divisor
        found[line] = whole if whole * divisor == number else ODD_QUANTITY


def _codes(
    table: pa.Table, subheadings: NDArray[np.int32], scalar: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.bool_]]:
    """Each line's place among the distinct codes; of those, the keys and whether the subheading exists."""
    texts = _texts(table, "hs")
    place = _indices(texts, scalar)
    distinct = texts.dictionary.cast(pa.string())
    if distinct.null_count:
        distinct = distinct.fill_null("")
    count = len(distinct)
    keys = np.zeros(max(count, 1), np.int64)
    _, offsets, data = distinct.buffers()
    if count:
        starts = np.frombuffer(offsets, np.int32)[distinct.offset : distinct.offset + count + 1]
        _parse_codes(starts, np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8), keys)
    heads = (keys >> 4) // 10 ** (MOST_DIGITS - SUBHEADING_DIGITS)
    exists = np.isin(heads, subheadings)
    if (keys == 0).any():
        scalar |= keys[place] == 0
    return place, keys, exists


@compiled()
def _parse_codes(starts: Any, letters: Any, keys: Any) -> None:
    """The key of every code; dots and spaces are passed over, anything else leaves a key of 0."""
    for place in range(starts.shape[0] - 1):
        digits = 0
        number = np.int64(0)
        for at in range(starts[place], starts[place + 1]):
            letter = letters[at]
            if letter == 46 or letter == 32:
                continue
            if letter < 48 or letter > 57 or digits == MOST_DIGITS:
                digits = 0
                break
            digits += 1
            number = number * 10 + np.int64(letter - 48)
        if digits >= SUBHEADING_DIGITS and starts[place + 1] - starts[place] <= _LONGEST_CODE:
            keys[place] = number * _POWERS[MOST_DIGITS - digits] * 16 + digits
