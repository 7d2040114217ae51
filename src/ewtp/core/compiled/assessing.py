"""Tables of lines in, tables of answers out: the kernel first, the scalar path for what it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ewtp.core.assessment.question import Question, read_question
from ewtp.core.compiled.framing import Framer, Scalar
from ewtp.core.compiled.kernel import (
    AMOUNTS,
    F_OUT_CURRENCY,
    S_ADDITIONAL,
    S_BY_ORIGIN,
    S_DUTY,
    S_EXCISE,
    S_FEE,
    S_PROHIBITION,
    S_REQUIREMENT,
    S_TAX,
    SETS,
    assess_lines,
)
from ewtp.core.compiled.layout import Results
from ewtp.core.compiled.reading import QUANTITY, check_columns, read_lines
from ewtp.core.compiled.unknowns import unknown_bit
from ewtp.core.values.money import minor_units
from ewtp.core.values.refusals import Refusal

if TYPE_CHECKING:
    from decimal import Decimal

    from numpy.typing import NDArray

    from ewtp.core.assessment.answer import Answer
    from ewtp.core.compiled.tables import CompiledBook

_COLUMNS_OF_SETS = {
    "duty_measure": S_DUTY,
    "additional_measures": S_ADDITIONAL,
    "excise_measures": S_EXCISE,
    "tax_measures": S_TAX,
    "fee_measures": S_FEE,
    "requirements": S_REQUIREMENT,
    "prohibitions": S_PROHIBITION,
}
_KIND_OF_SET = {"duty": S_DUTY, "additional_duty": S_ADDITIONAL, "excise": S_EXCISE, "tax": S_TAX, "fee": S_FEE}
_TEXT = pa.dictionary(pa.int32(), pa.string())
ANSWER_SCHEMA = pa.schema(
    [
        pa.field("currency", _TEXT),
        *(pa.field(name, pa.int64()) for name in AMOUNTS),
        pa.field("complete", pa.bool_()),
        pa.field("unknowns", pa.int64()),
        *(pa.field(name, _TEXT) for name in _COLUMNS_OF_SETS),
        pa.field("scalar", pa.bool_()),
        pa.field("refusal", pa.string()),
        pa.field("refusal_message", pa.string()),
    ],
)


@dataclass(frozen=True, slots=True)
class Row:
    """One answer in the form of the table: amounts in minor units, measures' ids sorted and joined by spaces."""

    currency: str
    amounts: tuple[int, ...]
    complete: bool
    unknowns: int
    sets: tuple[str, ...]


class TableAssessor:
    """Answers tables of lines, each line a consignment of its own; not to be shared by threads."""

    def __init__(self, book: CompiledBook, scalar: Scalar) -> None:
        self._book = book
        self._scalar = scalar
        self._framer = Framer(book.names, scalar)

    def assess_table(self, lines: pa.Table) -> pa.Table | Refusal:
        """The answers in ``ANSWER_SCHEMA``, one row for each line, in order.

        Amounts are integers in minor units of ``currency``, null where the line is refused; ``unknowns`` are the
        bits of ``unknowns.UNKNOWN_CODES``; ``scalar`` says that the scalar path answered. Lines have the columns
        ``from``, ``to``, ``date``, ``hs``, ``value``, ``currency``, and may have ``origin``, ``freight``,
        ``insurance``, ``buyer``, ``transport``, ``claims`` (ids, separated by spaces) and ``quantity_UNIT``.
        """
        refused = check_columns(lines.schema)
        if refused is not None:
            return refused
        count = lines.num_rows
        if count == 0:
            return ANSWER_SCHEMA.empty_table()
        read = read_lines(lines, self._book.names)
        frames = self._framer.frames(read)
        results = Results(
            np.zeros((count, len(AMOUNTS)), np.int64),
            np.zeros((count, SETS), np.int32),
            np.zeros(count, np.int64),
            np.zeros(count, np.bool_),
            read.lines.scalar.copy(),
        )
        assess_lines(self._book.tables, read.lines, frames, results)
        left = np.flatnonzero(results.scalar)
        rows = [self._scalar_row(body) for body in bodies(lines.take(pa.array(left)))]
        currency = frames.fields[read.lines.frame, F_OUT_CURRENCY].astype(np.int32)
        return _answers(
            self._book.names.sets, self._framer.currencies.listed(), currency, results, left=left, rows=rows
        )

    def _scalar_row(self, body: dict[str, Any] | Refusal) -> Row | Refusal:
        if isinstance(body, Refusal):
            return body
        return row_of(body, self._scalar)


def row_of(body: dict[str, Any], scalar: Scalar) -> Row | Refusal:
    """The scalar path's answer to one question of one line, in the form of the table."""
    day = body.pop("day")
    question = read_question({**body, "date": day.isoformat()}, today=day, vocabulary=scalar.vocabulary)
    if not isinstance(question, Question):
        return question
    answer = scalar.answer(question)
    return answer if isinstance(answer, Refusal) else answer_row(answer)


def answer_row(answer: Answer) -> Row:
    """An answer of one line as a row."""
    line, totals = answer.lines[0], answer.totals
    currency = totals.landed_cost.currency
    places = minor_units(currency)

    def minor(amount: Decimal) -> int:
        scaled = amount.scaleb(places)
        assert scaled == scaled.to_integral_value()  # noqa: S101 - no charge is finer than the currency's coin
        return int(scaled)

    sums = dict.fromkeys(_KIND_OF_SET, 0)
    sets: list[list[str]] = [[] for _ in range(SETS)]
    for charge in line.charges:
        sums[charge.kind] += minor(charge.amount.amount)
        sets[_KIND_OF_SET[charge.kind]].append(charge.rule.measure.id)
    sets[S_REQUIREMENT] = [rule.measure.id for rule in line.requirements]
    sets[S_PROHIBITION] = [rule.measure.id for rule in line.prohibitions]
    bits = 0
    for unknown in line.unknowns:
        bits |= unknown_bit(unknown.code)
    amounts = (
        minor(totals.customs_value.amount),
        minor(totals.goods.amount),
        sums["duty"],
        sums["additional_duty"],
        sums["excise"],
        sums["tax"],
        sums["fee"],
        minor(totals.freight.amount),
        minor(totals.insurance.amount),
        minor(totals.landed_cost.amount),
    )
    return Row(currency, amounts, totals.complete, bits, tuple(" ".join(sorted(ids)) for ids in sets))


