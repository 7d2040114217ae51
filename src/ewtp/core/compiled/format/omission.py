"""Whether a charge of additional duty may be left out, as bits of ``due_field.OMISSION``; 0 for most charges.

``TRIED``: the charge yields to another programme, so it is computed only to see whether it fails. ``INHERITS`` and
``COUNTS``: it may be left out where there is no duty to inherit, or no quantity to count, and needs nothing else. An
outcome has its four sets of rules by ``omitted // INHERITS``: all, without those that inherit, without those that
count, without both. ``POSSIBLE`` marks a fee that may be owed: it counts for the most that is owed alone.
"""

from __future__ import annotations

TRIED, INHERITS, COUNTS, POSSIBLE = (1 << bit for bit in range(4))
