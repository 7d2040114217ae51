"""What can be wrong with a question about distances."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

ECONOMY_NOT_COMPARED = Sentence(
    "economy_not_compared",
    "The rulebook holds no comparable tariff schedule of {economy:quoted}; it compares those of {compared:list text}.",
)
PRODUCT_PREFIX_UNREADABLE = Sentence(
    "product_unreadable", "Give two, four or six digits of a code of the Harmonized System, such as 64 or 640399."
)
PRODUCT_NOT_COMPARED = Sentence(
    "product_not_compared",
    "No compared schedule has a product below {product:code} in the edition {edition}.",
)
