"""The bounds of an answer's landed cost, and the effect of each unknown on it, as sentences for readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.assessment.effects import Effect
from ewtp.core.assessment.sentences import (
    BOUNDS,
    BOUNDS_BY_RATE,
    BOUNDS_OPEN,
    MAY_CHANGE,
    MAY_LOWER,
    MAY_LOWER_BY,
    MAY_RAISE,
    MAY_RAISE_BY,
)
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping


def bounds_statement(answer: Mapping[str, Any]) -> Statement | None:
    """What the landed cost is at least and at most; None where it is known, and for answers of an older edition."""
    totals = answer["totals"]
    if totals["complete"] or "at_least" not in totals:
        return None
    if totals["at_most"] is None:
        return Statement(BOUNDS_OPEN, {"at_least": totals["at_least"]})
    open_codes = {
        unknown["code"]
        for line in answer["lines"]
        for unknown in line["unknowns"]
        if unknown["effect"] != Effect.NONE and not _is_nothing(unknown["amount"])
    }
    sentence = BOUNDS_BY_RATE if open_codes == {"reduced_rate_possible"} else BOUNDS
    return Statement(sentence, {"at_least": totals["at_least"], "at_most": totals["at_most"]})


def effect_statement(unknown: Mapping[str, Any]) -> Statement | None:
    """What an unknown may do to the cost; None where it does nothing, and for answers of an older edition."""
    effect, amount = unknown.get("effect", Effect.NONE), unknown.get("amount")
    if effect == Effect.NONE or _is_nothing(amount):
        return None
    if effect == Effect.RAISES:
        return Statement(MAY_RAISE) if amount is None else Statement(MAY_RAISE_BY, {"amount": amount})
    if effect == Effect.EITHER:
        return Statement(MAY_CHANGE)
    return Statement(MAY_LOWER) if amount is None else Statement(MAY_LOWER_BY, {"amount": amount})


def _is_nothing(amount: Mapping[str, str] | None) -> bool:
    return amount is not None and not amount["amount"].strip("0.")
