"""Bits of the charges on entry that goods do not owe between two economies, as ``charges_inside`` has them."""

from __future__ import annotations

FEE = 1
# Taxes and excises, which a tax territory levies together.
TAX = 2
# Whether the destination's law has any: answers then say that they are not owed.
FEE_HELD = 4
TAX_HELD = 8
# Whether the last such rule may be gone, which only the whole law tells.
UNSURE = 16
