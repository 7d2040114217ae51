"""People by their identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress

from ewtp.apps.accounts.store.models import User

if TYPE_CHECKING:
    from collections.abc import Iterable


def emails_of(people: Iterable[str]) -> dict[str, str]:
    """The e-mail addresses by person."""
    return dict(User.objects.filter(person__in=list(people)).values_list("person", "email"))


def confirmed_emails(person: str) -> tuple[str, ...]:
    """The addresses that a person has confirmed."""
    rows = EmailAddress.objects.filter(user__person=person, verified=True)
    return tuple(rows.order_by("email").values_list("email", flat=True))
