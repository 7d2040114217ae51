"""What can be wrong with a question or an address."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

ASSESSMENT_NOT_KEPT = Sentence(
    "assessment_not_kept",
    "Nobody kept this answer, and it cannot be computed again as it was; ask its question again, and keep the answer.",
)
ASSESSMENT_UNKNOWN = Sentence(
    "assessment_unknown",
    "No answer is kept under this id; ask with POST /api/v1/assessments, with keep if the answer must stay.",
)
KEPT_FULL = Sentence(
    "kept_full",
    "This installation has no space left for answers to keep; ask without keep, or ask its operator for more.",
)
KEPT_TOO_MUCH = Sentence(
    "kept_too_much",
    "You have kept as much as one client may in a day; ask without keep, or try again in {seconds:number} seconds.",
)
KNOWN_AT_IN_FUTURE = Sentence(
    "known_at_in_future",
    "Nobody knows yet what the rulebook will hold; ask with a known_at that has passed, or without one.",
)
KNOWN_AT_TOO_EARLY = Sentence(
    "known_at_too_early", "The rulebook knew nothing at that moment; ask with a later known_at."
)
