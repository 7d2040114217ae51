"""The columns of the options that the kernel lists: claims that would lower a line's duties.

``SAVING`` is the duty saved in ten-thousandths, ``UNCOMPUTED`` where it cannot be computed. ``LIST`` is the list of
lower duties that the claim brings in, ``EXEMPTED`` where it lifts additional duties.
"""

from __future__ import annotations

LINE, CLAIM, SAVING, LIST = range(4)
WIDTH = LIST + 1
UNCOMPUTED = EXEMPTED = -1
