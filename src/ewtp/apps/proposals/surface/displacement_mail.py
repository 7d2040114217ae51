"""The mail that tells sponsors and reporters that newer law has taken the place of an adoption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext

from ewtp.apps.accounts.actions.mail import Mail

if TYPE_CHECKING:
    from collections.abc import Callable

    from ewtp.core.proposals.proposal import Proposal, ProposalAdoption


def displacement_mail(site: str) -> Callable[[str, Proposal, ProposalAdoption], Mail]:
    """Composes the mail with the address of the proposal's page on the ``site``, ``https://trade.example``."""

    def compose(address: str, proposal: Proposal, adoption: ProposalAdoption) -> Mail:
        names = {"economy": adoption.territory, "title": proposal.title, "day": adoption.ended}
        subject = gettext("Newer law of %(economy)s displaces an adoption") % names
        text = gettext(
            "What %(economy)s adopted of “%(title)s” has effect until %(day)s: its authority later stated other law, "
            "which applies instead. The page shows what was adopted:"
        )
        return Mail(address, f"eWTP: {subject}", f"{text % names}\n\n{site}{reverse('proposal', args=[proposal.id])}\n")

    return compose
