"""The market finder's questions as lines for the kernel, and the kernel's answers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from ewtp.core.compiled.format import amount_kind, basis_field, entry_status, option_field, rule_set
from ewtp.core.compiled.format.entry_key import LENGTH_BITS, LENGTH_MASK, MOST_DIGITS, entry_key
from ewtp.core.compiled.format.kernel_arrays import NO_CLAIM, Frames, Interned, Lines, Quantities
from ewtp.core.compiled.format.tables import BUYERS, TRANSPORTS
from ewtp.core.compiled.kernel.loop import assess_lines
from ewtp.core.compiled.kernel.option_list import write_options
from ewtp.core.compiled.kernel.warm_up import warm_kernel
from ewtp.core.compiled.kernel.work import new_run
from ewtp.core.compiled.table.quantities import QUANTITY, quantity_arrays
from ewtp.core.rulebook.charge_kinds import CHARGE_KINDS, KINDS_BY_TOTAL, Total
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import minor_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.assessment.consignment import HsTexts
    from ewtp.core.assessment.question import Question
    from ewtp.core.compiled.format.tables import Tables
    from ewtp.core.compiled.kernel.packed_book import PackedBook

# A larger value is implausible, and its charges might not fit the kernel's integers.
_LARGEST = 10**15
_MOST_KNOWN_QUANTITIES = 1_000
_COLUMNS = {row.kind: row.column for row in CHARGE_KINDS}
# By sum of an answer's totals: the amounts that it adds up, and the columns of the sets of rules behind them.
AMOUNTS_OF_TOTAL: dict[Total, list[int]] = {
    total: [getattr(amount_kind, _COLUMNS[kind].upper()) for kind in kinds] for total, kinds in KINDS_BY_TOTAL.items()
}
SETS_OF_TOTAL: dict[Total, list[int]] = {
    total: [getattr(rule_set, kind.name) for kind in kinds] for total, kinds in KINDS_BY_TOTAL.items()
}


class KernelOption(NamedTuple):
    """A claim that would lower a line's duties, as in ``option_field``; ``saving`` is in ten-thousandths."""

    line: int
    claim: int
    saving: int
    listed: int


@immutable
class KernelAnswers:
    """The kernel's answers as lists by line; amounts are in ten-thousandths of the answer's currency.

    ``totals`` and ``charged`` are by sum: its amount, and whether some rule charges it; ``vat`` is the part of the sum
    of taxes other than excises. ``landed`` is the landed cost, ``spared`` how much lower it may be, ``bounded`` whether
    something is the most, and ``added`` how much more that is;
    ``sets`` are by column of ``rule_set``, then by line. ``unknowns`` are bits; ``scalar`` marks the lines that the
    kernel leaves to the scalar path, refused ones included. ``options`` are in order of line.
    """

    lines: Lines
    interned: Interned
    scalar: list[bool]
    totals: dict[Total, list[int]]
    charged: dict[Total, list[bool]]
    vat: list[int]
    landed: list[int]
    spared: list[int]
    bounded: list[bool]
    added: list[int]
    sets: list[list[int]]
    unknowns: list[int]
    currency: list[int]
    complete: list[bool]
    basis: list[tuple[int, ...]]
    options: list[KernelOption]


