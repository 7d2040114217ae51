"""Checks of the sources: how old each is, when it was last looked for, and which of them nobody has brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.assessment.reading.queries import today
from ewtp.apps.updates.reading.look_outcome import LookOutcome
from ewtp.apps.updates.reading.source_list import source_list
from ewtp.web.command_line.checks import Check

if TYPE_CHECKING:
    from ewtp.apps.updates.reading.source_list import SourceStatus


def check_sources() -> list[Check]:
    """A check for each source, by its name or its id; it warns where nobody brought it or the last look failed."""
    return [_check(each) for each in source_list(today())]


def _check(source: SourceStatus) -> Check:
    failed = source.looked is not None and source.looked.outcome == LookOutcome.FAILED
    parts = [_age(source)]
    if source.looked is not None:
        what = f"failed ({source.looked.problem_code})" if failed else source.looked.outcome.replace("_", " ")
        parts.append(f"looked for {source.looked.at:%Y-%m-%d %H:%M} UTC: {what}")
    elif source.name:
        parts.append(f"never looked for; `ewtp rulebook update {source.name}` does")
    return Check(
        f"source {source.name or source.id}",
        sound=True,
        message="; ".join(parts),
        warns=failed or source.is_missing,
    )


def _age(source: SourceStatus) -> str:
    if source.is_missing:
        return "nobody has brought it"
    if source.published is None:
        return f"of a day that nobody states, retrieved {source.retrieved}"
    return f"of {source.published}, {source.age_days} days old"
