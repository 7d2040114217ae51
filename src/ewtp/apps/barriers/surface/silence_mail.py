"""The mail that tells a government of a barrier that nobody answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext

from ewtp.apps.accounts.actions.mail import Mail
from ewtp.core.barriers.barrier import SECRETARIAT

if TYPE_CHECKING:
    from collections.abc import Callable

    from ewtp.core.barriers.barrier import Barrier


def silence_mail(site: str) -> Callable[[str, Barrier], Mail]:
    """Composes the mail with the address of the barrier's page on the ``site``, ``https://trade.example``."""

    def compose(address: str, barrier: Barrier) -> Mail:
        where = barrier.matter.economy or SECRETARIAT
        subject = gettext("No answer to a barrier: %(economy)s") % {"economy": where}
        text = gettext("A barrier was reported and nobody has answered within 30 days. Its page says what it is about:")
        return Mail(address, f"eWTP: {subject}", f"{text}\n\n{site}{reverse('barrier', args=[barrier.id])}\n")

    return compose
