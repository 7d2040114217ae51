"""Synthetic lines, generated block by block: a block depends on the seed and its number, never on the batch size."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ewtp.core.synthetic.assumptions import FIRM_SIZES, NOTICE, Assumptions
from ewtp.core.synthetic.line_quantities import SUPPLEMENTARY_QUANTITY, SUPPLEMENTARY_UNIT
from ewtp.core.synthetic.random_draws import ONE, draw_line_bits, interpolate_spread, skew_places, threshold
from ewtp.core.synthetic.sampling_tables import AMOUNT_DECIMALS, SamplingTables, build_sampling_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ewtp.core.synthetic.import_profile import ImportProfile
    from ewtp.core.synthetic.line_quantities import QuantityModel

# Small enough for a block's arrays to stay in the processor's cache, and a divisor of a million.
BLOCK_LINES = 50_000
LINES_AT_ONCE = 1_000_000
METADATA_KEY = b"ewtp.synthetic"
# Changes whenever the same seed draws other lines than before.
EDITION = 2
TRANSPORTS = ("sea", "air", "road", "rail", "post")
BUYERS = ("business", "consumer")
# Half as wide as 128-bit decimals to read and to store; both are stored as integers.
AMOUNT = pa.decimal64(18, AMOUNT_DECIMALS)
QUANTITY = pa.decimal64(18, 4)
_TEXT = pa.dictionary(pa.int32(), pa.string())
_QUANTITY_ONE = 10_000
# A consignment is worth a hundred million and weighs a hundred thousand tonnes at most.
_DEAREST_MINOR = 10**10
_HEAVIEST = 10**12
_BASIS_POINTS = 10_000
_YEAR_PARTS = 10**12
# Rows of a line's sixteen-bit draws by use; two rows together where sixteen bits are too few.
(
    _DESTINATION,
    _DISPATCH,
    _MADE_ELSEWHERE,
    _ORIGIN,
    _PRODUCT,
    _PRODUCT_LOW,
    _SIZE,
    _FIRM,
    _VALUE,
    _VALUE_LOW,
    _MASS,
    _MASS_LOW,
    _CURRENCY,
    _BUYER,
    _TRANSPORT,
    _FREIGHT,
    _CLAIMS,
    _CLAIM,
    _SHARE,
    _INCOMPLETE,
) = range(20)


def synthetic_lines(
    profile: ImportProfile,
    lines: int,
    seed: int,
    assumptions: Assumptions | None = None,
    *,
    batch_lines: int = LINES_AT_ONCE,
) -> Iterator[pa.Table]:
    """Tables of ``batch_lines`` lines (the last may be shorter), ``lines`` in all, in order of day.

    The columns are those of lines, ``firm_size``, ``firm`` and ``synthetic``; the schema's metadata labels them. The
    lines do not depend on ``batch_lines``. The number of lines of each day is not random: it follows from ``lines``.
    """
    tables = build_sampling_tables(profile, seed, assumptions or Assumptions())
    schema = _schema(tables, build_metadata(profile, lines, seed, tables.assumptions))
    waiting: list[pa.RecordBatch] = []
    held = 0
    for block in range(-(-lines // BLOCK_LINES)):
        first = block * BLOCK_LINES
        drawn = _block(tables, seed, block, lines, schema).slice(0, min(BLOCK_LINES, lines - first))
        while drawn.num_rows:
            taken = drawn.slice(0, batch_lines - held)
            waiting.append(taken)
            held += taken.num_rows
            drawn = drawn.slice(taken.num_rows)
            if held == batch_lines:
                # A table may be large, so no reference to it is kept once it has been yielded.
                held, taken = 0, None
                yield _join_batches(waiting, schema)
    if waiting:
        yield _join_batches(waiting, schema)


def _join_batches(batches: list[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    """The batches as a table; the list is emptied."""
    table = pa.Table.from_batches(batches, schema)
    batches.clear()
    return table


def build_metadata(profile: ImportProfile, lines: int, seed: int, assumptions: Assumptions) -> dict[bytes, bytes]:
    """The label of a file: that it is synthetic, from which rulebook and seed, under which assumptions."""
    body = {
        "synthetic": True,
        "notice": NOTICE,
        "edition": EDITION,
        "rulebook_version": profile.version,
        "year": profile.year,
        "lines": lines,
        "seed": seed,
        "assumptions": assumptions.as_json(),
    }
    return {METADATA_KEY: json.dumps(body, sort_keys=True).encode()}


def _schema(tables: SamplingTables, metadata: dict[bytes, bytes]) -> pa.Schema:
    columns = [
        ("from", _TEXT),
        ("to", _TEXT),
        ("origin", _TEXT),
        ("date", pa.date32()),
        ("hs", _TEXT),
        ("value", AMOUNT),
        ("currency", _TEXT),
        ("freight", AMOUNT),
        ("insurance", AMOUNT),
        ("buyer", _TEXT),
        ("transport", _TEXT),
        ("claims", _TEXT),
        *((quantity.column, QUANTITY) for quantity in tables.quantities[: tables.columns]),
        (SUPPLEMENTARY_UNIT, _TEXT),
        (SUPPLEMENTARY_QUANTITY, QUANTITY),
        ("firm_size", _TEXT),
        ("firm", _TEXT),
        ("synthetic", pa.bool_()),
    ]
    return pa.schema(columns, metadata)


def _block(tables: SamplingTables, seed: int, block: int, lines: int, schema: pa.Schema) -> pa.RecordBatch:
    """A whole block; the caller cuts the last one of a file to length."""
    assumed = tables.assumptions
    bits = draw_line_bits(seed, block, BLOCK_LINES)
    day = _days(tables, block, lines)
    target = tables.destination_of_bits[bits[_DESTINATION]]
    source = tables.dispatch_of_destination[target, tables.dispatch_of_bits[bits[_DISPATCH]]]
    elsewhere = np.flatnonzero(bits[_MADE_ELSEWHERE] < threshold(assumed.other_origin_share))
    origin = source.copy()
    origin[elsewhere] = tables.dispatch_of_destination[
        target[elsewhere], tables.dispatch_of_bits[bits[_ORIGIN][elsewhere]]
    ]
    state = tables.state_of_destination_day[target, day]
    drawn = bits[_PRODUCT].astype(np.uint64) << np.uint64(16) | bits[_PRODUCT_LOW]
    product = tables.product_order[tables.first_of_state[state] + skew_places(drawn, tables.count_of_state[state])]
    consumer = bits[_BUYER] < threshold(assumed.consumer_share)
    size = tables.size_of_bits[bits[_SIZE]]
    value, mass = _value_and_mass(tables, bits, size, consumer)
    currency = tables.currencies_of_destination[target, tables.currency_of_bits[bits[_CURRENCY]]]
    step = tables.step_of_currency[currency]
    least, most = (int(share * _BASIS_POINTS) for share in (assumed.freight_least, assumed.freight_most))
    freight = value * (least + ((bits[_FREIGHT].astype(np.int64) * (most - least)) >> 16)) // _BASIS_POINTS
    insurance = value * int(assumed.insurance_share * _BASIS_POINTS) // _BASIS_POINTS
    transport = np.where(
        consumer,
        tables.consumer_transport_of_bits[bits[_TRANSPORT]],
        tables.business_transport_of_bits[bits[_TRANSPORT]],
    )
    stated = _mask_complete(tables, bits)
    first_day = date(tables.year, 1, 1).toordinal() - date(1970, 1, 1).toordinal()
    arrays = [
        _texts(source, tables.economies),
        _texts(tables.economy_of_destination[target], tables.economies),
        _texts(origin, tables.economies),
        _numbers(day + np.int32(first_day), pa.date32()),
        _texts(tables.code_of_product[product], tables.codes),
        _decimals(value * step, AMOUNT),
        _texts(currency, tables.currencies),
        _decimals(freight * step, AMOUNT),
        _decimals(insurance * step, AMOUNT),
        _texts(consumer, pa.array(BUYERS), stated),
        _texts(transport, pa.array(TRANSPORTS), stated),
        _texts(_claims(tables, bits, state, product, origin), tables.claims),
        *_quantities(tables, bits, product, mass, stated),
        _texts(size, pa.array(FIRM_SIZES)),
        _texts(_firm(tables, bits, target, size), tables.firms),
        _all_true(),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _days(tables: SamplingTables, block: int, lines: int) -> NDArray[np.int32]:
    """By line, the day of the year from zero: line n of N falls (n + 1/2) / N of the way through the year."""
    number = np.arange(block * BLOCK_LINES, (block + 1) * BLOCK_LINES, dtype=np.int64)
    # Python's integers hold the product; 64 bits do not for the longest files.
    ends = np.array(
        [-(-(int(end) * 2 * lines - _YEAR_PARTS) // (2 * _YEAR_PARTS)) for end in tables.day_ends], np.int64
    )
    day = np.searchsorted(ends, number, side="right").astype(np.int32)
    return np.minimum(day, len(ends) - 1)


def _value_and_mass(
    tables: SamplingTables,
    bits: NDArray[np.uint16],
    size: NDArray[Any],
    consumer: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """By line: value in minor units, mass in ten-thousandths of a kilogram."""
    assumed = tables.assumptions
    median = np.array(assumed.value_medians_minor, np.int64)[size]
    median[consumer] = assumed.consumer_median_minor
    value = median * interpolate_spread(tables.value_spread, bits[_VALUE], bits[_VALUE_LOW]) // ONE
    value = np.clip(value, 1, _DEAREST_MINOR)
    # Bounded before and after, so that the product of two wide spreads fits 64 bits.
    mass = np.minimum(value * _QUANTITY_ONE // assumed.kilogram_median_minor, _HEAVIEST // 10)
    mass = mass * interpolate_spread(tables.kilogram_spread, bits[_MASS], bits[_MASS_LOW]) // ONE
    return value, np.clip(mass, 1, _HEAVIEST)


def _claims(
    tables: SamplingTables,
    bits: NDArray[np.uint16],
    state: NDArray[np.int32],
    product: NDArray[np.int32],
    origin: NDArray[np.int32],
) -> NDArray[np.int32]:
    """By line, the programme claimed, drawn uniformly from those open to the goods; index 0 claims none."""
    cell = tables.claims_of_state[state] + tables.class_of_product[product] * len(tables.economies) + origin
    option = tables.option_of_claim[cell]
    claim = np.zeros(len(option), np.int32)
    rows = np.flatnonzero((option > 0) & (bits[_CLAIMS] < threshold(tables.assumptions.claim_share)))
    chosen = option[rows]
    place = (bits[_CLAIM][rows] * tables.count_of_option[chosen]) >> np.uint32(16)
    claim[rows] = tables.claim_order[tables.first_of_option[chosen] + place.astype(np.int32)]
    return claim


def _firm(
    tables: SamplingTables, bits: NDArray[np.uint16], target: NDArray[Any], size: NDArray[Any]
) -> NDArray[np.int32]:
    """By line, the firm's number: firms are numbered by destination, then by size; a few firms have most lines."""
    firms = np.array(tables.assumptions.firms_by_size, np.int64)
    place = skew_places(bits[_FIRM].astype(np.uint64) << np.uint64(16), firms.astype(np.uint64)[size])
    first = np.cumsum(firms) - firms
    number: NDArray[np.int32] = (target.astype(np.int64) * int(firms.sum()) + first[size] + place).astype(np.int32)
    return number


