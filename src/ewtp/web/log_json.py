"""A log message as one JSON object on a line, for programs that gather logs."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import orjson


class LogJson(logging.Formatter):
    """Writes ``at`` (UTC), ``level``, ``logger``, ``message``, and ``traceback`` where there is an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """The object; control characters are escaped by JSON itself."""
        body = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            body["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS, default=str).decode()
