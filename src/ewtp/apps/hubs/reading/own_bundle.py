"""What this hub gives others: a bundle of its log that everybody may read, and reports of replays beside it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from ewtp.apps.log.reading.log_bundle import bundle_lines
from ewtp.apps.proposals.reading.replay_reports import own_reports
from ewtp.apps.proposals.reading.roll_lines import election_lines, roll_lines
from ewtp.core.log.bundle_format import report_line
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def own_bundle(since: int, now: datetime) -> Iterator[bytes] | Refusal:
    """The lines of a bundle for other hubs with the entries from number ``since`` on; refuses as ``bundle_lines`` does.

    Every report of a replay that is kept here goes with it, whenever it was made: few are, and each is checked against
    the log of whoever reads it.
    """
    lines = bundle_lines(since, public=True)
    if isinstance(lines, Refusal):
        return lines
    reports = {each.digest: each.report for each in own_reports()}
    beside = (report_line(digest, report) for digest, report in reports.items())
    return chain(lines, roll_lines(since), election_lines(now, since), beside)
