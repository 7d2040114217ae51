"""The shapes of measured effects in the API's description, with examples of what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.http.surface.schemas import (
    ANY_OBJECT,
    BOOLEAN,
    DATE,
    DIGEST,
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
from ewtp.core.effects.effect_plan import OUTCOMES, SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

_FIGURE = explain(nullable(TEXT), "A decimal number, for each line.")
_SHORT = {
    "digest": explain(DIGEST, "SHA-256 of the plan's canonical JSON, as the log has it."),
    "registered": MOMENT,
    "by": explain(nullable(TEXT), "Null for the plan that was made from the adoption itself."),
    "promise": explain(nullable(TEXT), "The change that the law with the adoption foretells."),
}
_PLAN = {
    "outcome": one_of(*OUTCOMES),
    "figures": explain(one_of(*SOURCES), "Reported by operators, or what the law itself asks of a line."),
    "treated": array(ref("TradePair")),
    "donors": array(ref("TradePair")),
    "months_before": INTEGER,
    "months_after": INTEGER,
}

COMPONENTS: Mapping[str, Schema] = {
    "TradePair": record(
        {
            "destination": TEXT,
            "origins": explain(TEXT, "An economy, or * for all."),
            "products": explain(TEXT, "2 or 4 digits, or * for all goods."),
        }
    ),
    "ProposalEffects": record({"proposal": TEXT, "items": array(ref("AdoptionEffect"))}),
    "AdoptionEffect": record(
        {
            "adoption": ref("ProposalAdoption"),
            "plan": record({**_SHORT, **_PLAN, "adopted": DATE}),
            "effect": record(
                {
                    "plan": DIGEST,
                    "outcome": one_of(*OUTCOMES),
                    "effect": explain(_FIGURE, "The difference in differences; null where it cannot be told."),
                    "p": _FIGURE,
                    "smallest_p": explain(_FIGURE, "No p can be smaller with so many placebos."),
                    "low": explain(_FIGURE, "With `high`: the effects that the test does not reject at 5%."),
                    "high": _FIGURE,
                    "donors": explain(INTEGER, "Those that have a figure for every month."),
                    "promise": _FIGURE,
                    "keeps_promise": nullable(BOOLEAN),
                    "why": explain(array(ANY_OBJECT), "What it lacks, where it cannot be told."),
                }
            ),
            "months": array(
                record(
                    {
                        "month": TEXT,
                        "after": BOOLEAN,
                        "treated": _FIGURE,
                        "treated_pairs": INTEGER,
                        "donors": _FIGURE,
                        "donor_pairs": INTEGER,
                    }
                )
            ),
            "withheld": explain(INTEGER, "Cells with fewer than five firms behind them."),
            "plans": explain(array(record(_SHORT)), "Every plan that was registered, the oldest first."),
        }
    ),
    "NewEffectPlan": record(
        {"act": explain(TEXT, "The act of the adoption."), **_PLAN},
        optional=("figures", "months_before", "months_after"),
    ),
    "NewOutcomes": record(
        {
            "title": explain(TEXT, "What the figures are and who counted them."),
            "rows": array(
                record(
                    {
                        "destination": TEXT,
                        "origins": TEXT,
                        "products": TEXT,
                        "month": explain(TEXT, "2027-03; it is over."),
                        "outcome": one_of(*OUTCOMES),
                        "value": explain(TEXT, "The mean of a line."),
                        "lines": explain(TEXT, "The number of lines, as text like all fields of a row."),
                        "firms": explain(TEXT, "The number of firms; with fewer than 5 the value is not kept."),
                    }
                )
            ),
        }
    ),
    "OutcomeLoad": record({"id": TEXT, "cells": INTEGER, "withheld": INTEGER}),
}
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "plan": {
        "Days at the border": {
            "act": "adopted-us-2",
            "outcome": "days",
            "treated": [{"destination": "US", "origins": "*", "products": "94"}],
            "donors": [{"destination": "US", "origins": "*", "products": "92"}],
        }
    },
    "outcomes": {
        "A month": {
            "title": "Days from arrival to release",
            "rows": [
                {
                    "destination": "US",
                    "origins": "*",
                    "products": "94",
                    "month": "2026-10",
                    "outcome": "days",
                    "value": "3.5",
                    "lines": "120",
                    "firms": "31",
                }
            ],
        }
    },
}
