"""A demonstration: invented organisations in four houses, what they report, and proposals in every stage."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.demonstration.actions.invented_barriers import barriers_invent
from ewtp.apps.demonstration.actions.invented_organisations import organisations_invent
from ewtp.apps.demonstration.actions.invented_proposals import ProposalDesk, StepRefusedError
from ewtp.apps.demonstration.actions.proposed_acts import acts_by_stage
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ewtp.apps.demonstration.actions.invented_organisations import InventedOrganisation

# Organisations have waited for their first vote, and been active, before anything is proposed.
_BEFORE = timedelta(days=200)


@immutable
class Demonstration:
    """What was made: organisations with their tokens, proposals by stage, and barriers."""

    organisations: tuple[InventedOrganisation, ...]
    proposals: Mapping[str, str]
    barriers: tuple[str, ...]


def demonstration_make(*, now: datetime) -> Demonstration | Refusal:
    """Make the organisations and proposals, all or nothing; every name says that they are invented.

    Each call makes new ones: nothing that is there already changes. Refuses as the actions behind it do, so with
    ``rulebook_empty`` where no law is loaded.
    """
    try:
        with transaction.atomic():
            organisations = organisations_invent(now=now - _BEFORE)
            if isinstance(organisations, Refusal):
                return organisations
            barriers = barriers_invent(organisations=organisations, now=now)
            if isinstance(barriers, Refusal):
                return barriers
            proposals = ProposalDesk(organisations, now).make_all(acts_by_stage(now.year + 1))
    except StepRefusedError as error:
        return error.refusal
    return Demonstration(organisations, proposals, barriers)
