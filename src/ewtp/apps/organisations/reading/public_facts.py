"""What houses and owner groups are counted over: every organisation, with what is public of it and what it shares."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from ewtp.apps.organisations.store import models
from ewtp.apps.organisations.store.projection import (
    identifier_value,
    shareholders_value,
    size_value,
    verification_value,
)
from ewtp.core.organisations.organisation import Organisation, OrganisationKind
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from ewtp.core.organisations.identifier import Identifier, Scheme
    from ewtp.core.organisations.organisation import Verification


def organisations_in_public() -> dict[str, Organisation]:
    """Every organisation by id, without members and invitations, in three queries.

    Of identifiers it has those that another organisation has too: they alone say who is one firm with whom.
    """
    with system_rows("houses and owner groups are counted over everybody"):
        return _read_facts(
            models.Organisation.objects.all(), models.Verification.objects.all(), _find_shared_identifiers()
        )


def facts_of(organisations: Collection[str]) -> dict[str, Organisation]:
    """The same of some organisations, within the rows that the caller may see."""
    ids = sorted(organisations)
    return _read_facts(
        models.Organisation.objects.filter(id__in=ids),
        models.Verification.objects.filter(organisation__id__in=ids),
        _find_shared_identifiers().filter(organisation__id__in=ids),
    )


def _find_shared_identifiers() -> QuerySet[models.Identifier]:
    others = models.Identifier.objects.filter(key=OuterRef("key")).exclude(organisation=OuterRef("organisation"))
    return models.Identifier.objects.filter(Exists(others))


def _read_facts(
    rows: QuerySet[models.Organisation],
    verifications: QuerySet[models.Verification],
    identifiers: QuerySet[models.Identifier],
) -> dict[str, Organisation]:
    stated: dict[str, list[Verification]] = defaultdict(list)
    for each in verifications.order_by("number"):
        stated[each.organisation_id].append(verification_value(each))
    held: dict[str, dict[Scheme, Identifier]] = defaultdict(dict)
    for one in identifiers:
        value = identifier_value(one)
        held[one.organisation_id][value.scheme] = value
    return {
        row.id: Organisation(
            id=row.id,
            name=row.name,
            kind=OrganisationKind(row.kind),
            economy=row.economy,
            identifiers=held[row.id],
            size=size_value(row),
            ultimate_owner=row.ultimate_owner,
            holders=shareholders_value(row),
            verifications=tuple(stated[row.id]),
        )
        for row in rows.order_by("number")
    }
