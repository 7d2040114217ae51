"""Fees of a consignment: charged on all its lines together, bounded by a floor and a cap, shared over the lines."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.charges import compute
from ewtp.core.assessment.matched_rules import judge_conditions
from ewtp.core.rulebook.expressions.steps import shown
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.money import Money, Rounding, round_amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.assessment.answer import Charge
    from ewtp.core.assessment.charges import Findings
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.matched_rules import RulesByKind
    from ewtp.core.rulebook.book import Rule


def charge_fees(lines: Sequence[tuple[RulesByKind, LineFacts, Findings]], rounding: Rounding) -> None:
    """Compute each fee over the lines that owe it, bound the sum, and put a share on every line."""
    if not any(Kind.FEE in matched for matched, _, _ in lines):
        return
    shares: dict[str, list[tuple[int, Charge]]] = {}
    exact = Rounding(8, rounding.mode)
    for number, (matched, facts, findings) in enumerate(lines):
        for found in matched.get(Kind.FEE, []):
            judged = judge_conditions(found.rule.measure, facts)
            if judged.met is None:
                findings.open("condition_open", judged.why)
            if not judged.met:
                continue
            for condition in found.rule.measure.conditions:
                if condition.kind == "assumes":
                    findings.open("fee_assumes", f"{found.rule.measure.title} is charged {condition.text}.")
            charge = compute(found.rule, "fee", facts, exact, findings)
            if charge is not None:
                shares.setdefault(found.rule.measure.id, []).append((number, charge))
    for parts in shares.values():
        _share(parts, lines, rounding)


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
            lines[number][2].open(
                "exchange_rate_missing",
                f"{rule.measure.title} has a bound in another currency, and no official rate is known.",
            )
        return
    total = round_amount(bounded, rounding.places, rounding.mode)
    left = total
    notes = (note,) if note else ()
    for place, (number, charge) in enumerate(parts):
        last = place == len(parts) - 1
        # The last line takes what rounding left over, so that the shares add up to the fee exactly.
        share = left if last else _share_of(total, charge.amount.amount, raw, rounding.places)
        left -= share
        lines[number][2].charges.append(replace(charge, amount=Money(share, currency), notes=notes))


def _share_of(total: Decimal, part: Decimal, whole: Decimal, places: int) -> Decimal:
    return round_amount(total * part / whole, places, ROUND_DOWN) if whole else Decimal(0)


def _bounded(rule: Rule, raw: Decimal, currency: str, facts: LineFacts) -> tuple[Decimal | None, str]:
    measure = rule.measure
    for text, word in ((measure.minimum, "minimum"), (measure.maximum, "maximum")):
        if not text:
            continue
        amount, _, of = text.partition(" ")
        rate = Decimal(1) if of == currency else facts.rate(of, currency)
        if rate is None:
            return None, ""
        bound = Decimal(amount) * rate
        if raw < bound if word == "minimum" else raw > bound:
            return bound, f"{shown(raw)} {currency} for the consignment; the {word} of {text} applies"
    return raw, ""
