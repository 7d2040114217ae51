"""The columns of ``Tables.instruction_fields``; an instruction's figure is in ``Tables.instruction_figure``.

``OPERATION`` is an ``opcode``. ``QUANTITY`` and ``CURRENCY`` are numbers among the book's, -1 for none; a condition
on the season has there how many instructions it skips on other days. ``REFUSAL`` is the number of the trader's
refusal where the quantity is not given, 0 for none.
"""

from __future__ import annotations

OPERATION, QUANTITY, CURRENCY, REFUSAL = range(4)
SKIPPED = QUANTITY
WIDTH = REFUSAL + 1
