"""A person with a password and a verified address, as the tests of accounts begin with one."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from ewtp.apps.accounts.store.models import User

PASSWORD = "correct horse battery"
ADDRESS = "ann@example.org"
# A page that is for whoever is signed in alone.
OWN = "/organisations"


def made_person(password: str = PASSWORD) -> User:
    """The person of ``ADDRESS``."""
    user = User.objects.create_user(username=ADDRESS, email=ADDRESS, password=password)
    EmailAddress.objects.create(user=user, email=ADDRESS, verified=True, primary=True)
    return user
