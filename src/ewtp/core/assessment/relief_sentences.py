"""Sentences about reliefs of charges: what is open of them, and the amount that one puts in the place of the duty."""

from __future__ import annotations

from ewtp.core.assessment.sentences import (
    CONDITION_OPEN,
    CONDITION_OPEN_BUYER,
    CONDITION_OPEN_RATE,
    CONDITION_OPEN_TRANSPORT,
)
from ewtp.core.values.sentence import Sentence

FLAT_DUTY = Sentence("flat_duty", "{bound:money} for the goods of one code, in place of the duty")
# What is open of a relief of charges: it can only lower what is owed.
RELIEF_OPEN = Sentence("relief_open", CONDITION_OPEN.template)
RELIEF_OPEN_BUYER = Sentence("relief_open", CONDITION_OPEN_BUYER.template, form="buyer")
RELIEF_OPEN_RATE = Sentence("relief_open", CONDITION_OPEN_RATE.template, form="rate")
RELIEF_OPEN_TRANSPORT = Sentence("relief_open", CONDITION_OPEN_TRANSPORT.template, form="transport")
# What is open of a flat amount in place of the duty, which may be more or less than the duty.
FLAT_DUTY_OPEN = Sentence(
    "flat_duty_open", "The question does not settle whether this takes the place of the duty: {title:english}."
)
FLAT_DUTY_OPEN_BUYER = Sentence(
    "flat_duty_open",
    "{title:english} takes the place of the duty where buyer is {choices:or term}; give buyer to settle it.",
    form="buyer",
)
