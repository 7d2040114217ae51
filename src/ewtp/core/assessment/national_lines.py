"""From the code asked to the national line: exact, a subdivision, a six-digit span, or a refusal that helps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import NationalLine, Option, Range
from ewtp.core.assessment.duties import Sorted, Work, claimable, list_options
from ewtp.core.assessment.line_in_progress import (
    LineWork,
    duties_and_excise,
    refuse_conflicting_claims,
    refuse_unknown_claims,
    sorted_rules,
)
from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from ewtp.core.assessment.consignment import Frame
    from ewtp.core.assessment.line_facts import Circumstances
    from ewtp.core.assessment.question import QuestionLine
    from ewtp.core.rulebook.territory import TariffLine, Territory

_SUBHEADING_DIGITS = 6
_MOST_SHOWN = 12
_CURRENT_EDITION = "HS2022"


@dataclass(frozen=True, slots=True)
class NationalCode:
    """The code rules are matched on; ``lines`` are the national lines below a code that is not one itself."""

    code: str
    description: str
    lines: tuple[TariffLine, ...] = ()
    # The line of the schedule that the code is, or is a subdivision of.
    declared: str = ""


def national_code(frame: Frame, code: str) -> NationalCode | Refusal:
    """Find the code in the destination's schedule; without a schedule, in HS 2022."""
    tariff = frame.tariff
    if tariff is None:
        if not frame.texts.exists(code):
            return _not_found(frame, code, None, ())
        return NationalCode(code, frame.texts.describe(code))
    day = frame.question.day
    line = frame.book.line_covering(tariff.code, code, day)
    if line is not None:
        return NationalCode(code, line.description or frame.texts.describe(code), declared=line.code)
    if frame.texts.exists(code) and not frame.book.has_lines_on(tariff.code, day):
        return NationalCode(code, frame.texts.describe(code))
    below = frame.book.lines_below(tariff.code, code, day)
    if len(below) == 1:
        return NationalCode(below[0].code, below[0].description or frame.texts.describe(code))
    if below:
        return NationalCode(code, frame.texts.describe(code), below)
    return _not_found(frame, code, tariff, frame.book.lines_below(tariff.code, code[:_SUBHEADING_DIGITS], day))


def _not_found(frame: Frame, code: str, tariff: Territory | None, siblings: tuple[TariffLine, ...]) -> Refusal:
    schedule = f"the {tariff.name} schedule ({tariff.nomenclature})" if tariff else "HS 2022"
    if siblings:
        lines = [line.code for line in siblings]
        shown = ", ".join(lines[:_MOST_SHOWN]) + (" …" if len(lines) > _MOST_SHOWN else "")
        return Refusal(
            "code_unknown",
            f"{code} is not in {schedule}; the lines under {code[:_SUBHEADING_DIGITS]} are {shown}.",
            details=(("lines", lines),),
        )
    edition = tariff.hs_edition if tariff else _CURRENT_EDITION
    replacements = frame.book.replacements(code[:_SUBHEADING_DIGITS], edition)
    if replacements:
        codes = ", ".join(replacements)
        return Refusal(
            "code_wrong_edition",
            f"{code} belongs to another edition than {schedule}, where {code[:_SUBHEADING_DIGITS]} became {codes}; "
            "ask with one of those.",
            details=(("replaced_by", list(replacements)), ("edition", edition)),
        )
    return Refusal(
        "code_unknown",
        f"{code} is not a code of {schedule}; look it up in the product search (`ewtp hs`).",
    )


