"""Tables of lines in, tables of answers out: the kernel first, then the scalar path for unsettled lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from ewtp.core.compiled.kernel.book_packer import pack_book
from ewtp.core.compiled.kernel.loop import assess_lines
from ewtp.core.compiled.kernel.warm_up import warm_kernel
from ewtp.core.compiled.kernel.work import new_run
from ewtp.core.compiled.table.answers_to_arrow import ANSWER_SCHEMA, answers
from ewtp.core.compiled.table.frames import Framer
from ewtp.core.compiled.table.lines_from_arrow import check_columns, read_lines
from ewtp.core.compiled.table.scalar_fallback import bodies, rows_of

if TYPE_CHECKING:
    from ewtp.core.compiled.format.tables import CompiledBook
    from ewtp.core.compiled.table.scalar_fallback import Scalar
    from ewtp.core.values.refusal import Refusal

__all__ = ["ANSWER_SCHEMA", "TableAssessor"]


class TableAssessor:
    """Answers tables of lines, each line a consignment of its own; threads may share it."""

    def __init__(self, book: CompiledBook, scalar: Scalar, alike: TableAssessor | None = None) -> None:
        """``alike`` is an assessor with the same exchange rates, whose rates are then looked up once for both."""
        self.book = book
        self._scalar = scalar
        self.framer: Framer = Framer(book, scalar, None if alike is None else alike.framer.rates)
        self._packed = pack_book(book.tables)

    def assess_table(self, lines: pa.Table) -> pa.Table | Refusal:
        """The answers in ``ANSWER_SCHEMA``, one row for each line, in order.

        Amounts are decimals in ``currency``, null where the line is refused; ``unknowns`` are codes separated by
        spaces; ``scalar`` marks the lines that the scalar path answered. Lines have the columns ``from``, ``to``,
        ``date``, ``hs``, ``value``, ``currency``, and may have ``origin``, ``freight``, ``insurance``, ``buyer``,
        ``transport``, ``claims`` (ids, separated by spaces) and ``quantity_UNIT``; other columns are ignored.
        """
        refused = check_columns(lines.schema)
        if refused is not None:
            return refused
        if lines.num_rows == 0:
            return ANSWER_SCHEMA.empty_table()
        warm_kernel()
        read = read_lines(lines, self.book)
        frames = self.framer.frames(read.pairs, read.currencies, read.days)
        run = new_run(self._packed, self.book.tables, frames, read.lines)
        assess_lines(run)
        left = np.flatnonzero(run.results.scalar)
        rows = rows_of(bodies(lines.take(pa.array(left))), self._scalar) if len(left) else []
        return answers(self.book, self.framer.currencies, run.results, run.interned, left=left, rows=rows)
