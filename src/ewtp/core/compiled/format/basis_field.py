"""The columns of a line's basis: list and outcome of its levies, its duty, both additional duties, and its papers."""

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
    PAPER_LIST,
    PAPER_OUTCOME,
) = range(10)
WIDTH = PAPER_OUTCOME + 1
