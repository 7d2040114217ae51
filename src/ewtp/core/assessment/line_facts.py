"""The facts about one line that rules are matched and computed on, and how conditions are met."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from ewtp.core.rulebook.expressions.evaluation import Facts
    from ewtp.core.rulebook.measure import Condition, Measure
    from ewtp.core.values.money import Money


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known about one line: where it comes from, what it is worth at the border, what is claimed.

    ``memberships`` are the origin economy and the groups it belongs to on ``day``; ``rate`` gives the units of its
    second currency for one of its first, None where no official rate is known. ``consignment_value`` is the price of
    all lines without freight and insurance; ``quantities`` are by unit key, ``parts`` by name.
    """

    code: str
    day: date
    memberships: frozenset[str]
    claims: frozenset[str]
    customs_value: Money
    consignment_value: Money
    quantities: Mapping[str, Decimal]
    parts: Mapping[str, Money]
    transport: str | None
    buyer: str | None
    rate: Callable[[str, str], Decimal | None]
    # What expressions are evaluated on when they are taken on the customs value, built once for all rules.
    facts: Facts

    def claiming(self, claim: str) -> Circumstances:
        """The same line, with one more claim."""
        return Circumstances(
            self.code,
            self.day,
            self.memberships,
            self.claims | {claim},
            self.customs_value,
            self.consignment_value,
            self.quantities,
            self.parts,
            self.transport,
            self.buyer,
            self.rate,
            self.facts,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a measure's conditions are met: ``met`` None means that a fact is missing, said in ``why``."""

    met: bool | None
    why: str = ""


_MET = Standing(met=True)
_NOT_MET = Standing(met=False)
# Notes that inform and documents to be shown do not decide whether a measure applies.
_INFORMATIVE = frozenset({"document", "note", "reduced", "disputed", "quota", "volume", "season", "text", "assumes"})


def standing(measure: Measure, facts: Circumstances) -> Standing:
    """Whether the measure's conditions hold for this line, do not, or cannot be told."""
    if not measure.conditions:
        return _MET
    open_question = _MET
    for condition in measure.conditions:
        if condition.kind in _INFORMATIVE:
            continue
        found = _condition_standing(condition, measure, facts)
        if found.met is False:
            return found
        if found.met is None:
            open_question = found
    return open_question


def _condition_standing(condition: Condition, measure: Measure, facts: Circumstances) -> Standing:
    kind = condition.kind
    if kind == "claim":
        return _MET if condition.value in facts.claims else _NOT_MET
    if kind == "unless_claim":
        return _NOT_MET if condition.value in facts.claims else _MET
    if kind == "end_use":
        return _MET if f"end_use:{condition.value}" in facts.claims else _NOT_MET
    if kind == "buyer":
        return _choice(condition, facts.buyer, measure, "buyer")
    if kind == "transport":
        return _choice(condition, facts.transport, measure, "transport")
    if kind in ("maximum_value", "below_value", "minimum_value"):
        return _value_standing(condition, facts)
    text = condition.text or condition.value
    return Standing(None, f"{measure.title} applies on a condition that the question does not settle: {kind} {text}.")


def _choice(condition: Condition, given: str | None, measure: Measure, field: str) -> Standing:
    if given is None:
        return Standing(None, f"{measure.title} applies where {field} is {condition.value}; give {field} to settle it.")
    return _MET if given in condition.value.split() else _NOT_MET


def _value_standing(condition: Condition, facts: Circumstances) -> Standing:
    amount, _, currency = condition.value.partition(" ")
    value = facts.consignment_value
    rate = Decimal(1) if currency == value.currency else facts.rate(value.currency, currency)
    if rate is None:
        return Standing(
            None,
            f"No official rate turns {value.currency} into {currency}, so a value threshold cannot be tested.",
        )
    worth = value.amount * rate
    limit = Decimal(amount)
    if condition.kind == "minimum_value":
        return _MET if worth >= limit else _NOT_MET
    if condition.kind == "below_value":
        return _MET if worth < limit else _NOT_MET
    return _MET if worth <= limit else _NOT_MET
