"""A table of lines as arrays of integers: names become places, amounts minor units; what does not fit is marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ewtp.core.compiled.format.entry_key import MOST_DIGITS, SUBHEADING_DIGITS
from ewtp.core.compiled.format.kernel_arrays import NO_CLAIM, ODD_CLAIM, Lines
from ewtp.core.compiled.format.tables import BUYERS, TRANSPORTS
from ewtp.core.compiled.machine.arrow_columns import in_one_piece, texts_of, words_of
from ewtp.core.compiled.machine.buffers import filled, room
from ewtp.core.compiled.machine.epoch_days import day_number
from ewtp.core.compiled.machine.fixed_point import POWERS, compiled
from ewtp.core.compiled.table.quantities import QUANTITY, SUPPLEMENTARY_QUANTITY, SUPPLEMENTARY_UNIT, read_quantities
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
_LARGEST = 10**15
_FIRST_DAY, _LAST_DAY = day_number(date(1990, 1, 1)), day_number(date(2100, 12, 31))
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
    return bool(decimal and kind.scale >= 0) or bool(pa.types.is_integer(kind))


def read_lines(table: pa.Table, book: CompiledBook) -> Read:
    """The lines as arrays; ``scalar`` marks those that hold something which the kernel does not know."""
    names = book.names
    count = table.num_rows
    scalar = filled(count, np.bool_)
    places = {economy: place for place, economy in enumerate(names.economies)}
    source = _places(table, "from", places, scalar, np.int16)
    target = _places(table, "to", places, scalar, np.int16)
    origin = _origins(table, source, places, scalar)
    spoken = texts_of(table, "currency")
    currencies = tuple(text or "" for text in spoken.dictionary.to_pylist())
    currency = _indices(spoken, scalar)
    decimals = np.array([minor_units(text) for text in currencies] or [0], np.int64)
    amounts = [_amounts(table, name, decimals, currency, scalar, needed=name == "value") for name in _AMOUNTS[:3]]
    day = _days(table, source, target, scalar)
    code, keys, exists = _codes(table, book.tables.subheadings, scalar)
    quantities, sources = read_quantities(table, names.quantities, scalar)
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
        keys=len(names.quantities),
        sources=sources,
        scalar=scalar,
    )
    used, on = _used(
        scalar, target, currency, day, max(len(currencies), 1), len(names.economies), _FIRST_DAY, _LAST_DAY
    )
    pairs = [divmod(int(pair), max(len(currencies), 1)) for pair in np.flatnonzero(used)]
    days = np.flatnonzero(on) + _FIRST_DAY
    return Read(lines, currencies, days.astype(np.int32), pairs)


@compiled()
def _used(
    scalar: Any, target: Any, currency: Any, day: Any, currencies: int, economies: int, first_day: int, last_day: int
) -> Any:
    """Which pairs of a destination and a currency there are, and which days."""
    pairs = np.zeros(currencies * economies, np.bool_)
    days = np.zeros(last_day - first_day + 1, np.bool_)
    for line in range(day.shape[0]):
        if not scalar[line]:
            pairs[target[line] * currencies + currency[line]] = True
            days[day[line] - first_day] = True
    return pairs, days


def _indices(found: pa.DictionaryArray, scalar: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Places in the dictionary; a null marks its line and has place 0."""
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
    """The place of each line's name; a name without one marks the line, and so does an absent one unless it may be."""
    if name not in table.column_names:
        return filled(table.num_rows, kind, absent or 0)
    found = texts_of(table, name)
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
    """The place of each line's origin, which is the economy of dispatch where none is given."""
    if "origin" not in table.column_names or table["origin"].null_count == table.num_rows:
        return source
    found = texts_of(table, "origin")
    if not found.null_count:
        return _places(table, "origin", places, scalar, np.int16)
    row = _places(table, "origin", places, scalar, np.int16, absent=np.iinfo(np.int16).max)
    filled: NDArray[Any] = np.where(row == np.iinfo(np.int16).max, source, row)
    return filled


def _claims(table: pa.Table, places: Mapping[str, int], count: int) -> NDArray[np.int32]:
    """The number of each line's one claim; several, or one that the book does not know, are odd."""
    if "claims" not in table.column_names or table["claims"].null_count == count:
        return filled(count, np.int32, NO_CLAIM)
    found = texts_of(table, "claims")
    mapped = np.array([_claim(text, places) for text in found.dictionary.to_pylist()] + [NO_CLAIM], np.int32)
    indices = found.indices
    row: NDArray[np.int32] = mapped[np.asarray(indices.fill_null(len(mapped) - 1) if indices.null_count else indices)]
    return row


def _claim(text: str | None, places: Mapping[str, int]) -> int:
    claims = (text or "").split()
    if not claims:
        return NO_CLAIM
    return places.get(claims[0], ODD_CLAIM) if len(claims) == 1 else ODD_CLAIM


def _days(table: pa.Table, source: NDArray[Any], target: NDArray[Any], scalar: NDArray[np.bool_]) -> NDArray[np.int32]:
    days = in_one_piece(table["date"])
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
        return filled(table.num_rows, np.int64, -1)
    words, width, scale, bits = words_of(table, name)
    places = decimals - scale
    # A number is multiplied by the first of its currency's factors and divided by the second; either is 1.
    # No number that is read is so large that it could be divided by more than the last power.
    divisors = POWERS[np.clip(-places, 0, len(POWERS) - 1)]
    factors = np.stack([POWERS[np.maximum(places, 0)], divisors], axis=1)
    found = room(table.num_rows, np.int64)
    _read_amounts(words, width, bits, factors, currency, needed, found, scalar)
    return found


@compiled()
def _read_amounts(
    words: Any, width: int, bits: Any, factors: Any, currency: Any, needed: bool, found: Any, scalar: Any
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
        named = np.uint64(currency[line])
        multiple, divisor = factors[named, 0], factors[named, 1]
        # Doubles hold both numbers, and so their quotient where it is whole.
        whole = np.int64(np.float64(number) / np.float64(divisor))
        if whole * divisor != number or np.float64(number) * np.float64(multiple) > _LARGEST:
            scalar[line] = True
        found[line] = whole * multiple


def _codes(
    table: pa.Table, subheadings: NDArray[np.int32], scalar: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.bool_]]:
    """Each line's place among the distinct codes; of those, the keys and whether the subheading exists."""
    texts = texts_of(table, "hs")
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
            keys[place] = number * POWERS[MOST_DIGITS - digits] * 16 + digits
