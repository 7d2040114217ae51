"""What an installation cannot do as it is."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

FONTS_MISSING = Sentence(
    "fonts_missing",
    "No font of this installation can show {characters:text}, so a PDF would have boxes instead; "
    "whoever runs it can install the Debian packages {packages:list text}.",
)
IDEMPOTENCY_HOURS_UNREADABLE = Sentence(
    "setting_unreadable",
    "EWTP_IDEMPOTENCY_HOURS cannot be read; write it as a whole number of hours from 1 to {most:number}.",
    form="idempotency_hours",
)
LOG_KEY_UNREADABLE = Sentence(
    "log_key_unreadable",
    "The log cannot be signed, because {path} holds no key that can be read; put the log's own key back.",
)
LOG_LEVEL_UNREADABLE = Sentence(
    "setting_unreadable", "EWTP_LOG_LEVEL cannot be read; write one of: {levels:list text}.", form="log_level"
)
