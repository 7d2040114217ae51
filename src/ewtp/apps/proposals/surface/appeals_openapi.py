"""The shapes of appeals in the API's description, with examples of what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.http.surface.schemas import MOMENT, TEXT, array, explain, nullable, one_of, record, ref
from ewtp.core.votes.appeal import AppealStage
from ewtp.core.votes.appeal_events import AppealMatter, AppealVerdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

COMPONENTS: Mapping[str, Schema] = {
    "Appeal": record(
        {
            "id": TEXT,
            "matter": one_of(*AppealMatter),
            "about": explain(nullable(TEXT), "The kind of alarm, or the member, that it is about."),
            "by": TEXT,
            "reason": TEXT,
            "at": MOMENT,
            "until": explain(MOMENT, "When the result stands if nobody has decided."),
            "stage": one_of(*AppealStage),
            "body": explain(nullable(array(TEXT)), "The owner groups that the log drew; null before that."),
            "opinions": array(
                record({"group": TEXT, "member": TEXT, "verdict": one_of(*AppealVerdict), "reason": TEXT})
            ),
            "answer": explain(nullable(TEXT), "The reasons of those who agreed."),
            "decided": nullable(MOMENT),
        }
    ),
    "Appeals": record({"items": array(ref("Appeal"))}),
    "NewAppeal": record(
        {
            "matter": one_of(*AppealMatter),
            "about": explain(TEXT, "Of an alarm its kind, of a ballot the member."),
            "reason": explain(TEXT, "Published."),
        },
        optional=("about",),
    ),
    "NewAppealOpinion": record(
        {"appeal": TEXT, "verdict": one_of(*AppealVerdict), "reason": explain(TEXT, "Published.")}
    ),
}
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "appeal": {"A vote": {"matter": "vote", "reason": "The notice of the vote did not reach our house."}},
    "opinion": {
        "Let it stand": {
            "appeal": "apl_019f0000000070008000000000000000",
            "verdict": "dismissed",
            "reason": "The notice is in the log.",
        }
    },
}
