"""An economy renews an adoption that would end by itself, by an act of its own that its authority signs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.proposals.actions.adoptions import gather_cited_texts
from ewtp.apps.proposals.actions.authority_keys import statement_sign
from ewtp.apps.proposals.actions.proposals import proposal_change, proposal_refusal
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.rulebook.actions.act_extension import act_extend
from ewtp.apps.rulebook.reading.sentences import ADOPTION_UNCITED
from ewtp.core.proposals.authority_statement import renewal_text
from ewtp.core.proposals.proposal_commands import RenewAdoption, SignedAct
from ewtp.core.proposals.sentences import PROPOSAL_UNKNOWN
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime

    from ewtp.apps.rulebook.actions.adoption import ActCited
    from ewtp.core.proposals.proposal import Proposal
    from ewtp.core.values.actor import Actor

_LONGEST_ID = 40


@transaction.atomic
def adoption_renew(
    *, proposal: str, act: str, last_day: date, cited: ActCited, actor: Actor, now: datetime, signed: str = ""
) -> Proposal | Refusal:
    """Have an adoption hold until ``last_day``, beyond the day on which it would end by itself.

    Its rules continue under the act by which they were adopted; ``cited`` is the one that renews them. Refuses with
    ``proposal_unknown`` and ``adoption_uncited``, and as ``renew_adoption``, ``statement_sign`` and ``act_extend`` do;
    nothing has then changed.
    """
    found = proposal_read(proposal)
    if found is None:
        return Refusal(PROPOSAL_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    command = RenewAdoption(act, last_day)
    refusal = proposal_refusal(found, command, actor, now)
    if refusal is not None:
        return refusal
    if not (cited.title.strip() and cited.publisher.strip() and cited.reference.strip()):
        return Refusal(ADOPTION_UNCITED)
    adoption = next(each for each in found.adoptions if each.act == act)
    told = gather_cited_texts(cited)
    text = renewal_text(proposal=found.id, act=act, territory=adoption.territory, last_day=last_day, cited=told)
    note = statement_sign(economy=adoption.territory, text=text, signed=signed, actor=actor, now=now)
    if isinstance(note, Refusal):
        return note
    stated = replace(command, signed=SignedAct(tuple(told.items()), note))
    changed = proposal_change(proposal=found.id, command=stated, actor=actor, now=now)
    if isinstance(changed, Refusal) or adoption.own_end is None:
        return changed
    extended = act_extend(act=act, sunset=adoption.own_end, last_day=last_day, actor=actor, now=now)
    if isinstance(extended, Refusal):
        transaction.set_rollback(True)
        return extended
    return changed
