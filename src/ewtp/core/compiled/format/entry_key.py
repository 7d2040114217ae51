"""The codes of a schedule as numbers in their order."""

from __future__ import annotations

SUBHEADING_DIGITS = 6
MOST_DIGITS = 14
# The low bits of a key are the number of digits, the others the code filled up with zeros to ``MOST_DIGITS``.
LENGTH_BITS = 4
LENGTH_MASK = (1 << LENGTH_BITS) - 1


def entry_key(code: str) -> int:
    """A number in the order of the codes; 0 for the empty code."""
    return (int(code.ljust(MOST_DIGITS, "0")) << LENGTH_BITS) + len(code) if code else 0
