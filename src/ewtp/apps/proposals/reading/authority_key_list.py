"""The keys with which the authorities of economies sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.proposals.store import models
from ewtp.apps.proposals.store.authority_key_table import authority_key_value

if TYPE_CHECKING:
    from ewtp.core.proposals.authority_key import AuthorityKey


def authority_key_read(economy: str) -> AuthorityKey | None:
    """The key of an economy's authority; None while it has none."""
    row = models.AuthorityKey.objects.filter(economy=economy).first()
    return None if row is None else authority_key_value(row)


def authority_keys() -> list[AuthorityKey]:
    """All of them, by economy."""
    return [authority_key_value(row) for row in models.AuthorityKey.objects.order_by("economy")]
