"""The columns of ``MarketTexts.fields``.

All but the last two are numbers of texts. ``SOURCE`` is the number of a source. ``ORDER`` sorts rules as the scalar
path does: by territory, then by length of the prefix.
"""

from __future__ import annotations

EXPRESSION, AGENCY, DOCUMENT, NAME, SOURCE, ORDER = range(6)
WIDTH = ORDER + 1
