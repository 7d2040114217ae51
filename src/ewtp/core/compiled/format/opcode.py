"""The operations of a duty program: a postfix program over integers.

Amounts inside a program count hundred-millionths of a minor unit, bases hundredths of one, quantities ten-thousandths
of their unit.
"""

from __future__ import annotations

(
    SHARE,
    PER_UNIT,
    NOTHING,
    ADD,
    LARGER,
    SMALLER,
    LESS,
    INHERITED,
    EQUAL,
    PER_PRODUCT,
    SECOND,
    DIVIDE,
    POLARISED,
    WHEN,
    REFUSE,
) = range(15)
# The operations that read a quantity.
COUNTING = frozenset({PER_UNIT, PER_PRODUCT, POLARISED})
# A day of the year is its month times a hundred plus its day of the month; a span is the first times this plus the
# last.
SPAN_OF_YEAR = 10_000
# A share of the base: per cent times ten thousand, so that hundredths of the base give hundred-millionths.
SHARE_SCALE = 10_000
RATE_DECIMALS = 4
# A duty by degrees: the rate counts hundred-billionths of a minor unit, the reduction for each degree ten-millionths,
# since degrees come in ten-thousandths.
DEGREE_RATE_DECIMALS = 11
DEGREE_DECIMALS = 4
# No schedule nests deeper; a deeper program is left to the scalar path.
DEEPEST_STACK = 16
