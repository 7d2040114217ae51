"""The market finder's rows as lines for the kernel: national codes in every schedule, and what the kernel says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ewtp.core.compiled.format import basis_field, entry_status, option_field
from ewtp.core.compiled.format.entry_key import MOST_DIGITS, entry_key
from ewtp.core.compiled.format.kernel_arrays import DECIMALS, NO_CLAIM, Frames, Interned, Lines, Quantities
from ewtp.core.compiled.format.tables import BUYERS, TRANSPORTS
from ewtp.core.compiled.kernel.loop import assess_lines
from ewtp.core.compiled.kernel.option_list import list_options
from ewtp.core.compiled.kernel.work import new_run
from ewtp.core.compiled.table.quantities import QUANTITY, quantity_arrays
from ewtp.core.values.money import minor_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.assessment.consignment import HsTexts
    from ewtp.core.assessment.question import Question
    from ewtp.core.compiled.format.tables import Tables
    from ewtp.core.compiled.kernel.packed_book import PackedBook

_LENGTH = 15
# More is no trade, and would not fit into the kernel's integers.
_LARGEST = 10**15


@dataclass(frozen=True, slots=True)
class Found:
    """What the kernel says of lines, as lists by line; amounts are ten-thousandths, by their number, then by line."""

    lines: Lines
    interned: Interned
    scalar: list[bool]
    amounts: list[list[int]]
    sets: list[list[int]]
    unknowns: list[int]
    currency: list[int]
    complete: list[bool]
    basis: list[tuple[int, ...]]
    # Line, claim, saving and list of every option, in order of line.
    options: list[list[int]]


class Lister:
    """Turns rows of the finder into lines of one compiled book, and runs the kernel over them."""

    def __init__(self, tables: Tables, packed: PackedBook, quantities: Sequence[str], currencies: int) -> None:
        self._tables = tables
        self._packed = packed
        self._known = tuple(quantities)
        self._currencies = currencies
        self._measured: dict[tuple[Any, ...], Quantities | None] = {}

    def national_codes(self, schedule: int, code: str, day: int) -> tuple[str, ...]:
        """The declarable lines of a schedule that start with the code on a day, in order."""
        tables = self._tables
        begin, end = tables.schedule_entry[schedule : schedule + 2].tolist()
        rest = 10 ** (MOST_DIGITS - len(code))
        edges = np.array([int(code) * rest * 16, (int(code) + 1) * rest * 16], np.int64)
        low, high = (np.searchsorted(tables.entry_key[begin:end], edges) + begin).tolist()
        found = []
        for entry in range(low, high):
            run = int(tables.entry_run[entry])
            first, last = int(tables.run_start[run]), int(tables.run_start[run + 1])
            place = first
            while place + 1 < last and tables.run_day[place + 1] <= day:
                place += 1
            key = int(tables.entry_key[entry])
            digits = key & _LENGTH
            # A line of its own is covered by itself, what is above or below one by another.
            if tables.run_status[place] == entry_status.COVERED and tables.run_value[place] == digits:
                found.append(str(key >> 4).rjust(MOST_DIGITS, "0")[:digits])
        return tuple(found)

    def lines(self, question: Question, ends: Sequence[tuple[int, int, str]], day: int, texts: HsTexts) -> Lines | None:
        """Lines from a place to a place, with a code, all of one question; None where the kernel cannot hold it."""
        line = question.lines[0]
        value = int(line.value.amount.scaleb(minor_units(line.value.currency)))
        measured = self._quantities(line.quantities)
        if measured is None or value > _LARGEST:
            return None
        count = len(ends)
        distinct = {code: place for place, code in enumerate(dict.fromkeys(code for _, _, code in ends))}
        source = np.array([end[0] for end in ends], np.int16)
        return Lines(
            source=source,
            destination=np.array([end[1] for end in ends], np.int16),
            origin=source,
            day=np.full(count, day, np.int32),
            code=np.array([distinct[end[2]] for end in ends], np.int32),
            code_key=np.array([entry_key(code) for code in distinct], np.int64),
            code_exists=np.array([texts.exists(code) for code in distinct], np.bool_),
            currency=np.zeros(count, np.int32),
            value=np.full(count, value, np.int64),
            freight=np.full(count, -1, np.int64),
            insurance=np.full(count, -1, np.int64),
            buyer=np.full(count, BUYERS.index(question.buyer), np.int8),
            transport=np.full(count, TRANSPORTS.index(question.transport), np.int8),
            claim=np.full(count, NO_CLAIM, np.int32),
            quantities=measured._replace(rows=np.repeat(measured.rows, count), line_count=count),
            scalar=np.zeros(count, np.bool_),
        )

    def _quantities(self, given: Any) -> Quantities | None:
        key = tuple(given.items())
        if key not in self._measured:
            table = pa.table({"": pa.nulls(1), **{f"{QUANTITY}{unit}": pa.array([amount]) for unit, amount in key}})
            odd = np.zeros(1, np.bool_)
            measured = quantity_arrays(table, self._known, odd)
            if len(self._measured) > 1000:  # noqa: PLR2004 - so that what traders type does not fill the memory
                self._measured.clear()
            self._measured[key] = None if odd[0] else measured
        return self._measured[key]

    def claiming(self, lines: Lines, chosen: Sequence[int], claims: Sequence[int]) -> Lines:
        """Some of the lines again, each with a claim."""
        at = np.array(chosen, np.int64)
        moved = {
            name: getattr(lines, name)[at]
            for name in ("source", "destination", "day", "code", "currency", "value", "freight", "insurance")
        }
        rows = lines.quantities.rows.reshape(-1, len(lines.day))[:, at]
        return lines._replace(
            **moved,
            origin=moved["source"],
            buyer=lines.buyer[at],
            transport=lines.transport[at],
            claim=np.array(claims, np.int32),
            quantities=lines.quantities._replace(rows=np.ascontiguousarray(rows).reshape(-1), line_count=len(at)),
            scalar=np.zeros(len(at), np.bool_),
        )

    def assessed(self, lines: Lines, frames: Frames, *, options: bool = True) -> Found:
        """What the kernel says, with the options of every line unless they are not asked for."""
        count = len(lines.day)
        run = new_run(self._packed, self._tables, frames, lines)
        results, interned = run.results, run.interned
        assess_lines(run)
        basis = np.zeros((count, basis_field.WIDTH), np.int32)
        listed = np.zeros((8 * count + 64 if options else 0, option_field.WIDTH), np.int64)
        length = list_options(run, basis, listed) if options else 0
        if length > len(listed):
            listed = np.zeros((length, option_field.WIDTH), np.int64)
            list_options(run, basis, listed)
        return Found(
            lines,
            interned,
            # What is said of a refused line is left to the scalar path here.
            (results.scalar | (results.refusal > 0)).tolist(),
            results.amounts.tolist(),
            results.sets.tolist(),
            [] if not count else interned.bits[results.unknowns].tolist(),
            results.currency.tolist(),
            results.complete.tolist(),
            [tuple(row) for row in basis.tolist()],
            listed[:length].tolist(),
        )


def ten_thousandths(places: int) -> int:
    """How many ten-thousandths a coin of a currency with so many decimals is."""
    return int(10 ** (DECIMALS - places))
