"""The mail of an invitation, the same for pages, API and command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext

from ewtp.apps.accounts.actions.mail import Mail
from ewtp.gateways.configuration import load_configuration

if TYPE_CHECKING:
    from collections.abc import Callable

    from ewtp.apps.organisations.actions.organisations import NewInvitation


def invitation_mail(site: str) -> Callable[[NewInvitation], Mail]:
    """Composes the mail of an invitation to the ``site``, ``https://trade.example``, in the language of the moment."""

    def compose(invitation: NewInvitation) -> Mail:
        subject = gettext("You are invited to act for %(name)s") % {"name": invitation.organisation.name}
        text = gettext("Open this address to join; it works once, for 14 days:")
        return Mail(invitation.email, f"eWTP: {subject}", f"{text}\n\n{invitation_address(site, invitation)}\n")

    return compose


def invitation_address(site: str, invitation: NewInvitation) -> str:
    """The address that takes an invitation on."""
    return f"{site}{reverse('invitation', args=[invitation.secret])}"


def read_site() -> str:
    """The address of the site as far as its settings say, where no request does: its first origin, or first host."""
    given = load_configuration()
    if given.origins:
        return given.origins[0].rstrip("/")
    scheme = "https" if given.https else "http"
    return f"{scheme}://{given.hosts[0]}" if given.hosts else f"{scheme}://127.0.0.1:{given.port}"
