"""The columns of ``Tables.due_fields``: one row for each charge of an outcome.

``PROGRAM`` to ``PROGRAM_END`` delimit its instructions. ``KIND`` is a ``charge_kind``, ``BASE`` a ``charge_base``,
and ``OMISSION`` says whether the charge may be left out. ``LEAST`` and ``MOST`` are a fee's floor and cap in
hundred-millionths of a minor unit of ``CURRENCY``, -1 for none; ``LEAST`` of a tax is the share of the base at its
lowest rate, -1 where no other rate is possible. ``SHARE`` is the figure of a program that is only a
share of the base, else -1.
"""

from __future__ import annotations

PROGRAM, PROGRAM_END, KIND, BASE, OMISSION, CURRENCY, LEAST, MOST, SHARE = range(9)
WIDTH = SHARE + 1
