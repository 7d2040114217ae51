"""Why a document was not set."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

DOCUMENT_TOO_LONG = Sentence(
    "document_too_long",
    "This answer is too long to be made into a PDF here; download it as a table, or ask for fewer lines at once.",
)
