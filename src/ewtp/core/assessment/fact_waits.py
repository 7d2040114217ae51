"""The rates of several lines that wait for the same fact, as one unknown that names them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.fact_sentences import CHARGE_AT_RATES, PART_AWAITED, QUANTITY_AWAITED
from ewtp.core.assessment.sentences import NOT_COMPUTED
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ewtp.core.values.sentence import Sentence

# By the code of an unknown, the sentence for several rates, and the parameters of the problem that are the fact.
_FACTS: dict[str, tuple[Sentence, tuple[str, ...]]] = {
    "quantity_missing": (QUANTITY_AWAITED, ("unit", "asked_as")),
    "part_value_missing": (PART_AWAITED, ("part",)),
}


def gather_awaited(unknowns: Iterable[Unknown]) -> list[Unknown]:
    """The unknowns, with those that wait for one fact of the goods as one, in the place of the first of them.

    Each of them leaves open what is owed without a bound, and so does the one in their place: bounds stay as they are.
    """
    groups: dict[object, list[Unknown]] = {}
    for unknown in unknowns:
        groups.setdefault(_find_fact(unknown) or unknown, []).append(unknown)
    return [group[0] if len(group) == 1 else _state_awaited(group) for group in groups.values()]


def _find_fact(unknown: Unknown) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """The code and the fact that an unknown asks for; None where it asks for none, or a bound is known."""
    problem = unknown.params.get("problem")
    if unknown.code not in _FACTS or unknown.form != NOT_COMPUTED.form or unknown.amount is not None:
        return None
    return (unknown.code, problem.details) if isinstance(problem, Refusal) else None


def _state_awaited(group: Sequence[Unknown]) -> Unknown:
    """One unknown for several of the same fact: the rates by the title of their rule, as schedules write them."""
    rates: dict[str, dict[str, None]] = {}
    for unknown in group:
        rates.setdefault(str(unknown.params["title"]), {})[str(unknown.params["expression"])] = None
    charges = [Statement(CHARGE_AT_RATES, {"title": title, "expressions": list(of)}) for title, of in rates.items()]
    sentence, names = _FACTS[group[0].code]
    problem: Refusal = group[0].params["problem"]
    return Unknown(sentence, {"charges": charges, **{name: problem.params[name] for name in names}})