def bodies(lines: pa.Table) -> list[dict[str, Any] | Refusal]:
    """Each line as the body of a question, its day apart; one without a day, value or currency is refused."""
    found: list[dict[str, Any] | Refusal] = []
    for line in lines.to_pylist():
        if line["date"] is None:
            found.append(Refusal("date_missing", "Give the day of import; a table is answered for the days it names."))
            continue

        def money(name: str, line: dict[str, Any] = line) -> dict[str, Any] | None:
            amount = line.get(name)
            return None if amount is None else {"amount": _text(amount), "currency": line["currency"]}

        quantities = {
            name.removeprefix(QUANTITY): _text(amount)
            for name, amount in line.items()
            if name.startswith(QUANTITY) and amount is not None
        }
        found.append(
            {
                "from": line["from"],
                "to": line["to"],
                "day": line["date"],
                "buyer": line.get("buyer"),
                "transport": line.get("transport"),
                "lines": [
                    {
                        "hs": line["hs"],
                        "origin": line.get("origin"),
                        "value": money("value"),
                        "quantities": quantities,
                        "claims": (line.get("claims") or "").split(),
                    },
                ],
                "freight": money("freight"),
                "insurance": money("insurance"),
            },
        )
    return found


def _text(amount: Decimal | int) -> str:
    """Plain digits."""
    return format(amount, "f") if not isinstance(amount, int) else str(amount)


class _Column:
    """A column of texts that few lines tell apart, begun from numbers of a pool that the kernel gave."""

    def __init__(self, numbers: NDArray[Any], pool: tuple[str, ...] | list[str]) -> None:
        used = np.zeros(len(pool), np.int32)
        used[numbers] = 1
        distinct = np.flatnonzero(used)
        self.texts: dict[str, int] = {}
        # Two numbers may stand for one text.
        used[distinct] = [self.texts.setdefault(pool[place], len(self.texts)) for place in distinct.tolist()]
        self.numbers = used[numbers]

    def set(self, line: int, text: str) -> None:
        self.numbers[line] = self.texts.setdefault(text, len(self.texts))

    def array(self, refused: NDArray[np.bool_]) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(
            pa.array(self.numbers, pa.int32(), mask=refused), pa.array(list(self.texts), pa.string())
        )


def _answers(
    pool: tuple[str, ...],
    currencies: tuple[str, ...],
    currency: NDArray[np.int32],
    results: Results,
    *,
    left: NDArray[np.int64],
    rows: list[Row | Refusal],
) -> pa.Table:
    """Put the kernel's columns and the scalar path's rows together."""
    count = len(results.complete)
    sets = results.sets
    extended = _joined_additional(sets, list(pool))
    columns = {name: _Column(sets[:, slot], extended) for name, slot in _COLUMNS_OF_SETS.items()}
    of_currency = _Column(currency, currencies)
    refused = np.zeros(count, np.bool_)
    codes: dict[int, Refusal] = {}
    for line, row in zip(left.tolist(), rows, strict=True):
        if isinstance(row, Refusal):
            refused[line] = True
            codes[line] = row
            continue
        results.amounts[line] = row.amounts
        results.complete[line], results.unknowns[line] = row.complete, row.unknowns
        of_currency.set(line, row.currency)
        for name, slot in _COLUMNS_OF_SETS.items():
            columns[name].set(line, row.sets[slot])
    arrays = [of_currency.array(refused)]
    arrays += [pa.array(results.amounts[:, place], mask=refused) for place in range(len(AMOUNTS))]
    arrays += [pa.array(results.complete, mask=refused), pa.array(results.unknowns, mask=refused)]
    arrays += [columns[name].array(refused) for name in _COLUMNS_OF_SETS]
    arrays += [pa.array(results.scalar), *_refusals(codes, count)]
    return pa.Table.from_arrays(arrays, schema=ANSWER_SCHEMA)


def _joined_additional(sets: NDArray[np.int32], pool: list[str]) -> list[str]:
    """Join the two sets of additional duties of a line into one; new sets are appended to the pool."""
    narrow, wide = sets[:, S_ADDITIONAL], sets[:, S_BY_ORIGIN]
    both = (narrow > 0) & (wide > 0)
    narrow[~both] |= wide[~both]
    if both.any():
        keys = narrow[both].astype(np.int64) * len(pool) + wide[both]
        distinct, back = np.unique(keys, return_inverse=True)
        first = len(pool)
        for key in distinct.tolist():
            ids = pool[key // first].split() + pool[key % first].split()
            pool.append(" ".join(sorted(ids)))
        narrow[both] = first + back
    return pool


def _refusals(codes: dict[int, Refusal], count: int) -> list[pa.Array]:
    if not codes:
        return [pa.nulls(count, pa.string()), pa.nulls(count, pa.string())]
    found = [codes.get(line) for line in range(count)]
    return [
        pa.array([refusal.code if refusal else None for refusal in found], pa.string()),
        pa.array([refusal.message if refusal else None for refusal in found], pa.string()),
    ]
