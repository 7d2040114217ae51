"""Why a message or a timer cannot be changed."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

HANDLER_FAILED = Sentence(
    "handler_failed", "The program failed while it handled this message ({error:english}); its log has the details."
)
MESSAGE_NOT_DEAD = Sentence(
    "message_not_dead", "This message is still being tried; only one that was given up can be tried again or discarded."
)
MESSAGE_NOT_WAITING = Sentence("message_not_waiting", "This message was given up; try it again first.")
MESSAGE_UNKNOWN = Sentence("message_unknown", "There is no such message; it was delivered or discarded.")
TIMER_NOT_DUE = Sentence("timer_not_due", "This timer is not due yet.")
TIMER_UNKNOWN = Sentence("timer_unknown", "There is no such timer; it has fired or was cancelled.")
