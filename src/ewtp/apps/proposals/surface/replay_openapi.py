"""The shapes of replays and of what a proposal changes for somebody's own lines, in the API's description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.http.surface.schemas import (
    ANY_OBJECT,
    BOOLEAN,
    DIGEST,
    INTEGER,
    MOMENT,
    TEXT,
    array,
    explain,
    nullable,
    record,
    ref,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

_RECIPE = record(
    {
        "engine": explain(TEXT, "The program, with the editions of its answers and tables."),
        "rulebook": explain(TEXT, "The digest of the version of the rulebook."),
        "rates": explain(TEXT, "The edition of the exchange rates."),
        "change": explain(DIGEST, "Of the changeset."),
        "data": explain(TEXT, "The root of the lines."),
        "currency": explain(TEXT, "That of the sums in one currency."),
    }
)
_RECORD = {"recipe": _RECIPE, "result": explain(DIGEST, "Of the published report.")}
_PAPER = record({"territory": TEXT, "agency": TEXT, "document": TEXT})
_REPORT = explain(ANY_OBJECT, "As `ewtp batch --publish` writes it; docs/rules/replay.md describes the fields.")
_LINE: Schema = {"type": "object", "additionalProperties": {"type": ["string", "null"]}}

REPLAY_COMPONENTS: Mapping[str, Schema] = {
    "ReplayMade": record(
        {
            "by": explain(TEXT, "An organisation, or `hub` for the installation."),
            "at": MOMENT,
            **_RECORD,
            "confirmed_by": explain(array(TEXT), "Others who came to the same from the same things."),
            "contradicted_by": explain(array(TEXT), "Others who came to something else from the same things."),
        }
    ),
    "Simulation": record(
        {
            "proposal": TEXT,
            "change": DIGEST,
            "recomputed": BOOLEAN,
            "disputed": BOOLEAN,
            "waiting": nullable(
                record(
                    {
                        "since": MOMENT,
                        "reason": explain(nullable(ANY_OBJECT), "Why the last attempt came to nothing."),
                        "next_try": explain(nullable(MOMENT), "Null where it was given up."),
                    }
                )
            ),
            "replays": array(
                record(
                    {
                        "by": TEXT,
                        "at": MOMENT,
                        **_RECORD,
                        "confirmed_by": array(TEXT),
                        "contradicted_by": array(TEXT),
                        "report": explain(nullable(ANY_OBJECT), "Null for one that was made elsewhere."),
                    }
                )
            ),
        }
    ),
    "PublishedReplay": record({**_RECORD, "report": _REPORT}),
    "NewReplay": record({**_RECORD, "report": _REPORT}, optional=("recipe", "result", "report")),
    "Shipments": record(
        {
            "lines": explain(array(_LINE), "Objects by the columns of lines: from, to, date, hs, value, currency …"),
            "csv": explain(TEXT, "The same as separated values, with the names of the columns in the first row."),
        },
        optional=("lines", "csv"),
    ),
    "ShipmentEffects": record(
        {
            "proposal": TEXT,
            "change": DIGEST,
            "affected": INTEGER,
            "changes": explain(array(ref("Money")), "What all lines pay more, or less where it is negative."),
            "bounds": explain(
                array(record({"currency": TEXT, "at_least": nullable(TEXT), "at_most": nullable(TEXT)})),
                "What they pay more at least and at most, counting what is not known; null where nothing bounds it.",
            ),
            "lines": array(
                record(
                    {
                        "line": explain(INTEGER, "Counted from 1."),
                        "from": TEXT,
                        "to": TEXT,
                        "hs": TEXT,
                        "affected": BOOLEAN,
                        "currency": nullable(TEXT),
                        "before": explain(nullable(TEXT), "The cost in all; null where the line is refused."),
                        "after": nullable(TEXT),
                        "change": explain(nullable(TEXT), "Null where the two cannot be compared."),
                        "change_at_least": explain(nullable(TEXT), "Counting what is not known; null for no bound."),
                        "change_at_most": nullable(TEXT),
                        "complete": explain(BOOLEAN, "Whether all of both costs is known."),
                        "papers_removed": array(_PAPER),
                        "papers_added": array(_PAPER),
                        "prohibited_before": BOOLEAN,
                        "prohibited_after": BOOLEAN,
                        "refused_before": nullable(ANY_OBJECT),
                        "refused_after": nullable(ANY_OBJECT),
                    }
                )
            ),
        }
    ),
}
_OWN_LINE = {"from": "GH", "to": "US", "date": "2027-03-01", "hs": "9401610000", "value": "1000.00", "currency": "USD"}
REPLAY_EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "replay": {"By this installation": {}},
    "shipments": {"One line": {"lines": [_OWN_LINE]}},
}
