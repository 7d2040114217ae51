"""The market finder: one product against every economy of the rulebook, or one market against every origin.

Both ways every row is the answer of ``assess`` to a whole question, so a figure here is the figure there. The code is
taken to six digits, the only ones that all economies share; where an economy has several national lines below them,
each is assessed and the row gives the span.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import starmap
from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import Answer, age_days
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.effects import Effect, Unknown
from ewtp.core.markets.market_row import (
    ORDER,
    CodeResolved,
    MarketOption,
    MarketOutcome,
    MarketRow,
    Span,
    span_of,
)
from ewtp.core.markets.question_currency import Back
from ewtp.core.markets.sentences import CODE_NOT_A_SUBHEADING, SIX_DIGITS_NOT_NATIONAL
from ewtp.core.rulebook.charge_kinds import KINDS_BY_TOTAL
from ewtp.core.rulebook.citation import oldest_source
from ewtp.core.rulebook.correlation import EDITIONS, in_edition
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.codes import SUBHEADING_DIGITS
from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from ewtp.core.assessment.consignment import HsTexts
    from ewtp.core.assessment.exchange import RateTable, RateUsed
    from ewtp.core.assessment.question import Question
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.territory import Territory

MOST_RATES = 4
# The unknown that every trade has.
OPEN_EVERYWHERE = "embargo_not_looked_at"


def destinations(book: Book) -> tuple[str, ...]:
    """Every economy in the rulebook; a union is listed as its members, because their taxes differ."""
    return tuple(sorted({member for territory in book.territories.values() for member in territory.members}))


def find_markets(question: Question, book: Book, rates: RateTable, texts: HsTexts) -> tuple[MarketRow, ...] | Refusal:
    """The question's one line sent to every destination of the rulebook, the best known first.

    ``question.destination`` is not looked at. Complete answers come first, by landed cost in the currency of the
    question; then those that depend on the national line, by the highest; then incomplete ones, those of which only
    the tax is known, and those where the question cannot be answered, each saying why in its row. The refusal
    ``code_unknown`` says that no edition has the code.
    """
    asked = six_digits(question)
    missing = unknown_everywhere(asked, book, texts)
    if missing is not None:
        return missing
    rows = [
        scalar_row(replace(asked, destination=economy), economy, book, rates, texts)
        for economy in destinations(book)
        if economy != asked.origin
    ]
    return tuple(sorted(rows, key=by_landed_cost))


def find_origins(
    question: Question,
    origins: Iterable[str],
    book: Book,
    rates: RateTable,
    texts: HsTexts,
) -> tuple[MarketRow, ...] | Refusal:
    """The question's one line brought to its destination from each origin, ranked by the cost with the best option.

    ``question.origin`` is not looked at; ``economy`` of a row is the origin, and the goods are sent from there.
    """
    asked = six_digits(question)
    missing = unknown_everywhere(asked, book, texts)
    if missing is not None:
        return missing
    rows = []
    for origin in origins:
        if origin != asked.destination:
            line = replace(asked.lines[0], origin=origin)
            rows.append(scalar_row(replace(asked, origin=origin, lines=(line,)), origin, book, rates, texts))
    return tuple(sorted(rows, key=by_best_cost))


def six_digits(question: Question) -> Question:
    """The question with the digits that all economies share; costs are compared before freight where none is given."""
    line = question.lines[0]
    freight = Money(Decimal(0), line.value.currency) if question.freight is None else question.freight
    return replace(question, freight=freight, lines=(replace(line, hs=line.hs[:SUBHEADING_DIGITS]),))


def is_carried(question: Question) -> bool:
    """Whether the question gives freight or insurance that costs something."""
    given = (question.freight, question.insurance)
    return any(money is not None and money.amount for money in given)


def unknown_everywhere(question: Question, book: Book, texts: HsTexts) -> Refusal | None:
    """The refusal of a code that no edition has."""
    code = question.lines[0].hs
    if texts.exists(code) or any(book.replacements(code, edition) for edition in EDITIONS):
        return None
    return Refusal(CODE_NOT_A_SUBHEADING, {"code": code}, where="hs")


def scalar_row(question: Question, economy: str, book: Book, rates: RateTable, texts: HsTexts) -> MarketRow:
    """The row of an economy at one end of the question, whose other end it names already."""
    territories = book.territories_of(question.destination, question.day)
    tariff = next((t for t in territories if t.nomenclature), None)
    codes, resolved = _codes(question, tariff, book)
    known = MarketRow(
        economy=economy,
        outcome=MarketOutcome.REFUSED,
        code=resolved.used if resolved else question.lines[0].hs,
        edition=tariff.hs_edition if tariff else "",
        unions=tuple(t.code for t in book.territories_of(economy) if len(t.members) > 1),
        resolved=resolved,
        lines=len(codes),
        schedule=tariff.schedule if tariff else None,
        schedule_age_days=age_days(tariff.schedule, question.day) if tariff and tariff.schedule else None,
    )
    answers = []
    for code in codes:
        answer = assess(_about(question, code), book, rates, texts)
        if isinstance(answer, Refusal):
            return replace(known, refusal=answer)
        answers.append(answer)
    return _describe_row(known, answers, tariff, _Reassess(question, codes, book, rates, texts))


def _about(question: Question, code: str, claims: tuple[str, ...] | None = None) -> Question:
    line = question.lines[0]
    return replace(question, lines=(replace(line, hs=code, claims=line.claims if claims is None else claims),))


def _codes(
    question: Question,
    tariff: Territory | None,
    book: Book,
) -> tuple[tuple[str, ...], CodeResolved | None]:
    """The national lines that the six digits may mean in this tariff, after a step to its edition if need be."""
    asked = question.lines[0].hs
    edition = tariff.hs_edition if tariff else EDITIONS[0]
    lines = book.lines_below(tariff.code, asked, question.day) if tariff else ()
    used = None
    if not lines and (tariff is None or book.has_lines_on(tariff.code, question.day)):
        used = in_edition(book, asked, edition)
        lines = book.lines_below(tariff.code, used, question.day) if tariff and used else ()
    resolved = CodeResolved(asked, used, edition) if used and (lines or tariff is None) else None
    return tuple(line.code for line in lines) or (resolved.used if resolved else asked,), resolved


class _Reassess:
    """Asks the question of a row again, with a claim."""

    def __init__(
        self,
        question: Question,
        codes: tuple[str, ...],
        book: Book,
        rates: RateTable,
        texts: HsTexts,
    ) -> None:
        self._question = question
        self._codes = codes
        self._with = (book, rates, texts)

    def assess_with_claim(self, claim: str, answers: Sequence[Answer]) -> list[Answer]:
        """The answers with the claim on every national line where it may be made."""
        claimed = []
        for code, before in zip(self._codes, answers, strict=True):
            open_to = any(option.claim == claim for option in before.lines[0].options)
            claims = (*self._question.lines[0].claims, claim)
            after = assess(_about(self._question, code, claims), *self._with) if open_to else before
            claimed.append(before if isinstance(after, Refusal) else after)
        return claimed


def _describe_row(known: MarketRow, answers: list[Answer], tariff: Territory | None, again: _Reassess) -> MarketRow:
    """The row with everything from the answers of its national lines."""
    first = answers[0]
    value = first.question.lines[0].value
    back = Back(value.currency, _rate_used(first))
    outcome = _outcome(answers, tariff)
    sums = {
        name: span_of([_sum_charges(answer, kinds, back) for answer in answers])
        for name, kinds in KINDS_BY_TOTAL.items()
    }
    agencies, documents, perhaps = split_papers(
        [{r.measure.agency for r in a.lines[0].requirements if r.measure.agency} for a in answers],
        [{_document(r.measure) for r in a.lines[0].requirements} for a in answers],
    )
    landed = span_of([back.sum_landed_cost(answer) for answer in answers])
    if outcome is MarketOutcome.COMPLETE and landed is not None and landed.settled is None:
        outcome = MarketOutcome.RANGE
    no_tariff = outcome in (MarketOutcome.TAX_ONLY, MarketOutcome.UNKNOWN)
    schedule = known.schedule or _oldest_schedule(answers)
    return replace(
        known,
        outcome=outcome,
        duty=sums["duty"],
        tax=sums["tax"],
        fees=sums["fees"],
        landed_cost=None if no_tariff else landed,
        without_tax=None if no_tariff else span_of([back.without_tax(answer) for answer in answers]),
        at_least=None if no_tariff else min((back.at_least(answer) for answer in answers), key=_amount),
        at_most=None if no_tariff else _highest([back.at_most(answer) for answer in answers]),
        local_landed_cost=None if no_tariff else span_of([answer.totals.landed_cost for answer in answers]),
        duty_rates=_rates(answers, KINDS_BY_TOTAL["duty"]),
        tax_rates=_rates(answers, KINDS_BY_TOTAL["tax"]),
        agencies=agencies,
        documents=documents,
        perhaps=perhaps,
        prohibitions=tuple(sorted({r.measure.title or r.measure.id for a in answers for r in a.lines[0].prohibitions})),
        best=_best_option(answers, back, again),
        options=len({option.claim for answer in answers for option in answer.lines[0].options}),
        unknowns=_unknowns(answers),
        schedule=schedule,
        schedule_age_days=age_days(schedule, first.question.day) if schedule else None,
        rate=back.rate,
    )


def _oldest_schedule(answers: list[Answer]) -> Source | None:
    """Where a tariff does not name its schedule, the oldest source of the duties charged is taken instead."""
    found = [c.rule.measure.source for a in answers for c in a.lines[0].charges if c.kind is Kind.DUTY]
    return oldest_source(found)


def _outcome(answers: list[Answer], tariff: Territory | None) -> MarketOutcome:
    if tariff is None:
        taxed = all(any(charge.kind is Kind.TAX for charge in answer.lines[0].charges) for answer in answers)
        return MarketOutcome.TAX_ONLY if taxed else MarketOutcome.UNKNOWN
    return MarketOutcome.COMPLETE if all(answer.totals.complete for answer in answers) else MarketOutcome.INCOMPLETE


def _rate_used(answer: Answer) -> RateUsed | None:
    pair = (answer.question.lines[0].value.currency, answer.totals.goods.currency)
    return next((used for used in answer.rates if (used.currency, used.target) == pair), None)


def _amount(money: Money) -> Decimal:
    return money.amount


def _highest(amounts: Sequence[Money | None]) -> Money | None:
    known = [money for money in amounts if money is not None]
    return max(known, key=_amount) if len(known) == len(amounts) else None


def _sum_charges(answer: Answer, kinds: tuple[Kind, ...], back: Back) -> Money | None:
    """The charges of these kinds; None where there is none, which is not the same as a charge of nothing."""
    found = [charge.amount for charge in answer.lines[0].charges if charge.kind in kinds]
    if not found:
        return None
    return back.money(Money(sum((money.amount for money in found), Decimal(0)), found[0].currency))


def _document(measure: Measure) -> str:
    return measure.document or measure.title


def _rates(answers: list[Answer], kinds: tuple[Kind, ...]) -> tuple[str, ...]:
    found = dict.fromkeys(
        charge.rule.measure.rate_text
        for answer in answers
        for charge in answer.lines[0].charges
        if charge.kind in kinds
    )
    return tuple(found)[:MOST_RATES]


def _unknowns(answers: list[Answer]) -> tuple[Unknown, ...]:
    """Each code once, by code, without amounts; a row with several lines notes that the code is not national."""
    found: dict[str, Unknown] = {}
    if len(answers) > 1:
        unknown = state_national_lines(len(answers))
        found[unknown.code] = unknown
    for answer in answers:
        for unknown in answer.lines[0].unknowns:
            if unknown.code not in found:
                found[unknown.code] = Unknown(unknown.sentence, unknown.params)
    return sort_unknowns(found.values())


def state_national_lines(count: int) -> Unknown:
    """That the six digits have several national lines."""
    return Unknown(SIX_DIGITS_NOT_NATIONAL, {"count": count})


def sort_unknowns(unknowns: Iterable[Unknown]) -> tuple[Unknown, ...]:
    """That the code is not national comes first, for the other amounts depend on it.

    What is open of every trade, sanctions, is told once for all rows by whoever shows them.
    """
    told = (unknown for unknown in unknowns if unknown.code != OPEN_EVERYWHERE)
    return tuple(sorted(told, key=lambda unknown: (unknown.code != "code_not_national", unknown.code)))


def rank_claim(claim: str, saving: Decimal | int) -> tuple[Decimal | int, bool, str]:
    """The rank of a claim by its highest saving; a quota, which may be used up, comes after an equal preference."""
    return (-saving, claim.startswith("quota:"), claim)


def split_papers(
    agencies: Sequence[Collection[str]], documents: Sequence[Collection[str]]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Agencies and documents that every line requires, and those that only some do; arguments are by line."""
    every_agency, every_document = (frozenset(each[0]).intersection(*each[1:]) for each in (agencies, documents))
    some = frozenset().union(*agencies, *documents) - every_agency - every_document
    return tuple(sorted(every_agency)), tuple(sorted(every_document)), tuple(sorted(some))


