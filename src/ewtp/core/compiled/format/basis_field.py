"""The columns of a line's basis: list and outcome of its levies, its duty, and both lists of additional duties."""

from __future__ import annotations

(
    LEVY_LIST,
    LEVY_OUTCOME,
    DUTY_LIST,
    DUTY_OUTCOME,
    NARROW_LIST,
    NARROW_OUTCOME,
    BROAD_LIST,
    BROAD_OUTCOME,
) = range(8)
WIDTH = BROAD_OUTCOME + 1
