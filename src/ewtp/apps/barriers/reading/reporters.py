"""Whether an organisation has reported a barrier and is asked about it, which it alone may ask; all for a notice."""

from __future__ import annotations

from ewtp.apps.barriers.store.models import ClaimReplyRow, ReporterRow
from ewtp.gateways.database.row_security import own_rows, system_rows


def has_reported(barrier: str, organisation: str) -> bool:
    """Whether the organisation itself has reported the barrier; another of its owner group does not count here."""
    with own_rows(organisation=organisation):
        return ReporterRow.objects.filter(report__barrier__id=barrier, organisation=organisation).exists()


def asks_group(barrier: str, group: str) -> bool:
    """Whether the last claim that the barrier is gone is put to an owner group: one that was verified when it reported.

    Only whoever speaks for the group may ask this.
    """
    with own_rows(organisation=group):
        return ClaimReplyRow.objects.filter(barrier__id=barrier, owner_group=group).exists()


def reporters_of(barrier: str) -> tuple[str, ...]:
    """The organisations that reported a barrier, to send them a notice; nobody is shown them."""
    with system_rows("a notice goes to the reporters of a barrier"):
        rows = ReporterRow.objects.filter(report__barrier__id=barrier)
        return tuple(sorted(set(rows.values_list("organisation", flat=True))))
