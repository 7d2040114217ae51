"""Tables of few lines answered by the scalar path alone: no compiled rulebook and no machine code has to be made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ewtp.core.compiled.format import amount_kind
from ewtp.core.compiled.format.kernel_arrays import DECIMALS, NO_BOUND
from ewtp.core.compiled.table.answers_to_arrow import ANSWER_SCHEMA, COLUMNS_OF_SETS
from ewtp.core.compiled.table.lines_from_arrow import check_columns
from ewtp.core.compiled.table.scalar_fallback import bodies, rows_of
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.compiled.table.scalar_fallback import AnswerRow, Scalar


def answer_by_scalar(lines: pa.Table, scalar: Scalar) -> pa.Table | Refusal:
    """The answers that ``TableAssessor.assess_table`` gives, in the same columns, at about a millisecond a line."""
    refused = check_columns(lines.schema)
    if refused is not None:
        return refused
    if lines.num_rows == 0:
        return ANSWER_SCHEMA.empty_table()
    found = [_columns(row) for row in rows_of(bodies(lines), scalar)]
    return pa.table({name: _array(name, [row.get(name) for row in found]) for name in ANSWER_SCHEMA.names})


def _columns(row: AnswerRow | Refusal) -> dict[str, Any]:
    """An answer by the names of its columns, amounts in ten-thousandths; of a refused line, the refusal alone."""
    if isinstance(row, Refusal):
        return {"scalar": True, "refusal": row.code, "refusal_message": row.message}
    return {
        "currency": row.currency,
        **dict(zip(amount_kind.NAMES, row.amounts, strict=True)),
        "total_at_most": None if row.at_most == NO_BOUND else row.at_most,
        "complete": row.complete,
        "unknowns": row.unknowns,
        **{name: row.sets[slot] for name, slot in COLUMNS_OF_SETS.items()},
        "scalar": True,
    }


def _array(name: str, values: list[Any]) -> pa.Array:
    kind = ANSWER_SCHEMA.field(name).type
    if pa.types.is_decimal(kind):
        whole = pa.array(values, pa.int64())
        return pa.Array.from_buffers(kind, len(values), whole.buffers(), null_count=whole.null_count)
    if pa.types.is_dictionary(kind):
        return pa.array(values, pa.string()).dictionary_encode().cast(kind)
    return pa.array(values, kind)


assert ANSWER_SCHEMA.field("total").type.scale == DECIMALS  # noqa: S101 - amounts are written without being scaled
