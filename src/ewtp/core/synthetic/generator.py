"""Synthetic lines, block by block: each block depends on the seed and its number, never on how lines are batched."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ewtp.core.synthetic.assumptions import FIRM_SIZES, NOTICE, Assumptions
from ewtp.core.synthetic.random_draws import ONE, line_bits, skewed, spread_of, threshold
from ewtp.core.synthetic.sampling_tables import AMOUNT_DECIMALS, Plan, make_plan
from ewtp.core.synthetic.stated_quantities import SUPPLEMENTARY_QUANTITY, SUPPLEMENTARY_UNIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ewtp.core.synthetic.stated_quantities import Counted
    from ewtp.core.synthetic.trade_profile import TradeProfile

# Small enough that a block's arrays stay in a processor's cache, and a divisor of a million.
BLOCK_LINES = 50_000
LINES_AT_ONCE = 1_000_000
METADATA_KEY = b"ewtp.synthetic"
# What a seed draws changes when this does.
EDITION = 2
TRANSPORTS = ("sea", "air", "road", "rail", "post")
BUYERS = ("business", "consumer")
# Half as wide as 128 bits to read and to keep, and stored as whole numbers either way.
AMOUNT = pa.decimal64(18, AMOUNT_DECIMALS)
QUANTITY = pa.decimal64(18, 4)
_TEXT = pa.dictionary(pa.int32(), pa.string())
_QUANTITY_ONE = 10_000
# A consignment is worth a hundred million and weighs a hundred thousand tonnes at most.
_DEAREST_MINOR = 10**10
_HEAVIEST = 10**12
_BASIS_POINTS = 10_000
_YEAR_PARTS = 10**12
# Which of a line's sixteen-bit draws is for what; two together where sixteen bits are too few.
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


def synthetic_trade(
    profile: TradeProfile,
    lines: int,
    seed: int,
    assumptions: Assumptions | None = None,
    *,
    batch_lines: int = LINES_AT_ONCE,
) -> Iterator[pa.Table]:
    """Tables of ``batch_lines`` lines (the last may be shorter), ``lines`` in all, in order of day.

    The columns are those of lines, ``firm_size``, ``firm`` and ``synthetic``; the schema's metadata labels them. The
    lines are the same however they are batched. A day's share of the lines follows from their number alone.
    """
    plan = make_plan(profile, seed, assumptions or Assumptions())
    schema = _schema(plan, metadata_of(profile, lines, seed, plan.assumptions))
    waiting: list[pa.RecordBatch] = []
    held = 0
    for block in range(-(-lines // BLOCK_LINES)):
        first = block * BLOCK_LINES
        drawn = _block(plan, seed, block, lines, schema).slice(0, min(BLOCK_LINES, lines - first))
        while drawn.num_rows:
            taken = drawn.slice(0, batch_lines - held)
            waiting.append(taken)
            held += taken.num_rows
            drawn = drawn.slice(taken.num_rows)
            if held == batch_lines:
                # Nothing here holds on to a table that was given away, for it may be large.
                held, taken = 0, None
                yield _joined(waiting, schema)
    if waiting:
        yield _joined(waiting, schema)


def _joined(batches: list[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    """The batches as a table; the list is emptied."""
    table = pa.Table.from_batches(batches, schema)
    batches.clear()
    return table


def metadata_of(profile: TradeProfile, lines: int, seed: int, assumptions: Assumptions) -> dict[bytes, bytes]:
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


def _schema(plan: Plan, metadata: dict[bytes, bytes]) -> pa.Schema:
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
        *((quantity.column, QUANTITY) for quantity in plan.quantities[: plan.columns]),
        (SUPPLEMENTARY_UNIT, _TEXT),
        (SUPPLEMENTARY_QUANTITY, QUANTITY),
        ("firm_size", _TEXT),
        ("firm", _TEXT),
        ("synthetic", pa.bool_()),
    ]
    return pa.schema(columns, metadata)


def _block(plan: Plan, seed: int, block: int, lines: int, schema: pa.Schema) -> pa.RecordBatch:
    """A whole block, of which the caller keeps what the file still lacks."""
    assumed = plan.assumptions
    bits = line_bits(seed, block, BLOCK_LINES)
    day = _days(plan, block, lines)
    target = plan.destination_of_bits[bits[_DESTINATION]]
    source = plan.dispatch_of_destination[target, plan.dispatch_of_bits[bits[_DISPATCH]]]
    elsewhere = np.flatnonzero(bits[_MADE_ELSEWHERE] < threshold(assumed.other_origin_share))
    origin = source.copy()
    origin[elsewhere] = plan.dispatch_of_destination[target[elsewhere], plan.dispatch_of_bits[bits[_ORIGIN][elsewhere]]]
    state = plan.state_of_destination_day[target, day]
    drawn = bits[_PRODUCT].astype(np.uint64) << np.uint64(16) | bits[_PRODUCT_LOW]
    product = plan.product_order[plan.first_of_state[state] + skewed(drawn, plan.count_of_state[state])]
    consumer = bits[_BUYER] < threshold(assumed.consumer_share)
    size = plan.size_of_bits[bits[_SIZE]]
    value, mass = _value_and_mass(plan, bits, size, consumer)
    currency = plan.currencies_of_destination[target, plan.currency_of_bits[bits[_CURRENCY]]]
    step = plan.step_of_currency[currency]
    least, most = (int(share * _BASIS_POINTS) for share in (assumed.freight_least, assumed.freight_most))
    freight = value * (least + ((bits[_FREIGHT].astype(np.int64) * (most - least)) >> 16)) // _BASIS_POINTS
    insurance = value * int(assumed.insurance_share * _BASIS_POINTS) // _BASIS_POINTS
    transport = np.where(
        consumer, plan.consumer_transport_of_bits[bits[_TRANSPORT]], plan.business_transport_of_bits[bits[_TRANSPORT]]
    )
    stated = _stated(plan, bits)
    first_day = date(plan.year, 1, 1).toordinal() - date(1970, 1, 1).toordinal()
    arrays = [
        _texts(source, plan.economies),
        _texts(plan.economy_of_destination[target], plan.economies),
        _texts(origin, plan.economies),
        _numbers(day + np.int32(first_day), pa.date32()),
        _texts(plan.code_of_product[product], plan.codes),
        _decimals(value * step, AMOUNT),
        _texts(currency, plan.currencies),
        _decimals(freight * step, AMOUNT),
        _decimals(insurance * step, AMOUNT),
        _texts(consumer, pa.array(BUYERS), stated),
        _texts(transport, pa.array(TRANSPORTS), stated),
        _texts(_claims(plan, bits, state, product, origin), plan.claims),
        *_quantities(plan, bits, product, mass, stated),
        _texts(size, pa.array(FIRM_SIZES)),
        _texts(_firm(plan, bits, target, size), plan.firms),
        _all_true(),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _days(plan: Plan, block: int, lines: int) -> NDArray[np.int32]:
    """The day of the year, from zero, of each of the block's lines: line n of N comes (n + 1/2) / N through it."""
    number = np.arange(block * BLOCK_LINES, (block + 1) * BLOCK_LINES, dtype=np.int64)
    # Python's whole numbers hold the product, which 64 bits do not for the longest files.
    ends = np.array([-(-(int(end) * 2 * lines - _YEAR_PARTS) // (2 * _YEAR_PARTS)) for end in plan.day_ends], np.int64)
    day = np.searchsorted(ends, number, side="right").astype(np.int32)
    return np.minimum(day, len(ends) - 1)


def _value_and_mass(
    plan: Plan,
    bits: NDArray[np.uint16],
    size: NDArray[Any],
    consumer: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Minor units, and ten-thousandths of a kilogram."""
    assumed = plan.assumptions
    median = np.array(assumed.value_medians_minor, np.int64)[size]
    median[consumer] = assumed.consumer_median_minor
    value = median * spread_of(plan.value_spread, bits[_VALUE], bits[_VALUE_LOW]) // ONE
    value = np.clip(value, 1, _DEAREST_MINOR)
    # Bounded before and after, so that the product of two wide spreads fits 64 bits.
    mass = np.minimum(value * _QUANTITY_ONE // assumed.kilogram_median_minor, _HEAVIEST // 10)
    mass = mass * spread_of(plan.kilogram_spread, bits[_MASS], bits[_MASS_LOW]) // ONE
    return value, np.clip(mass, 1, _HEAVIEST)


def _claims(
    plan: Plan,
    bits: NDArray[np.uint16],
    state: NDArray[np.int32],
    product: NDArray[np.int32],
    origin: NDArray[np.int32],
) -> NDArray[np.int32]:
    """One of the programmes open to the goods, each as likely, on the share of lines that claim; place zero is none."""
    cell = plan.claims_of_state[state] + plan.class_of_product[product] * len(plan.economies) + origin
    option = plan.option_of_claim[cell]
    claim = np.zeros(len(option), np.int32)
    rows = np.flatnonzero((option > 0) & (bits[_CLAIMS] < threshold(plan.assumptions.claim_share)))
    chosen = option[rows]
    place = (bits[_CLAIM][rows] * plan.count_of_option[chosen]) >> np.uint32(16)
    claim[rows] = plan.claim_order[plan.first_of_option[chosen] + place.astype(np.int32)]
    return claim


def _firm(plan: Plan, bits: NDArray[np.uint16], target: NDArray[Any], size: NDArray[Any]) -> NDArray[np.int32]:
    """The firm's number: firms of one destination stand together, in order of size; few firms have many lines."""
    firms = np.array(plan.assumptions.firms_by_size, np.int64)
    place = skewed(bits[_FIRM].astype(np.uint64) << np.uint64(16), firms.astype(np.uint64)[size])
    first = np.cumsum(firms) - firms
    number: NDArray[np.int32] = (target.astype(np.int64) * int(firms.sum()) + first[size] + place).astype(np.int32)
    return number


def _stated(plan: Plan, bits: NDArray[np.uint16]) -> NDArray[np.bool_] | None:
    """Which lines are complete; None where all are."""
    share = threshold(plan.assumptions.incomplete_share)
    return bits[_INCOMPLETE] >= share if share else None


def _quantities(
    plan: Plan,
    bits: NDArray[np.uint16],
    product: NDArray[np.int32],
    mass: NDArray[np.int64],
    stated: NDArray[np.bool_] | None,
) -> Iterator[pa.Array]:
    """The columns of quantities; lines with the same set of units are handled together."""
    kinds = plan.set_of_product[product]
    # Sixteen-bit places are sorted by their digits, in one pass over the lines.
    order = np.argsort(kinds, kind="stable")
    ends = np.cumsum(np.bincount(kinds, minlength=len(plan.columns_of_set)))
    # A row for each column and one for what is supplementary, whose units are among the quantities after the columns.
    amounts = np.zeros((plan.columns + 1, BLOCK_LINES), np.int64)
    units = np.zeros(BLOCK_LINES, np.int32)
    rows_of: list[list[NDArray[np.int64]]] = [[] for _ in plan.quantities]
    for kind, places in enumerate(plan.columns_of_set):
        rows = order[ends[kind - 1] if kind else 0 : ends[kind]]
        if stated is not None:
            rows = rows[stated[rows]]
        supplementary = plan.supplementary_of_set[kind]
        for place in places if supplementary is None else (*places, supplementary):
            rows_of[place].append(rows)
    for place, (quantity, found) in enumerate(zip(plan.quantities, rows_of, strict=True)):
        rows = np.concatenate(found)
        drawn = _amounts(quantity, mass[rows], bits[_SHARE][rows].astype(np.int64))
        amounts[min(place, plan.columns), rows] = drawn
        if place >= plan.columns:
            units[rows] = place - plan.columns
    # A quantity is never none.
    for column in amounts[:-1]:
        yield _decimals(column, QUANTITY, column > 0)
    yield _texts(units, pa.array([q.name for q in plan.quantities[plan.columns :]], pa.string()), amounts[-1] > 0)
    yield _decimals(amounts[-1], QUANTITY, amounts[-1] > 0)


def _amounts(quantity: Counted, mass: NDArray[np.int64], share: NDArray[np.int64]) -> NDArray[np.int64]:
    """Ten-thousandths of the quantity's unit, never none."""
    drawn = mass
    if quantity.percent is not None:
        low, high = (bound * (_QUANTITY_ONE // 100) for bound in quantity.percent)
        drawn = low + ((share * (high - low)) >> 16)
        if quantity.is_share:
            # Such a share is in per cent and stated to a tenth.
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
    """Decimals of 64 bits, which are their whole numbers; null where they are not given."""
    valid = None if given is None else pa.py_buffer(np.packbits(given, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(np.ascontiguousarray(values))])


def _all_true() -> pa.Array:
    return pa.Array.from_buffers(
        pa.bool_(), BLOCK_LINES, [None, pa.py_buffer(np.full(-(-BLOCK_LINES // 8), 255, np.uint8))]
    )
