"""The status of an entry of a schedule from a day on, as in ``Tables.run_status``.

``COVERED``: a declarable line covers it, and the run's value is the digits of that line. ``ONE_BELOW``: exactly one
line is below it, and the value is its distance in entries. ``NO_SCHEDULE``: no schedule is in force. ``UNSETTLED``:
the scalar path has to decide.
"""

from __future__ import annotations

UNSETTLED, COVERED, ONE_BELOW, NO_SCHEDULE = range(4)