def span_over(
    frame: Frame,
    line: QuestionLine,
    national: NationalCode,
    circumstances: Callable[[str], Circumstances],
    *,
    goods: Money,
    carriage: Decimal,
) -> LineWork | Refusal:
    """Answer a code above the national lines: what all lines share is charged, what differs is a range."""
    seen: list[tuple[TariffLine, Circumstances, Sorted, Work]] = []
    claims: set[str] = set()
    for below in national.lines:
        facts = circumstances(below.code)
        matched = sorted_rules(frame, facts, line.origin)
        claims |= claimable(matched, facts, frame.book)
        conflict = refuse_conflicting_claims(matched, facts)
        if conflict is not None:
            return conflict
        seen.append((below, facts, matched, duties_and_excise(frame, matched, facts)))
    if line.claims:
        refused = refuse_unknown_claims(line.claims, frozenset(claims))
        if refused:
            return Refusal.joined(refused)
    _, facts, matched, first = seen[0]
    agree = all(_charged(work) == _charged(first) and work.complete for _, _, _, work in seen)
    facts = replace(facts, code=line.hs)
    common = _common(matched, seen)
    if agree:
        options = _shared_options(frame, seen)
        return LineWork(line, national.description, facts, common, _settled(first, seen), goods, carriage, options)
    return LineWork(
        line,
        national.description,
        facts,
        common,
        _open_work(line, seen),
        goods,
        carriage,
        span=_range(frame, line, seen),
    )


def _charged(work: Work) -> list[tuple[str, str, str, Money]]:
    return [(c.kind, c.rule.measure.title, c.rule.measure.expression, c.amount) for c in work.charges]


def _common(matched: Sorted, seen: list[tuple[TariffLine, Circumstances, Sorted, Work]]) -> Sorted:
    """The rules that reach every one of the lines."""
    return {
        kind: [m for m in rules if all(m in other.get(kind, []) for _, _, other, _ in seen)]
        for kind, rules in matched.items()
    }


def _shared_options(frame: Frame, seen: list[tuple[TariffLine, Circumstances, Sorted, Work]]) -> tuple[Option, ...]:
    """What could be claimed for every one of the lines and would save the same on each."""
    if frame.inside_union:
        return ()
    first, *others = (
        list_options(matched, facts, frame.rounding, work, frame.book) for _, facts, matched, work in seen
    )
    savings = [{option.claim: option.saving for option in options} for options in others]
    return tuple(
        option
        for option in first
        if all(option.claim in each and each[option.claim] == option.saving for each in savings)
    )


def _settled(first: Work, seen: list[tuple[TariffLine, Circumstances, Sorted, Work]]) -> Work:
    work = Work(charges=list(first.charges), unknowns=list(first.unknowns))
    work.open(
        "code_not_national",
        f"The code has {len(seen)} national lines; they all bear the same duty, but a declaration needs one of them, "
        "and requirements may differ.",
        costs=False,
    )
    return work


def _open_work(line: QuestionLine, seen: list[tuple[TariffLine, Circumstances, Sorted, Work]]) -> Work:
    work = Work()
    for _, _, _, each in seen:
        for unknown in each.unknowns:
            if unknown not in work.unknowns:
                work.unknowns.append(unknown)
    work.unknowns[_MOST_SHOWN:] = []
    work.open(
        "code_not_national",
        f"{line.hs} has {len(seen)} national lines that bear different duties; the range is given, and naming the "
        "line settles it.",
    )
    return work


def _range(frame: Frame, line: QuestionLine, seen: list[tuple[TariffLine, Circumstances, Sorted, Work]]) -> Range:
    lines = []
    for below, facts, _, work in seen:
        duty = Money(work.sum("duty", "additional_duty"), facts.customs_value.currency) if work.complete else None
        lines.append(NationalLine(below.code, below.description or frame.texts.describe(below.code), duty))
    duties = [each.duty for each in lines]
    # A line whose duty is not known may bear less or more than all others, and then there is no span to speak of.
    known = [] if None in duties else [duty for duty in duties if duty is not None]
    return Range(
        question=f"Which of these {len(lines)} national lines of {line.hs} are the goods?",
        lowest_duty=min(known, key=lambda money: money.amount, default=None),
        highest_duty=max(known, key=lambda money: money.amount, default=None),
        lines=tuple(lines),
    )
