"""The people who operate the installation from its pages."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from ewtp.apps.accounts.store.models import User
from ewtp.core.values.actor import Actor, ActorKind, Capacity

# The factors that signing in asks for; recovery codes stand in for one of them and are none.
_KINDS = ("totp", "webauthn")
_FACTORS = "SELECT EXISTS (SELECT FROM mfa_authenticator WHERE user_id = %s AND type = ANY(%s))"


def operator_emails() -> dict[str, str]:
    """The addresses of operators by person, in the order of their accounts."""
    return dict(User.objects.filter(is_staff=True).order_by("id").values_list("person", "email"))


def has_second_factor(user: User) -> bool:
    """Whether signing in asks this person for more than a password: a passkey or a one-time code.

    Commands that serve no pages load no app of signing in, so its table is read by its name.
    """
    with connection.cursor() as cursor:
        # Where no page was ever served, nobody has signed in, and there is no such table.
        if not apps.is_installed("allauth.mfa"):
            cursor.execute("SELECT to_regclass('mfa_authenticator') IS NOT NULL")
            if cursor.fetchone() != (True,):
                return False
        cursor.execute(_FACTORS, [user.pk, list(_KINDS)])
        return bool(cursor.fetchone() == (True,))


def second_factor_of(person: str) -> bool:
    """Whether the account of a person has a second factor; False where there is no such account."""
    user = User.objects.filter(person=person).first()
    return user is not None and has_second_factor(user)


def operator_actor(user: User) -> Actor | None:
    """Who acts where an operator does; None for anybody else, and for one who gave the second factor up."""
    operates = user.is_active and user.is_staff and has_second_factor(user)
    return Actor(ActorKind.PERSON, user.person, capacity=Capacity.OPERATOR) if operates else None
