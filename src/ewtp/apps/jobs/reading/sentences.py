"""What can be wrong with a message that arrives."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

INBOX_MESSAGE_CHANGED = Sentence(
    "inbox_message_changed",
    "{source:quoted} sent a message {message:quoted} before, with other content; send changed content under a new id.",
)
