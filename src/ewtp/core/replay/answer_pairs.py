"""Tables of answers as comparable arrays: amounts as integers, texts as indices in a shared dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ewtp.core.replay.group_sums import find_distinct
from ewtp.core.rulebook.charge_kinds import CHARGE_COLUMNS, REVENUE_COLUMNS
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import minor_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Amounts are counted in ten-thousandths of a unit, which is as fine as any currency's coin.
PLACES = 4
AMOUNTS = ("customs_value", *CHARGE_COLUMNS, "total")
LEAST, MOST = "total_at_least", "total_at_most"
# The number of parts where a column has one chunk, which needs no concatenation: an empty part comes first.
_ONE_CHUNK = 2
_TEXT = pa.dictionary(pa.int32(), pa.string())
# A dictionary is long where it has more than one text for this many rows.
_FEW = 4


@immutable
class AnswerColumns:
    """The answers of one side, one element a line; where ``refused``, every amount is zero.

    ``currency`` indexes ``PairedAnswers.currencies``; equal ``unknowns`` of the two sides are equal numbers.
    """

    refused: NDArray[np.bool_]
    complete: NDArray[np.bool_]
    currency: NDArray[np.int32]
    unknowns: NDArray[np.int64]
    amounts: dict[str, NDArray[np.int64]]
    # What the total is at least and at most; ``most`` is zero where nothing bounds it, or the line is refused.
    least: NDArray[np.int64]
    most: NDArray[np.int64]
    bounded: NDArray[np.bool_]
    # By column of ids, indices in ``PairedAnswers.sets``; index 0 is the empty set.
    sets: dict[str, NDArray[np.int32]]

    @property
    def revenue(self) -> NDArray[np.int64]:
        """All charges that are paid to the destination's treasury, together."""
        total = self.amounts[REVENUE_COLUMNS[0]].copy()
        for name in REVENUE_COLUMNS[1:]:
            total += self.amounts[name]
        return total


@immutable
class PairedAnswers:
    """The answers of both sides, and the dictionaries that they share."""

    before: AnswerColumns
    after: AnswerColumns
    currencies: tuple[str, ...]
    sets: dict[str, tuple[str, ...]]


def pair_answers(before: pa.Table, after: pa.Table) -> PairedAnswers:
    """Pair two tables of answers to the same lines, in the schema of ``assess_table``."""
    texts = [field.name for field in before.schema if pa.types.is_dictionary(field.type)]
    shared = {name: encode_together(before[name], after[name]) for name in texts}
    first, second, currencies = shared.pop("currency")
    unknowns: list[NDArray[Any]] = (
        list(shared.pop("unknowns")[:2])
        if "unknowns" in shared
        else [_integers(side["unknowns"]) for side in (before, after)]
    )
    sets = {name: found[2] for name, found in shared.items()}
    minor = _minor(currencies)
    return PairedAnswers(
        _side(before, first, minor, unknowns[0], {name: found[0] for name, found in shared.items()}),
        _side(after, second, minor, unknowns[1], {name: found[1] for name, found in shared.items()}),
        currencies,
        sets,
    )


@immutable
class SingleAnswers:
    """The answers of one side alone, without their unknowns and sets of measures.

    The currencies of ``columns`` are indices in ``currencies``.
    """

    columns: AnswerColumns
    currencies: tuple[str, ...]


def read_answers(answers: pa.Table) -> SingleAnswers:
    """The amounts and currencies of one table of answers."""
    currency, values = encode_texts(answers["currency"])
    currencies = tuple(values.to_pylist())
    return SingleAnswers(_side(answers, currency, _minor(currencies), np.zeros(1, np.int64), {}), currencies)


def encode_texts(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], pa.StringArray]:
    """A column of texts as indices [line] int32 in a list of texts; index 0 is the empty text, and null is as empty."""
    whole = column.cast(_TEXT).unify_dictionaries()
    values = whole.chunk(0).dictionary if whole.num_chunks else pa.array([], pa.string())
    numbers = np.zeros(len(column), np.int32)
    first = 0
    for chunk in whole.chunks:
        indices = chunk.indices
        held = np.asarray(pc.fill_null(indices, -1) if indices.null_count else indices)
        np.add(held, 1, out=numbers[first : first + len(held)])
        first += len(held)
    return numbers, pa.concat_arrays([pa.array([""], pa.string()), values])


