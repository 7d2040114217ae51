"""A barrier in the tables: read as a value of core, and changed by its events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.barriers.store.models import BarrierRow, BarrierStep, ClaimReplyRow, ReporterRow, ReportRow
from ewtp.core.barriers import barrier_events as happened
from ewtp.core.barriers.barrier import (
    AnswerKind,
    AuthorityAnswer,
    Barrier,
    BarrierMatter,
    ClaimTally,
    Means,
    Progress,
    Report,
    RuleReported,
)

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.barriers.barrier_events import BarrierEvent

_RULE = ("measure", "kind", "territory", "title", "agency", "document", "mast_chapter", "content")


def barrier_value(row: BarrierRow) -> Barrier:
    """The barrier of a row, with its reporters, which only the system sees."""
    replies = list(row.replies.order_by("id"))
    return Barrier(
        id=row.id,
        matter=matter_value(row),
        rule=rule_value(row),
        progress=progress_value(row),
        reports=tuple(
            report_value(each, getattr(each, "reporter", None))
            for each in row.reports.select_related("reporter").order_by("number")
        ),
        asked=frozenset(each.owner_group for each in replies),
        replies={each.owner_group: each.agrees for each in replies if each.agrees is not None},
    )


def matter_value(row: BarrierRow) -> BarrierMatter:
    """What the barrier of a row is about."""
    return BarrierMatter(row.measure_key, row.product, row.economy)


def rule_value(row: BarrierRow) -> RuleReported:
    """The rule that the barrier of a row is about."""
    return RuleReported(**{name: getattr(row, name) for name in _RULE})


def progress_value(row: BarrierRow) -> Progress:
    """How far the barrier of a row has come."""
    answer = claim = None
    if row.answered is not None:
        kind = AnswerKind(row.answer_kind)
        answer = AuthorityAnswer(kind, row.answer_reason, row.answer_organisation, row.answered, row.promised)
    if row.claimed is not None:
        claim = ClaimTally(row.claimed, row.asked, row.yes, row.no)
    return Progress(row.reported, row.opened, row.unowned, row.owner, answer, claim, row.escalated)


def report_value(row: ReportRow, reporter: ReporterRow | None) -> Report:
    """The report of a row; a visitor's where there is no ``reporter``, or where who reads may not see one."""
    return Report(
        id=row.id,
        at=row.at,
        text=row.text,
        language=row.language,
        means=Means(row.means),
        evidence=row.evidence,
        group=reporter.owner_group if reporter else "",
        organisation=reporter.organisation if reporter else "",
        verified=reporter.verified if reporter else False,
        withheld=row.withheld,
    )


def event_record(barrier: str, event: BarrierEvent, after: Barrier, now: datetime) -> None:
    """Write what an event changes; ``after`` is the barrier after all events of the command."""
    match event:
        case happened.BarrierOpened(identity, matter, rule):
            named = {name: getattr(rule, name) for name in _RULE}
            BarrierRow.objects.create(
                id=identity,
                measure_key=matter.measure_key,
                product=matter.product,
                economy=matter.economy,
                reported=event.at,
                opened=event.at,
                unowned=event.at,
                **named,
            )
        case happened.BarrierReported(report):
            _report_record(barrier, report)
        case happened.ReportWithheld(identity):
            ReportRow.objects.filter(barrier__id=barrier, id=identity).update(text="", withheld=event.reason)
        case happened.ResolutionClaimed(asked=asked):
            ClaimReplyRow.objects.filter(barrier__id=barrier).delete()
            rows = [ClaimReplyRow(barrier_id=barrier, owner_group=group) for group in asked]
            ClaimReplyRow.objects.bulk_create(rows)
        case happened.ClaimReplied(group, agrees):
            ClaimReplyRow.objects.filter(barrier__id=barrier, owner_group=group).update(agrees=agrees)
        case _ if after.progress.claim is None:
            ClaimReplyRow.objects.filter(barrier__id=barrier).delete()
    facts = step_facts(event)
    if facts is not None:
        BarrierStep.objects.create(barrier_id=barrier, at=now, kind=event.kind, facts=facts)
    progress_record(after)


def _report_record(barrier: str, report: Report) -> None:
    ReportRow.objects.create(
        id=report.id,
        barrier_id=barrier,
        at=report.at,
        text=report.text,
        language=report.language,
        means=report.means,
        evidence=report.evidence,
    )
    if report.group:
        ReporterRow.objects.create(
            report_id=report.id,
            organisation=report.organisation,
            owner_group=report.group,
            verified=report.verified,
        )


def step_facts(event: BarrierEvent) -> dict[str, str | int | None] | None:
    """What the public timeline says of an event; None where it says nothing, because it would name a reporter."""
    match event:
        case happened.OwnerNamed(owner):
            return {"organisation": owner}
        case happened.BarrierAnswered(answer):
            promised = answer.promised.isoformat() if answer.promised else None
            return {
                "organisation": answer.organisation,
                "answer": answer.kind.value,
                "reason": answer.reason,
                "promised": promised,
            }
        case happened.ResolutionClaimed():
            return {"organisation": event.organisation, "reason": event.reason, "asked": len(event.asked)}
        case happened.BarrierOpened() | happened.BarrierReopened() | happened.SilenceEscalated():
            return {}
        case _:
            return None


def progress_record(after: Barrier) -> None:
    """Write how far a barrier has come, and how many reported it."""
    progress, answer, claim = after.progress, after.progress.answer, after.progress.claim
    BarrierRow.objects.filter(id=after.id).update(
        opened=progress.opened,
        unowned=progress.unowned,
        owner=progress.owner,
        answer_kind=answer.kind if answer else "",
        answer_reason=answer.reason if answer else "",
        answer_organisation=answer.organisation if answer else "",
        answered=answer.at if answer else None,
        promised=answer.promised if answer else None,
        claimed=claim.at if claim else None,
        asked=claim.asked if claim else 0,
        yes=claim.yes if claim else 0,
        no=claim.no if claim else 0,
        escalated=progress.escalated,
        groups=len(after.groups),
        verified_groups=len(after.verified_groups),
        visitors=after.visitors,
    )
