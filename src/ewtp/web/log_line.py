"""Lines of the server's log: one line a message, whatever a caller put into it."""

from __future__ import annotations

import logging
import time

from ewtp.core.values.visible_text import show_controls_and_breaks


class LogLine(logging.Formatter):
    """Formats a record; its message stays on one line, so that a request cannot forge the lines of others.

    Its moment is in UTC and says so, as computers in several zones may write to one place.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is the standard library's
        """The line of a record, before its traceback."""
        return show_controls_and_breaks(super().formatMessage(record))


def without_traceback(record: logging.LogRecord) -> bool:
    """Keep a record, and drop its traceback: for what a caller did, which no line of the program explains."""
    record.exc_info = None
    return True
