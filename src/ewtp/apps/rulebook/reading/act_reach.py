"""Which acts have ever stated rules on codes, so that an answer can tell what is coming and what has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable

_ACTS = (
    "SELECT DISTINCT stated_by FROM rulebook_measure"
    " WHERE territory = %s AND prefix = ANY(%s::text[]) AND status = 'adopted'"
)


def acts_reaching(territory: str, codes: Iterable[str]) -> list[str]:
    """The acts of a territory that state a rule on one of the codes or above it, those that ended included."""
    prefixes = sorted({code[:length] for code in codes for length in range(len(code) + 1)})
    with connection.cursor() as cursor:
        cursor.execute(_ACTS, [territory, prefixes])
        return sorted(act for (act,) in cursor.fetchall())
