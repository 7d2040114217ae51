"""An appeal in its table, read as a value of core and written back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.votes.appeal import Appeal, AppealOpinion
from ewtp.core.votes.appeal_events import AppealMatter, AppealVerdict

if TYPE_CHECKING:
    from ewtp.apps.proposals.store import models


def appeal_value(row: models.Appeal) -> Appeal:
    """The appeal of a row."""
    return Appeal(
        row.id,
        AppealMatter(row.matter),
        row.about,
        row.by,
        row.group,
        row.reason,
        row.until,
        row.at,
        None if row.body is None else tuple(row.body),
        tuple(AppealOpinion(group, member, AppealVerdict(said), why) for group, member, said, why in row.opinions),
        AppealVerdict(row.verdict) if row.verdict else None,
        row.answer,
        row.decided,
    )


def appeal_columns(appeal: Appeal) -> dict[str, Any]:
    """The columns of an appeal but its id and its vote."""
    return {
        **{name: getattr(appeal, name) for name in ("matter", "about", "by", "group", "reason", "until", "at")},
        "body": None if appeal.body is None else list(appeal.body),
        "opinions": [[each.group, each.member, str(each.verdict), each.reason] for each in appeal.opinions],
        "verdict": appeal.verdict or "",
        "answer": appeal.answer,
        "decided": appeal.decided,
    }
