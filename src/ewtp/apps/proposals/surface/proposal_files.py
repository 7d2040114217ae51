"""The list of proposals, and what economies did with them, as tables for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ewtp.apps.proposals.reading.proposal_list import proposals_page
from ewtp.core.proposals.proposal import ProposalStage, proposal_stage_of, stage_limit
from ewtp.core.values.spreadsheet import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from ewtp.core.proposals.proposal import Proposal

# At most this many are read at a time; the file has all.
_AT_ONCE = 200
PROPOSAL_COLUMNS = ("id", "title", "stage", "until", "author", "economy", "at", "changeset", "adopted_by")
ADOPTION_COLUMNS = (
    *("proposal", "title", "economy", "decision", "articles", "effective", "act", "at"),
    *("last_day", "ending", "reason"),
)


@require_safe
def proposals_csv(request: Any) -> HttpResponse:
    """Every proposal but drafts, newest first; with ``stage`` those in it."""
    now, stage = timezone.now(), request.GET.get("stage", "")
    rows = (
        {
            "id": each.id,
            "title": cell_text(each.title),
            "stage": proposal_stage_of(each, now),
            "until": _moment(stage_limit(each, now)),
            "author": each.author.organisation,
            "economy": cell_text(each.author.economy),
            "at": each.at.isoformat(),
            "changeset": each.version.content.changeset,
            "adopted_by": " ".join(dict.fromkeys(one.territory for one in each.adoptions)),
        }
        for each in _proposals(stage if stage in set(ProposalStage) else "", now)
    )
    return _file("proposals.csv", PROPOSAL_COLUMNS, rows)


@require_safe
def adoptions_csv(request: Any) -> HttpResponse:  # noqa: ARG001 - Django calls a view with it
    """What each economy did with each proposal that passed: a row for each adoption and each refusal."""
    now = timezone.now()
    rows = (row for each in _proposals(ProposalStage.PASSED, now) for row in _decisions(each, now.date()))
    return _file("adoptions.csv", ADOPTION_COLUMNS, rows)


def _decisions(proposal: Proposal, today: date) -> Iterator[dict[str, Any]]:
    named = {"proposal": proposal.id, "title": cell_text(proposal.title)}
    for each in proposal.adoptions:
        yield named | {
            "economy": cell_text(each.territory),
            "decision": "adopted",
            "articles": cell_text(" ".join(each.articles)),
            "effective": each.effective.isoformat(),
            "act": each.act,
            "at": each.at.isoformat(),
            "last_day": each.last_day.isoformat() if each.last_day else "",
            "ending": each.find_ending(today) or "",
            "reason": cell_text(each.reason),
        }
    for declined in proposal.declines:
        yield named | {
            "economy": cell_text(declined.territory),
            "decision": "declined",
            "at": declined.at.isoformat(),
            "reason": cell_text(declined.reason),
        }


def _proposals(stage: str, now: datetime) -> Iterator[Proposal]:
    before = 0
    while True:
        found, before = proposals_page(before=before, limit=_AT_ONCE, stage=stage, now=now)
        yield from found
        if not before:
            return


def _file(name: str, columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> HttpResponse:
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, list(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)
    response = HttpResponse(sheet.getvalue().encode(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
