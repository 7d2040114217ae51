"""Fees of a consignment: charged on all its lines together, bounded by floor and cap or flat, shared over the lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import Charge
from ewtp.core.assessment.charges import Findings, compute
from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.reliefs import relieve
from ewtp.core.assessment.rule_matches import is_answerable, judge_conditions
from ewtp.core.assessment.sentences import (
    FEE_ASSUMES,
    FEE_BOUND_WITHOUT_RATE,
    FEE_FLAT,
    FEE_MAXIMUM,
    FEE_MINIMUM,
)
from ewtp.core.rulebook.measure import ConditionKind, Kind
from ewtp.core.rulebook.phrases.phrase_reader import read_phrase
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import Money, Rounding, round_amount
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.rulebook.measure import Condition, Measure
    from ewtp.core.rulebook.rule import Rule
_NOTHING = Decimal(0)
_ONE = Decimal(1)


@immutable
class _FeePart:
    """What one line owes of a fee, or may owe: ``why`` states the fact that the question does not, if there is one."""

    number: int
    charge: Charge
    why: Unknown | None = None


_FeeLines = Sequence[tuple["RulesByKind", "LineFacts", "Findings"]]


def charge_fees(lines: _FeeLines, rounding: Rounding) -> None:
    """Compute each fee over the lines that owe it, bound the sum, and put a share on every line.

    A fee that a line owes or does not by a fact which the question may state, such as the transport, is computed too:
    its share is the most by which the unknown raises what is owed. Where taxes follow, which may be taken on the fee,
    nothing bounds it.
    """
    if not any(Kind.FEE in matched for matched, _, _ in lines):
        return
    owed: dict[str, list[_FeePart]] = {}
    possible: dict[str, list[_FeePart]] = {}
    exact = Rounding(8, rounding.mode)
    for number, (matched, facts, findings) in enumerate(lines):
        if relieve(matched, facts, findings, Kind.FEE):
            continue
        for found in matched.get(Kind.FEE, []):
            rule, measure = found.rule, found.rule.measure
            judged = judge_conditions(rule, facts)
            if judged.why is not None:
                bounded = not matched.get(Kind.TAX) and is_answerable(rule, facts)
                charge = compute(rule, facts, exact, Findings()) if bounded else None
                if charge is not None:
                    possible.setdefault(measure.id, []).append(_FeePart(number, charge, judged.why))
                else:
                    findings.open(judged.why)
            if not judged.met:
                continue
            _note_assumptions(rule, findings)
            charge = compute(rule, facts, exact, findings)
            if charge is not None:
                owed.setdefault(measure.id, []).append(_FeePart(number, charge))
    for parts in (*owed.values(), *possible.values()):
        _charge(parts, lines, rounding)


def _note_assumptions(rule: Rule, findings: Findings) -> None:
    for condition in rule.told:
        if condition.kind is ConditionKind.ASSUMES:
            findings.open(state_assumption(rule.measure, condition))


def state_assumption(fee: Measure, condition: Condition) -> Unknown:
    """What the amount of a fee assumes."""
    return Unknown(FEE_ASSUMES, {"title": fee.title, "assumption": read_phrase(condition.text)})


def _charge(parts: list[_FeePart], lines: _FeeLines, rounding: Rounding) -> None:
    """Charge a fee on the lines that owe it; on those that may owe it, note by how much it raises what is owed."""
    shares = _share(parts, lines[parts[0].number][1], rounding)
    title = parts[0].charge.rule.measure.title
    for place, part in enumerate(parts):
        findings = lines[part.number][2]
        if part.why is not None:
            amount = None if shares is None else shares[place].amount
            findings.open(Unknown(part.why.sentence, part.why.params, amount))
        elif shares is None:
            findings.open(Unknown(FEE_BOUND_WITHOUT_RATE, {"title": title}))
        else:
            findings.charges.append(shares[place])


def _share(parts: list[_FeePart], facts: LineFacts, rounding: Rounding) -> list[Charge] | None:
    """The fee within its floor and cap, shared over its lines; None where a bound is in a currency without a rate."""
    rule = parts[0].charge.rule
    currency = parts[0].charge.amount.currency
    raw = sum((part.charge.amount.amount for part in parts), _NOTHING)
    bounded, note = _bound_fee(rule, raw, currency, facts)
    if bounded is None:
        return None
    total = round_amount(bounded, rounding.places, rounding.mode)
    notes = (note,) if note is not None else ()
    flat = rule.measure.is_flat
    left = total
    # A flat fee is shared by value, for its lines owe nothing each.
    parted = [part.charge.base.amount if flat else part.charge.amount.amount for part in parts]
    whole = sum(parted, _NOTHING)
    shares = []
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        # The last line takes what rounding left over, so that the shares add up to the fee exactly.
        share = left if last else _share_of(total, parted[place], whole, rounding.places)
        left -= share
        shares.append(_share_charge(part.charge, Money(share, currency), notes))
    return shares


def _share_charge(charge: Charge, share: Money, notes: tuple[Statement, ...]) -> Charge:
    steps = () if charge.rule.measure.is_flat else charge.steps
    return Charge(charge.kind, charge.rule, charge.base, share, steps, (*notes, *charge.notes))


def _share_of(total: Decimal, part: Decimal, whole: Decimal, places: int) -> Decimal:
    return round_amount(total * part / whole, places, ROUND_DOWN) if whole else _NOTHING


def _bound_fee(rule: Rule, raw: Decimal, currency: str, facts: LineFacts) -> tuple[Decimal | None, Statement | None]:
    for is_floor, limit in rule.bounds:
        rate = None if limit is None else _rate_to(currency, limit, facts)
        if limit is None or rate is None:
            return None, None
        bound = limit.amount * rate
        if rule.measure.is_flat:
            return bound, Statement(FEE_FLAT, {"bound": limit})
        if raw < bound if is_floor else raw > bound:
            sentence = FEE_MINIMUM if is_floor else FEE_MAXIMUM
            return bound, Statement(sentence, {"sum": Money(raw, currency), "bound": limit})
    return raw, None


def _rate_to(currency: str, limit: Money, facts: LineFacts) -> Decimal | None:
    return _ONE if limit.currency == currency else facts.rate(limit.currency, currency)
