"""The published reports of replays that this installation made, and whether one is being made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.jobs.reading.worker_wait import message_waiting
from ewtp.apps.proposals.store.models import ReplayMade, ReplayReport
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ewtp.apps.jobs.reading.worker_wait import WaitingMessage

# The topic of the message that has a worker replay a proposal.
REPLAY_WANTED = "replay_wanted"


def reports_held(results: Iterable[str]) -> Mapping[str, dict[str, Any]]:
    """The reports with these digests, by digest; those that are not kept here are left out.

    A report from before there were published ones has no words of its own, and is left out as well.
    """
    rows = ReplayReport.objects.filter(digest__in=set(results)).values_list("digest", "report")
    return {digest: report for digest, report in rows if "summary" in report}


@immutable
class OwnReport:
    """The report of a replay that is kept here: of which change, over what data, and under which digest."""

    change: str
    data: str
    digest: str
    report: dict[str, Any]


def own_reports() -> list[OwnReport]:
    """Every report that is kept here and is the result of some replay of a proposal, the oldest first."""
    made = list(ReplayMade.objects.order_by("id").values_list("change", "data", "result"))
    kept = reports_held(result for _, _, result in made)
    return [OwnReport(change, data, result, kept[result]) for change, data, result in made if result in kept]


def list_report_digests() -> tuple[str, ...]:
    """The digests of all reports that are kept here, in order."""
    return tuple(ReplayReport.objects.order_by("digest").values_list("digest", flat=True))


def replay_waiting(proposal: str) -> WaitingMessage | None:
    """What has a worker replay the proposal, while it waits or is under way; None where nobody asked or it is done."""
    return message_waiting(topic=REPLAY_WANTED, payload={"proposal": proposal})
