"""The shapes of barriers in the API's description, with examples of what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja import PathEx
from ninja.params import P

from ewtp.apps.http.surface.list_page import PAGE_PARAMETERS
from ewtp.apps.http.surface.query import QueryParameter
from ewtp.apps.http.surface.schemas import (
    ANY_OBJECT,
    BOOLEAN,
    DATE,
    INTEGER,
    MOMENT,
    TEXT,
    array,
    explain,
    nullable,
    one_of,
    record,
    ref,
)
from ewtp.core.barriers.barrier import AnswerKind, Means
from ewtp.core.barriers.stage import ChangeKind, ClockName, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

BarrierId = PathEx[str, P(description="The id of a barrier, which `GET /barriers` lists.")]
STAGES = ("open", *Stage)
LIST_PARAMETERS = (
    QueryParameter("economy", "Only barriers of this economy.", example="US"),
    QueryParameter("product", "Only products whose code begins with these digits."),
    QueryParameter("agency", "Only rules of this agency, as the rulebook names it."),
    QueryParameter("stage", "Only barriers in this stage; `open` is every stage but confirmed and changed."),
    *PAGE_PARAMETERS,
)
_ANSWER = explain(TEXT, "The id of an answer, from which the evidence is taken.")
_LANGUAGE = explain(TEXT, "The language of the text (BCP 47), where the reporter says.")
_EVIDENCE = explain(ANY_OBJECT, "What the answer said that day.")
_PARTY = explain(
    nullable(record({"organisation": TEXT, "name": explain(nullable(TEXT), "Null for the secretariat.")})),
    "An agency, or `secretariat`; null while nobody is named.",
)
_SUMMARY: dict[str, Any] = {
    "id": TEXT,
    "measure_key": explain(TEXT, "What barriers are merged by, with product and economy."),
    "product": explain(nullable(TEXT), "Six digits of the Harmonized System; null where nobody has said."),
    "economy": explain(nullable(TEXT), "Null where nobody has said."),
    "rule": explain(nullable(ref("BarrierRule")), "The rule as it was reported; null where there is none."),
    "stage": one_of(*Stage),
    "open": BOOLEAN,
    "age_days": explain(INTEGER, "Whole days since the first report."),
    "reported": MOMENT,
    "opened": explain(MOMENT, "The first report, or the last reopening."),
    "reporters": explain(
        record({"groups": INTEGER, "verified": INTEGER, "visitors": INTEGER}),
        "Owner groups, each once; those of which an identity was verified; and reports of visitors, who do not count.",
    ),
    "owner": _PARTY,
    "answer": nullable(
        record(
            {
                "kind": one_of(*AnswerKind),
                "reason": TEXT,
                "by": _PARTY,
                "at": MOMENT,
                "promised": explain(nullable(DATE), "The day by which it will change."),
            }
        )
    ),
    "claim": explain(
        nullable(record({"at": MOMENT, "asked": INTEGER, "yes": INTEGER, "no": INTEGER})),
        "The last claim that it is resolved, how many reporters were asked, and what they said.",
    ),
    "escalated": explain(nullable(MOMENT), "When every government was told that nobody answered."),
    "clocks": explain(
        array(record({"name": one_of(*ClockName), "started": MOMENT, "due": MOMENT, "overdue_days": INTEGER})),
        "The times that run now.",
    ),
    "change": explain(
        nullable(record({"kind": one_of(*ChangeKind), "day": DATE, "measure": TEXT})),
        "How the rulebook has changed the rule by now, be it before the report.",
    ),
}
COMPONENTS: Mapping[str, Schema] = {
    "BarrierRule": record(
        {
            **dict.fromkeys(("measure", "kind", "territory", "title", "agency", "document"), TEXT),
            "mast_chapter": explain(nullable(TEXT), "The chapter of UNCTAD's MAST, where the rulebook has it."),
        }
    ),
    "BarrierSummary": record(_SUMMARY),
    "BarrierPage": record(
        {
            "items": array(ref("BarrierSummary")),
            "median_age_days": explain(nullable(INTEGER), "Of the open ones that the filter keeps."),
            "next": nullable(TEXT),
        }
    ),
    "Barrier": record(
        {
            **_SUMMARY,
            "reports": array(
                record(
                    {
                        "id": TEXT,
                        "at": MOMENT,
                        "text": explain(nullable(TEXT), "Null where the operator withholds it."),
                        "language": nullable(TEXT),
                        "means": one_of(*Means),
                        "evidence": _EVIDENCE,
                        "withheld": explain(nullable(TEXT), "Why the text is withheld."),
                    }
                )
            ),
            "history": array(
                record(
                    {
                        "at": MOMENT,
                        "kind": explain(TEXT, "What happened, as source:subject:action."),
                        "by": _PARTY,
                        "facts": ANY_OBJECT,
                    }
                )
            ),
        }
    ),
    "NewBarrierReport": record(
        {
            "text": explain(TEXT, "One sentence, in any language: what stops you."),
            "language": _LANGUAGE,
            "answer": _ANSWER,
            "line": explain(INTEGER, "Which line of the answer, from 0."),
            "measure": explain(TEXT, "A rule of the line, or `unknown:CODE`; left out, all that the product meets."),
            "product": explain(TEXT, "Without an answer: a tariff code of six digits or more."),
            "economy": explain(TEXT, "Without an answer: where the goods go."),
        },
        optional=("language", "answer", "line", "measure", "product", "economy"),
    ),
    "BarrierAnswer": record({"kind": one_of(*AnswerKind), "reason": TEXT, "promised": DATE}, optional=("promised",)),
    "PhoneMessage": record(
        {
            "from": explain(TEXT, "The number of the phone, which is not kept."),
            "text": TEXT,
            **dict.fromkeys(("id", "to", "channel"), explain(TEXT, "As RapidPro sends it; not read.")),
        },
        optional=("id", "to", "channel"),
    ),
    "PhoneStep": record(
        {
            "sessionId": TEXT,
            "phoneNumber": explain(TEXT, "The number of the phone, which is not kept."),
            "text": explain(TEXT, "All that was typed so far, joined by stars."),
            "serviceCode": explain(TEXT, "As Africa's Talking sends it; not read."),
        },
        optional=("serviceCode",),
    ),
    "PhoneText": explain(TEXT, "What the phone shows; empty where nothing is to be sent."),
    "BarrierClaim": record({"reason": explain(TEXT, "Why it is gone.")}),
    "BarrierConfirmation": record({"resolved": BOOLEAN}),
    "BarrierReopening": record(
        {"text": explain(TEXT, "What is new."), "language": _LANGUAGE, "answer": _ANSWER, "measure": TEXT},
        optional=("language", "answer", "measure"),
    ),
}
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "report": {
        "In words": {
            "text": "Two offices ask for the same certificate, and each takes three weeks.",
            "language": "en",
            "product": "610910",
            "economy": "US",
        }
    },
    "answer": {
        "Will change": {
            "kind": "will_change",
            "reason": "One office will accept the paper of the other.",
            "promised": "2027-03-01",
        }
    },
    "claim": {"Gone": {"reason": "The second certificate is no longer asked for."}},
    "confirmation": {"Not gone": {"resolved": False}},
    "reopening": {"New": {"text": "The second certificate was asked for again on Monday."}},
}
