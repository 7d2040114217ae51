"""What can be wrong with a key that identifies a repeated request."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

IDEMPOTENCY_ANSWER_LOST = Sentence(
    "idempotency_answer_lost",
    "This request was answered before, and that answer can no longer be opened: look up what it did, and send what is "
    "still to be done with a new Idempotency-Key.",
)
IDEMPOTENCY_IN_PROGRESS = Sentence(
    "idempotency_in_progress",
    "The first request with this Idempotency-Key is still being answered: repeat it in a moment.",
)
IDEMPOTENCY_KEY_INVALID = Sentence(
    "idempotency_key_invalid",
    "Send an Idempotency-Key of 1 to {most:number} printable ASCII characters, such as a UUID.",
)
IDEMPOTENCY_KEY_REUSED = Sentence(
    "idempotency_key_reused",
    "This Idempotency-Key already belongs to another request: use a new key for a new request.",
)
REPEATS_FULL = Sentence(
    "repeats_full",
    "This installation has no space left to remember requests for repeats; nothing was done: send it without an "
    "Idempotency-Key, or later.",
)