def _best_option(answers: list[Answer], back: Back, again: _Reassess) -> MarketOption | None:
    """The option with the claim that ranks first."""
    savings: dict[str, list[Money]] = {}
    for answer in answers:
        for option in answer.lines[0].options:
            if option.saving is not None:
                savings.setdefault(option.claim, []).append(option.saving)
    if not savings:
        return None

    claim = min(savings, key=lambda each: rank_claim(each, max(money.amount for money in savings[each])))
    chosen = next(o for a in answers for o in a.lines[0].options if o.claim == claim and o.saving is not None)
    saved = [back.money(money) for money in savings[claim]]
    if len(saved) < len(answers):
        saved.append(Money(Decimal(0), saved[0].currency).round_to_minor())
    with_it = again.assess_with_claim(claim, answers)
    comparable = all(starmap(_is_comparable, zip(answers, with_it, strict=True)))
    return MarketOption(
        claim=claim,
        title=chosen.title,
        saving=Span(min(saved, key=lambda m: m.amount), max(saved, key=lambda m: m.amount)),
        landed_cost=span_of([back.sum_landed_cost(answer) for answer in with_it]) if comparable else None,
        without_tax=span_of([back.without_tax(answer) for answer in with_it]) if comparable else None,
        proof=chosen.proof,
        note=chosen.note,
    )


def _is_comparable(before: Answer, after: Answer) -> bool:
    """Whether the cost with a claim is known, or as much of it as without the claim."""
    return after.totals.complete or _effective_codes(before) == _effective_codes(after)


def _effective_codes(answer: Answer) -> set[str]:
    return {unknown.code for unknown in answer.lines[0].unknowns if unknown.effect is not Effect.NONE}


def by_landed_cost(row: MarketRow) -> tuple[int, Decimal, str]:
    """The sort key of destinations."""
    return (ORDER[row.outcome], row.landed_cost.highest.amount if row.landed_cost else Decimal(0), row.economy)


def by_best_cost(row: MarketRow) -> tuple[int, Decimal, str]:
    """The sort key of origins."""
    cost = row.best_landed_cost
    return (ORDER[row.outcome], cost.highest.amount if cost else Decimal(0), row.economy)
