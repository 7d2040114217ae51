"""What is wrong with a table of lines, or with a line in it."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

COLUMN_MISSING = Sentence("column_missing", "The lines need a column {name:quoted}; needed are {needed:list text}.")
COLUMN_TWICE = Sentence("column_twice", "There are two columns {name:quoted}; keep one.")
COLUMN_TYPE = Sentence(
    "column_type",
    "Column {name:quoted} is {type}; texts are strings, days date32, amounts decimals or whole numbers.",
)
DATE_MISSING = Sentence("date_missing", "Give the day of import; a table is answered for the days it names.")
QUANTITY_IN_TWO_COLUMNS = Sentence(
    "quantity_twice", "Two columns give the quantity in {unit:unit}; keep one.", form="columns"
)
SUPPLEMENTARY_INCOMPLETE = Sentence(
    "supplementary_incomplete",
    "A supplementary quantity needs its supplementary unit, and the unit its quantity; give both.",
)
