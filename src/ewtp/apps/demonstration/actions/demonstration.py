"""A demonstration: invented organisations in four houses, what they report, and proposals in every stage."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.demonstration.actions.demonstration_acts import acts_by_stage
from ewtp.apps.demonstration.actions.demonstration_barriers import barriers_found, barriers_invent
from ewtp.apps.demonstration.actions.demonstration_organisations import (
    organisations_found,
    organisations_invent,
)
from ewtp.apps.demonstration.actions.demonstration_proposals import ProposalDesk, StepRefusedError
from ewtp.apps.proposals.reading.proposal_list import proposals_page
from ewtp.core.proposals.proposal import proposal_stage_of
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ewtp.apps.demonstration.actions.demonstration_organisations import InventedOrganisation

# Organisations have waited for their first vote, and been active, before anything is proposed.
_BEFORE = timedelta(days=200)
_MOST_PROPOSALS = 100


@immutable
class Demonstration:
    """What is there: organisations with a token each, proposals as pairs of stage and identifier, and barriers."""

    organisations: tuple[InventedOrganisation, ...]
    proposals: tuple[tuple[str, str], ...]
    barriers: tuple[str, ...]


def demonstration_make(*, now: datetime) -> Demonstration | Refusal:
    """Make the organisations and proposals, all or nothing; every name says that they are invented.

    Where they are there already nothing is made but new tokens. Refuses as the actions behind it do, so with
    ``rulebook_empty`` where no law is loaded.
    """
    try:
        with transaction.atomic():
            there = organisations_found(now=now)
            if there is not None:
                return Demonstration(there, _proposals_of(there, now), barriers_found(now=now))
            organisations = organisations_invent(now=now - _BEFORE)
            if isinstance(organisations, Refusal):
                return organisations
            barriers = barriers_invent(organisations=organisations, now=now)
            if isinstance(barriers, Refusal):
                return barriers
            proposals = ProposalDesk(organisations, now).make_all(acts_by_stage(now.year + 1))
    except StepRefusedError as error:
        return error.refusal
    return Demonstration(organisations, tuple(proposals.items()), barriers)


def _proposals_of(organisations: Sequence[InventedOrganisation], now: datetime) -> tuple[tuple[str, str], ...]:
    """The proposals of the one that drafts them, oldest first, with their present stages."""
    author = ProposalDesk(organisations, now).author.id
    found, _ = proposals_page(organisation=author, limit=_MOST_PROPOSALS)
    own = (each for each in found[::-1] if each.author.organisation == author)
    return tuple((proposal_stage_of(each, now), each.id) for each in own)
