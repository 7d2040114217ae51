"""The e-mail addresses of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.accounts.store.models import User

if TYPE_CHECKING:
    from collections.abc import Iterable


def emails_of(people: Iterable[str]) -> dict[str, str]:
    """The e-mail addresses by person."""
    return dict(User.objects.filter(person__in=list(people)).values_list("person", "email"))
