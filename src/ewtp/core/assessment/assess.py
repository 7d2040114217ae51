"""The answer to a question: a pure function of the question, the rulebook and the exchange rates."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import Answer, LineAnswer
from ewtp.core.assessment.claims import (
    claimable,
    list_closed_claims,
    refuse_conflicting_claims,
    refuse_unknown_claims,
)
from ewtp.core.assessment.code_range import assess_code_range
from ewtp.core.assessment.consignment import ConsignmentContext, HsTexts, build_context
from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.export_rules import find_export_charges, find_export_rules
from ewtp.core.assessment.fact_requests import ask_facts
from ewtp.core.assessment.fees import charge_fees
from ewtp.core.assessment.line_facts import LineFacts
from ewtp.core.assessment.line_in_progress import LineInProgress, charge_line
from ewtp.core.assessment.line_sums import find_sum_states
from ewtp.core.assessment.national_lines import national_code, settle_line
from ewtp.core.assessment.options import list_claimed, list_options
from ewtp.core.assessment.papers import judge_papers, list_paper_options
from ewtp.core.assessment.rule_matches import RulesByKind, rules_reaching
from ewtp.core.assessment.sentences import CODE_BY_VALUE_ONE
from ewtp.core.assessment.taxes import charge_taxes
from ewtp.core.assessment.totals import add_up, bound_charges, stale_sources
from ewtp.core.assessment.unknowns import note_duty_unknowns, note_unknowns
from ewtp.core.assessment.valuation import ValuedLine, value_lines
from ewtp.core.assessment.value_brackets import decide_by_value
from ewtp.core.rulebook.expressions.evaluation import Facts
from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from ewtp.core.assessment.exchange import RateTable
    from ewtp.core.assessment.question import Question, QuestionLine
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.service import Service
_NOTHING = Decimal(0)


def assess(question: Question, book: Book, rates: RateTable, texts: HsTexts) -> Answer | Refusal:
    """Answer a question; the same arguments always give the same answer.

    A refusal states a fault of the question (``where`` names the field), its ``others`` those of the other lines. Gaps
    in the rulebook are not refused: they are listed in the answer's unknowns, and the totals are marked incomplete.
    """
    context = build_context(question, book, rates, texts)
    valued = value_lines(context)
    if isinstance(valued, Refusal):
        return Refusal.join([valued, *_refuse_codes(context)])
    # Limits of low value are of the intrinsic value: the price without freight and insurance.
    consignment = Money(sum((each.goods.amount for each in valued), _NOTHING), context.currency)
    in_progress: list[LineInProgress] = []
    refusals: list[Refusal] = []
    for number, each in enumerate(valued):
        line = _begin_line(context, each, consignment)
        if isinstance(line, Refusal):
            refusals.append(line.under(f"lines[{number}]"))
        else:
            in_progress.append(line)
    if refusals:
        return Refusal.join(refusals)
    charge_fees([(line.matched, line.facts, line.findings) for line in in_progress], context.rounding)
    for line in in_progress:
        note_duty_unknowns(context, line)
        charge_taxes(
            line.matched,
            line.facts,
            context.tax_rounding,
            line.findings,
            tax_base=context.tax_base,
            carriage=line.carriage,
        )
        note_unknowns(context, line)
    lines = tuple(_line_answer(context, line) for line in in_progress)
    return Answer(
        rulebook_version=book.version,
        question=question,
        lines=lines,
        totals=add_up(context, in_progress, lines),
        rates=tuple(context.rates_used.values()),
        practices=context.practices_used(),
        stale=stale_sources(context, in_progress),
        procedures=context.procedures,
    )


def _refuse_codes(context: ConsignmentContext) -> list[Refusal]:
    """What is wrong with the codes of lines that have no value in the destination's currency."""
    found = (national_code(context, line.hs) for line in context.question.lines)
    return [each.under(f"lines[{number}].hs") for number, each in enumerate(found) if isinstance(each, Refusal)]


