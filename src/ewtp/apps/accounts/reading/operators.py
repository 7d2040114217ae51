"""The people who operate the installation from its pages."""

from __future__ import annotations

from ewtp.apps.accounts.store.models import User
from ewtp.core.values.actor import Actor, ActorKind, Capacity


def operator_emails() -> dict[str, str]:
    """The addresses of operators by person, in the order of their accounts."""
    return dict(User.objects.filter(is_staff=True).order_by("id").values_list("person", "email"))


def has_second_factor(user: User) -> bool:
    """Whether signing in asks this person for more than a password: a passkey or a one-time code."""
    # Commands that serve no pages load no app of signing in, and none of them may be kept from starting by it.
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 - see above

    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def second_factor_of(person: str) -> bool:
    """Whether the account of a person has a second factor; False where there is no such account."""
    user = User.objects.filter(person=person).first()
    return user is not None and has_second_factor(user)


def operator_actor(user: User) -> Actor | None:
    """Who acts where an operator does; None for anybody else, and for one who gave the second factor up."""
    operates = user.is_active and user.is_staff and has_second_factor(user)
    return Actor(ActorKind.PERSON, user.person, capacity=Capacity.OPERATOR) if operates else None
