"""The columns of ``MarketTexts.fields``.

All but the last two are numbers of texts; that of ``OPEN_LAW`` is ``open_law.write_open_law``, and that of
``PROOF_LAW`` is ``proof_law.write_proof_law``. ``SOURCE`` is the number of a source. ``ORDER`` sorts rules as the
scalar path does: by territory, then by length of the prefix.
"""

from __future__ import annotations

EXPRESSION, AGENCY, DOCUMENT, NAME, OPEN_LAW, PROOF_LAW, SOURCE, ORDER = range(8)
WIDTH = ORDER + 1
