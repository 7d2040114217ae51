"""What economies state about a proposal that passed: adoptions, refusals, their ends, and renewals."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, ClassVar

from ewtp.core.proposals.event_kinds import ProposalEvent, PublicEvent
from ewtp.core.proposals.proposal import Decline, ProposalAdoption, Renewal
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from ewtp.core.proposals.proposal import AdoptionEnding, Proposal


@immutable
class Adopted(PublicEvent):
    """An economy gives effect to articles of it, the subject of the event, by the act that answers cite as ``act``.

    ``changeset`` is the digest of the change that was voted on and ``cited`` what the authority cites of its act.
    ``statement`` is a signed note that states "adoption" with subject, changeset, territory,
    articles, day of effect and what is cited; the key is that which the log had for the authority at this event.
    ``sunset`` is the last day that the articles themselves name; None where they name none.
    """

    kind: ClassVar = ProposalEvent.ADOPTED
    territory: str
    articles: tuple[str, ...]
    effective: date
    by: str
    act: str
    at: datetime
    changeset: str = ""
    cited: Mapping[str, str] = field(default_factory=dict)
    statement: str = ""
    sunset: date | None = None


@immutable
class Declined(PublicEvent):
    """An economy does not give effect to it; ``statement`` is its signed note, which states "decline"."""

    kind: ClassVar = ProposalEvent.DECLINED
    territory: str
    reason: str
    by: str
    at: datetime
    changeset: str = ""
    statement: str = ""


@immutable
class AdoptionEnded(PublicEvent):
    """An adoption has effect until ``last_day`` alone.

    Where it is withdrawn, ``statement`` is the signed note of the economy's authority, which states "withdrawal"; it is
    empty where an import displaced it or its own last day came.
    """

    kind: ClassVar = ProposalEvent.ADOPTION_ENDED
    act: str
    territory: str
    last_day: date
    ending: AdoptionEnding
    reason: str
    by: str
    at: datetime
    statement: str = ""


@immutable
class AdoptionRenewed(PublicEvent):
    """An adoption with a last day of its own has effect until ``last_day`` instead.

    ``cited`` is what the authority cites of its act and ``statement`` its signed note, which states "renewal".
    """

    kind: ClassVar = ProposalEvent.ADOPTION_RENEWED
    act: str
    territory: str
    last_day: date
    by: str
    at: datetime
    cited: Mapping[str, str] = field(default_factory=dict)
    statement: str = ""


AdoptionEvent = Adopted | Declined | AdoptionEnded | AdoptionRenewed


def evolve_adoption(state: Proposal, event: AdoptionEvent) -> Proposal:
    """The proposal after an economy has stated something about it."""
    match event:
        case Adopted(territory, articles, effective, by, act, at):
            made = ProposalAdoption(
                territory, articles, effective, by, act, at, statement=event.statement, sunset=event.sunset
            )
            return replace(state, adoptions=(*state.adoptions, made))
        case Declined(territory, reason, by, at):
            declined = Decline(territory, reason, by, at, event.statement)
            return replace(state, declines=(*state.declines, declined))
        case AdoptionEnded():
            last_day, ending, reason = event.last_day, event.ending, event.reason
            return _with_adoption(
                state, event.act, lambda each: replace(each, ended=last_day, ending=ending, reason=reason)
            )
        case AdoptionRenewed():
            renewal = Renewal(event.last_day, event.at, event.cited.get("title", ""), event.statement)
            return _with_adoption(state, event.act, lambda each: replace(each, renewals=(*each.renewals, renewal)))


def _with_adoption(state: Proposal, act: str, change: Callable[[ProposalAdoption], ProposalAdoption]) -> Proposal:
    changed = tuple(change(each) if each.act == act else each for each in state.adoptions)
    return replace(state, adoptions=changed)
