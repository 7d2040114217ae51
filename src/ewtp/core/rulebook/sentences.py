"""What is wrong with a record, a measure or a change to the rulebook."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

BASE_UNKNOWN = Sentence("base_unknown", "The base of the charge is neither customs_value nor duty_paid.")
CHANGESET_BASE_MOVED = Sentence(
    "changeset_base_moved",
    "The change was written for another rulebook: {measure} from {start:date} is held otherwise, or already "
    "({count:number} such); compare the rulebooks again.",
)
CHANGESET_BASE_MOVED_NOT_HELD = Sentence(
    "changeset_base_moved",
    "The change was written for another rulebook: {measure} from {start:date} is not held as the change states it "
    "({count:number} such); compare the rulebooks again.",
    form="not_held",
)
CHANGESET_CONTRADICTS = Sentence(
    "changeset_contradicts",
    "With the change {first} and {second} would hold under one key on {day:date}; end the first on the day before.",
)
CHANGESET_CONTRADICTS_EARLY = Sentence(
    "changeset_contradicts",
    "The change ends {measure} before its first day, {start:date}; withdraw it instead (last_day null).",
    form="early",
)
CHANGESET_UNREADABLE = Sentence("changeset_unreadable", "Give a changeset as `ewtp rulebook diff --json` writes one.")
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
RECORD_FIELD_MISSING = Sentence(
    "record_unreadable",
    "This is not a record as `ewtp rulebook export` writes one: {field:quoted} is missing or unknown.",
    form="field_missing",
)
RECORD_UNREADABLE = Sentence(
    "record_unreadable", "This is not a record as `ewtp rulebook export` writes one: {reason:english}."
)
