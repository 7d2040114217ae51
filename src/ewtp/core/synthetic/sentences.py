"""What is wrong with assumptions, or with a rulebook, to make lines up from."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

ASSUMPTION_UNKNOWN = Sentence(
    "assumption_unknown",
    "{name:quoted} is not an assumption that can be set; those that can: {settable:list text}.",
)
ASSUMPTION_UNREADABLE = Sentence(
    "assumption_unreadable",
    "{name} is a number from {least:number} to {most:number}, which {text:quoted} is not.",
)
ASSUMPTION_UNREADABLE_WHOLE = Sentence(
    "assumption_unreadable",
    "{name} is a whole number from {least:number} to {most:number}, which {text:quoted} is not.",
    form="whole",
)
ECONOMIES_TOO_FEW = Sentence(
    "economies_too_few",
    "The rulebook names too few economies to draw lines between; load the seed with `ewtp rulebook seed-load`.",
)
FREIGHT_REVERSED = Sentence(
    "assumption_unreadable",
    "freight_least is no more than freight_most; give both.",
    form="freight_reversed",
)