def encode_together(
    one: pa.ChunkedArray, other: pa.ChunkedArray
) -> tuple[NDArray[np.int32], NDArray[np.int32], tuple[str, ...]]:
    """Two columns of texts as indices in one list of texts; index 0 is the empty text, and null is as empty."""
    none = pa.DictionaryArray.from_arrays(pa.array([0], pa.int32()), pa.array([""], pa.string()))
    chunks = [none, *(_drop_unused(chunk) for column in (one, other) for chunk in column.cast(_TEXT).chunks)]
    unified = pa.chunked_array(chunks, _TEXT).unify_dictionaries()
    numbers = np.concatenate([np.asarray(pc.fill_null(chunk.indices, 0)) for chunk in unified.chunks])
    values = tuple(unified.chunk(unified.num_chunks - 1).dictionary.to_pylist())
    return numbers[1 : 1 + len(one)], numbers[1 + len(one) :], values


def _drop_unused(chunk: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same texts with a dictionary that holds no others; few rows of a long table keep all of its dictionary."""
    if len(chunk.dictionary) <= len(chunk) // _FEW:
        return chunk
    indices = np.asarray(pc.fill_null(chunk.indices, 0))
    used, back = find_distinct(indices, len(chunk.dictionary))
    numbers = pa.array(back.astype(np.int32), mask=np.asarray(chunk.indices.is_null()))
    return pa.DictionaryArray.from_arrays(numbers, chunk.dictionary.take(pa.array(used)))


def _minor(currencies: tuple[str, ...]) -> NDArray[np.int64]:
    return np.array([minor_units(name) for name in currencies], np.int64)


def _side(
    answers: pa.Table,
    currency: NDArray[np.int32],
    minor: NDArray[np.int64],
    unknowns: NDArray[Any],
    sets: dict[str, NDArray[np.int32]],
) -> AnswerColumns:
    refused = np.asarray(pc.is_valid(answers["refusal"]))
    empty = np.flatnonzero(refused)
    factor = (10 ** (PLACES - minor))[currency] if pa.types.is_integer(answers["total"].type) else np.ones(1, np.int64)
    bounded = np.asarray(pc.is_valid(answers[MOST])) & ~refused
    return AnswerColumns(
        refused,
        np.asarray(pc.fill_null(answers["complete"], fill_value=False)),
        currency,
        np.where(refused, 0, unknowns).astype(np.int64),
        {name: _zero_rows(decode_amounts(answers[name], factor), empty) for name in AMOUNTS},
        _zero_rows(decode_amounts(answers[LEAST], factor), empty),
        np.where(bounded, decode_amounts(answers[MOST], factor), 0),
        bounded,
        sets,
    )


def _zero_rows(amounts: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The amounts with zeros at these rows; the array itself, which may be Arrow's own memory, where there are none."""
    if not len(rows):
        return amounts
    found = amounts.copy()
    found[rows] = 0
    return found


def decode_amounts(column: pa.ChunkedArray, factor: NDArray[np.int64]) -> NDArray[np.int64]:
    """A column of amounts in ten-thousandths of a unit; the value of a null is undefined.

    Integers are minor units; ``factor`` is the number of ten-thousandths in one, by line.
    """
    integers = pa.types.is_integer(column.type)
    if not integers and column.type.scale != PLACES:
        column = column.cast(pa.decimal128(38, PLACES))
    wide = column.type.byte_width // 8
    parts = [np.empty(0, np.int64)]
    for chunk in column.chunks:
        words = np.frombuffer(chunk.buffers()[1], np.int64)
        # Answers have at most eighteen digits, so the low word of a decimal holds all of it.
        parts.append(words[wide * chunk.offset : wide * (chunk.offset + len(chunk)) : wide])
    found = parts[1] if len(parts) == _ONE_CHUNK else np.concatenate(parts)
    return found * factor if integers else found


def _integers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.asarray(pc.fill_null(column, 0)).astype(np.int64, copy=False)


def line_days(lines: pa.Table) -> NDArray[np.int64]:
    """By line, its day as days since 1970; 0 where it has none."""
    return np.asarray(pc.fill_null(lines["date"].cast(pa.int32()), 0)).astype(np.int64)
