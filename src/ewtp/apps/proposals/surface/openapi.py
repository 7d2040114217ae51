"""The shapes of proposals and votes in the API's description, with examples of what is sent."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ninja import PathEx
from ninja.params import P

from ewtp.apps.http.surface.list_page import PAGE_PARAMETERS
from ewtp.apps.http.surface.query import QueryParameter
from ewtp.apps.http.surface.schemas import (
    ANY_OBJECT,
    BOOLEAN,
    DATE,
    DIGEST,
    ECONOMY,
    INTEGER,
    MOMENT,
    TEXT,
    array,
    by_name,
    explain,
    nullable,
    one_of,
    record,
    ref,
)
from ewtp.apps.proposals.reading.market_outlook import ChangeState
from ewtp.apps.proposals.surface.replay_openapi import REPLAY_COMPONENTS
from ewtp.core.organisations.house import House
from ewtp.core.proposals.proposal import AdoptionEnding, AmendmentState, Outcome, ProposalStage
from ewtp.core.votes.ballot import BallotMode
from ewtp.core.votes.vote_events import AlarmKind, AlarmVerdict
from ewtp.core.votes.vote_state import VoteStage
from ewtp.core.votes.vote_tally import Choice, Majority

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

Identity = PathEx[str, P(description="The id of a proposal, which `GET /proposals` lists.")]
# What a route that changes something may refuse with.
WRITE_PROBLEMS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
PROPOSAL_PARAMETERS = (
    *PAGE_PARAMETERS,
    QueryParameter("stage", "Those that are in a stage.", "voting", schema=one_of(*ProposalStage)),
)
LANGUAGE_PARAMETER = QueryParameter("language", "A language of the pages, such as fr; en without it.", "fr")
ADOPTION_PARAMETERS = (
    *PAGE_PARAMETERS,
    QueryParameter("territory", "Those of one economy.", "US", schema=ECONOMY),
)
CHANGE_PARAMETERS = (
    QueryParameter("economy", "The market.", "US", schema=ECONOMY),
    QueryParameter("hs", "The code of the goods.", "940130"),
    QueryParameter("date", "The day around which; today without it.", "2027-01-01", schema=DATE),
)
_CONTENT = {
    "digest": explain(DIGEST, "Of the text with the change that it makes."),
    "changeset": explain(DIGEST, "Of the change alone: what is voted on."),
    "rulebook": explain(TEXT, "The version of the law that it was compiled on."),
    "articles": array(TEXT),
}
_PARTICIPANT = {
    "organisation": TEXT,
    "group": explain(TEXT, "Its owner group, which counts once."),
    "house": one_of(*House),
    "economy": ECONOMY,
}
_OPINION = record(
    {"member": TEXT, "verdict": one_of(*AlarmVerdict), "reason": TEXT, "struck": array(TEXT)},
)
_TEXT_FIELDS = {
    "acts": explain(ANY_OBJECT, "The articles as acts (JSON); or give `source` or `changeset`."),
    "source": explain(TEXT, "The articles in the text form of acts."),
    "changeset": explain(ANY_OBJECT, "A changeset, which is one article."),
    "title": explain(TEXT, "Of a changeset; acts have their own."),
    "text": explain(TEXT, "The author's words beside a changeset; acts have their own."),
    "language": explain(TEXT, "The language of the words (BCP 47)."),
}
_OPTIONAL_TEXT = tuple(_TEXT_FIELDS)

COMPONENTS: Mapping[str, Schema] = {
    "Proposal": record(
        {
            "id": TEXT,
            "title": TEXT,
            "stage": one_of(*ProposalStage),
            "until": explain(nullable(MOMENT), "When the stage ends by itself."),
            "author": record(_PARTICIPANT),
            "at": MOMENT,
            "barrier": nullable(TEXT),
            "rival_of": nullable(TEXT),
            "version": record({"number": INTEGER, **_CONTENT}),
            "versions": array(
                record({"number": INTEGER, "at": MOMENT, "changeset": DIGEST, "amendment": nullable(TEXT)})
            ),
            "sponsors": array(record({**_PARTICIPANT, "at": MOMENT})),
            "backing": record({"houses": INTEGER, "economies": INTEGER, "groups": INTEGER}),
            "amendments": array(
                record(
                    {
                        "id": TEXT,
                        "by": TEXT,
                        "at": MOMENT,
                        "base": DIGEST,
                        "state": one_of(*AmendmentState),
                        "accepted_by": array(TEXT),
                        **_CONTENT,
                    }
                )
            ),
            "replays": array(ref("ReplayMade")),
            "recomputed": explain(BOOLEAN, "Whether two organisations came to the same result."),
            "disputed": explain(BOOLEAN, "Whether two came to different results from the same things."),
            "submitted": nullable(MOMENT),
            "opened": nullable(MOMENT),
            "decided": nullable(MOMENT),
            "outcome": nullable(one_of(*Outcome)),
            "adoptions": array(ref("ProposalAdoption")),
            "declines": array(ref("ProposalDecline")),
            "withdrawal_asked": explain(
                array(record({"by": TEXT, "reason": TEXT})), "The sponsors who ask that it be withdrawn."
            ),
            "superseded_by": nullable(TEXT),
            "reason": nullable(TEXT),
        }
    ),
    "ProposalPage": record({"items": array(ref("Proposal")), "next": nullable(TEXT)}),
    "NewProposal": record(
        {
            **_TEXT_FIELDS,
            "barrier": explain(TEXT, "The barrier that it was drafted from."),
            "rival_of": explain(TEXT, "The proposal that it answers."),
            "draft": explain(BOOLEAN, "Keep it as a draft; otherwise it seeks sponsors at once."),
        },
        optional=(*_OPTIONAL_TEXT, "barrier", "rival_of", "draft"),
    ),
    "NewAmendment": record(
        {**_TEXT_FIELDS, "base": explain(DIGEST, "The version that it was written on; the latest without it.")},
        optional=(*_OPTIONAL_TEXT, "base"),
    ),
    "AmendmentDecision": record({"amendment": TEXT, "decision": one_of("accept", "reject", "take_back")}),
    "SponsorChange": record(
        {"ends": explain(BOOLEAN, "Stand behind it no longer.")},
        optional=("ends",),
    ),
    "ProposalWithdrawal": record(
        {
            "reason": explain(TEXT, "Why it is withdrawn; published."),
            "by": explain(TEXT, "In its place, as the author: the proposal that it gives way to."),
        },
        optional=("reason", "by"),
    ),
    **REPLAY_COMPONENTS,
    "NewBallot": record({"choice": one_of(*Choice)}),
    "BallotReceipt": record(
        {
            "vote": TEXT,
            "member": TEXT,
            "choice": one_of(*Choice),
            "nonce": explain(DIGEST, "Keep it: with it anybody sees what the seal hides."),
            "seal": explain(DIGEST, "What the log has."),
        }
    ),
    "NoFields": {"type": "object", "properties": {}, "additionalProperties": False},
    "ProposalText": record(
        {
            **_CONTENT,
            "title": TEXT,
            "text": TEXT,
            "language": TEXT,
            "acts": nullable(ANY_OBJECT),
            "operations": ANY_OBJECT,
            "faults": array(ANY_OBJECT),
            "remarks": array(ANY_OBJECT),
        }
    ),
    "ProposalWords": record(
        {
            "changeset": DIGEST,
            "language": TEXT,
            "sentences": array(
                record(
                    {"code": TEXT, "message": TEXT, "params": ANY_OBJECT, "text": TEXT, "form": TEXT},
                    optional=("form",),
                )
            ),
        }
    ),
    "VoteTally": record(
        {
            "vote": TEXT,
            "on": DIGEST,
            "stage": one_of(*VoteStage),
            "opened": MOMENT,
            "closes": MOMENT,
            "until": nullable(MOMENT),
            "mode": one_of(*BallotMode),
            "majority": one_of(*Majority),
            "refused": explain(nullable(TEXT), "The code of why what passed was not given effect in the procedure."),
            "roll_root": explain(DIGEST, "The root of the frozen roll."),
            "active": explain(by_name(INTEGER), "Active owner groups, by house."),
            "turnout": explain(by_name(INTEGER), "Groups that cast a ballot, by house."),
            "tally": explain(
                nullable(
                    record(
                        {
                            "houses": by_name(
                                record({"active": INTEGER, "for": INTEGER, "against": INTEGER, "abstain": INTEGER})
                            ),
                            "majority": one_of(*Majority),
                            "mean_share": nullable(TEXT),
                            "passed": BOOLEAN,
                            "faults": array(ANY_OBJECT),
                        }
                    )
                ),
                "Null while the vote runs: shares appear after closing.",
            ),
        }
    ),
    "VotePower": record(
        {
            "vote": TEXT,
            "blocs": explain(array(ANY_OBJECT), "With their groups by house, mean share, and indices as decimals."),
            "alarms": array(
                record(
                    {
                        "alarm": one_of(*AlarmKind),
                        "bloc": TEXT,
                        "figures": ANY_OBJECT,
                        "at": MOMENT,
                        "stops": explain(BOOLEAN, "Whether the clock of the vote stands still until it is answered."),
                        "answered": BOOLEAN,
                    }
                )
            ),
            "answers": array(
                record(
                    {
                        "alarm": one_of(*AlarmKind),
                        "verdict": one_of(*AlarmVerdict),
                        "reason": TEXT,
                        "struck": array(TEXT),
                        "at": MOMENT,
                    }
                )
            ),
            "bodies": explain(
                array(
                    record(
                        {
                            "alarm": one_of(*AlarmKind),
                            "groups": explain(
                                array(TEXT), "The owner groups that answer; empty before they are drawn."
                            ),
                            "opinions": array(_OPINION),
                        }
                    )
                ),
                "Who answers each kind of alarm that stops the clock, drawn by the root of the log.",
            ),
            "changes": explain(array(ANY_OBJECT), "Members struck and groups joined while the vote was open."),
        }
    ),
    "AlarmAnswer": record(
        {
            "alarm": one_of(*AlarmKind),
            "verdict": one_of(*AlarmVerdict),
            "reason": explain(TEXT, "Published."),
            "struck": explain(array(TEXT), "Members or owner groups of the bloc, where the verdict is to strike."),
        },
        optional=("struck",),
    ),
    "ProposalAdoption": record(
        {
            "proposal": TEXT,
            "territory": TEXT,
            "articles": array(TEXT),
            "effective": DATE,
            "by": TEXT,
            "act": explain(TEXT, "The source in the rulebook that answers cite."),
            "at": MOMENT,
            "statement": explain(TEXT, "The signed note of the authority."),
            "sunset": explain(nullable(DATE), "The last day that its articles name."),
            "renewals": explain(
                array(record({"last_day": DATE, "at": MOMENT, "title": TEXT, "statement": TEXT})),
                "By which acts it goes on beyond that day, and until when.",
            ),
            "last_day": explain(nullable(DATE), "On which it has effect as things are; null where nothing ends it."),
            "ended": explain(nullable(DATE), "The last day that a withdrawal or newer law has left it."),
            "ending": nullable(one_of(*AdoptionEnding)),
            "reason": explain(nullable(TEXT), "Why it ended; of a displacement, the newer law's source."),
        }
    ),
    "ProposalDecline": record(
        {"proposal": TEXT, "territory": TEXT, "reason": TEXT, "by": TEXT, "at": MOMENT, "statement": TEXT}
    ),
    "OutlookChange": record(
        {
            "state": one_of(*ChangeState),
            "proposal": TEXT,
            "title": TEXT,
            "articles": explain(array(TEXT), "Those adopted; none of what is only passed or proposed."),
            "act": nullable(TEXT),
            "day": explain(nullable(DATE), "The first day of one that is coming, the last one of one that ends."),
            "ending": nullable(one_of(*AdoptionEnding)),
            "reason": explain(nullable(TEXT), "Why it ended; of a displacement, the newer law's source."),
            "waits_for": explain(array(ECONOMY), "Economies that have not adopted a reciprocal recognition."),
        }
    ),
    "OutlookChanges": record({"items": array(ref("OutlookChange"))}),
    "AdoptionPage": record({"items": array(ref("ProposalAdoption")), "next": nullable(TEXT)}),
    "NewAdoption": record(
        {
            "proposal": TEXT,
            "territory": explain(ECONOMY, "The economy whose authority the token acts for."),
            "articles": explain(array(TEXT), "All of them without it."),
            "effective": DATE,
            "title": explain(TEXT, "Of the act by which the economy gives effect to them."),
            "publisher": TEXT,
            "reference": explain(TEXT, "The place in the act."),
            "published": DATE,
            "url": TEXT,
            "signed": explain(TEXT, "The statement signed by the authority's own key; without it the hub's key signs."),
            "declines": explain(TEXT, "In place of all but `proposal` and `territory`: why it is not adopted."),
        },
        optional=("articles", "effective", "title", "publisher", "reference", "published", "url", "declines", "signed"),
    ),
}
_SOURCE = 'title "One paper is enough"\nend requirement of US by APHIS paper "AL1*" on 9401 from 2027-01-01'
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "proposal": {"In the text form": {"source": _SOURCE, "language": "en"}},
    "amendment": {"Another day": {"source": _SOURCE.replace("2027-01-01", "2027-07-01")}},
    "amendment_decision": {"Accept": {"amendment": "amd_019f0000000070008000000000000000", "decision": "accept"}},
    "sponsor": {"Stand behind it": {}},
    "withdrawal": {"Solved": {"reason": "The agency has ended the paper by itself."}},
    "nothing": {"Nothing": {}},
    "ballot": {"For": {"choice": "for"}},
    "alarm": {"Let it stand": {"alarm": "power", "verdict": "stands", "reason": "Its members vote independently."}},
    "adoption": {
        "An article": {
            "proposal": "prp_019f0000000070008000000000000000",
            "territory": "US",
            "articles": ["1"],
            "effective": "2027-01-01",
            "title": "Federal Register notice",
            "publisher": "APHIS",
            "reference": "91 FR 1",
        }
    },
}
