"""The columns of a line's basis: list and outcome of its levies, its duty, and both lists of additional duties."""

from __future__ import annotations

LEVIES, LEVIED, DUTY, DUTIED, NARROW, NARROWED, BROAD, BROADENED = range(8)
WIDTH = BROADENED + 1
