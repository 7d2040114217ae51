"""Adoptions that end: withdrawn by their economy with notice, or displaced by a later import."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.accounts.actions.mail import mail_enqueue
from ewtp.apps.accounts.reading.addresses import emails_of
from ewtp.apps.barriers.reading.reporters import reporters_of
from ewtp.apps.organisations.reading.organisation_list import people_of
from ewtp.apps.proposals.actions.adoptions import NOTICE_OF_NEW_PAPERS
from ewtp.apps.proposals.actions.authority_keys import statement_sign
from ewtp.apps.proposals.actions.proposals import proposal_change
from ewtp.apps.proposals.reading.participation import participation_of
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.sentences import ADOPTION_END_TOO_SOON
from ewtp.apps.proposals.store import models
from ewtp.apps.rulebook.actions.act_end import act_end
from ewtp.core.proposals.authority_statement import withdrawal_text
from ewtp.core.proposals.proposal import AdoptionEnding
from ewtp.core.proposals.proposal_commands import EndAdoption
from ewtp.core.proposals.proposal_decisions import read_reason
from ewtp.core.proposals.sentences import ADOPTION_UNKNOWN, AUTHORITY_NEEDED, PROPOSAL_UNKNOWN
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ewtp.apps.accounts.actions.mail import Mail
    from ewtp.core.proposals.proposal import Proposal, ProposalAdoption
    from ewtp.core.values.actor import Actor

_IMPORTS = system_actor("imports")
_ONE_DAY = timedelta(days=1)
_LONGEST_ID = 80


@transaction.atomic
def adoption_withdraw(
    *, proposal: str, act: str, last_day: date, reason: str, actor: Actor, now: datetime, signed: str = ""
) -> Proposal | Refusal:
    """End an adoption after ``last_day``, as the economy's authority, with the notice that new papers need.

    What the adoption relieved is asked for again, so that traders get the time to obtain it. Refuses with
    ``proposal_unknown``, ``adoption_end_too_soon``, and as ``end_adoption``, ``statement_sign`` and ``act_end`` do.
    """
    found = proposal_read(proposal)
    if found is None:
        return Refusal(PROPOSAL_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    adoption = next((each for each in found.adoptions if each.act == act), None)
    if adoption is None:
        return Refusal(ADOPTION_UNKNOWN, {"act": act[:_LONGEST_ID]}, where="act")
    if participation_of(actor, now.date()).authority_of != adoption.territory:
        return Refusal(AUTHORITY_NEEDED, {"territory": adoption.territory})
    told = read_reason(reason)
    if isinstance(told, Refusal):
        return told
    # An adoption that has no effect yet relieves nobody, and may be taken back at once.
    soonest = now.date() + NOTICE_OF_NEW_PAPERS if adoption.effective <= now.date() else adoption.effective - _ONE_DAY
    if last_day < soonest:
        return Refusal(ADOPTION_END_TOO_SOON, {"day": soonest}, where="last_day")
    text = withdrawal_text(proposal=found.id, act=act, territory=adoption.territory, last_day=last_day, reason=told)
    note = statement_sign(economy=adoption.territory, text=text, signed=signed, actor=actor, now=now)
    if isinstance(note, Refusal):
        return note
    command = EndAdoption(act, last_day, AdoptionEnding.WITHDRAWN, told, note)
    changed = proposal_change(proposal=found.id, command=command, actor=actor, now=now)
    if isinstance(changed, Refusal):
        return changed
    ended = act_end(act=act, last_day=last_day, reason=told, actor=actor, now=now)
    if isinstance(ended, Refusal):
        transaction.set_rollback(True)
        return ended
    return changed


@transaction.atomic
def adoption_displace(
    *,
    act: str,
    first_day: str,
    source: str,
    now: datetime,
    compose: Callable[[str, Proposal, ProposalAdoption], Mail],
) -> Refusal | None:
    """Note that law of ``source`` was stated after an adoption and holds from ``first_day``, and tell who cares.

    Sponsors and whoever reported the barrier get the mail that ``compose`` makes for an address. Nothing is done for
    an act that adopts no proposal, or whose adoption ended before.
    """
    row = models.ArticleAdoption.objects.filter(act=act).first()
    found = None if row is None else proposal_read(row.proposal_id)
    if found is None:
        return None
    last_day = date.fromisoformat(first_day) - _ONE_DAY
    adoption = next(each for each in found.adoptions if each.act == act)
    if adoption.last_day is not None and adoption.last_day <= last_day:
        return None
    command = EndAdoption(act, last_day, AdoptionEnding.DISPLACED, source)
    changed = proposal_change(proposal=found.id, command=command, actor=_IMPORTS, now=now)
    if isinstance(changed, Refusal):
        return changed
    ended = next(each for each in changed.adoptions if each.act == act)
    concerned = {each.participant.organisation for each in found.sponsors} | {found.author.organisation}
    concerned |= set(reporters_of(found.barrier)) if found.barrier else set()
    for address in sorted(set(emails_of(people_of(concerned)).values())):
        mail_enqueue(mail=compose(address, changed, ended), now=now)
    return None
