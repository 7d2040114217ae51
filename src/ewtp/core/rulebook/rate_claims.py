"""Claims that state which of several rates of a tax the goods bear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import ConditionKind

if TYPE_CHECKING:
    from ewtp.core.rulebook.measure import Measure


def rate_claims(measure: Measure) -> dict[str, str]:
    """The claims that state which rate of a tax the goods bear, with the rate: ``{"vat:20%": "20%", "vat:0%": "0%"}``.

    The rate of the measure comes first, then those that it names; one that is not listed cannot be stated. Empty where
    the measure names no other rate.
    """
    named = [c.value for c in measure.conditions if c.kind is ConditionKind.REDUCED]
    if not named or not _is_rate(measure.expression):
        return {}
    rates = (measure.expression, *filter(_is_rate, " ".join(named).split()))
    return {f"{measure.programme}:{rate}": rate for rate in dict.fromkeys(rates)}


def _is_rate(text: str) -> bool:
    return text.endswith("%") and text[:-1].replace(".", "", 1).isdigit()
