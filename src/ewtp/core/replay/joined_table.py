"""One table of both answers, for the file that a replay writes: a row says what a line costs before and after.

What the change leaves as it is is not said twice: where ``changed`` is false, every column that ends in ``_after`` is
null, and what stands before holds after as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ewtp.core.replay.aggregates import OUTCOMES
from ewtp.core.replay.comparison import Compared, compared_at
from ewtp.core.replay.paired_answers import PLACES
from ewtp.core.replay.row_selection import Spreading, rows_taken

if TYPE_CHECKING:
    from numpy.typing import NDArray

AFTER = "_after"
_CHANGE = pa.decimal64(18, PLACES)
_TEXT = pa.dictionary(pa.int32(), pa.string())
_ONCE = ("currency", "scalar", "refusal", "refusal_message")
_OUTCOME_NAMES = ("", *OUTCOMES)


def joined_schema(answers: pa.Schema) -> pa.Schema:
    """The joined columns, for answers with this schema."""
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


def joined(before: pa.Table, after: pa.Table, places: NDArray[np.int64], found: Compared | None = None) -> pa.Table:
    """Both answers to every line in ``joined_schema``; ``after`` answers the lines at ``places``, ascending.

    ``found`` is ``compared_at`` of the same, where that is known already.

    ``refusal`` is only said where both sides refuse; where one does, ``refused_before`` or ``refused_after`` has its
    code, and that side's amounts are null. ``change`` is what ``total`` changes by, null where that cannot be said.
    """
    found = found or compared_at(before, after, places)
    rows = np.flatnonzero(found.changed)
    count, changed = before.num_rows, places[rows]
    # Of every line: its row in what is put behind a row of nulls.
    take = np.zeros(count, np.int64)
    take[changed] = np.arange(1, len(changed) + 1)
    spreading = Spreading(count, changed)
    later = rows_taken(after, rows)
    columns: list[pa.Array | pa.ChunkedArray] = []
    schema = joined_schema(before.schema)
    refused = np.asarray(before["refusal"].is_valid()).copy()
    refused[changed] &= found.sides.after.refused[rows]
    both = pa.array(refused)
    for field in schema:
        name = field.name
        if name == "currency":
            columns.append(_filled(before[name], spreading, later[name]))
        elif name == "changed":
            columns.append(pa.array(take > 0))
        elif name == "outcome":
            columns.append(_outcomes(found, rows, take))
        elif name == "change":
            columns.append(_change(found, places, before["refusal"]))
        elif name == "refused_before":
            columns.append(pc.if_else(both, pa.scalar(None, pa.string()), before["refusal"]).cast(_TEXT))
        elif name == "refused_after":
            columns.append(spreading.spread(later["refusal"].cast(_TEXT)))
        elif name in {"refusal", "refusal_message"}:
            columns.append(pc.if_else(both, before[name], pa.scalar(None, pa.string())))
        elif name.endswith(AFTER):
            columns.append(spreading.spread(later[name.removesuffix(AFTER)]))
        else:
            columns.append(before[name])
    return pa.table(columns, schema=schema)


def _filled(column: pa.ChunkedArray, spreading: Spreading, other: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of texts with its nulls taken from another's rows; few lines have any."""
    if column.null_count == 0:
        return column
    return pc.coalesce(column.cast(pa.string()), spreading.spread(other).cast(pa.string())).cast(_TEXT)


def _outcomes(found: Compared, rows: NDArray[np.int64], take: NDArray[np.int64]) -> pa.DictionaryArray:
    of_row = np.zeros(len(rows) + 1, np.int32)
    for number, name in enumerate(OUTCOMES, 1):
        of_row[1:][found.masks[name][rows]] = number
    return pa.DictionaryArray.from_arrays(pa.array(of_row[take]), pa.array(_OUTCOME_NAMES, pa.string()))


def _change(found: Compared, places: NDArray[np.int64], refusals: pa.ChunkedArray) -> pa.Array:
    count = len(refusals)
    change, known = np.zeros(count, np.int64), np.asarray(refusals.is_null()).copy()
    change[places] = found.change
    # A line that one side refuses, or that they leave open in different ways, has no change that could be said.
    known[places] = found.comparable
    exact = pa.array(change, mask=~known)
    return pa.Array.from_buffers(_CHANGE, count, exact.buffers(), exact.null_count)
