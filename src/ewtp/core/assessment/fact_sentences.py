"""Sentences about one fact of the goods that several rates wait for."""

from ewtp.core.values.sentence import Sentence

CHARGE_AT_RATES = Sentence("charge_at_rates", "{title:english} ({expressions:list expression})")
PART_AWAITED = Sentence(
    "part_value_missing",
    "{charges:clauses sentence} could not be computed: all of these are taken of the {part:english}; give the value of "
    "that part.",
    form="awaited",
)
QUANTITY_AWAITED = Sentence(
    "quantity_missing",
    "{charges:clauses sentence} could not be computed: all of these are counted in {unit:unit}; give the quantity in "
    "{asked_as}.",
    form="awaited",
)
