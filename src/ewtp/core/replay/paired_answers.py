"""Tables of answers as arrays that can be compared: amounts as integers, texts as places in one list for both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ewtp.core.values.money import minor_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Amounts are counted in ten-thousandths of a unit, which is as fine as any currency's coin.
PLACES = 4
AMOUNTS = ("customs_value", "duty", "additional_duty", "excise", "tax", "fees", "total")
# A column of one chunk need not be put together; the first part is the empty one.
_ONE_CHUNK = 2
_TEXT = pa.dictionary(pa.int32(), pa.string())
# What the destination's treasury takes, and the importer pays.
REVENUE = ("duty", "additional_duty", "excise", "tax", "fees")


@dataclass(frozen=True, slots=True)
class Side:
    """The answers of one side, one element a line; where ``refused``, every amount is zero.

    ``currency`` and ``unknowns`` are places in ``currencies`` and in whatever list both sides share.
    """

    refused: NDArray[np.bool_]
    complete: NDArray[np.bool_]
    currency: NDArray[np.int32]
    unknowns: NDArray[np.int64]
    amounts: dict[str, NDArray[np.int64]]
    # By column of ids: each line's place in ``sets`` of both sides; place 0 is no id at all.
    sets: dict[str, NDArray[np.int32]]

    @property
    def revenue(self) -> NDArray[np.int64]:
        """Duty, additional duty, excise, tax and fees together."""
        together = self.amounts[REVENUE[0]].copy()
        for name in REVENUE[1:]:
            together += self.amounts[name]
        return together


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides, and what their numbers stand for."""

    before: Side
    after: Side
    currencies: tuple[str, ...]
    sets: dict[str, tuple[str, ...]]


def sides_of(before: pa.Table, after: pa.Table) -> Sides:
    """Two tables of answers to the same lines, in the schema of ``assess_table``."""
    texts = [field.name for field in before.schema if pa.types.is_dictionary(field.type)]
    shared = {name: shared_places(before[name], after[name]) for name in texts}
    first, second, currencies = shared.pop("currency")
    unknowns: list[NDArray[Any]] = (
        list(shared.pop("unknowns")[:2])
        if "unknowns" in shared
        else [_integers(side["unknowns"]) for side in (before, after)]
    )
    sets = {name: found[2] for name, found in shared.items()}
    minor = _minor(currencies)
    return Sides(
        _side(before, first, minor, unknowns[0], {name: found[0] for name, found in shared.items()}),
        _side(after, second, minor, unknowns[1], {name: found[1] for name, found in shared.items()}),
        currencies,
        sets,
    )


def side_alone(answers: pa.Table) -> tuple[Side, tuple[str, ...]]:
    """One side's amounts and currencies, without what it leaves open and which measures it names."""
    currency, values = texts_of(answers["currency"])
    currencies = tuple(values.to_pylist())
    return _side(answers, currency, _minor(currencies), np.zeros(1, np.int64), {}), currencies


def texts_of(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], pa.StringArray]:
    """A column of texts as places in a list, which begins with the empty text; null is as empty."""
    whole = column.cast(_TEXT).unify_dictionaries()
    values = whole.chunk(0).dictionary if whole.num_chunks else pa.array([], pa.string())
    places = np.zeros(len(column), np.int32)
    first = 0
    for chunk in whole.chunks:
        indices = chunk.indices
        held = np.asarray(pc.fill_null(indices, -1) if indices.null_count else indices)
        np.add(held, 1, out=places[first : first + len(held)])
        first += len(held)
    return places, pa.concat_arrays([pa.array([""], pa.string()), values])


def shared_places(
    one: pa.ChunkedArray, other: pa.ChunkedArray
) -> tuple[NDArray[np.int32], NDArray[np.int32], tuple[str, ...]]:
    """Two columns of texts as places in one list, which begins with the empty text; null is as empty."""
    none = pa.DictionaryArray.from_arrays(pa.array([0], pa.int32()), pa.array([""], pa.string()))
    chunks = [none, *(chunk for column in (one, other) for chunk in column.cast(_TEXT).chunks)]
    unified = pa.chunked_array(chunks, _TEXT).unify_dictionaries()
    places = np.concatenate([np.asarray(pc.fill_null(chunk.indices, 0)) for chunk in unified.chunks])
    values = tuple(unified.chunk(unified.num_chunks - 1).dictionary.to_pylist())
    return places[1 : 1 + len(one)], places[1 + len(one) :], values


def _minor(currencies: tuple[str, ...]) -> NDArray[np.int64]:
    return np.array([minor_units(name) for name in currencies], np.int64)


def _side(
    answers: pa.Table,
    currency: NDArray[np.int32],
    minor: NDArray[np.int64],
    unknowns: NDArray[Any],
    sets: dict[str, NDArray[np.int32]],
) -> Side:
    refused = np.asarray(pc.is_valid(answers["refusal"]))
    factor = 10 ** (PLACES - minor)[currency]
    return Side(
        refused,
        np.asarray(pc.fill_null(answers["complete"], fill_value=False)),
        currency,
        np.where(refused, 0, unknowns).astype(np.int64),
        {name: np.where(refused, 0, ten_thousandths(answers[name], factor)) for name in AMOUNTS},
        sets,
    )


def ten_thousandths(column: pa.ChunkedArray, factor: NDArray[np.int64]) -> NDArray[np.int64]:
    """A column of amounts in ten-thousandths of a unit; what stands for null means nothing.

    Decimals are what they are; integers are minor units, of which ``factor`` makes ten-thousandths.
    """
    integers = pa.types.is_integer(column.type)
    if not integers and column.type.scale != PLACES:
        column = column.cast(pa.decimal128(38, PLACES))
    wide = column.type.byte_width // 8
    parts = [np.empty(0, np.int64)]
    for chunk in column.chunks:
        words = np.frombuffer(chunk.buffers()[1], np.int64)
        # The lowest word of a decimal is the whole of it, since answers have at most eighteen digits.
        parts.append(words[wide * chunk.offset : wide * (chunk.offset + len(chunk)) : wide])
    found = parts[1] if len(parts) == _ONE_CHUNK else np.concatenate(parts)
    return found * factor if integers else found


def _integers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.asarray(pc.fill_null(column, 0)).astype(np.int64, copy=False)
