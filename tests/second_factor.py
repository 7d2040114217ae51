"""A second factor that an account has, without a device that could answer for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ewtp.apps.accounts.store.models import User


def give_second_factor(user: User) -> None:
    """Have the account ask for one-time codes at the next sign-in."""
    # It can be imported once the apps are loaded.
    from allauth.mfa.models import Authenticator  # noqa: PLC0415

    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "none"})
