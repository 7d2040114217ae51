"""Fees of a consignment: charged on all its lines together, bounded by floor and cap or flat, shared over the lines."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import Charge
from ewtp.core.assessment.charges import compute
from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.matched_rules import judge_conditions
from ewtp.core.assessment.reliefs import relieve
from ewtp.core.assessment.sentences import (
    FEE_ASSUMES,
    FEE_BOUND_WITHOUT_RATE,
    FEE_FLAT,
    FEE_MAXIMUM,
    FEE_MINIMUM,
)
from ewtp.core.rulebook.measure import ConditionKind, Kind
from ewtp.core.values.money import Money, Rounding, parse_money, round_amount
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.assessment.charges import Findings
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.matched_rules import RulesByKind
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.rule import Rule


def charge_fees(lines: Sequence[tuple[RulesByKind, LineFacts, Findings]], rounding: Rounding) -> None:
    """Compute each fee over the lines that owe it, bound the sum, and put a share on every line."""
    if not any(Kind.FEE in matched for matched, _, _ in lines):
        return
    shares: dict[str, list[tuple[int, Charge]]] = {}
    exact = Rounding(8, rounding.mode)
    for number, (matched, facts, findings) in enumerate(lines):
        if relieve(matched, facts, findings, Kind.FEE):
            continue
        for found in matched.get(Kind.FEE, []):
            judged = judge_conditions(found.rule, facts)
            if judged.why is not None:
                findings.open(judged.why)
            if not judged.met:
                continue
            _note_assumptions(found.rule.measure, findings)
            charge = compute(found.rule, facts, exact, findings)
            if charge is not None:
                shares.setdefault(found.rule.measure.id, []).append((number, charge))
    for parts in shares.values():
        _share(parts, lines, rounding)


def _note_assumptions(measure: Measure, findings: Findings) -> None:
    for condition in measure.conditions:
        if condition.kind is ConditionKind.ASSUMES:
            params = {"title": measure.title, "assumption": condition.text}
            findings.open(Unknown(FEE_ASSUMES, params))


def _share(
    parts: list[tuple[int, Charge]],
    lines: Sequence[tuple[RulesByKind, LineFacts, Findings]],
    rounding: Rounding,
) -> None:
    rule = parts[0][1].rule
    currency = parts[0][1].amount.currency
    raw = sum((charge.amount.amount for _, charge in parts), Decimal(0))
    facts = lines[parts[0][0]][1]
    bounded, note = _bounded(rule, raw, currency, facts)
    if bounded is None:
        for number, _ in parts:
            lines[number][2].open(Unknown(FEE_BOUND_WITHOUT_RATE, {"title": rule.measure.title}))
        return
    total = round_amount(bounded, rounding.places, rounding.mode)
    left = total
    notes = (note,) if note is not None else ()
    flat = rule.measure.is_flat
    # A flat fee is shared by value, for its lines owe nothing each.
    parted = [charge.base.amount if flat else charge.amount.amount for _, charge in parts]
    whole = sum(parted, Decimal(0))
    for place, (number, charge) in enumerate(parts):
        last = place == len(parts) - 1
        # The last line takes what rounding left over, so that the shares add up to the fee exactly.
        share = left if last else _share_of(total, parted[place], whole, rounding.places)
        left -= share
        steps = () if flat else charge.steps
        lines[number][2].charges.append(
            Charge(charge.kind, charge.rule, charge.base, Money(share, currency), steps, (*notes, *charge.notes))
        )


def _share_of(total: Decimal, part: Decimal, whole: Decimal, places: int) -> Decimal:
    return round_amount(total * part / whole, places, ROUND_DOWN) if whole else Decimal(0)


def _bounded(rule: Rule, raw: Decimal, currency: str, facts: LineFacts) -> tuple[Decimal | None, Statement | None]:
    measure = rule.measure
    for text, sentence in ((measure.minimum, FEE_MINIMUM), (measure.maximum, FEE_MAXIMUM)):
        if not text:
            continue
        limit = parse_money(text)
        rate = None if limit is None else _rate_to(currency, limit, facts)
        if limit is None or rate is None:
            return None, None
        bound = limit.amount * rate
        if measure.is_flat:
            return bound, Statement(FEE_FLAT, {"bound": limit})
        if raw < bound if sentence is FEE_MINIMUM else raw > bound:
            return bound, Statement(sentence, {"sum": Money(raw, currency), "bound": limit})
    return raw, None


def _rate_to(currency: str, limit: Money, facts: LineFacts) -> Decimal | None:
    return Decimal(1) if limit.currency == currency else facts.rate(limit.currency, currency)
