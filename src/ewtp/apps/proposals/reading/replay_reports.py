"""The published reports of replays that this installation made, and whether one is being made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.jobs.reading.waiting_message import message_waiting
from ewtp.apps.proposals.store.models import ReplayReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ewtp.apps.jobs.reading.waiting_message import WaitingMessage

# The topic of the message that has a worker replay a proposal.
REPLAY_WANTED = "replay_wanted"


def reports_held(results: Iterable[str]) -> Mapping[str, dict[str, Any]]:
    """The reports with these digests, by digest; those that are not kept here are left out.

    A report from before there were published ones has no words of its own, and is left out as well.
    """
    rows = ReplayReport.objects.filter(digest__in=set(results)).values_list("digest", "report")
    return {digest: report for digest, report in rows if "summary" in report}


def replay_waiting(proposal: str) -> WaitingMessage | None:
    """What has a worker replay the proposal, while it waits or is under way; None where nobody asked or it is done."""
    return message_waiting(topic=REPLAY_WANTED, payload={"proposal": proposal})