def _mask_complete(tables: SamplingTables, bits: NDArray[np.uint16]) -> NDArray[np.bool_] | None:
    """Mask of the complete lines; None where all are."""
    share = threshold(tables.assumptions.incomplete_share)
    return bits[_INCOMPLETE] >= share if share else None


def _quantities(
    tables: SamplingTables,
    bits: NDArray[np.uint16],
    product: NDArray[np.int32],
    mass: NDArray[np.int64],
    stated: NDArray[np.bool_] | None,
) -> Iterator[pa.Array]:
    """The columns of quantities; lines with the same set of units are handled together."""
    kinds = tables.set_of_product[product]
    # A stable sort of sixteen-bit integers is a radix sort, in one pass over the lines.
    order = np.argsort(kinds, kind="stable")
    ends = np.cumsum(np.bincount(kinds, minlength=len(tables.columns_of_set)))
    # A row for each column, then one for supplementary quantities, whose units follow the columns in ``quantities``.
    amounts = np.zeros((tables.columns + 1, BLOCK_LINES), np.int64)
    units = np.zeros(BLOCK_LINES, np.int32)
    rows_of: list[list[NDArray[np.int64]]] = [[] for _ in tables.quantities]
    for kind, places in enumerate(tables.columns_of_set):
        rows = order[ends[kind - 1] if kind else 0 : ends[kind]]
        if stated is not None:
            rows = rows[stated[rows]]
        supplementary = tables.supplementary_of_set[kind]
        for place in places if supplementary is None else (*places, supplementary):
            rows_of[place].append(rows)
    for place, (quantity, found) in enumerate(zip(tables.quantities, rows_of, strict=True)):
        rows = np.concatenate(found)
        drawn = _amounts(quantity, mass[rows], bits[_SHARE][rows].astype(np.int64))
        amounts[min(place, tables.columns), rows] = drawn
        if place >= tables.columns:
            units[rows] = place - tables.columns
    # A stated quantity is never zero, so zero means null here.
    for column in amounts[:-1]:
        yield _decimals(column, QUANTITY, column > 0)
    yield _texts(units, pa.array([q.name for q in tables.quantities[tables.columns :]], pa.string()), amounts[-1] > 0)
    yield _decimals(amounts[-1], QUANTITY, amounts[-1] > 0)


