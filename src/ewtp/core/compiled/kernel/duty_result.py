"""The figures that the duties of a line amount to.

Amounts in minor units, unknowns as bits, whether a duty was ``CHARGED`` and whether no rule matched (``NOTHING``),
the flags that are ``KNOWN`` of the claim; the set of rules behind the charges of each of the three lists; and the
number of the trader's ``REFUSAL``, 0 for none.
"""

from __future__ import annotations

DUTY, ADDITIONAL_DUTY, UNKNOWNS, CHARGED, NOTHING, KNOWN, SET, NARROW_SET, BROAD_SET, REFUSAL = range(10)
WIDTH = REFUSAL + 1
