"""Who else is verified under the identifier of an organisation, so that no firm is two members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.decisions.actions.row_locks import RowLocks
from ewtp.apps.organisations.store import models
from ewtp.apps.organisations.store.projection import organisation_value
from ewtp.core.organisations.organisation import IDENTIFIER_SUBJECTS
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.organisations.organisation import Organisation


def identifier_holders_lock(*, organisation: str, subject: str, day: date) -> tuple[Organisation, ...]:
    """The other organisations for which the identifier ``subject`` of one is verified on a day.

    Until the transaction ends the identifier stays as it is, and no other verification of it is stated: of two at once
    one waits and then finds the other.
    """
    if subject not in IDENTIFIER_SUBJECTS:
        return ()
    locks = RowLocks()
    with system_rows("whether an identifier is verified for somebody else"):
        locks.lock_rows(models.Organisation.objects.filter(id=organisation))
        own = models.Identifier.objects.filter(organisation_id=organisation, scheme=subject).first()
        if own is None:
            return ()
        locks.lock_key("organisations_identifier", own.key)
        same = models.Identifier.objects.filter(key=own.key).exclude(organisation_id=organisation)
        rows = models.Organisation.objects.filter(id__in=same.values("organisation")).order_by("id")
        others = [organisation_value(row) for row in rows]
    return tuple(each for each in others if any(v.subject == subject and v.holds(day) for v in each.verifications))
