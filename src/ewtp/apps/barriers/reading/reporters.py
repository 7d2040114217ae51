"""Whether an organisation has reported a barrier, which it alone may ask; all of them for a notice alone."""

from __future__ import annotations

from ewtp.apps.barriers.store.models import ReporterRow
from ewtp.gateways.database.row_security import own_rows, system_rows


def reported_by(barrier: str, organisation: str) -> bool:
    """Whether the organisation itself has reported the barrier; another of its owner group does not count here."""
    with own_rows(organisation=organisation):
        return ReporterRow.objects.filter(report__barrier__id=barrier, organisation=organisation).exists()


def reporters_of(barrier: str) -> tuple[str, ...]:
    """The organisations that reported a barrier, to send them a notice; nobody is shown them."""
    with system_rows("a notice goes to the reporters of a barrier"):
        rows = ReporterRow.objects.filter(report__barrier__id=barrier)
        return tuple(sorted(set(rows.values_list("organisation", flat=True))))
