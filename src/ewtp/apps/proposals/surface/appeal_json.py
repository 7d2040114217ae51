"""Appeals as the API writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.votes.appeal import Appeal


def appeal_json(appeal: Appeal, now: datetime) -> dict[str, Any]:
    """An appeal with its stage at a moment, who decides it, and what was said."""
    return {
        "id": appeal.id,
        "matter": appeal.matter,
        "about": appeal.about or None,
        "by": appeal.by,
        "reason": appeal.reason,
        "at": appeal.at.isoformat(),
        "until": appeal.until.isoformat(),
        "stage": appeal.stage(now),
        "body": None if appeal.body is None else list(appeal.body),
        "opinions": [
            {"group": each.group, "member": each.member, "verdict": each.verdict, "reason": each.reason}
            for each in appeal.opinions
        ],
        "answer": appeal.answer or None,
        "decided": appeal.decided.isoformat() if appeal.decided else None,
    }
