"""The table of both answers that a replay writes: one row a line, with its answer before and after the change.

Where ``changed`` is false, the answer is the same after the change and every column that ends in ``_after`` is null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ewtp.core.replay.aggregates import CITED_DIFFERENTLY, OUTCOMES
from ewtp.core.replay.answer_pairs import PLACES, encode_together
from ewtp.core.replay.row_selection import RowSpreader, take_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.replay.comparison import Comparison

AFTER = "_after"
_CHANGE = pa.decimal64(18, PLACES)
_TEXT = pa.dictionary(pa.int32(), pa.string())
_ONCE = ("currency", "scalar", "refusal", "refusal_message")
_OUTCOME_NAMES = ("", *OUTCOMES, CITED_DIFFERENTLY)


def build_joined_schema(answers: pa.Schema) -> pa.Schema:
    """The schema of ``join_answers`` for answers with this schema."""
    twice = [field for field in answers if field.name not in _ONCE]
    return pa.schema(
        [
            *(field for field in answers if not field.name.startswith("refusal")),
            pa.field("changed", pa.bool_()),
            pa.field("outcome", _TEXT),
            pa.field("change", _CHANGE),
            *(field.with_name(f"{field.name}{AFTER}") for field in twice),
            pa.field("refused_before", _TEXT),
            pa.field("refused_after", _TEXT),
            pa.field("refusal", pa.string()),
            pa.field("refusal_message", pa.string()),
        ],
    )


def join_answers(before: pa.Table, after: pa.Table, rows: NDArray[np.int64], found: Comparison) -> pa.Table:
    """Both answers to every line, in ``build_joined_schema``; ``after`` answers the lines at ``rows``, ascending.

    ``found`` is the result of ``compare_rows`` on the same. ``refusal`` is given where both sides
    refuse; where one does, ``refused_before`` or ``refused_after`` has its code, and its amounts are null. ``change``
    is the difference of ``total``, null where the sides are not comparable.
    """
    # Indices of the changed lines in ``after``, and in ``before``.
    changed_after = np.flatnonzero(found.changed)
    count, changed = before.num_rows, rows[changed_after]
    # By line: one more than its index among the changed lines; 0 for an unchanged line.
    take = np.zeros(count, np.int64)
    take[changed] = np.arange(1, len(changed) + 1)
    spreading = RowSpreader(count, changed)
    later = take_rows(after, changed_after)
    columns: list[pa.Array | pa.ChunkedArray] = []
    schema = build_joined_schema(before.schema)
    refused = np.asarray(before["refusal"].is_valid()).copy()
    refused[changed] &= found.sides.after.refused[changed_after]
    # Where the change answers no line that was refused, what is refused stays as it is.
    both = pa.array(refused) if found.masks["no_longer_refused"].any() else None
    for field in schema:
        name = field.name
        if name == "currency":
            columns.append(_fill_nulls(before[name], changed, later[name]))
        elif name == "changed":
            columns.append(pa.array(take > 0))
        elif name == "outcome":
            columns.append(_outcomes(found, changed_after, take))
        elif name == "change":
            columns.append(_change(found, rows, before["refusal"]))
        elif name == "refused_before":
            columns.append(_list_refused_before(both, before["refusal"]))
        elif name == "refused_after":
            columns.append(spreading.spread_column(later["refusal"].cast(_TEXT)))
        elif name in {"refusal", "refusal_message"}:
            column = before[name]
            columns.append(column if both is None else pc.if_else(both, column, pa.scalar(None, pa.string())))
        elif name.endswith(AFTER):
            columns.append(spreading.spread_column(later[name.removesuffix(AFTER)]))
        else:
            columns.append(before[name])
    return pa.table(columns, schema=schema)


def _list_refused_before(both: pa.BooleanArray | None, refusals: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """The refusals of lines that only the side before refuses; ``both`` says which both do, and None that all do."""
    if both is None:
        none = pa.nulls(len(refusals), pa.int32())
        return pa.DictionaryArray.from_arrays(none, pa.array([], pa.string()))
    return pc.if_else(both, pa.scalar(None, pa.string()), refusals).cast(_TEXT)


def _fill_nulls(column: pa.ChunkedArray, rows: NDArray[np.int64], other: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """A column of texts whose nulls at ``rows`` are replaced by the other column."""
    if column.null_count == 0:
        return column
    held, others, texts = encode_together(column, other)
    found = held.copy()
    found[rows] = np.where(held[rows] == 0, others, held[rows])
    return pa.DictionaryArray.from_arrays(pa.array(found, mask=found == 0), pa.array(texts, pa.string()))


def _outcomes(found: Comparison, rows: NDArray[np.int64], take: NDArray[np.int64]) -> pa.DictionaryArray:
    of_row = np.zeros(len(rows) + 1, np.int32)
    for number, name in enumerate(_OUTCOME_NAMES[1:], 1):
        of_row[1:][found.masks[name][rows]] = number
    return pa.DictionaryArray.from_arrays(pa.array(of_row[take]), pa.array(_OUTCOME_NAMES, pa.string()))


def _change(found: Comparison, rows: NDArray[np.int64], refusals: pa.ChunkedArray) -> pa.Array:
    count = len(refusals)
    change, known = np.zeros(count, np.int64), np.asarray(refusals.is_null()).copy()
    change[rows] = found.change
    # The change is null where one side refuses, or where their unknowns differ.
    known[rows] = found.comparable
    exact = pa.array(change, mask=~known)
    return pa.Array.from_buffers(_CHANGE, count, exact.buffers(), exact.null_count)
