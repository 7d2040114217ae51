"""What the forms on a proposal's page ask for, each as an action."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from ewtp.apps.http.surface.body_fields import BodyReader
from ewtp.apps.proposals.actions.adoption_endings import adoption_withdraw
from ewtp.apps.proposals.actions.adoption_renewals import adoption_renew
from ewtp.apps.proposals.actions.adoptions import proposal_adopt, proposal_decline
from ewtp.apps.proposals.actions.alarm_answers import opinion_state
from ewtp.apps.proposals.actions.appeals import appeal_lodge, appeal_opinion_state
from ewtp.apps.proposals.actions.comments import comment_add
from ewtp.apps.proposals.actions.proposals import (
    amendment_accept,
    amendment_suggest,
    proposal_change,
    proposal_submit,
    proposal_withdraw,
)
from ewtp.apps.proposals.actions.replays import replay_ask, replay_state
from ewtp.apps.proposals.actions.votes import send_back_cast, vote_open
from ewtp.apps.proposals.reading.proposal_text import acts_compiled
from ewtp.apps.proposals.reading.sentences import DAY_INVALID, REPLAY_RECORD_INVALID
from ewtp.apps.proposals.surface.replay_json import RECORD_FIELDS, read_replay_record
from ewtp.apps.proposals.surface.text_fields import day_of_field
from ewtp.apps.rulebook.actions.adoption import ActCited
from ewtp.core.acts.acts_text import LONGEST_ACTS, read_acts
from ewtp.core.proposals.proposal_commands import (
    EndSponsorship,
    ProposalCommand,
    RejectAmendment,
    SponsorProposal,
    SupersedeProposal,
    WithdrawAmendment,
)
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from django.http import QueryDict

    from ewtp.apps.http.surface.form import Form
    from ewtp.core.proposals.proposal import Proposal
    from ewtp.core.values.actor import Actor

    Deed = Callable[[Proposal, Form, Actor, datetime], "Proposal | Refusal | None"]

_KEPT_CONTROLS = "\n\t"


def long_text(query: QueryDict, name: str) -> str:
    """A text of several lines, without control characters but breaks and tabs.

    Of a text that is too long, one character too many is kept, so that its reader refuses it instead of taking a part.
    """
    text = query.get(name, "").replace("\r\n", "\n")
    kept = (c for c in text if c in _KEPT_CONTROLS or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()[: LONGEST_ACTS + 1]


def _command(make: Callable[[Form], ProposalCommand]) -> Deed:
    def act_on_proposal(proposal: Proposal, form: Form, actor: Actor, now: datetime) -> Proposal | Refusal:
        return proposal_change(proposal=proposal.id, command=make(form), actor=actor, now=now)

    return act_on_proposal


def _submit(proposal: Proposal, _form: Form, actor: Actor, now: datetime) -> Proposal | Refusal:
    return proposal_submit(proposal=proposal.id, actor=actor, now=now)


def _withdraw(proposal: Proposal, form: Form, actor: Actor, now: datetime) -> Proposal | Refusal:
    made = proposal_withdraw(proposal=proposal.id, reason=form.texts.get("withdrawn_because", ""), actor=actor, now=now)
    return replace(made, where="withdrawn_because") if isinstance(made, Refusal) and made.where == "reason" else made


def _suggest(proposal: Proposal, form: Form, actor: Actor, now: datetime) -> Proposal | Refusal:
    acts = read_acts(form.texts.get("acts", ""))
    if isinstance(acts, Refusal):
        return acts.under("acts")
    text = acts_compiled(acts, get_language() or "")
    if isinstance(text, Refusal):
        return text.under("acts")
    return amendment_suggest(proposal=proposal.id, text=text, base="", actor=actor, now=now)


def _accept(proposal: Proposal, form: Form, actor: Actor, now: datetime) -> Proposal | Refusal:
    return amendment_accept(proposal=proposal.id, amendment=form.texts.get("amendment", ""), actor=actor, now=now)


def _comment(proposal: Proposal, form: Form, actor: Actor, now: datetime) -> Refusal | None:
    article, text = form.texts.get("article", ""), form.texts.get("comment", "")
    return comment_add(proposal=proposal.id, article=article, text=text, actor=actor, now=now)


def _replay(proposal: Proposal, _form: Form, actor: Actor, now: datetime) -> Proposal | Refusal:
    return replay_ask(proposal=proposal.id, actor=actor, now=now)


def _recompute_replay(proposal: Proposal, form: Form, actor: Actor, now: datetime) -> Proposal | Refusal:
    body = BodyReader(form.texts.get("record", "").encode(), RECORD_FIELDS)
    record = read_replay_record(body)
    if record is None or isinstance(record, Refusal):
        return Refusal(REPLAY_RECORD_INVALID, where="record")
    return replay_state(proposal=proposal.id, record=record, actor=actor, now=now)


def _open(proposal: Proposal, _form: Form, actor: Actor, now: datetime) -> Proposal | Refusal:
    return vote_open(proposal=proposal.id, actor=actor, now=now)


def _opinion(proposal: Proposal, form: Form, actor: Actor, now: datetime) -> Refusal | None:
    alarm, verdict, reason = (form.texts.get(name, "") for name in ("alarm", "verdict", "reason"))
    struck = form.texts.get("struck", "").replace(",", " ").split()
    return opinion_state(
        proposal=proposal.id, alarm=alarm, verdict=verdict, reason=reason, struck=struck, actor=actor, now=now
    )


def _appeal(proposal: Proposal, form: Form, actor: Actor, now: datetime) -> Refusal | None:
    matter, about, reason = (form.texts.get(name, "") for name in ("matter", "about", "appeals_because"))
    made = appeal_lodge(proposal=proposal.id, matter=matter, about=about, reason=reason, actor=actor, now=now)
    return _at_field(made, "appeals_because") if isinstance(made, Refusal) else None


def _decide_appeal(proposal: Proposal, form: Form, actor: Actor, now: datetime) -> Refusal | None:
    appeal, verdict, reason = (form.texts.get(name, "") for name in ("appeal", "verdict", "decides_because"))
    made = appeal_opinion_state(
        proposal=proposal.id, appeal=appeal, verdict=verdict, reason=reason, actor=actor, now=now
    )
    return _at_field(made, "decides_because") if isinstance(made, Refusal) else None


def _at_field(refusal: Refusal, name: str) -> Refusal:
    """A refusal of the reason, at the field in which the form asks for it."""
    return replace(refusal, where=name) if refusal.where == "reason" else refusal


def _adopt(proposal: Proposal, form: Form, actor: Actor, now: datetime) -> Proposal | Refusal:
    try:
        effective = date.fromisoformat(form.texts.get("effective", ""))
    except ValueError:
        return Refusal(DAY_INVALID, where="effective")
    territory, title, publisher, reference = (
        form.texts.get(name, "") for name in ("territory", "title", "publisher", "reference")
    )
    articles = [each for each in form.texts.get("articles", "").split("\n") if each]
    return proposal_adopt(
        proposal=proposal.id,
        articles=articles,
        effective=effective,
        cited=ActCited(territory, title, publisher, reference),
        actor=actor,
        now=now,
    )


def _decline(proposal: Proposal, form: Form, actor: Actor, now: datetime) -> Proposal | Refusal:
    territory, reason = form.texts.get("territory", ""), form.texts.get("declines", "")
    return proposal_decline(proposal=proposal.id, territory=territory, reason=reason, actor=actor, now=now)


def _withdraw_adoption(proposal: Proposal, form: Form, actor: Actor, now: datetime) -> Proposal | Refusal:
    try:
        last_day = date.fromisoformat(form.texts.get("last_day", ""))
    except ValueError:
        return Refusal(DAY_INVALID, where="last_day")
    act, reason = form.texts.get("act", ""), form.texts.get("ends_because", "")
    made = adoption_withdraw(proposal=proposal.id, act=act, last_day=last_day, reason=reason, actor=actor, now=now)
    if isinstance(made, Refusal) and made.where == "reason":
        return replace(made, where="ends_because")
    return made


def _renew_adoption(proposal: Proposal, form: Form, actor: Actor, now: datetime) -> Proposal | Refusal:
    last_day = day_of_field(form.texts.get("renewed_until", ""), "renewed_until")
    if not isinstance(last_day, date):
        return last_day or Refusal(DAY_INVALID, where="renewed_until")
    title, publisher, reference = (
        form.texts.get(f"renewing_{name}", "") for name in ("title", "publisher", "reference")
    )
    cited = ActCited("", title, publisher, reference)
    act = form.texts.get("act", "")
    made = adoption_renew(proposal=proposal.id, act=act, last_day=last_day, cited=cited, actor=actor, now=now)
    return replace(made, where="renewed_until") if isinstance(made, Refusal) and made.where == "last_day" else made


def _send_back(proposal: Proposal, form: Form, actor: Actor, now: datetime) -> Refusal | None:
    choice, reason = form.texts.get("choice", ""), form.texts.get("sent_back_because", "")
    refused = send_back_cast(proposal=proposal.id, choice=choice, reason=reason, actor=actor, now=now)
    return replace(refused, where="sent_back_because") if refused is not None and refused.where == "reason" else refused


# By the name of the form.
DEEDS: Mapping[str, Deed] = {
    "submit": _submit,
    "sponsor": _command(lambda _form: SponsorProposal()),
    "unsponsor": _command(lambda _form: EndSponsorship()),
    "withdraw": _withdraw,
    "supersede": _command(lambda form: SupersedeProposal(form.texts.get("by", ""))),
    "suggest": _suggest,
    "accept": _accept,
    "reject": _command(lambda form: RejectAmendment(form.texts.get("amendment", ""))),
    "take_back": _command(lambda form: WithdrawAmendment(form.texts.get("amendment", ""))),
    "comment": _comment,
    "replay": _replay,
    "recomputed": _recompute_replay,
    "open": _open,
    "opinion": _opinion,
    "adopt": _adopt,
    "decline": _decline,
    "withdraw_adoption": _withdraw_adoption,
    "renew_adoption": _renew_adoption,
    "send_back": _send_back,
    "appeal": _appeal,
    "decide_appeal": _decide_appeal,
}
