"""The kernel's answers as an Arrow table: amounts as decimals, rules as the ids of their measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ewtp.core.compiled.format import amount_kind, rule_set
from ewtp.core.compiled.format.kernel_arrays import DECIMALS, Interned, Results
from ewtp.core.compiled.format.unknown_bits import unknown_codes
from ewtp.core.compiled.kernel.text_writer import set_texts
from ewtp.core.compiled.machine.buffers import full
from ewtp.core.rulebook.charge_kinds import CHARGE_KINDS
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.format.tables import CompiledBook, Tables
    from ewtp.core.compiled.table.scalar_fallback import AnswerRow

COLUMNS_OF_SETS = {
    **{row.measures_column: row.step for row in CHARGE_KINDS},
    "requirements": rule_set.REQUIREMENT,
    "prohibitions": rule_set.PROHIBITION,
}
_TEXT = pa.dictionary(pa.int32(), pa.string())
MONEY = pa.decimal64(18, DECIMALS)
ANSWER_SCHEMA = pa.schema(
    [
        pa.field("currency", _TEXT),
        *(pa.field(name, MONEY) for name in amount_kind.NAMES),
        pa.field("total_at_most", MONEY),
        pa.field("complete", pa.bool_()),
        pa.field("unknowns", _TEXT),
        *(pa.field(name, _TEXT) for name in COLUMNS_OF_SETS),
        pa.field("scalar", pa.bool_()),
        pa.field("refusal", pa.string()),
        pa.field("refusal_message", pa.string()),
    ],
)


def answers(
    book: CompiledBook,
    currencies: Sequence[str],
    results: Results,
    interned: Interned,
    *,
    left: NDArray[np.int64],
    rows: Sequence[AnswerRow | Refusal],
) -> pa.Table:
    """The table of the kernel's columns and the scalar path's rows."""
    tables = book.tables
    count = len(results.complete)
    columns = {
        name: _DictionaryColumn(results.sets[slot], _texts(tables, interned, slot))
        for name, slot in COLUMNS_OF_SETS.items()
    }
    combinations = [" ".join(unknown_codes(int(bits))) for bits in interned.bits[: interned.counts[rule_set.COUNT]]]
    unknowns = _DictionaryColumn(results.unknowns, pa.array(combinations or [""], pa.string()))
    currency = _DictionaryColumn(results.currency, pa.array(list(currencies) or [""], pa.string()))
    refused: NDArray[np.bool_] | None = None
    by_kernel = np.flatnonzero(results.refusal)
    codes = {n: book.names.refusals[k] for n, k in zip(by_kernel.tolist(), results.refusal[by_kernel], strict=True)}
    for line, row in zip(left.tolist(), rows, strict=True):
        if isinstance(row, Refusal):
            codes[line] = (row.code, row.message)
            continue
        results.amounts[:, line] = row.amounts
        results.at_most[line] = row.at_most
        results.complete[line] = row.complete
        unknowns.set(line, row.unknowns)
        currency.set(line, row.currency)
        for name, slot in COLUMNS_OF_SETS.items():
            columns[name].set(line, row.sets[slot])
    if codes:
        refused = full(count, np.bool_)
        refused[list(codes)] = True
    validity = None if refused is None else pa.py_buffer(np.packbits(~refused, bitorder="little"))
    arrays = [currency.array(validity)]
    arrays += [
        pa.Array.from_buffers(MONEY, count, [validity, pa.py_buffer(results.amounts[place])])
        for place in range(len(amount_kind.NAMES))
    ]
    arrays.append(_bound_column(results.at_most, refused))
    arrays += [_truths(results.complete, validity), unknowns.array(validity)]
    arrays += [columns[name].array(validity) for name in COLUMNS_OF_SETS]
    arrays += [_truths(results.scalar, None), *_refusals(codes, count)]
    return pa.Table.from_arrays(arrays, schema=ANSWER_SCHEMA)


def _bound_column(at_most: NDArray[np.int64], refused: NDArray[np.bool_] | None) -> pa.Array:
    """The most that each line costs; null where nothing bounds it, and where the line is refused."""
    given = at_most >= 0
    if refused is not None:
        given &= ~refused
    validity = pa.py_buffer(np.packbits(given, bitorder="little"))
    return pa.Array.from_buffers(MONEY, len(at_most), [validity, pa.py_buffer(at_most)])


class _DictionaryColumn:
    """A dictionary-encoded column of texts: the kernel's number of each line, and the text of each number."""

    def __init__(self, numbers: NDArray[Any], texts: pa.Array) -> None:
        self._numbers = numbers
        self._texts = texts
        self._more: dict[str, int] = {}

    def set(self, line: int, text: str) -> None:
        """Give a line a text of its own."""
        self._numbers[line] = self._more.setdefault(text, len(self._texts) + len(self._more))

    def array(self, validity: pa.Buffer | None) -> pa.DictionaryArray:
        """The column; null for lines whose bit is not set."""
        texts = self._texts
        if self._more:
            # A dictionary holds each text once, so texts that the kernel has already written are looked up.
            late = pa.array(list(self._more), pa.string())
            met = pc.index_in(texts, value_set=late)
            places = np.flatnonzero(np.asarray(met.is_valid()))
            known = dict(zip(np.asarray(met.drop_null()).tolist(), places.tolist(), strict=True))
            fresh = [number for number in range(len(late)) if number not in known]
            known |= {number: len(texts) + place for place, number in enumerate(fresh)}
            lines = np.flatnonzero(self._numbers >= len(texts))
            self._numbers[lines] = [known[number] for number in (self._numbers[lines] - len(texts)).tolist()]
            texts = pa.concat_arrays([texts, late.take(pa.array(fresh, pa.int32()))])
        numbers = pa.Array.from_buffers(pa.int32(), len(self._numbers), [validity, pa.py_buffer(self._numbers)])
        return pa.DictionaryArray.from_arrays(numbers, texts, safe=False)


def _truths(values: NDArray[np.bool_], validity: pa.Buffer | None) -> pa.BooleanArray:
    bits = pa.py_buffer(np.packbits(values, bitorder="little"))
    return pa.Array.from_buffers(pa.bool_(), len(values), [validity, bits])


def _texts(tables: Tables, interned: Interned, slot: int) -> pa.Array:
    """The texts of the sets in a column: the ids of their measures, separated by spaces."""
    sets = interned.sets[slot, : interned.counts[slot]]
    offsets, text = set_texts(tables, sets)
    return pa.Array.from_buffers(pa.string(), len(sets), [None, pa.py_buffer(offsets), pa.py_buffer(text)])


def _refusals(codes: dict[int, tuple[str, str]], count: int) -> list[pa.Array]:
    if not codes:
        return [pa.nulls(count, pa.string()), pa.nulls(count, pa.string())]
    ordered = sorted(codes.items())
    return [_sparse({line: refusal[part] for line, refusal in ordered}, count) for part in range(2)]


def _sparse(texts: dict[int, str], count: int) -> pa.Array:
    """A column that is null except in a few lines, which are in order."""
    words = [text.encode() for text in texts.values()]
    lines = np.fromiter(texts, np.int64, len(texts))
    offsets = np.zeros(count + 1, np.int32)
    offsets[lines + 1] = [len(word) for word in words]
    np.cumsum(offsets, out=offsets)
    given = np.zeros(count, np.bool_)
    given[lines] = True
    validity = pa.py_buffer(np.packbits(given, bitorder="little"))
    return pa.Array.from_buffers(pa.string(), count, [validity, pa.py_buffer(offsets), pa.py_buffer(b"".join(words))])
