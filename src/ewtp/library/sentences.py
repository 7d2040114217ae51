"""Refusals of the command line that name an option, worded for the arguments of a function."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

CURRENCY_ARGUMENT = Sentence(
    "currency_missing", 'Say which currency the value is in, such as currency="USD".', form="argument"
)
DATE_ARGUMENT = Sentence(
    "date_missing", 'This duty depends on the season; give its day, such as date="2026-06-30".', form="argument"
)
RATES_ARGUMENT = Sentence(
    "rate_unreadable",
    'Give rates as a mapping such as rates={{"EUR/GBP": "0.8571"}} (one euro in pounds), not {text:quoted}.',
    form="argument",
)
VALUE_ARGUMENT = Sentence(
    "value_missing",
    'This duty is a share of the value; give both, such as value="1000", currency="USD".',
    form="argument",
)
