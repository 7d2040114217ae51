"""How much may be stored of answers for repeated requests, in all and for those who have no token."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from ewtp.apps.http.reading.sentences import REPEATS_FULL
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from ewtp.gateways.installation.retention import AnswerStorage

# All of them may take this part of what kept answers may, and those of callers without a token half of it: whoever
# fills that with many addresses keeps nobody with a token from repeating.
_PART, _ANONYMOUS_PART = 10, 20
_LOOK_SECONDS = 10.0
# Key, caller, route, digest and indexes of a row take about this much besides the answer.
_ROW_BYTES = 600
# Rows that were removed leave space in the table that is used again, so the rows are counted and not the table.
_STORED = """
SELECT coalesce(sum(pg_column_size(answer) + %(row)s), 0)::bigint,
       coalesce(sum(pg_column_size(answer) + %(row)s) FILTER (WHERE starts_with(caller, %(anonymous)s)), 0)::bigint
FROM http_idempotencyrecord
"""


@dataclass(slots=True)
class _StoredSize:
    """The bytes that are stored, of all and of anonymous callers; asked for at most every ten seconds."""

    looked: float = float("-inf")
    of_all: int = 0
    of_anonymous: int = 0

    def look(self, anonymous: str) -> None:
        """Ask the database, if it is time."""
        if time.monotonic() - self.looked < _LOOK_SECONDS:
            return
        with system_rows("how much is stored of all callers"), connection.cursor() as cursor:
            cursor.execute(_STORED, {"row": _ROW_BYTES, "anonymous": anonymous})
            self.of_all, self.of_anonymous = cursor.fetchone()
        self.looked = time.monotonic()


_stored = _StoredSize()


def repeats_refusal(*, is_anonymous: bool, anonymous: str) -> Refusal | None:
    """Why no answer may be stored for repeats now (``repeats_full``); ``anonymous`` begins those callers' names."""
    limits: AnswerStorage = settings.ANSWER_STORAGE
    _stored.look(anonymous)
    full = _stored.of_all >= limits.kept_bytes // _PART
    if is_anonymous:
        full = full or _stored.of_anonymous >= limits.kept_bytes // _ANONYMOUS_PART
    return Refusal(REPEATS_FULL) if full else None
