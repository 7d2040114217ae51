"""What is wrong with a record or a measure."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

ADOPTION_EMPTY = Sentence(
    "adoption_empty",
    "The change alters no rule from that day on; check the day, and whether the change was adopted before.",
)
ADOPTION_OF_ANOTHER_TERRITORY = Sentence(
    "adoption_of_another_territory",
    "{territory} cannot change {record}, which is not its own; leave it out, and let its own authority adopt it.",
)
ADOPTION_UNDATED = Sentence(
    "adoption_undated",
    "{record} is law without days; give it `valid_from`, or name the day from which the act changes it (--effective).",
)
BASE_UNKNOWN = Sentence("base_unknown", "The base of the charge is neither customs_value nor duty_paid.")
MEASURE_FIELD_MISSING = Sentence(
    "measure_unreadable",
    "This is not a measure as `ewtp rulebook export` writes one: {field:quoted} is missing.",
    form="field_missing",
)
MEASURE_UNANSWERABLE = Sentence(
    "measure_unreadable", "This is not a measure that answers can read: {reason:english}.", form="unanswerable"
)
MEASURE_UNREADABLE = Sentence(
    "measure_unreadable", "This is not a measure as `ewtp rulebook export` writes one: {reason:english}."
)
PROCEDURE_NAME_UNKNOWN = Sentence(
    "procedure_name_unknown", "{name:quoted} is not a figure of the procedure; docs/rules/votes.md lists them."
)
PROCEDURE_CHOICE_UNKNOWN = Sentence(
    "procedure_choice_unknown", "{name:text} is {choices:or text}, which {value:quoted} is not."
)
PROCEDURE_VALUE_UNUSABLE = Sentence(
    "procedure_value_unusable", "{name:text} is from {least:text} to {most:text}, which {value:quoted} is not."
)
RECORD_FIELD_MISSING = Sentence(
    "record_unreadable",
    "This is not a record as `ewtp rulebook export` writes one: {field:quoted} is missing or unknown.",
    form="field_missing",
)
RECORD_UNREADABLE = Sentence(
    "record_unreadable", "This is not a record as `ewtp rulebook export` writes one: {reason:english}."
)
