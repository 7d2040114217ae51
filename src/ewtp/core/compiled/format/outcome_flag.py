"""The bits of ``outcome_field.FLAGS``: the effects of an outcome besides its charges.

``SCALAR``: the scalar path has to decide. ``NOTHING_MATCHED``: no rule on duties reaches the line. ``TAX_MATCHED``: a
tax does. ``RELIEVED``: a relief takes the duties away. ``CLAIM_KNOWN``: a rule knows the claim that was made.
``CLAIMED``: the claim brings in a lower duty. ``PAPER_OPEN``: whether a listed requirement applies is open.
``BOUNDED``: every fee that may be owed is among the charges. ``TAX_REACHES``: a tax reaches the line, whether a relief
takes it away or not. ``DUTY_OPEN``: whether a relief takes the duties away is open. ``FLAT``: the first
charge is an amount in the place of the duty.
"""

from __future__ import annotations

(
    SCALAR,
    NOTHING_MATCHED,
    TAX_MATCHED,
    RELIEVED,
    CLAIM_KNOWN,
    CLAIMED,
    PAPER_OPEN,
    BOUNDED,
    TAX_REACHES,
    DUTY_OPEN,
    FLAT,
) = (1 << bit for bit in range(11))
