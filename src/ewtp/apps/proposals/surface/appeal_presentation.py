"""What the page of a proposal shows of appeals against the result of its vote, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from ewtp.apps.organisations.reading.organisation_names import organisations_named
from ewtp.apps.proposals.reading.appeal_list import appeals_about
from ewtp.core.votes.appeal import AppealStage
from ewtp.core.votes.appeal_events import AppealMatter, AppealVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ewtp.apps.proposals.reading.vote_record import VoteRecord
    from ewtp.core.proposals.proposal import Proposal
    from ewtp.core.votes.appeal import Appeal


@dataclass(frozen=True, slots=True)
class AppealShown:
    """An appeal with names in the place of identifiers; ``mine`` where the reader acts for one who decides it."""

    appeal: Appeal
    matter: str
    by: str
    stage: str
    is_open: bool
    body: tuple[str, ...]
    opinions: tuple[tuple[str, str, str], ...]
    mine: bool


def appeals_context(
    proposal: Proposal, vote: VoteRecord | None, now: datetime, speakers: Iterable[str]
) -> dict[str, Any]:
    """The appeals about a proposal with its latest vote, until when one can be lodged, and the words of the forms."""
    found = [each for _, each in appeals_about(proposal.id)]
    members = {} if vote is None or not found else {each.group: each.member for each in vote.roll.entries}
    groups = {} if vote is None or not found else {each: entry.group for each, entry in vote.roll.by_member.items()}
    names = organisations_named(
        {*members.values(), *(each.by for each in found), *(one.member for each in found for one in each.opinions)}
        if found
        else ()
    )
    shown = {group: _name(names, member) for group, member in members.items()}
    mine = {groups[each] for each in speakers if each in groups}
    closes = None
    if vote is not None and proposal.decided is not None:
        closes = proposal.decided + vote.course(now).procedure.clock_appeal
    return {
        "appeals": [_present_appeal(each, names, shown, mine, now) for each in found],
        "appeals_until": closes if closes is not None and now < closes else None,
        "appeal_matters": list(appeal_matter_names().items()),
        "appeal_verdicts": list(appeal_verdict_names().items()),
    }


def _present_appeal(
    appeal: Appeal, names: Mapping[str, Any], shown: Mapping[str, str], mine: set[str], now: datetime
) -> AppealShown:
    stage, verdicts = appeal.stage(now), appeal_verdict_names()
    return AppealShown(
        appeal,
        appeal_matter_names()[appeal.matter],
        _name(names, appeal.by),
        appeal_stage_names()[stage],
        stage is AppealStage.OPEN,
        tuple(shown.get(group, group) for group in appeal.body or ()),
        tuple((_name(names, each.member), verdicts[each.verdict], each.reason) for each in appeal.opinions),
        bool(mine & set(appeal.body or ())),
    )


def appeal_matter_names() -> dict[AppealMatter, str]:
    """What can be appealed, as a reader knows it."""
    return {
        AppealMatter.VOTE: gettext("How the vote was held and counted"),
        AppealMatter.ALARM: gettext("An alarm, or its answer"),
        AppealMatter.BALLOT: gettext("Who was let vote, and who was not"),
    }


def appeal_verdict_names() -> dict[AppealVerdict, str]:
    """What a body can decide about an appeal, as a reader knows it."""
    return {
        AppealVerdict.DISMISSED: gettext("The result stands"),
        AppealVerdict.UPHELD: gettext("The vote is held again"),
    }


def appeal_stage_names() -> dict[AppealStage, str]:
    """The stages of an appeal as a reader knows them."""
    return {
        AppealStage.OPEN: gettext("Waits for its decision"),
        AppealStage.DISMISSED: gettext("Dismissed: the result stands"),
        AppealStage.UPHELD: gettext("Upheld: the vote is held again"),
        AppealStage.UNDECIDED: gettext("Nobody decided in time: the result stands"),
    }


def _name(names: Mapping[str, Any], identity: str) -> str:
    found = names.get(identity)
    return identity if found is None else str(found.name)
