"""Sentences about a product in many markets, besides those of each answer."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

CODE_NOT_A_SUBHEADING = Sentence(
    "code_unknown",
    "{code:code} is not a subheading of the Harmonized System; look it up in the product search.",
    form="subheading",
)
SIX_DIGITS_NOT_NATIONAL = Sentence(
    "code_not_national",
    "The six digits have {count:number} national lines; a declaration needs one of them, and where they differ the "
    "row gives the span.",
    form="six_digits",
)
