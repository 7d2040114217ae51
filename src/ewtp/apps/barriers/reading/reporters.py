"""Whether an organisation has reported a barrier, which it alone may ask."""

from __future__ import annotations

from ewtp.apps.barriers.store.models import ReporterRow
from ewtp.gateways.database.row_security import own_rows


def reported_by(barrier: str, organisation: str) -> bool:
    """Whether the organisation itself has reported the barrier; another of its owner group does not count here."""
    with own_rows(organisation=organisation):
        return ReporterRow.objects.filter(report__barrier__id=barrier, organisation=organisation).exists()
