"""What can be wrong with a question or an address."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

ASSESSMENT_UNKNOWN = Sentence(
    "assessment_unknown", "There is no assessment under this id; ask with POST /api/v1/assessments."
)
KNOWN_AT_IN_FUTURE = Sentence(
    "known_at_in_future",
    "Nobody knows yet what the rulebook will hold; ask with a known_at that has passed, or without one.",
)
KNOWN_AT_TOO_EARLY = Sentence(
    "known_at_too_early", "The rulebook knew nothing at that moment; ask with a later known_at."
)
