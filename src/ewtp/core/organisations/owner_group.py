"""Which organisations count as one: those of one owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ewtp.core.organisations.organisation import Organisation


def owner_group_of(organisation: Organisation) -> str:
    """The owner group of an organisation: its declared ultimate owner, or itself where it declares none."""
    return organisation.ultimate_owner or organisation.id
