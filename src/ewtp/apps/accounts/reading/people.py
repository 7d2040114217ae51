"""People by their identifiers and their addresses."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from ewtp.apps.accounts.reading.sentences import PERSON_UNKNOWN
from ewtp.apps.accounts.store.models import User
from ewtp.core.values.refusal import Refusal

_LONGEST_SHOWN = 100


def list_confirmed_emails(person: str) -> tuple[str, ...]:
    """The addresses that a person has confirmed."""
    rows = EmailAddress.objects.filter(user__person=person, verified=True)
    return tuple(rows.order_by("email").values_list("email", flat=True))


def find_account(email: str) -> User | Refusal:
    """The account with this address, locked until the end of the transaction that this is called in.

    Refuses with ``person_unknown`` where no account, or more than one, has the address.
    """
    found = list(User.objects.select_for_update().filter(email__iexact=email.strip()).order_by("pk")[:2])
    if len(found) != 1:
        return Refusal(PERSON_UNKNOWN, {"email": email[:_LONGEST_SHOWN]}, where="email")
    return found[0]
