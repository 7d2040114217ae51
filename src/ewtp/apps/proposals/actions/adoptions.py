"""An economy gives effect to articles of a proposal that passed, by its own act, or says why it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.proposals.actions.authority_keys import statement_sign
from ewtp.apps.proposals.actions.effect_plans import adoption_plan, adoption_plan_register
from ewtp.apps.proposals.actions.proposals import proposal_change, proposal_refusal
from ewtp.apps.proposals.reading.appeal_list import open_appeals
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.proposal_text import text_stored
from ewtp.apps.proposals.reading.sentences import (
    ADOPTION_APPEALED,
    ADOPTION_BEFORE_APPEALS,
    ADOPTION_LAW_MOVED,
    ADOPTION_TOO_SOON,
)
from ewtp.apps.rulebook.actions.adoption import ActCited, changeset_adopt
from ewtp.apps.rulebook.reading.changeset_file import compile_written_acts, law_around_changesets
from ewtp.core.proposals.authority_statement import adoption_text, decline_text
from ewtp.core.proposals.proposal_commands import AdoptProposal, DeclineProposal, SignedAct
from ewtp.core.proposals.proposal_decisions import read_reason
from ewtp.core.proposals.sentences import PROPOSAL_UNKNOWN
from ewtp.core.rulebook.changeset.canonical import list_operations
from ewtp.core.rulebook.changeset.changeset import Changeset, find_added_records
from ewtp.core.rulebook.changeset.reconciliation import rebase
from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.rulebook.service import PLATFORM
from ewtp.core.rulebook.territory import Group, GroupMember
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from ewtp.apps.proposals.reading.proposal_text import ProposalText
    from ewtp.core.proposals.proposal import Proposal
    from ewtp.core.rulebook.adoption import AdoptedRecord
    from ewtp.core.rulebook.changeset.law_record import LawRecord
    from ewtp.core.values.actor import Actor

# Whoever has to show a new paper gets time to obtain it (limit of ours); what relieves may have effect at once.
NOTICE_OF_NEW_PAPERS = timedelta(days=60)
_LONGEST_ID = 40


@transaction.atomic
def proposal_adopt(
    *,
    proposal: str,
    articles: Sequence[str],
    effective: date,
    cited: ActCited,
    actor: Actor,
    now: datetime,
    signed: str = "",
) -> Proposal | Refusal:
    """Give effect to articles, or to all, in the territory of the act cited, from ``effective`` on.

    Of what the articles change the part that is the territory's law is adopted, and a plan of measurement is registered
    with it. The authority's statement is ``signed`` offline, or by the hub with the key that it holds for it. Refuses
    with ``adoption_law_moved`` where that law is another than the one voted on, with ``adoption_too_soon``, and as
    ``decide_proposal``, ``changeset_adopt`` and ``statement_sign`` do; nothing has then changed.
    """
    found = proposal_read(proposal)
    if found is None:
        return Refusal(PROPOSAL_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    text = text_stored(found.version.content.digest)
    chosen = tuple(articles) or found.version.content.articles
    command = AdoptProposal(cited.territory, chosen, effective, "", text.requires)
    refusal = proposal_refusal(found, command, actor, now) or _refuse_before_appeals(found, effective, now)
    if refusal is not None:
        return refusal
    own = _part(text, chosen, cited.territory)
    if isinstance(own, Refusal):
        return own
    soonest = now.date() + _notice(own)
    if effective < soonest:
        return Refusal(ADOPTION_TOO_SOON, {"day": soonest}, where="effective")
    named = f"{found.id}, version {found.version.number}, article {', '.join(chosen)}"
    # The procedure rests on the vote, which is in the log: nobody has to sign for it.
    own_vote = cited.territory == PLATFORM
    note = None if own_vote else _sign_adoption(found, command, cited, signed=signed, actor=actor, now=now)
    if isinstance(note, Refusal):
        return note
    # The promise is that of the law as it is before the adoption.
    planned = adoption_plan(own, cited.territory, effective)
    report = changeset_adopt(
        changeset=own,
        cited=cited,
        actor=actor,
        now=now,
        adopted_from=named,
        effective=effective,
        voted=True,
        promised=[each for each in find_added_records(text.changeset) if isinstance(each, Group | GroupMember)],
    )
    if isinstance(report, Refusal):
        # A key that was made for this adoption alone goes with it.
        transaction.set_rollback(True)
        return report
    made = replace(command, act=report.source, signed=note, sunset=_sunset(report.records))
    adopted = proposal_change(proposal=proposal, command=made, actor=actor, now=now)
    if planned is not None and not isinstance(adopted, Refusal):
        adoption = adopted.adoptions[-1]
        adoption_plan_register(proposal=proposal, adoption=adoption, made=planned, actor=actor, now=now)
    return adopted


@transaction.atomic
def procedure_adopt(*, proposal: str, vote: str, actor: Actor, now: datetime) -> Proposal | Refusal | None:
    """Give effect to what a proposal that passed changes in the procedure, on its own days; None where it is nothing.

    Nobody's act is needed: the vote is what the procedure rests on, and is cited. Refuses as ``proposal_adopt`` does.
    """
    found = proposal_read(proposal)
    if found is None:
        return Refusal(PROPOSAL_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    text = text_stored(found.version.content.digest)
    own = _of_territory(text.changeset, PLATFORM)
    if not own:
        return None
    starts = [record.validity.start for record in find_added_records(own)]
    cited = ActCited(PLATFORM, found.title, "eWTP", f"vote {vote}", now.date())
    effective = max(now.date(), min(starts, default=now.date()))
    return proposal_adopt(proposal=proposal, articles=(), effective=effective, cited=cited, actor=actor, now=now)


@transaction.atomic
def proposal_decline(
    *, proposal: str, territory: str, reason: str, actor: Actor, now: datetime, signed: str = ""
) -> Proposal | Refusal:
    """State that a territory does not give effect to a proposal, signed as an adoption is.

    Refuses as ``decide_proposal`` and ``statement_sign`` do.
    """
    found = proposal_read(proposal)
    if found is None:
        return Refusal(PROPOSAL_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    command = DeclineProposal(territory, reason)
    refusal = proposal_refusal(found, command, actor, now)
    told = refusal or read_reason(reason)
    if isinstance(told, Refusal):
        return told
    changeset = found.version.content.changeset
    text = decline_text(proposal=found.id, changeset=changeset, territory=territory, reason=told)
    note = statement_sign(economy=territory, text=text, signed=signed, actor=actor, now=now)
    if isinstance(note, Refusal):
        return note
    return proposal_change(proposal=proposal, command=replace(command, statement=note), actor=actor, now=now)


def _sign_adoption(
    found: Proposal, command: AdoptProposal, cited: ActCited, *, signed: str, actor: Actor, now: datetime
) -> SignedAct | Refusal:
    """The statement of the authority about an adoption."""
    act = gather_cited_texts(cited)
    text = adoption_text(
        proposal=found.id,
        changeset=found.version.content.changeset,
        territory=command.territory,
        articles=command.articles,
        effective=command.effective,
        act=act,
    )
    note = statement_sign(economy=command.territory, text=text, signed=signed, actor=actor, now=now)
    return note if isinstance(note, Refusal) else SignedAct(tuple(act.items()), note)


def _refuse_before_appeals(found: Proposal, effective: date, now: datetime) -> Refusal | None:
    """The refusal of an adoption while an appeal is open, or with effect before none can be lodged any more."""
    waiting = open_appeals(found.id, now)
    if waiting:
        return Refusal(ADOPTION_APPEALED, {"moment": f"{max(each.until for each in waiting):%Y-%m-%d %H:%M} UTC"})
    if found.decided is None or found.procedure is None:
        return None
    soonest = (found.decided + found.procedure.clock_appeal).date()
    return Refusal(ADOPTION_BEFORE_APPEALS, {"day": soonest}, where="effective") if effective < soonest else None


def gather_cited_texts(cited: ActCited) -> dict[str, str]:
    """What an authority cites of its own act, as its statement has it."""
    return {
        "title": cited.title,
        "publisher": cited.publisher,
        "reference": cited.reference,
        "published": cited.published.isoformat() if cited.published else "",
        "url": cited.url,
    }


def _part(text: ProposalText, articles: Sequence[str], territory: str) -> Changeset[LawRecord] | Refusal:
    """What articles change in a territory's law as it is now: nothing but operations that were voted on.

    Where they would do something else by now, the whole of what was voted on for the territory is taken over if it is
    asked for and can be rebased without a conflict. What another economy has adopted meanwhile does not matter.
    """
    made = text if text.acts is None else compile_written_acts(text.acts, frozenset(articles))
    if isinstance(made, Refusal):
        return made
    own, voted = (_of_territory(each.changeset, territory) for each in (made, text))
    if list_operations(own) <= list_operations(voted):
        return own
    law = law_around_changesets(voted)
    if isinstance(law, Refusal):
        return law
    moved = rebase(voted, law)
    whole = set(articles) == set(text.content.articles)
    return moved if whole and isinstance(moved, Changeset) else Refusal(ADOPTION_LAW_MOVED)


def _of_territory(changeset: Changeset[LawRecord], territory: str) -> Changeset[LawRecord]:
    """The operations on a territory's law; memberships of groups belong to no territory and stay with economies."""

    def own(record: LawRecord) -> bool:
        return getattr(record, "territory", "" if territory == PLATFORM else territory) == territory

    return replace(
        changeset,
        added=tuple(each for each in changeset.added if own(each)),
        ended=tuple(each for each in changeset.ended if own(each.record)),
        amended=tuple(each for each in changeset.amended if own(each.after)),
    )


def _sunset(records: Sequence[AdoptedRecord]) -> date | None:
    """The day after which nothing of an adoption holds; None where some of it has no last day."""
    ends = [each.validity.end for each in records]
    known = [each for each in ends if each is not None]
    return max(known) if known and len(known) == len(ends) else None


def _notice(changeset: Changeset[LawRecord]) -> timedelta:
    """How long after its publication a change may have effect."""
    burdens = (Kind.REQUIREMENT, Kind.PROHIBITION)
    new = (each for each in changeset.added if isinstance(each, Measure) and each.kind in burdens)
    return NOTICE_OF_NEW_PAPERS if any(True for _ in new) else timedelta(0)
