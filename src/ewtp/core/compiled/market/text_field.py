"""The columns of ``MarketTexts.fields``.

All but the last two are numbers of texts; that of ``OPEN_LAW`` is ``open_law.write_open_law``. ``SOURCE`` is the number
of a source. ``ORDER`` sorts rules as the scalar path does: by territory, then by length of the prefix.
"""

from __future__ import annotations

EXPRESSION, AGENCY, DOCUMENT, NAME, OPEN_LAW, SOURCE, ORDER = range(7)
WIDTH = ORDER + 1
