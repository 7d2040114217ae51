"""What is public of every organisation: kind, economy, size, owner and verifications, but no members or identifiers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ewtp.apps.organisations.store import models
from ewtp.apps.organisations.store.projection import shareholders_value, size_value, verification_value
from ewtp.core.organisations.organisation import Organisation, OrganisationKind
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from ewtp.core.organisations.organisation import Verification


def organisations_in_public() -> dict[str, Organisation]:
    """Every organisation by identifier, without members, invitations and identifiers, in two queries."""
    with system_rows("houses and owner groups are counted over everybody"):
        stated: dict[str, list[Verification]] = defaultdict(list)
        for row in models.Verification.objects.order_by("number"):
            stated[row.organisation_id].append(verification_value(row))
        return {
            row.id: Organisation(
                id=row.id,
                name=row.name,
                kind=OrganisationKind(row.kind),
                economy=row.economy,
                size=size_value(row),
                ultimate_owner=row.ultimate_owner,
                holders=shareholders_value(row),
                verifications=tuple(stated[row.id]),
            )
            for row in models.Organisation.objects.order_by("number")
        }
