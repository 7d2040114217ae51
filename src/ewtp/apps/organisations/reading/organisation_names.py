"""The names of organisations, which anybody may read once they act in public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.organisations.store import models
from ewtp.core.values.immutable import immutable
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@immutable
class NamedOrganisation:
    """An organisation as others know it."""

    id: str
    name: str
    economy: str


def organisations_named(identities: Iterable[str]) -> Mapping[str, NamedOrganisation]:
    """The organisations with these identifiers, by identifier; those that do not exist are left out."""
    asked = set(identities)
    if not asked:
        return {}
    with system_rows("the names of those who act in public"):
        rows = models.Organisation.objects.filter(id__in=asked).values_list("id", "name", "economy")
        return {identity: NamedOrganisation(identity, name, economy) for identity, name, economy in rows}