def _begin_line(context: ConsignmentContext, valued: ValuedLine, consignment: Money) -> LineInProgress | Refusal:
    line, goods, customs_value, carriage = valued
    national = national_code(context, line.hs)
    if isinstance(national, Refusal):
        return national.under("hs")
    facts_of = _facts_maker(context, valued, consignment, converted=bool(national.converted))
    decided = decide_by_value(national.lines, customs_value.amount, line.quantities) if national.lines else None
    if decided is not None and len(decided.left) > 1:
        outward = find_export_rules(context, facts_of(line.hs))
        return assess_code_range(
            context,
            line,
            replace(national, lines=decided.left),
            facts_of,
            outward,
            goods=goods,
            carriage=carriage,
            decided=decided,
        )
    if decided is not None:
        national = settle_line(context, national, decided.left[0])
    facts = facts_of(national.code)
    matched = rules_reaching(context, facts, line.origin)
    outward = find_export_rules(context, facts)
    refusals = _refuse_claims(context, (matched, outward), facts, line) if line.claims else []
    findings = charge_line(context, matched, facts)
    if decided is not None:
        params = {"units": decided.by, "count": decided.count, "code": line.hs, "line": national.code}
        findings.open(Unknown(CODE_BY_VALUE_ONE, params))
    for refusal in findings.refusals:
        placed = refusal.under("quantities" if refusal.code == "quantity_missing" else "parts")
        # Several rules may ask for the same quantity.
        if placed not in refusals:
            refusals.append(placed)
    if refusals:
        return Refusal.join(refusals)
    options = () if context.inside_union else list_options(matched, facts, context.rounding, findings, context.book)
    return LineInProgress(
        line,
        national.description,
        facts,
        matched,
        outward,
        findings,
        goods,
        carriage,
        options,
        declared=national.declared,
        converted=national.converted,
    )


def _facts_maker(
    context: ConsignmentContext, valued: ValuedLine, consignment: Money, *, converted: bool
) -> Callable[[str], LineFacts]:
    """The facts of a line under a national code; ``converted`` says that it stands for a code of another edition."""
    line, _, customs_value, _ = valued
    day = context.question.day
    memberships = context.book.groups_of(line.origin, day)
    claims = frozenset(line.claims)
    known = Facts(customs_value, line.quantities, line.parts, None, context.rate, day)

    def facts_of(code: str) -> LineFacts:
        return LineFacts(
            code,
            day,
            memberships,
            claims,
            customs_value,
            consignment,
            line.quantities,
            line.parts,
            context.question.transport,
            context.question.buyer,
            context.rate,
            known,
            line.hs if converted else "",
        )

    return facts_of


def _refuse_claims(
    context: ConsignmentContext, sides: tuple[RulesByKind, RulesByKind], facts: LineFacts, line: QuestionLine
) -> list[Refusal]:
    """What is wrong with the claims of a line that the rules on imports and on exports reach."""
    known = claimable(sides[0], facts, context.book) | claimable(sides[1], facts, context.book)
    conflict = refuse_conflicting_claims(sides[0], facts)
    closed = list_closed_claims(context, [facts], line.origin)
    unknown = refuse_unknown_claims(line.claims, known, closed, facts.day)
    return unknown or ([conflict] if conflict is not None else [])


def _line_answer(context: ConsignmentContext, line: LineInProgress) -> LineAnswer:
    sides = (line.matched, line.outward)
    papers = judge_papers(sides, line.facts)
    for unknown in papers.unknowns:
        line.findings.open(unknown)
    options, paper_options = line.options, list_paper_options(sides, line.facts, papers, context.book)
    if options and paper_options:
        gone = {option.claim: option.lifts for option in paper_options}
        options = tuple(replace(option, lifts=gone.pop(option.claim, ())) for option in options)
        paper_options = tuple(option for option in paper_options if option.claim in gone)
    return LineAnswer(
        hs=line.line.hs,
        description=line.description,
        origin=line.line.origin,
        customs_value=line.facts.customs_value,
        basis=context.basis,
        charges=tuple(line.findings.charges),
        options=options,
        claimed=list_claimed(line.matched, line.facts, context.book) if line.line.claims else (),
        requirements=tuple(papers.requirements),
        prohibitions=tuple(papers.prohibitions),
        unknowns=tuple(line.findings.unknowns),
        owed=bound_charges(line.findings, context.currency),
        sum_states=find_sum_states(context, line),
        span=line.span,
        paper_options=paper_options,
        lifted=tuple(papers.lifted),
        asks=ask_facts(sides, line.facts, line.findings.unknowns, context.book),
        promises=tuple(_promise(context, rule.measure) for rule in papers.requirements),
        export_charges=find_export_charges(context, line.facts),
    )


def _promise(context: ConsignmentContext, requirement: Measure) -> Service | None:
    """The time in which the agency promises the paper that it asks for."""
    day = context.question.day
    return context.book.promise(requirement.territory, requirement.agency, requirement.document, day)
