"""The columns of a list of rules as the kernel reads it.

``PATTERN`` is its pattern, ``SETS`` the number of its first set. A list that changes at most once and asks about
nothing but the day has the ``DAY`` of the change and its outcome ``BEFORE`` and ``AFTER``; any other one has
``COMPLEX`` as its day.
"""

from __future__ import annotations

PATTERN, SETS, DAY, BEFORE, AFTER = range(5)
WIDTH = AFTER + 1
COMPLEX = -(2**31)
