"""A disk that is full or closed to writing: not a bug, so it is reported in a sentence and not as a traceback."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.sentences import DATABASE_DISK_UNUSABLE, DISK_UNUSABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_STORAGE = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EFBIG, errno.EMFILE}
)
# PostgreSQL's codes: insufficient resources, a transaction that may only read, and errors of its own system.
_OF_DATABASE = ("53", "25006", "58")


def storage_refusal(error: BaseException) -> Refusal | None:
    """Why the disk or the database could not be written; None where the exception has another cause."""
    for each in _chain(error):
        refusal = getattr(each, "refusal", None)
        if isinstance(refusal, Refusal):
            return refusal
        if isinstance(each, OSError) and each.errno in _OF_STORAGE:
            return Refusal(DISK_UNUSABLE, {"path": str(each.filename or "output"), "reason": each.strerror})
        if str(getattr(each, "sqlstate", None) or "").startswith(_OF_DATABASE):
            return Refusal(DATABASE_DISK_UNUSABLE, {"reason": (str(each).splitlines() or ["no reason given"])[0]})
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
