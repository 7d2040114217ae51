"""Remove questions that were stored for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.assessment.store.answer_store import remove_expired_questions

if TYPE_CHECKING:
    from datetime import datetime


def unkept_expire(*, before: datetime, limit: int) -> int:
    """Remove up to ``limit`` questions that expired by a moment; returns how many."""
    return remove_expired_questions(before, limit)
