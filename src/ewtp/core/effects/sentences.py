"""Why an effect cannot be told."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

DONORS_TOO_FEW = Sentence(
    "effect_donors_too_few",
    "Cannot be told yet: {donors:number} trades that the rule does not reach have figures for every month, and it "
    "takes {needed:number}.",
)
MONTHS_BEFORE_TOO_FEW = Sentence(
    "effect_months_too_few",
    "Cannot be told yet: the plan compares {months:number} months before the rule, and it takes {needed:number}.",
)
FIGURES_MISSING = Sentence(
    "effect_figures_missing",
    "Cannot be told yet: {pairs:number} of the {all:number} trades that the rule reaches lack a figure for a month of "
    "the plan, the last of which is {month:date}.",
)
PLAN_LATE = Sentence(
    "effect_plan_late",
    "Cannot be told: the plan was registered on {registered:date}, after the rule took effect on {adopted:date}.",
)
