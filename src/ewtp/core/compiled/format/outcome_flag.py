"""The bits of ``outcome_field.FLAGS``: the effects of an outcome besides its charges.

``SCALAR``: the scalar path has to decide. ``NOTHING_MATCHED``: no rule on duties reaches the line. ``TAX_MATCHED``: a
tax does. ``RELIEVED``: a relief takes the duties away. ``CLAIM_KNOWN``: a rule knows the claim that was made.
``CLAIMED``: the claim brings in a lower duty. ``PAPER_OPEN``: whether a listed requirement applies is open.
``BOUNDED``: every fee that may be owed is among the charges.
"""

from __future__ import annotations

SCALAR, NOTHING_MATCHED, TAX_MATCHED, RELIEVED, CLAIM_KNOWN, CLAIMED, PAPER_OPEN, BOUNDED = (
    1 << bit for bit in range(8)
)
