"""The columns of ``Frames.fields``.

``SCALAR`` is 1 where the scalar path answers. ``CURRENCY`` is the answer's currency by number in the book, -1 where the
book has no such currency, and ``OUT_CURRENCY`` its number in the answers; ``MINOR`` its decimals. ``RATE`` is the
number of the exchange rate that converts values, -1 where none is needed, and ``WITHOUT_RATE`` the frame to use on a
day without one. ``CIF`` is 1 where the customs value includes carriage, ``BASIS_KNOWN`` where the rulebook states it. A
unit and a mode of rounding belong to duties, taxes and the customs value. ``UNTIL`` is the first day after the frame.
``FOREIGN`` is 1 where rules name another currency. ``UNCOVERED`` are the bits of what is open of every line: charges
that are not held, a day that no schedule knows, sanctions; ``UNTAXED`` is 1 where a statement says that there is no
tax, ``BASE_DISPUTED`` where sources disagree on what taxes are taken on.
"""

from __future__ import annotations

(
    SCALAR,
    CURRENCY,
    OUT_CURRENCY,
    MINOR,
    RATE,
    WITHOUT_RATE,
    CIF,
    BASIS_KNOWN,
    DUTY_UNIT,
    DUTY_MODE,
    TAX_UNIT,
    TAX_MODE,
    VALUE_UNIT,
    VALUE_MODE,
    UNTIL,
    FOREIGN,
    UNCOVERED,
    UNTAXED,
    BASE_DISPUTED,
) = range(19)
WIDTH = BASE_DISPUTED + 1
