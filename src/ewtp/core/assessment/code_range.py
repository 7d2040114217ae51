"""A code above the national lines: charges that all of its lines share, and a range where they differ."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.assessment.charges import Findings
from ewtp.core.assessment.claims import (
    claimable,
    list_closed_claims,
    refuse_conflicting_claims,
    refuse_unknown_claims,
)
from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.fact_waits import gather_awaited
from ewtp.core.assessment.line_groups import LineBelow, costs_of, group_lines, papers_of
from ewtp.core.assessment.line_in_progress import LineInProgress, charge_line
from ewtp.core.assessment.line_span import Range, RangeLine
from ewtp.core.assessment.line_texts import arrange_lines
from ewtp.core.assessment.options import list_options
from ewtp.core.assessment.papers import judge_papers
from ewtp.core.assessment.rule_matches import RulesByKind, rules_reaching
from ewtp.core.assessment.sentences import (
    CODE_BY_VALUE,
    CODE_NOT_NATIONAL,
    CODE_NOT_NATIONAL_FEES,
    CODE_NOT_NATIONAL_PAPERS,
    CODE_NOT_NATIONAL_SAME,
    CODE_NOT_NATIONAL_TAXES,
    SAVING_OPEN,
    WHICH_NATIONAL_LINE,
)
from ewtp.core.rulebook.charge_kinds import DUTIES
from ewtp.core.rulebook.duty_rank import find_stated_rate
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from ewtp.core.assessment.answer import Option
    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.national_lines import NationalCode
    from ewtp.core.assessment.question import QuestionLine
    from ewtp.core.assessment.value_brackets import BracketDecision
    from ewtp.core.rulebook.duty_rank import Matched
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
    """Answer a code above the national lines, with a range where they differ in what they cost, need or could claim.

    ``outward`` are the export rules of the economy of dispatch; ``decided`` is what the value of the goods rules out.
    """
    seen = _judge_lines(context, line, national, facts_of, claimable(outward, facts_of(line.hs), context.book))
    if isinstance(seen, Refusal):
        return seen
    agree = _agree(seen)
    common = _common(seen)
    varying = frozenset(
        kind for each in seen for kind, rules in each.matched.items() if len(rules) > len(common.get(kind, []))
    )
    differing = [sentence for kind, sentence in _CHARGED_LATER.items() if kind in varying]
    options = _list_options(context, seen)
    findings = _intersect_findings(line, seen, alike=not differing) if agree else _open_findings(line, seen)
    for sentence in differing:
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
        options=_intersect_options(options),
        span=_range(context, line, seen, options, decided, agree=agree),
        converted=national.converted,
        varying=varying,
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
    closed = list_closed_claims(context, [each.facts for each in seen], line.origin)
    refused = refuse_unknown_claims(line.claims, claims, closed, context.question.day)
    return Refusal.join(refused) if refused else seen


def _list_options(context: ConsignmentContext, seen: list[_JudgedLine]) -> list[tuple[Option, ...]]:
    """By line, the claims that it could make."""
    if context.inside_union:
        return [()] * len(seen)
    return [list_options(each.matched, each.facts, context.rounding, each.findings, context.book) for each in seen]


def _agree(seen: list[_JudgedLine]) -> bool:
    """Whether all lines are charged the same before fees and taxes, and leave the same open, so that this stands."""
    costs = costs_of(seen[0].line.code, seen[0].findings)
    return all(costs_of(each.line.code, each.findings) == costs for each in seen)


def _common(seen: list[_JudgedLine]) -> RulesByKind:
    """The rules that reach every one of the lines; where each has a rule of its own that says the same, the first's."""
    return {
        kind: rules
        if all(_content(each.matched.get(kind, [])) == _content(rules) for each in seen)
        else [m for m in rules if all(m in each.matched.get(kind, []) for each in seen)]
        for kind, rules in seen[0].matched.items()
    }


def _content(rules: Sequence[Matched]) -> Counter[object]:
    """What rules charge, ask for and depend on, whatever goods they name."""
    measures = [(found.rule.measure, find_stated_rate(found.rule)) for found in rules]
    return Counter(
        (
            *(m.title, m.programme, m.agency, m.document, m.stage, m.conditions),
            *(rate, m.base, m.currency, m.minimum, m.maximum, m.yields_to),
        )
        for m, rate in measures
    )


