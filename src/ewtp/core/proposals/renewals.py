"""An adoption that ends by itself is extended: its authority renews it once, or its articles are voted on again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ewtp.core.acts.act import ActDays
from ewtp.core.proposals.adoption_events import AdoptionRenewed
from ewtp.core.proposals.proposal import renewal_limit
from ewtp.core.proposals.sentences import (
    ADOPTION_OVER,
    ADOPTION_RENEWED_BEFORE,
    ADOPTION_UNKNOWN,
    ADOPTION_WITHOUT_SUNSET,
    AUTHORITY_NEEDED,
    RENEWAL_DAY_INVALID,
    RENEWAL_TOO_SOON,
)
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ewtp.core.acts.act import Act, Acts
    from ewtp.core.proposals.proposal import Proposal, ProposalAdoption
    from ewtp.core.proposals.proposal_commands import ProposalEnvelope, RenewAdoption

_LONGEST_NAME = 40
_ONE_DAY = timedelta(days=1)


def renewal_window(adoption: ProposalAdoption, before: timedelta) -> date | None:
    """The first day on which an adoption can be renewed, ``before`` its own end; None where it cannot, or was."""
    if adoption.sunset is None or adoption.renewals or adoption.ended is not None:
        return None
    return adoption.sunset - before


def renew_adoption(
    command: RenewAdoption, state: Proposal, envelope: ProposalEnvelope, now: datetime
) -> tuple[AdoptionRenewed, ...] | Refusal:
    """A renewal as an event, by the authority that adopted, once and for as many days as were voted on at most.

    Refuses with ``adoption_unknown``, ``authority_needed``, ``adoption_without_sunset``, ``adoption_over``,
    ``adoption_renewed_before``, ``renewal_too_soon`` or ``renewal_day_invalid``.
    """
    found = next((each for each in state.adoptions if each.act == command.act), None)
    if found is None:
        return Refusal(ADOPTION_UNKNOWN, {"act": command.act[:_LONGEST_NAME]}, where="act")
    if found.territory not in envelope.authority_of:
        return Refusal(AUTHORITY_NEEDED, {"territory": found.territory})
    refusal = _refuse_renewal(found, state, command.last_day, now.date())
    if refusal is not None:
        return refusal
    by = "" if envelope.participant is None else envelope.participant.organisation
    cited, statement = ({}, "") if command.signed is None else (dict(command.signed.cited), command.signed.statement)
    return (AdoptionRenewed(found.act, found.territory, command.last_day, by, now, cited, statement),)


def _refuse_renewal(found: ProposalAdoption, state: Proposal, last_day: date, today: date) -> Refusal | None:
    sunset, procedure = found.sunset, state.procedure
    if sunset is None or procedure is None:
        return Refusal(ADOPTION_WITHOUT_SUNSET, {"act": found.act}, where="act")
    if found.last_day is not None and (found.ended is not None or found.last_day < today):
        return Refusal(ADOPTION_OVER, {"act": found.act, "day": found.last_day}, where="act")
    if found.renewals:
        return Refusal(ADOPTION_RENEWED_BEFORE, {"act": found.act, "day": found.own_end}, where="act")
    first = renewal_window(found, procedure.clock_renewal)
    if first is not None and today < first:
        return Refusal(RENEWAL_TOO_SOON, {"end": sunset, "day": first}, where="act")
    most = renewal_limit(found.effective, sunset)
    if not sunset < last_day <= most:
        return Refusal(RENEWAL_DAY_INVALID, {"least": sunset + _ONE_DAY, "most": most}, where="last_day")
    return None


def renewal_acts(acts: Acts, names: Iterable[str], title: str) -> Acts | None:
    """A draft of the same articles for as many days again, after their sunset; None where no act among them has one.

    Acts without a sunset continue by themselves and are left out, with the articles that consist of them alone.
    """
    made = []
    for article in acts.closure(frozenset(names)):
        again = tuple(replace(act, days=_days_again(act)) for act in article.acts if act.days.sunset is not None)
        if again:
            made.append(replace(article, acts=again))
    known = {article.name for article in made}
    articles = tuple(replace(each, requires=tuple(name for name in each.requires if name in known)) for each in made)
    return replace(acts, articles=articles, title=title) if articles else None


def _days_again(act: Act) -> ActDays:
    first, sunset = act.days.first_day, act.days.sunset
    if sunset is None:
        msg = "an act without a sunset is not renewed"
        raise ValueError(msg)
    return ActDays(sunset + _ONE_DAY, renewal_limit(first, sunset))
