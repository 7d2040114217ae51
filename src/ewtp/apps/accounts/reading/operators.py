"""The people who operate the installation from its pages."""

from __future__ import annotations

from ewtp.apps.accounts.store.models import User
from ewtp.core.values.actor import Actor, ActorKind, Capacity


def operator_emails() -> dict[str, str]:
    """The addresses of operators by person, in the order of their accounts."""
    return dict(User.objects.filter(is_staff=True).order_by("id").values_list("person", "email"))


def operator_actor(user: User) -> Actor | None:
    """Who acts where an operator does; None for anybody else."""
    operates = user.is_active and user.is_staff
    return Actor(ActorKind.PERSON, user.person, capacity=Capacity.OPERATOR) if operates else None
