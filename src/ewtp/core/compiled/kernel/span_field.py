"""The columns of a pattern's span: its first day, its row of classes of origins (0 for a single class), its cases."""

from __future__ import annotations

DAY, CLASSES, CASES = range(3)
WIDTH = CASES + 1
