"""A code above the national lines: charges that all of its lines share, and a range where they differ."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.assessment.charges import Findings
from ewtp.core.assessment.claims import claimable, refuse_conflicting_claims, refuse_unknown_claims
from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.line_groups import LineBelow, group_lines
from ewtp.core.assessment.line_in_progress import LineInProgress, charge_line
from ewtp.core.assessment.line_span import Range, RangeLine
from ewtp.core.assessment.line_texts import arrange_lines
from ewtp.core.assessment.matched_rules import RulesByKind, rules_reaching, stated_rate
from ewtp.core.assessment.options import list_options
from ewtp.core.assessment.papers import judge_papers
from ewtp.core.assessment.sentences import (
    CODE_BY_VALUE,
    CODE_NOT_NATIONAL,
    CODE_NOT_NATIONAL_FEES,
    CODE_NOT_NATIONAL_SAME,
    CODE_NOT_NATIONAL_TAXES,
    WHICH_NATIONAL_LINE,
)
from ewtp.core.rulebook.charge_kinds import DUTIES
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from ewtp.core.assessment.answer import Option
    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.national_lines import NationalCode
    from ewtp.core.assessment.question import QuestionLine
    from ewtp.core.assessment.value_brackets import BracketDecision
    from ewtp.core.rulebook.territory import TariffLine

# The most unknowns listed for the lines of one code.
_MOST_SHOWN = 12
# What is charged after the duties, by the rules that reach every line; others are only spoken of.
_CHARGED_LATER = {Kind.FEE: CODE_NOT_NATIONAL_FEES, Kind.TAX: CODE_NOT_NATIONAL_TAXES}


class _JudgedLine(NamedTuple):
    """A national line below the code, with the rules that reach it and what they charge."""

    line: TariffLine
    facts: LineFacts
    matched: RulesByKind
    findings: Findings


def assess_code_range(
    context: ConsignmentContext,
    line: QuestionLine,
    national: NationalCode,
    facts_of: Callable[[str], LineFacts],
    outward: RulesByKind,
    *,
    goods: Money,
    carriage: Decimal,
    decided: BracketDecision,
) -> LineInProgress | Refusal:
    """Answer a code above the national lines, with a range where their duties differ.

    ``outward`` are the export rules of the economy of dispatch; ``decided`` is what the value of the goods rules out.
    """
    seen = _judge_lines(context, line, national, facts_of, claimable(outward, facts_of(line.hs), context.book))
    if isinstance(seen, Refusal):
        return seen
    agree = all(_is_alike(each.findings, seen[0].findings) for each in seen)
    findings = _agreed_findings(seen) if agree else _open_findings(line, seen)
    common = _common(seen)
    for kind, sentence in _CHARGED_LATER.items():
        if any(len(each.matched.get(kind, [])) > len(common.get(kind, [])) for each in seen):
            findings.open(Unknown(sentence, {"code": line.hs, "count": len(seen)}))
    if decided.ruled_out:
        counts = {"out": len(decided.ruled_out), "count": decided.count}
        findings.open(Unknown(CODE_BY_VALUE, {"units": decided.by, "code": line.hs, **counts}))
    return LineInProgress(
        line,
        national.description,
        replace(seen[0].facts, code=line.hs),
        common,
        outward,
        findings,
        goods,
        carriage,
        options=_shared_options(context, seen) if agree else (),
        span=None if agree else _range(context, line, seen, decided),
        converted=national.converted,
    )


def _judge_lines(
    context: ConsignmentContext,
    line: QuestionLine,
    national: NationalCode,
    facts_of: Callable[[str], LineFacts],
    claims: frozenset[str],
) -> list[_JudgedLine] | Refusal:
    """The national lines with what they charge; ``claims`` are those that export rules know."""
    seen: list[_JudgedLine] = []
    for below in national.lines:
        facts = facts_of(below.code)
        matched = rules_reaching(context, facts, line.origin)
        claims |= claimable(matched, facts, context.book)
        conflict = refuse_conflicting_claims(matched, facts)
        if conflict is not None:
            return conflict
        seen.append(_JudgedLine(below, facts, matched, charge_line(context, matched, facts)))
    refused = refuse_unknown_claims(line.claims, claims) if line.claims else ()
    return Refusal.joined(refused) if refused else seen


def _is_alike(findings: Findings, first: Findings) -> bool:
    """Whether the duties of a line are settled, and its charges and what they leave open are those of the first."""
    alike = findings.unknowns == first.unknowns and _charged(findings) == _charged(first)
    return findings.duties_settled and alike


def _charged(findings: Findings) -> list[tuple[str, str, object, Money]]:
    return [(c.kind, c.rule.measure.title, stated_rate(c.rule), c.amount) for c in findings.charges]


def _common(seen: list[_JudgedLine]) -> RulesByKind:
    """The rules that reach every one of the lines."""
    return {
        kind: [m for m in rules if all(m in each.matched.get(kind, []) for each in seen)]
        for kind, rules in seen[0].matched.items()
    }


def _shared_options(context: ConsignmentContext, seen: list[_JudgedLine]) -> tuple[Option, ...]:
    """The claims that are open on every line and would save the same on each."""
    if context.inside_union:
        return ()
    first, *others = (
        list_options(each.matched, each.facts, context.rounding, each.findings, context.book) for each in seen
    )
    savings = [{option.claim: option.saving for option in options} for options in others]
    return tuple(
        option
        for option in first
        if all(option.claim in each and each[option.claim] == option.saving for each in savings)
    )


def _agreed_findings(seen: list[_JudgedLine]) -> Findings:
    first = seen[0].findings
    findings = replace(first, charges=list(first.charges), unknowns=list(first.unknowns), codes=set(first.codes))
    findings.open(Unknown(CODE_NOT_NATIONAL_SAME, {"count": len(seen)}))
    return findings


def _open_findings(line: QuestionLine, seen: list[_JudgedLine]) -> Findings:
    findings = Findings()
    for each in seen:
        findings.raised = findings.raised or each.findings.raised
        findings.lowered = findings.lowered or each.findings.lowered
        findings.codes |= each.findings.codes
        for unknown in each.findings.unknowns:
            if unknown not in findings.unknowns:
                findings.unknowns.append(unknown)
    findings.unknowns[_MOST_SHOWN:] = []
    findings.open(Unknown(CODE_NOT_NATIONAL, {"code": line.hs, "count": len(seen)}))
    return findings


def _range(context: ConsignmentContext, line: QuestionLine, seen: list[_JudgedLine], decided: BracketDecision) -> Range:
    lines, grouped = [], []
    for below, facts, matched, findings in seen:
        charged = Money(findings.sum(DUTIES), facts.customs_value.currency) if findings.duties_settled else None
        description = below.description or context.texts.describe(below.code)
        lines.append(RangeLine(below.code, description, charged))
        grouped.append(LineBelow(below.code, matched, findings, judge_papers((matched,), facts), charged))
    duties = [each.duty for each in lines]
    # A line whose duty is not known may bear less or more than all others, and then there is no span to speak of.
    known = [] if None in duties else [duty for duty in duties if duty is not None]
    return Range(
        question=Statement(WHICH_NATIONAL_LINE, {"count": len(lines), "code": line.hs}),
        lowest_duty=min(known, key=lambda money: money.amount, default=None),
        highest_duty=max(known, key=lambda money: money.amount, default=None),
        lines=tuple(lines),
        groups=group_lines(line.hs, grouped),
        texts=arrange_lines((each.line.code, each.line.description) for each in seen),
        ruled_out=tuple(below.code for below in decided.ruled_out),
        asked=decided.asked,
        schedule=context.tariff.schedule if context.tariff else None,
    )
