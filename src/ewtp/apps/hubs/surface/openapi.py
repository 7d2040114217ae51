"""The shapes of other hubs in the API's description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.http.surface.query import QueryParameter
from ewtp.apps.http.surface.schemas import DATE, INTEGER, MOMENT, TEXT, array, explain, nullable, record, ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

BUNDLE_PARAMETERS = (
    QueryParameter("since", "Leave out the entries before this size.", 0, schema={"type": "integer", "minimum": 0}),
)
_AMOUNTS = nullable(record({"before": TEXT, "after": TEXT, "change": TEXT}))
_ENDS = record({"at_least": nullable(TEXT), "at_most": nullable(TEXT)})
_BOUNDS = record(
    {
        "currency": TEXT,
        "lines": explain(INTEGER, "Those that both sides answer."),
        "exact": explain(INTEGER, "Lines of which is known exactly what changes."),
        "exact_change": explain(TEXT, "What changes on these."),
        "unbounded": explain(INTEGER, "Lines that nothing bounds."),
        "withheld": explain(INTEGER, "Reports that give no bounds; the sum then has none."),
        "before": _ENDS,
        "after": _ENDS,
        "change": _ENDS,
    }
)
_HUB: Mapping[str, Schema] = {
    "id": explain(INTEGER, "The number of the hub here."),
    "origin": explain(TEXT, "The name of its log."),
    "key": explain(TEXT, "The public key by which it is followed."),
    "size": explain(INTEGER, "How many entries of its log were taken in."),
    "checkpoint": explain(TEXT, "The signed note of that size."),
    "imported": MOMENT,
    "faults": explain(array(ref("Statement")), "What the entries of the last bundle contradict, a hundred at most."),
    "more_faults": explain(INTEGER, "How many more of these there are."),
    "breaks": explain(
        array(
            record(
                {
                    "key": TEXT,
                    "replaces": explain(TEXT, "The key that signed before."),
                    "size": explain(INTEGER, "How many entries had been taken in."),
                    "at": MOMENT,
                    "reason": explain(TEXT, "How the operator knows that the key is the hub's."),
                }
            )
        ),
        "Keys that the operator of this installation trusts though none before handed the log to them.",
    ),
    "forks": explain(INTEGER, "How often it was found to show two histories."),
    "address": nullable(explain(TEXT, "Where it gives its bundle over HTTP; null where only files came.")),
    "asked": nullable(explain(MOMENT, "When it was asked there last.")),
    "problem": nullable(explain(TEXT, "The code of why it gave nothing then.")),
}

COMPONENTS: Mapping[str, Schema] = {
    "HubBundle": explain(TEXT, "Lines of JSON, as docs/log.md describes them."),
    "Hub": record(dict(_HUB)),
    "HubList": record(
        {
            "items": array(ref("Hub")),
            "reports": explain(
                array(
                    record(
                        {
                            "change": explain(TEXT, "The digest of the change that was replayed."),
                            "hubs": explain(array(TEXT), "Whose reports are added; empty text for this hub."),
                            "reports": INTEGER,
                            "withheld": explain(INTEGER, "Reports that give no sums."),
                            "lines": {"type": "object", "additionalProperties": INTEGER},
                            "totals": array(
                                record(
                                    {
                                        "currency": TEXT,
                                        "lines": INTEGER,
                                        "incomplete": INTEGER,
                                        "withheld": explain(INTEGER, "Reports that withhold this row."),
                                        "revenue": _AMOUNTS,
                                        "cost": _AMOUNTS,
                                    }
                                )
                            ),
                            "bounds": explain(array(_BOUNDS), "What is paid at least and at most; null: no bound."),
                        }
                    )
                ),
                "Replays of one change over the trade of several hubs, added up exactly.",
            ),
        }
    ),
    "HubView": record(
        {
            **_HUB,
            "proposals": array(
                record(
                    {
                        "id": TEXT,
                        "title": TEXT,
                        "stage": TEXT,
                        "changeset": explain(TEXT, "The digest of the change."),
                        "replays": explain(array(TEXT), "Digests of the reports of its replays."),
                        "adoptions": array(
                            record(
                                {
                                    "territory": TEXT,
                                    "articles": array(TEXT),
                                    "effective": explain(nullable(DATE), "Null where it was declined."),
                                    "act": nullable(TEXT),
                                    "cited": explain(
                                        nullable({"type": "object", "additionalProperties": TEXT}),
                                        "What the authority published: title, publisher, reference, day and address.",
                                    ),
                                    "reason": explain(nullable(TEXT), "Why it was declined."),
                                    "ended": nullable(DATE),
                                    "sunset": explain(
                                        nullable(DATE),
                                        "The last day that its articles name, or until which it was renewed.",
                                    ),
                                    "here": explain(array(TEXT), "What the economy adopted at this hub."),
                                }
                            )
                        ),
                    }
                )
            ),
            "evidence": explain(
                array(
                    record(
                        {
                            "size": explain(INTEGER, "For how many entries the roots differ."),
                            "kept_root": explain(TEXT, "In hexadecimal."),
                            "shown_root": TEXT,
                            "kept": explain(TEXT, "The checkpoint that was shown first."),
                            "shown": explain(TEXT, "The checkpoint that contradicts it."),
                            "found": MOMENT,
                        }
                    )
                ),
                "The proofs that the hub showed two histories.",
            ),
        }
    ),
}
