"""A barrier as JSON, for anybody: it names authorities, never a reporter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.organisations.reading.organisation_list import agencies_named
from ewtp.core.barriers.barrier import SECRETARIAT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ewtp.apps.barriers.reading.barrier_list import BarrierDetail, BarrierMoment, BarrierSummary
    from ewtp.apps.organisations.reading.organisation_list import Agency
    from ewtp.core.barriers.barrier import AuthorityAnswer, ClaimTally, Report, RuleReported
    from ewtp.core.barriers.stage import Clock, RuleChange


def summaries_json(barriers: Iterable[BarrierSummary]) -> list[dict[str, Any]]:
    """Barriers of a list."""
    listed = list(barriers)
    agencies = agencies_named([name for each in listed for name in _name_organisations(each)])
    return [_summary_json(each, agencies) for each in listed]


def barrier_json(barrier: BarrierDetail) -> dict[str, Any]:
    """A barrier with its reports and its history."""
    named = [moment.facts.get("organisation", "") for moment in barrier.history]
    agencies = agencies_named([*named, *_name_organisations(barrier.summary)])
    return {
        **_summary_json(barrier.summary, agencies),
        "reports": [_report_json(each) for each in barrier.reports],
        "history": [_moment_json(each, agencies) for each in barrier.history],
    }


def _name_organisations(barrier: BarrierSummary) -> tuple[str, ...]:
    answer = barrier.progress.answer
    return (barrier.progress.owner, answer.organisation if answer else "")


def _summary_json(barrier: BarrierSummary, agencies: Mapping[str, Agency]) -> dict[str, Any]:
    progress = barrier.progress
    return {
        "id": barrier.id,
        "measure_key": barrier.matter.measure_key,
        "product": barrier.matter.product or None,
        "economy": barrier.matter.economy or None,
        "rule": _rule_json(barrier.rule),
        "stage": barrier.stage.value,
        "open": barrier.is_open,
        "age_days": barrier.age,
        "reported": progress.reported.isoformat(),
        "opened": progress.opened.isoformat(),
        "reporters": {"groups": barrier.groups, "verified": barrier.verified_groups, "visitors": barrier.visitors},
        "owner": party_json(progress.owner, agencies),
        "answer": _answer_json(progress.answer, agencies),
        "claim": _claim_json(progress.claim),
        "escalated": progress.escalated.isoformat() if progress.escalated else None,
        "clocks": [_clock_json(each) for each in barrier.clocks],
        "change": _change_json(barrier.change),
    }


def _rule_json(rule: RuleReported) -> dict[str, Any] | None:
    if not rule.measure:
        return None
    names = ("measure", "kind", "territory", "title", "agency", "document")
    return {**{name: getattr(rule, name) for name in names}, "mast_chapter": rule.mast_chapter or None}


def party_json(organisation: str, agencies: Mapping[str, Agency]) -> dict[str, Any] | None:
    """An authority by its identifier, with its name where it is an agency; None for nobody."""
    if not organisation:
        return None
    agency = agencies.get(organisation)
    name = "" if organisation == SECRETARIAT or agency is None else agency.name
    return {"organisation": organisation, "name": name or None}


def _answer_json(answer: AuthorityAnswer | None, agencies: Mapping[str, Agency]) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {
        "kind": answer.kind.value,
        "reason": answer.reason,
        "by": party_json(answer.organisation, agencies),
        "at": answer.at.isoformat(),
        "promised": answer.promised.isoformat() if answer.promised else None,
    }


def _claim_json(claim: ClaimTally | None) -> dict[str, Any] | None:
    if claim is None:
        return None
    return {"at": claim.at.isoformat(), "asked": claim.asked, "yes": claim.yes, "no": claim.no}


def _clock_json(clock: Clock) -> dict[str, Any]:
    return {
        "name": clock.name.value,
        "started": clock.started.isoformat(),
        "due": clock.due.isoformat(),
        "overdue_days": clock.overdue_days,
    }


def _change_json(change: RuleChange | None) -> dict[str, Any] | None:
    if change is None:
        return None
    return {"kind": change.kind.value, "day": change.day.isoformat(), "measure": change.measure}


def _report_json(report: Report) -> dict[str, Any]:
    return {
        "id": report.id,
        "at": report.at.isoformat(),
        "text": report.text or None,
        "language": report.language or None,
        "means": report.means.value,
        "evidence": dict(report.evidence),
        "withheld": report.withheld or None,
    }


def _moment_json(moment: BarrierMoment, agencies: Mapping[str, Agency]) -> dict[str, Any]:
    facts = {name: value for name, value in moment.facts.items() if name != "organisation"}
    by = party_json(moment.facts.get("organisation", ""), agencies)
    return {"at": moment.at.isoformat(), "kind": moment.kind, "by": by, "facts": facts}
