"""The columns of a list of rules as the kernel reads it.

``PATTERN`` is its pattern, ``SETS`` the number of its first set. A list that changes at most once and depends on
the day alone has the ``DAY`` of the change and its outcome ``BEFORE`` and ``AFTER``; every other list has ``COMPLEX``
as its day.
"""

from __future__ import annotations

PATTERN, SETS, DAY, BEFORE, AFTER = range(5)
WIDTH = AFTER + 1
COMPLEX = -(2**31)
