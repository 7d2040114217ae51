"""The columns of ``Tables.pattern_fields``.

Each pair without and with ``_END`` delimits rows of another array: the pattern's spans of days, its limits of value,
its claims. ``MODES`` counts the modes of a span, ``BUYER`` and ``TRANSPORT`` are 1 where modes depend on them, and
``CURRENCY`` is the currency of the limits, -1 for none.
"""

from __future__ import annotations

SPANS, SPANS_END, MODES, BUYER, TRANSPORT, CURRENCY, LIMITS, LIMITS_END, CLAIMS, CLAIMS_END = range(10)
WIDTH = CLAIMS_END + 1
