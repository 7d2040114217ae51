"""What the page of a proposal shows of its adoptions, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.proposal_text import text_stored
from ewtp.apps.proposals.reading.rival_adoptions import rival_adoptions
from ewtp.apps.proposals.reading.text_reach import article_territories
from ewtp.core.acts.acts_text import acts_text
from ewtp.core.proposals.article_grid import ArticleReach, article_grid
from ewtp.core.proposals.proposal import AdoptionEnding, Outcome
from ewtp.core.proposals.proposal_decisions import LONGEST_TITLE
from ewtp.core.proposals.renewals import renewal_acts, renewal_window

if TYPE_CHECKING:
    from datetime import date, datetime

    from ewtp.core.proposals.article_grid import GridRow
    from ewtp.core.proposals.proposal import Proposal, ProposalAdoption


@dataclass(frozen=True, slots=True)
class AdoptionShown:
    """An adoption: how it ends, if it does, and from when on it can be renewed by its authority."""

    adoption: ProposalAdoption
    ending: str
    last_day: date | None
    renewable: date | None
    drafts: bool


def adoption_ending_names() -> dict[AdoptionEnding, str]:
    """Why an adoption has effect no longer, as a reader knows it."""
    return {
        AdoptionEnding.WITHDRAWN: gettext("withdrawn"),
        AdoptionEnding.DISPLACED: gettext("displaced by newer law"),
        AdoptionEnding.SUNSET: gettext("ended on its own last day"),
        AdoptionEnding.ANNULLED: gettext("ended by an appeal against the vote"),
    }


def adoptions_context(proposal: Proposal, now: datetime) -> dict[str, Any]:
    """The adoptions in their order, and those that an authority can end or renew."""
    today = now.date()
    shown = [_present_adoption(proposal, each, today) for each in proposal.adoptions]
    lasting = [each for each in shown if each.last_day is None or each.last_day >= today]
    renewable = [each for each in lasting if each.renewable is not None and each.renewable <= today]
    economies, rows = _grid(proposal, today) if proposal.outcome is Outcome.PASSED else ((), ())
    return {
        "grid_economies": economies,
        "grid_rows": rows,
        "adoptions": shown,
        "acts_adopted": [_pair(each) for each in lasting],
        "acts_renewable": [_pair(each) for each in renewable],
    }


def renewal_source(proposal: str, act: str) -> str:
    """A draft that renews what an act adopted, as its author would write it; empty where nothing of it ends so."""
    found = proposal_read(proposal)
    adoption = None if found is None else next((each for each in found.adoptions if each.act == act), None)
    acts = None if found is None else text_stored(found.version.content.digest).acts
    if found is None or adoption is None or acts is None:
        return ""
    title = gettext("Renewal: %(title)s") % {"title": found.title}
    again = renewal_acts(acts, adoption.articles, title[:LONGEST_TITLE])
    return "" if again is None else acts_text(again)


def _present_adoption(proposal: Proposal, adoption: ProposalAdoption, today: date) -> AdoptionShown:
    ending, procedure = adoption.find_ending(today), proposal.procedure
    window = None if procedure is None else renewal_window(adoption, procedure.clock_renewal)
    drafts = (
        adoption.own_end is not None and procedure is not None and adoption.own_end - procedure.clock_renewal <= today
    )
    return AdoptionShown(adoption, adoption_ending_names()[ending] if ending else "", adoption.last_day, window, drafts)


def _grid(proposal: Proposal, today: date) -> tuple[tuple[str, ...], tuple[GridRow, ...]]:
    digest = proposal.version.content.digest
    concerned, requires = dict(article_territories(digest)), text_stored(digest).requires
    return article_grid(proposal, ArticleReach(concerned, requires, rival_adoptions(proposal, today)), today)


def _pair(shown: AdoptionShown) -> tuple[str, str]:
    """The act of an adoption with its name in a choice."""
    return shown.adoption.act, f"{shown.adoption.territory} {shown.adoption.act}"
