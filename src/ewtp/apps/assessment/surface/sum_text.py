"""What a sum is that no rule charges, and what is known of lower duties where none is named, in words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, pgettext

from ewtp.core.assessment.sum_state import SumState
from ewtp.core.rulebook.measure import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


def sum_text(summed: Mapping[str, Any], part: str) -> str:
    """The words for ``"duty"``, ``"tax"`` or ``"fees"`` of the totals or of a line; empty where it is a figure.

    Answers of an older edition do not say why a figure is missing.
    """
    return {
        SumState.CHARGED: "",
        SumState.NOT_KNOWN: gettext("not known"),
        SumState.NOT_HELD: pgettext("a sum of an answer", "not held"),
        SumState.NOT_OWED: pgettext("a sum of an answer", "not owed"),
        SumState.NONE: pgettext("a sum of an answer", "none"),
    }.get((summed.get("sums") or {}).get(part, ""), gettext("none known"))


def no_saving_text(answer: Mapping[str, Any]) -> str:
    """What is known of lower duties where the answer names none that could be claimed."""
    totals = answer["totals"]
    if (totals.get("sums") or {}).get("duty") == SumState.CHARGED and not Decimal(totals["duty"]["amount"]):
        return gettext("The rulebook charges no duty here that an agreement could lower.")
    if _has_preferences(answer, "missing"):
        return gettext(
            "The rulebook holds no preferences of this destination: whether an agreement lowers the duty on these "
            "goods is not known."
        )
    named = gettext("The rulebook names no lower duty that could be claimed.")
    # Words inside a formatted text are not found for translation.
    perhaps = gettext("It may not hold every agreement.")
    return f"{named} {perhaps}" if _has_preferences(answer, "held") else named


def _has_preferences(answer: Mapping[str, Any], param: str) -> bool:
    """Whether preferences are among the kinds of rule that the destination's rulebook lacks, or has perhaps in part."""
    return any(
        Kind.PREFERENCE in unknown.get("params", {}).get(param, ())
        for line in answer["lines"]
        for unknown in line["unknowns"]
        if unknown["code"] == "not_in_rulebook"
    )
