"""What is wrong with a question, and what its answer leaves open."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

# A question that cannot be read.

AMOUNT_TOO_FINE = Sentence(
    "amount_too_fine",
    "An amount in {currency} has no fractions below its smallest coin; round {field:field}.",
)
BUYER_UNKNOWN = Sentence("buyer_unknown", "buyer is one of {choices:list text}.")
CLAIMS_UNREADABLE = Sentence("claims_unreadable", "Give claims as a list of option ids.")
DATE_ABSURD = Sentence("date_absurd", "Give a date between 1990 and 2100.")
DATE_UNREADABLE = Sentence("date_unreadable", "Give the date as YYYY-MM-DD, such as 2026-06-30.")
FIELD_UNKNOWN = Sentence("field_unknown", "There is no field {field:quoted}; the fields are {known:list text}.")
KNOWN_AT_UNREADABLE = Sentence(
    "known_at_unreadable", "Give known_at as a moment with its time zone, such as 2026-06-30T12:00:00Z."
)
LINES_MISSING = Sentence("lines_missing", "Give at least one line with hs and value.")
LINES_TOO_MANY = Sentence("lines_too_many", "One question has at most {most:number} lines; split it.")
LINE_UNREADABLE = Sentence("question_unreadable", "A line is an object with hs and value.", form="line")
MONEY_UNREADABLE = Sentence("money_unreadable", 'Give {field} as {{"amount": "1000.00", "currency": "USD"}}.')
PARTS_UNREADABLE = Sentence("parts_unreadable", 'Give parts as {{"case": {{"amount": …, "currency": …}}}}.')
QUANTITIES_UNREADABLE = Sentence("quantities_unreadable", 'Give quantities as {{"kg": "120"}}.')
QUESTION_UNREADABLE = Sentence("question_unreadable", "Send one JSON object with from, to and lines.")
SAME_ECONOMY = Sentence("same_economy", "The goods do not cross a border: give two different economies.")
TRANSPORT_UNKNOWN = Sentence("transport_unknown", "transport is one of {choices:list text}.")
VALUE_ZERO = Sentence("value_zero", "Give the price of the goods; zero is not a customs value.")
