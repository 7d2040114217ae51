"""Schedules made up for tests of distances, few enough to work out by hand."""

from __future__ import annotations

from typing import Any

from ewtp.core.distances.schedule_contents import ComparedSchedule, DutyRow, PaperRow


def a_schedule(
    territory: str, rates: dict[str, str], papers: tuple[PaperRow, ...] = (), **fields: Any
) -> ComparedSchedule:
    """A schedule of eight-digit lines, each with a duty of its own as it is written; ``""`` is a line without one."""
    settings: dict[str, Any] = {
        "territory": territory,
        "nomenclature": "TEST2017",
        "hs_edition": "HS2017",
        "lines": tuple(sorted(rates)),
        "duties": tuple(DutyRow(code, (), text, "USD") for code, text in sorted(rates.items()) if text),
        "papers": papers,
    }
    return ComparedSchedule(**(settings | fields))


def a_paper(prefix: str, agency: str, document: str, mast: str = "", out: tuple[str, ...] = ()) -> PaperRow:
    """A requirement on the codes below a prefix."""
    return PaperRow(prefix, out, agency, document, mast, f"{agency}-{document}-{prefix}")