def _intersect_options(options: list[tuple[Option, ...]]) -> tuple[Option, ...]:
    """The claims that are open on every line, and save the same on each or are opened by one rule for all of them.

    A rule for all of them, such as a preference for the subheading, can be claimed whichever line it is; what it saves
    is not known where the lines differ.
    """
    first, *others = options
    on_others = [{option.claim: option for option in of_one} for of_one in others]
    shared: list[Option] = []
    for option in first:
        same = [each[option.claim] for each in on_others if option.claim in each]
        if len(same) < len(others):
            continue
        if all(each.saving == option.saving for each in same):
            shared.append(option)
        elif all(each.rule.measure.id == option.rule.measure.id for each in same):
            shared.append(replace(option, saving=None, note=option.note or Statement(SAVING_OPEN)))
    return tuple(shared)


def _intersect_findings(line: QuestionLine, seen: list[_JudgedLine], *, alike: bool) -> Findings:
    """What every line is charged; ``alike`` says that fees and taxes are the same as well."""
    first = seen[0].findings
    code = seen[0].line.code
    unknowns = [
        replace(each, params={name: line.hs if value == code else value for name, value in each.params.items()})
        if code in each.params.values()
        else each
        for each in first.unknowns
    ]
    findings = replace(first, charges=list(first.charges), unknowns=unknowns, codes=set(first.codes))
    needed = [papers_of(judge_papers((each.matched,), each.facts)) for each in seen]
    of_some = frozenset.union(*needed) - frozenset.intersection(*needed)
    if of_some:
        names = sorted({document or title or agency for agency, document, title in of_some})
        params = {"code": line.hs, "count": len(seen), "papers": names[:_MOST_SHOWN]}
        findings.open(Unknown(CODE_NOT_NATIONAL_PAPERS, params))
    elif alike:
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
    # What waits for one fact is said once, so that there is place for what else is open.
    findings.unknowns = gather_awaited(findings.unknowns)[:_MOST_SHOWN]
    findings.open(Unknown(CODE_NOT_NATIONAL, {"code": line.hs, "count": len(seen)}, _find_most(seen)))
    return findings


def _find_most(seen: list[_JudgedLine]) -> Money | None:
    """The most that any of the lines is charged; None where one is not known, or taxes may be taken on it."""
    if any(not each.findings.duties_settled or each.findings.raised or each.matched.get(Kind.TAX) for each in seen):
        return None
    charged = [sum((charge.amount.amount for charge in each.findings.charges), each.findings.added) for each in seen]
    return Money(max(charged), seen[0].facts.customs_value.currency)


def _range(
    context: ConsignmentContext,
    line: QuestionLine,
    seen: list[_JudgedLine],
    options: list[tuple[Option, ...]],
    decided: BracketDecision,
    *,
    agree: bool,
) -> Range | None:
    """The span and the lines to choose from; None where they ``agree``, and so do other charges, papers and claims."""
    lines, grouped = [], []
    for (below, facts, matched, findings), claims in zip(seen, options, strict=True):
        charged = Money(findings.sum(DUTIES), facts.customs_value.currency) if findings.duties_settled else None
        description = below.description or context.texts.describe(below.code)
        lines.append(RangeLine(below.code, description, charged))
        grouped.append(LineBelow(below.code, matched, findings, judge_papers((matched,), facts), charged, claims))
    groups = group_lines(line.hs, grouped)
    if agree and len(groups) == 1:
        return None
    duties = [each.duty for each in lines]
    # A line whose duty is not known may bear less or more than all others, and then there is no span to speak of.
    known = [] if None in duties else [duty for duty in duties if duty is not None]
    return Range(
        question=Statement(WHICH_NATIONAL_LINE, {"count": len(lines), "code": line.hs}),
        lowest_duty=min(known, key=lambda money: money.amount, default=None),
        highest_duty=max(known, key=lambda money: money.amount, default=None),
        lines=tuple(lines),
        groups=groups,
        texts=arrange_lines((each.line.code, each.line.description) for each in seen),
        duties_differ=not agree,
        ruled_out=tuple(below.code for below in decided.ruled_out),
        asked=decided.asked,
        schedule=context.tariff.schedule if context.tariff else None,
    )