class MarketKernel:
    """Builds the lines of the finder's questions, and runs the kernel over them."""

    def __init__(self, tables: Tables, packed: PackedBook, quantities: Sequence[str]) -> None:
        self._tables = tables
        self._packed = packed
        self._known = tuple(quantities)
        self._quantities: dict[tuple[Any, ...], Quantities | None] = {}

    def find_national_codes(self, schedule: int, code: str, day: int) -> tuple[str, ...]:
        """The declarable lines of a schedule that begin with the code on a day, in order."""
        tables = self._tables
        begin, end = tables.schedule_entry[schedule : schedule + 2].tolist()
        rest = 10 ** (MOST_DIGITS - len(code))
        edges = np.array([int(code) * rest, (int(code) + 1) * rest], np.int64) << LENGTH_BITS
        low, high = (np.searchsorted(tables.entry_key[begin:end], edges) + begin).tolist()
        found = []
        for entry in range(low, high):
            run = int(tables.entry_run[entry])
            first, last = int(tables.run_start[run]), int(tables.run_start[run + 1])
            at = first
            while at + 1 < last and tables.run_day[at + 1] <= day:
                at += 1
            key = int(tables.entry_key[entry])
            digits = key & LENGTH_MASK
            # A declarable line covers itself; an entry above or below one is covered by another code, or by none.
            if tables.run_status[at] == entry_status.COVERED and tables.run_value[at] == digits:
                found.append(str(key >> LENGTH_BITS).rjust(MOST_DIGITS, "0")[:digits])
        return tuple(found)

    def build_lines(
        self, question: Question, ends: Sequence[tuple[int, int, str]], day: int, texts: HsTexts
    ) -> Lines | None:
        """A line for each of ``ends`` (origin, destination, code) of one question; None where the kernel is too small.

        Origins and destinations are numbers of economies.
        """
        warm_kernel()
        line = question.lines[0]
        value = int(line.value.amount.scaleb(minor_units(line.value.currency)))
        quantities = self._read_quantities(line.quantities)
        if quantities is None or value > _LARGEST:
            return None
        count = len(ends)
        codes = {code: number for number, code in enumerate(dict.fromkeys(code for _, _, code in ends))}
        source = np.array([end[0] for end in ends], np.int16)
        return Lines(
            source=source,
            destination=np.array([end[1] for end in ends], np.int16),
            origin=source,
            day=np.full(count, day, np.int32),
            code=np.array([codes[end[2]] for end in ends], np.int32),
            code_key=np.array([entry_key(code) for code in codes], np.int64),
            code_exists=np.array([texts.exists(code) for code in codes], np.bool_),
            currency=np.zeros(count, np.int32),
            value=np.full(count, value, np.int64),
            freight=np.zeros(count, np.int64),
            insurance=np.full(count, -1, np.int64),
            buyer=np.full(count, BUYERS.index(question.buyer), np.int8),
            transport=np.full(count, TRANSPORTS.index(question.transport), np.int8),
            claim=np.full(count, NO_CLAIM, np.int32),
            quantities=quantities._replace(rows=np.repeat(quantities.rows, count), line_count=count),
            scalar=np.zeros(count, np.bool_),
        )

    def _read_quantities(self, given: Any) -> Quantities | None:
        """The quantities of one line; None where only the scalar path can judge them."""
        key = tuple(given.items())
        if key not in self._quantities:
            table = pa.table({"": pa.nulls(1), **{f"{QUANTITY}{unit}": pa.array([amount]) for unit, amount in key}})
            is_odd = np.zeros(1, np.bool_)
            found = quantity_arrays(table, self._known, is_odd)
            # Users' input must not fill the memory.
            if len(self._quantities) > _MOST_KNOWN_QUANTITIES:
                self._quantities.clear()
            self._quantities[key] = None if is_odd[0] else found
        return self._quantities[key]

    def select_with_claims(self, lines: Lines, chosen: Sequence[int], claims: Sequence[int]) -> Lines:
        """The chosen lines, each with a claim."""
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

    def assess(self, lines: Lines, frames: Frames, *, options: bool = True) -> KernelAnswers:
        """Run the kernel; ``options`` says whether to list the options of every line."""
        count = len(lines.day)
        run = new_run(self._packed, self._tables, frames, lines)
        results, interned = run.results, run.interned
        assess_lines(run)
        basis = np.zeros((count, basis_field.WIDTH), np.int32)
        listed = np.zeros((8 * count + 64 if options else 0, option_field.WIDTH), np.int64)
        length = write_options(run, basis, listed) if options else 0
        if length > len(listed):
            listed = np.zeros((length, option_field.WIDTH), np.int64)
            write_options(run, basis, listed)
        return KernelAnswers(
            lines,
            interned,
            (results.scalar | (results.refusal > 0)).tolist(),
            {total: results.amounts[kinds].sum(axis=0).tolist() for total, kinds in AMOUNTS_OF_TOTAL.items()},
            {total: (results.sets[slots] != 0).any(axis=0).tolist() for total, slots in SETS_OF_TOTAL.items()},
            results.amounts[amount_kind.TAX].tolist(),
            results.amounts[amount_kind.TOTAL].tolist(),
            (results.amounts[amount_kind.TOTAL] - results.amounts[amount_kind.TOTAL_AT_LEAST]).tolist(),
            (results.at_most >= 0).tolist(),
            np.maximum(results.at_most - results.amounts[amount_kind.TOTAL], 0).tolist(),
            results.sets.tolist(),
            [] if not count else interned.bits[results.unknowns].tolist(),
            results.currency.tolist(),
            results.complete.tolist(),
            [tuple(row) for row in basis.tolist()],
            [KernelOption(*row) for row in listed[:length].tolist()],
        )
