"""The procedure in force: the rulebook's own rules on how rules are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.rulebook.service import PLATFORM
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.procedure import first_procedure, procedure_on

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.votes.procedure import VoteProcedure


def procedure_in_force(day: date) -> VoteProcedure:
    """The procedure on a day; the first one where there is no rulebook. ValueError where a rule of it is unreadable."""
    version = latest_version()
    if version is None:
        return first_procedure()
    found = procedure_on(read_cached_book().reader(version.ref).frame.procedures.get(PLATFORM, ()), day)
    if isinstance(found, Refusal):
        raise ValueError(found.message)  # noqa: TRY004 - it is of the wrong content, not of the wrong type
    return found
