"""The key of an economy's authority in its table, read as a value of core."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.proposals.authority_key import AuthorityKey

if TYPE_CHECKING:
    from ewtp.apps.proposals.store import models


def authority_key_value(row: models.AuthorityKey) -> AuthorityKey:
    """The key of a row; the hub holds it where its private part is sealed there."""
    return AuthorityKey(row.economy, row.key, bool(row.sealed), row.at, tuple((key, by) for key, by in row.backings))
