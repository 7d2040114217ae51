"""What proposals change in a market around a day: adoptions that are coming, ending or over, and what is only proposed.

None of it is counted by an answer, which counts what is in effect on its day and nothing else.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from ewtp.apps.proposals.reading.text_reach import reciprocal_origins, text_places
from ewtp.apps.proposals.store import models
from ewtp.apps.proposals.store.proposal_stages import in_stage
from ewtp.apps.proposals.store.proposal_tables import adoption_value
from ewtp.apps.rulebook.reading.act_reach import acts_reaching
from ewtp.core.proposals.proposal import AdoptionEnding, ProposalStage
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date, datetime

    from ewtp.apps.rulebook.reading.market_notices import Market
    from ewtp.core.proposals.proposal import ProposalAdoption

# An end is told for a year: whoever asks later knows no other law.
_TOLD = timedelta(days=365)
# At most this many proposals are looked at, the newest first.
_MOST = 40
_STAGES = (ProposalStage.PASSED, ProposalStage.VOTING, ProposalStage.FROZEN, ProposalStage.DISCUSSED)


class ChangeState(StrEnum):
    """How a change stands on the day of an answer."""

    COMING = "coming"
    ENDING = "ending"
    ENDED = "ended"
    WAITING = "waiting"  # a reciprocal recognition that others have not adopted
    PASSED = "passed"
    PROPOSED = "proposed"


@immutable
class OutlookChange:
    """What a proposal does to rules on goods, as an economy stands to it.

    ``day`` is the first day of one that is coming, and the last one of one that ends or has ended, for the reason
    ``ending`` with what was said (of a displacement the newer law's source); ``partners`` are the economies for which
    one waits. ``act`` and ``articles`` are empty for what nobody has adopted.
    """

    state: ChangeState
    proposal: str
    title: str
    articles: tuple[str, ...] = ()
    act: str = ""
    day: date | None = None
    ending: AdoptionEnding | None = None
    reason: str = ""
    partners: tuple[str, ...] = ()


def outlook_changes(territory: str, codes: Sequence[str], day: date, now: datetime) -> list[OutlookChange]:
    """What changes in an economy's rules on these codes around a day, adoptions first.

    Limit of ours: of adoptions those of measures, of what is proposed the newest forty.
    """
    rows = models.ArticleAdoption.objects.filter(territory=territory, act__in=acts_reaching(territory, codes))
    adopted = [(row.proposal, adoption_value(row)) for row in rows.select_related("proposal").order_by("-pk")]
    told = [change for row, adoption in adopted for change in _find_adopted_change(row, adoption, day)]
    known = {row.id for row, _ in adopted}
    return [*told, *(each for each in _list_proposed_changes(territory, codes, now) if each.proposal not in known)]


def market_changes(market: Market) -> list[OutlookChange]:
    """What changes in the rules on a market's goods around its day."""
    return outlook_changes(market.territory, market.codes, market.day, market.now)


def _find_adopted_change(row: models.Proposal, adoption: ProposalAdoption, day: date) -> Iterator[OutlookChange]:
    last_day = adoption.last_day
    named = (row.id, row.title, adoption.articles, adoption.act)
    if last_day is not None and (last_day < day or last_day < adoption.effective):
        if day - last_day <= _TOLD:
            ending = adoption.find_ending(max(day, last_day + timedelta(days=1)))
            yield OutlookChange(ChangeState.ENDED, *named, last_day, ending, adoption.reason)
        return
    if adoption.effective > day:
        yield OutlookChange(ChangeState.COMING, *named, adoption.effective)
        return
    partners = _partners_missing(row, adoption, day)
    if partners:
        yield OutlookChange(ChangeState.WAITING, *named, partners=partners)
    if last_day is not None:
        yield OutlookChange(ChangeState.ENDING, *named, last_day, adoption.find_ending(day), adoption.reason)


def _partners_missing(row: models.Proposal, adoption: ProposalAdoption, day: date) -> tuple[str, ...]:
    """The economies whose own recognition has no effect on a day, which reciprocal ones among the articles wait for."""
    digest = row.versions.order_by("-number").values_list("text_id", flat=True).first()
    origins = {each for name, each in reciprocal_origins(str(digest)) if name in adoption.articles}
    if not origins:
        return ()
    others = (adoption_value(each) for each in row.adoptions.all())
    acting = {each.territory for each in others if each.effective <= day and (each.last_day or day) >= day}
    return tuple(sorted(origins - acting))


def _list_proposed_changes(territory: str, codes: Collection[str], now: datetime) -> Iterator[OutlookChange]:
    condition = reduce(or_, (in_stage(stage, now) for stage in _STAGES))
    rows = models.Proposal.objects.filter(condition).order_by("-number").prefetch_related("versions")[:_MOST]
    for row in rows:
        latest = max(row.versions.all(), key=lambda each: each.number)
        if any(place == territory and _meets(prefix, codes) for place, prefix in text_places(latest.text_id)):
            passed = row.outcome == ProposalStage.PASSED
            yield OutlookChange(ChangeState.PASSED if passed else ChangeState.PROPOSED, row.id, row.title)


def _meets(prefix: str, codes: Collection[str]) -> bool:
    return any(code.startswith(prefix) for code in codes)