def _amounts(quantity: QuantityModel, mass: NDArray[np.int64], share: NDArray[np.int64]) -> NDArray[np.int64]:
    """Ten-thousandths of the quantity's unit, never zero."""
    drawn = mass
    if quantity.percent is not None:
        low, high = (bound * (_QUANTITY_ONE // 100) for bound in quantity.percent)
        drawn = low + ((share * (high - low)) >> 16)
        if quantity.is_share:
            # Shares are percentages and stated to one decimal.
            return drawn * 100 // 1_000 * 1_000
        drawn = np.maximum(mass * drawn // _QUANTITY_ONE, 1)
    per = quantity.per_kilogram
    drawn = np.maximum(drawn * per.numerator // per.denominator, 1)
    return -(-drawn // _QUANTITY_ONE) * _QUANTITY_ONE if quantity.whole else drawn


def _texts(places: NDArray[Any], texts: pa.Array, given: NDArray[np.bool_] | None = None) -> pa.DictionaryArray:
    indices = _numbers(places.astype(np.int32, copy=False), pa.int32(), given)
    return pa.DictionaryArray.from_arrays(indices, texts, safe=False)


def _numbers(values: NDArray[np.int32], kind: pa.DataType, given: NDArray[np.bool_] | None = None) -> pa.Array:
    valid = None if given is None else pa.py_buffer(np.packbits(given, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(np.ascontiguousarray(values))])


def _decimals(values: NDArray[np.int64], kind: pa.DataType, given: NDArray[np.bool_] | None = None) -> pa.Array:
    """64-bit decimals from their unscaled integers; null where ``given`` is false."""
    valid = None if given is None else pa.py_buffer(np.packbits(given, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(np.ascontiguousarray(values))])


def _all_true() -> pa.Array:
    return pa.Array.from_buffers(
        pa.bool_(), BLOCK_LINES, [None, pa.py_buffer(np.full(-(-BLOCK_LINES // 8), 255, np.uint8))]
    )
