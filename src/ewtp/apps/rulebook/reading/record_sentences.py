"""Why the tables of the rulebook do not take a record."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

BOUND_UNREADABLE = Sentence("bound_unreadable", "The floor or cap of a fee is not written as 33.58 USD.")
CODE_NOT_DIGITS = Sentence("code_unreadable", "The tariff code is not made of digits.", form="record")
CODE_SPAN_REVERSED = Sentence("code_span_reversed", "The span of codes ends before it starts.")
CONTRADICTS_ITSELF = Sentence(
    "contradicts_itself",
    "The file gives two different rules for the same product, origin and day; neither was imported.",
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
DAYS_NOT_LAW = Sentence(
    "days_not_law",
    "Groups and rules of origin are imported without days; adopt a change from a given day with `ewtp rulebook adopt`.",
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
RELIEF_UNREADABLE = Sentence(
    "relief_unreadable",
    "A relief's programme is recognition or names what it takes away, such as relief:duty, relief:tax or "
    "relief:requirement, and a recognition has a claim.",
)
SEASON_NOT_WRITTEN = Sentence(
    "season_unreadable", "A condition's season is not written as 01 OCT - 31 DEC.", form="record"
)
STATUS_NOT_LAW = Sentence(
    "status_not_law",
    "Only law can be imported; use `ewtp rulebook adopt` for what an economy adopted, and leave proposals out.",
)
TEXT_UNREADABLE = Sentence("text_unreadable", "The text holds characters that cannot be stored.")
