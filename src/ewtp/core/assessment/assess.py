"""The answer to a question: a pure function of the question, the rulebook and the exchange rates."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import Answer, LineAnswer
from ewtp.core.assessment.consignment import Frame, HsTexts, build_frame
from ewtp.core.assessment.duties import Sorted, claimable, list_claimed, list_options, sort_rules
from ewtp.core.assessment.fees import charge_fees
from ewtp.core.assessment.line_facts import Circumstances
from ewtp.core.assessment.line_in_progress import (
    LineWork,
    duties_and_excise,
    refuse_conflicting_claims,
    refuse_unknown_claims,
    sorted_rules,
)
from ewtp.core.assessment.national_lines import national_code, span_over
from ewtp.core.assessment.taxes import charge_taxes
from ewtp.core.assessment.totals import add_up, stale_sources
from ewtp.core.assessment.unknowns import note_duty_gaps, note_gaps
from ewtp.core.assessment.valuation import Valued, value_lines
from ewtp.core.rulebook.expressions.evaluation import Facts
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.assessment.exchange import RateTable
    from ewtp.core.assessment.question import Question
    from ewtp.core.rulebook.book import Book, Rule


def assess(question: Question, book: Book, rates: RateTable, texts: HsTexts) -> Answer | Refusal:
    """Answer a question; the same arguments give the same answer for ever.

    A refusal says what is wrong with the question (``where`` names the field), its ``others`` what is wrong with the
    other lines. What the rulebook does not know is not refused: it is listed in the answer's unknowns, and the totals
    say that they are incomplete.
    """
    frame = build_frame(question, book, rates, texts)
    valued = value_lines(frame)
    if isinstance(valued, Refusal):
        return valued
    # Limits of low value are of the intrinsic value: the price without freight and insurance.
    consignment = Money(sum((v[1].amount for v in valued), Decimal(0)), frame.currency)
    works: list[LineWork] = []
    refusals: list[Refusal] = []
    for number, line in enumerate(valued):
        work = _work_line(frame, line, consignment)
        if isinstance(work, Refusal):
            refusals.append(work.under(f"lines[{number}]"))
        else:
            works.append(work)
    if refusals:
        return Refusal.joined(refusals)
    charge_fees([(w.matched, w.facts, w.work) for w in works], frame.rounding)
    for work in works:
        note_duty_gaps(frame, work)
        charge_taxes(
            work.matched,
            work.facts,
            frame.tax_rounding,
            work.work,
            tax_base=frame.tax_base,
            carriage=work.carriage,
        )
        note_gaps(frame, work)
    lines = tuple(_line_answer(frame, work) for work in works)
    return Answer(
        rulebook_version=book.version,
        question=question,
        lines=lines,
        totals=add_up(frame, works, lines),
        rates=tuple(frame.rates_used.values()),
        practices=frame.practices,
        stale=stale_sources(frame, works),
    )


def _work_line(frame: Frame, valued: Valued, consignment: Money) -> LineWork | Refusal:
    line, goods, customs_value, carriage = valued
    national = national_code(frame, line.hs)
    if isinstance(national, Refusal):
        return national.under("hs")
    memberships = frame.book.groups_of(line.origin, frame.question.day)
    claims = frozenset(line.claims)

    known = Facts(customs_value, line.quantities, line.parts, None, frame.rate, frame.question.day)

    def circumstances(code: str) -> Circumstances:
        return Circumstances(
            code,
            frame.question.day,
            memberships,
            claims,
            customs_value,
            consignment,
            line.quantities,
            line.parts,
            frame.question.transport,
            frame.question.buyer,
            frame.rate,
            known,
        )

    if national.lines:
        return span_over(frame, line, national, circumstances, goods=goods, carriage=carriage)
    facts = circumstances(national.code)
    matched = sorted_rules(frame, facts, line.origin)
    refusals = refuse_unknown_claims(line.claims, claimable(matched, facts, frame.book)) if claims else []
    if claims and not refusals:
        conflict = refuse_conflicting_claims(matched, facts)
        if conflict is not None:
            return conflict
    work = duties_and_excise(frame, matched, facts)
    for refusal in work.refusals:
        placed = refusal.under("quantities" if refusal.code == "quantity_missing" else "parts")
        # Several rules may ask for the same quantity.
        if placed not in refusals:
            refusals.append(placed)
    if refusals:
        return Refusal.joined(refusals)
    options = () if frame.inside_union else list_options(matched, facts, frame.rounding, work, frame.book)
    return LineWork(
        line, national.description, facts, matched, work, goods, carriage, options, declared=national.declared
    )


def _line_answer(frame: Frame, line: LineWork) -> LineAnswer:
    matched = line.matched
    outward = _export_rules(frame, line)
    return LineAnswer(
        hs=line.line.hs,
        description=line.description,
        origin=line.line.origin,
        customs_value=line.facts.customs_value,
        basis=frame.basis,
        charges=tuple(line.work.charges),
        options=line.options,
        claimed=list_claimed(matched, line.facts, frame.book) if line.line.claims else (),
        requirements=_rules(matched, outward, Kind.REQUIREMENT),
        prohibitions=_rules(matched, outward, Kind.PROHIBITION),
        unknowns=tuple(line.work.unknowns),
        span=line.span,
    )


def _rules(matched: Sorted, outward: Sorted, kind: Kind) -> tuple[Rule, ...]:
    return tuple(found.rule for found in (*matched.get(kind, ()), *outward.get(kind, ())))


def _export_rules(frame: Frame, line: LineWork) -> Sorted:
    """What the economy of dispatch asks on the way out, towards this destination."""
    rules = [
        rule
        for territory in frame.book.territories_of(frame.question.origin)
        for rule in frame.book.export_rules_for(territory.code, line.facts.code)
    ]
    if not rules:
        return {}
    bound_for = frame.book.groups_of(frame.question.destination, frame.question.day)
    return sort_rules(rules, replace(line.facts, memberships=bound_for))
