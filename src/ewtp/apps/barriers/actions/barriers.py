"""Report barriers and act on them: each action gives one command, which is decided and stored in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.accounts.actions.rate_limit import RateLimit, rate_limit_consume
from ewtp.apps.barriers.actions.barrier_rows import BarrierRows
from ewtp.apps.barriers.reading.barrier_list import barrier_change
from ewtp.apps.barriers.reading.speakers import speaker_of
from ewtp.apps.barriers.store.models import FocalPoint
from ewtp.apps.decisions.actions.decision import decision_make
from ewtp.core.barriers.barrier_commands import BarrierEnvelope, ReopenBarrier, ReportBarrier
from ewtp.core.barriers.barrier_decisions import BARRIER
from ewtp.core.barriers.stage import ANSWER_TIME
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.row_security import system_rows
from ewtp.gateways.fresh_ids import fresh_id

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.barriers.barrier import Barrier, Means
    from ewtp.core.barriers.barrier_commands import BarrierCommand, Speaker
    from ewtp.core.barriers.evidence import ReportedFinding
    from ewtp.core.values.actor import Actor

PREFIX = "rep"
# A visitor who meets more in a day can ask for an account; a program that floods the list cannot.
VISITOR_REPORTS = RateLimit("visitor_reports", 10, ANSWER_TIME / 30)


def barrier_report(
    *, finding: ReportedFinding, text: str, language: str, means: Means, actor: Actor, client: str, now: datetime
) -> Barrier | Refusal:
    """Report a barrier; whoever speaks for no organisation is a visitor, counted apart and limited by ``client``.

    Refuses with ``report_unreadable``, ``reports_too_many`` or, for a visitor, ``rate_exceeded``.
    """
    speaker = speaker_of(actor, now.date())
    if not (speaker.group and speaker.speaks):
        exceeded = rate_limit_consume(limit=VISITOR_REPORTS, who=client, now=now)
        if exceeded is not None:
            return exceeded
    focal_point = FocalPoint.objects.filter(economy=finding.matter.economy).values_list("organisation", flat=True)
    command = ReportBarrier(
        id=fresh_id(PREFIX, now),
        matter=finding.matter,
        rule=finding.rule,
        text=text,
        language=language,
        means=means,
        evidence=finding.evidence,
        focal_point=focal_point.first() or "",
    )
    return _decide_barrier(finding.matter.id, command, speaker, actor, now)


def barrier_reopen(
    *,
    barrier: str,
    finding: ReportedFinding | None,
    text: str,
    language: str,
    means: Means,
    actor: Actor,
    now: datetime,
) -> Barrier | Refusal:
    """Reopen a barrier as one of its reporters, with the finding of a new answer where there is one."""
    evidence = finding.evidence if finding is not None else {}
    command = ReopenBarrier(fresh_id(PREFIX, now), text, language, means, evidence)
    return barrier_act(barrier=barrier, command=command, actor=actor, now=now)


def barrier_act(*, barrier: str, command: BarrierCommand, actor: Actor, now: datetime) -> Barrier | Refusal:
    """Have a command to a barrier done; refuses as core's ``decide_barrier`` does."""
    return _decide_barrier(barrier, command, speaker_of(actor, now.date()), actor, now)


@transaction.atomic
def _decide_barrier(
    barrier: str, command: BarrierCommand, speaker: Speaker, actor: Actor, now: datetime
) -> Barrier | Refusal:
    envelope = BarrierEnvelope(barrier, command, speaker, barrier_change(barrier, now.date()))
    with system_rows("a barrier is decided over the reports of all"):
        outcome = decision_make(aggregate=BARRIER, rows=BarrierRows(actor), key=barrier, command=envelope, now=now)
    if isinstance(outcome, Refusal):
        return outcome
    if outcome.state is None:
        msg = f"{command} left no barrier"
        raise ValueError(msg)
    return outcome.state
