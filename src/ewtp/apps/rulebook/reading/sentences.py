"""What can be wrong with an import, or a question to the rulebook."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

CODE_FILTER_UNREADABLE = Sentence(
    "code_unreadable", "Give the tariff code as up to 14 digits, such as 610910.", form="filter"
)
DATES_REVERSED = Sentence("dates_reversed", "{last:date} is before {first:date}; give the earlier date first.")
FILE_BROKEN = Sentence(
    "file_broken", "Nothing was imported, for the file cannot be read to its end ({reason:english})."
)
RECORD_BROKEN = Sentence(
    "file_broken", "Nothing was imported, for the file is broken: {problem:sentence}", form="record"
)
FILE_EMPTY = Sentence("file_empty", "Nothing could be read from {name}; is it the right file?")
FILE_MISSING = Sentence("file_missing", "There is no file {path}; give the path of the official file.")
FILE_SHRINKS = Sentence(
    "file_shrinks",
    "The file holds {staged:number} {records:term} where the rulebook has {held:number} from the same source: check "
    "that it is complete, or repeat with --allow-removals.",
)
FORMAT_UNKNOWN = Sentence("format_unknown", "There is no format {format:quoted}; use one of: {names:list text}.")
KIND_UNKNOWN = Sentence("kind_unknown", "There is no kind {kind:quoted}; use one of: {kinds:list text}.")
MOMENT_UNREADABLE = Sentence(
    "known_at_unreadable", "Give the moment as ISO 8601, such as 2026-06-30T12:00:00Z.", form="moment"
)
VERSIONS_OR_DATES = Sentence("versions_or_dates", "Compare two versions or two dates, not a version with a date.")
VERSION_UNKNOWN = Sentence("version_unknown", "There is no version {name:quoted}; `ewtp rulebook list` names them all.")
RULEBOOK_EMPTY = Sentence("rulebook_empty", "No rulebook is loaded yet; `ewtp serve` loads the seed.")
EFFECTIVE_DATE_ABSURD = Sentence(
    "effective_date_absurd", "Give a day between {first} and {last} from which the file holds."
)
SOURCE_DATE_ABSURD = Sentence(
    "source_date_absurd", "A file is published by the day it is retrieved, and retrieved by today; correct the dates."
)

# Records that are not taken.

BASE_UNKNOWN = Sentence("base_unknown", "The base of the charge is neither customs_value nor duty_paid.")
BOUND_UNREADABLE = Sentence("bound_unreadable", "The floor or cap of a fee is not written as 33.58 USD.")
CODE_NOT_DIGITS = Sentence("code_unreadable", "The tariff code is not made of digits.", form="record")
CODE_SPAN_REVERSED = Sentence("code_span_reversed", "The span of codes ends before it starts.")
CONTRADICTS_ITSELF = Sentence(
    "contradicts_itself",
    "The file gives two different rules for the same product, origin and day; neither was taken.",
)
CONTRADICTS_OTHER_SOURCE = Sentence(
    "contradicts_other_source",
    "Another source already gives a rule under the same key; import that source instead.",
)
CURRENCY_NOT_LETTERS = Sentence("currency_unknown", "The territory's currency is not three letters.", form="record")
DATES_NOT_WRITTEN = Sentence(
    "date_unreadable",
    "A date is not written as 2026-01-31, or the period ends before it starts.",
    form="record",
)
LIMIT_UNREADABLE = Sentence(
    "limit_unreadable", "A condition's limit of value is not written as 150.00 EUR.", form="record"
)
MEMBERSHIPS_OVERLAP = Sentence("memberships_overlap", "An economy is a member of the group twice on the same day.")
PRACTICE_UNREADABLE = Sentence(
    "practice_unreadable",
    "A practice of the territory has no known name, or a value that is not in its form.",
)
PRACTICES_OVERLAP = Sentence("practices_overlap", "Two practices of the same name hold on the same day.")
RATE_NOT_WRITTEN = Sentence(
    "rate_unreadable",
    "The rate or its currencies are not written as 1.2345, EUR and USD.",
    form="record",
)
TEXT_UNREADABLE = Sentence("text_unreadable", "The text holds characters that cannot be stored.")
