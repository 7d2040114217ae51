"""The columns of ``MarketTexts.fields``.

All are numbers among the texts but the last two: ``SOURCE`` is a number among the sources, and ``ORDER`` where in a
list of rules the scalar path meets the rule (its territory, then the length of its prefix).
"""

from __future__ import annotations

EXPRESSION, AGENCY, DOCUMENT, NAME, SOURCE, ORDER = range(6)
WIDTH = ORDER + 1
