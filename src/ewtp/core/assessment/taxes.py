"""VAT and GST on import: the rate, and the sum it is taken on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.charges import compute
from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.reliefs import relieve
from ewtp.core.assessment.rule_matches import judge_conditions
from ewtp.core.assessment.sentences import (
    RATE_NOT_CONFIRMED,
    RATE_STATED,
    REDUCED_RATE_POSSIBLE,
    SOURCES_DISAGREE,
    TAX_BASE_INCOMPLETE,
)
from ewtp.core.rulebook.measure import Base, ConditionKind, Kind
from ewtp.core.rulebook.phrases.phrase_reader import read_phrase
from ewtp.core.rulebook.reduced_rate import at_stated_rate, lowest_rate
from ewtp.core.rulebook.tax_base import FREIGHT, VALUE
from ewtp.core.values.money import Money, minor_units, round_amount
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from ewtp.core.assessment.answer import Charge
    from ewtp.core.assessment.charges import Findings
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.rulebook.duty_rank import Matched
    from ewtp.core.rulebook.measure import Condition, Measure
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.rulebook.tax_base import TaxBase
    from ewtp.core.values.money import Rounding

_NOTHING = Decimal(0)


def charge_taxes(
    matched: RulesByKind,
    facts: LineFacts,
    rounding: Rounding,
    findings: Findings,
    *,
    tax_base: TaxBase,
    carriage: Decimal,
) -> None:
    """Charge every tax rule that reaches the line on the sum its law names.

    ``carriage`` is the line's share of freight and insurance that is not already in the customs value;
    it counts where the base names freight. A relief takes all taxes away.
    """
    if relieve(matched, facts, findings, Kind.TAX):
        return
    rules = specific_taxes(matched.get(Kind.TAX, []))
    if not rules:
        return
    duty_paid = Money(_base_amount(tax_base, facts, findings, carriage), facts.customs_value.currency)
    incomplete = not findings.complete
    for found in rules:
        measure = found.rule.measure
        judged = judge_conditions(found.rule, facts)
        if judged.why is not None:
            findings.open(judged.why)
        if not judged.met:
            continue
        stated = _find_stated_rate(found.rule, facts)
        rule = at_stated_rate(found.rule, stated) if stated else found.rule
        base = duty_paid if measure.base == Base.DUTY_PAID else facts.customs_value
        charge = compute(rule, facts, rounding, findings, base=base)
        _note_doubts(rule, base, charge, rounding, findings)
        if charge is not None:
            if stated:
                charge = replace(charge, notes=(*charge.notes, Statement(RATE_STATED, {"rate": stated})))
            findings.charges.append(charge)
            if incomplete and measure.base == Base.DUTY_PAID:
                findings.open(state_incomplete_base(measure))


def state_incomplete_base(tax: Measure) -> Unknown:
    """That the base of a tax lacks a duty which is not known."""
    return Unknown(TAX_BASE_INCOMPLETE, {"title": tax.title})


def _find_stated_rate(rule: Rule, facts: LineFacts) -> str:
    """The rate that the question states for the goods; empty where it states none."""
    if not facts.claims:
        return ""
    return next((rate for claim, rate in rule.rates.items() if claim in facts.claims), "")


def _note_doubts(rule: Rule, base: Money, charge: Charge | None, rounding: Rounding, findings: Findings) -> None:
    """Note where another rate is possible, with how much lower the tax then is, and where the sources leave doubts."""
    measure = rule.measure
    for condition in rule.told:
        doubt = state_doubt(measure, condition)
        if doubt is not None:
            is_reduced = condition.kind is ConditionKind.REDUCED
            findings.open(replace(doubt, amount=_spare_tax(rule, base, charge, rounding)) if is_reduced else doubt)


def state_doubt(tax: Measure, condition: Condition) -> Unknown | None:
    """The doubt about a tax that a condition states, without an amount: that another rate is possible, or disputed.

    None where the condition states no doubt.
    """
    if condition.kind is ConditionKind.REDUCED:
        rates = read_phrase(condition.text or condition.value)
        return Unknown(REDUCED_RATE_POSSIBLE, {"title": tax.title, "rates": rates})
    if condition.kind is ConditionKind.DISPUTED:
        return Unknown(SOURCES_DISAGREE, {"title": tax.title, "text": read_phrase(condition.text or condition.value)})
    if condition.kind is ConditionKind.UNCONFIRMED:
        return Unknown(RATE_NOT_CONFIRMED, {"title": tax.title, "rate": condition.value})
    return None


def _spare_tax(rule: Rule, base: Money, charge: Charge | None, rounding: Rounding) -> Money:
    """How much lower the tax is at its lowest rate; nothing where there is no tax to lower."""
    rate = lowest_rate(rule)
    if charge is None or rate is None:
        return Money(_NOTHING, base.currency).round_to_minor()
    least = round_amount(base.amount * rate / 100, rounding.places, rounding.mode)
    return Money(charge.amount.amount - least, base.currency)


def specific_taxes(found: list[Matched]) -> list[Matched]:
    """Within one programme of taxes the longest prefix wins."""
    if len(found) == 1:
        return found
    best: dict[str, tuple[bool, int]] = {}
    for matched in found:
        programme = matched.rule.measure.programme
        best[programme] = max(best.get(programme, (False, -1)), matched.rank)
    return [m for m in found if m.rank == best[m.rule.measure.programme]]


def _base_amount(tax_base: TaxBase, facts: LineFacts, findings: Findings, carriage: Decimal) -> Decimal:
    charged: dict[str, Decimal] = {VALUE: facts.customs_value.amount, FREIGHT: carriage}
    for charge in findings.charges:
        charged[charge.kind] = charged.get(charge.kind, _NOTHING) + charge.amount.amount
    total = _NOTHING
    whole = True
    for name, factor in tax_base.terms:
        part = charged.get(name)
        if part:
            whole = whole and factor == 1
            total += part if factor == 1 else part * factor
    if whole:
        return total
    # A tenth of a value is written with the decimals of the currency where that loses nothing.
    tidy = round_amount(total, minor_units(facts.customs_value.currency))
    return tidy if tidy == total else total
