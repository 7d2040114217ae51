"""People by their identifiers."""

from __future__ import annotations

from allauth.account.models import EmailAddress


def confirmed_emails(person: str) -> tuple[str, ...]:
    """The addresses that a person has confirmed."""
    rows = EmailAddress.objects.filter(user__person=person, verified=True)
    return tuple(rows.order_by("email").values_list("email", flat=True))
