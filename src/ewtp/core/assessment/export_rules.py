"""The rules of the economy of dispatch on goods that leave it: the papers they need, and what they are charged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ewtp.core.assessment.border_sentences import EXPORT_CHARGE, EXPORT_CHARGE_OPEN, EXPORT_CHARGE_PART
from ewtp.core.assessment.export_charge import ExportCharge
from ewtp.core.assessment.rule_matches import PART, judge_conditions, sort_rules
from ewtp.core.rulebook.measure import Condition
from ewtp.core.rulebook.phrases.phrase_reader import read_phrase
from ewtp.core.values.codes import SUBHEADING_DIGITS
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.duty_rank import Matched
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.rulebook.territory import Territory
    from ewtp.core.values.sentence import Sentence


def find_export_rules(context: ConsignmentContext, facts: LineFacts) -> RulesByKind:
    """The rules of the economy of dispatch on papers of goods that leave it for this destination, by kind.

    Its schedule agrees with the destination's at six digits alone, unless both are of one nomenclature. A rule on a
    longer code of another schedule is on a part of the goods, which nothing settles.
    """
    rules = [
        _on_part(rule, code) if _is_part(rule, code) else rule
        for territory in context.book.territories_of(context.question.origin)
        for code in (_code_there(context, territory, facts),)
        for rule in context.book.export_rules_on(territory.code, code, charges=False)
        if rule.measure.product.covers(code) or (_is_part(rule, code) and len(code) == SUBHEADING_DIGITS)
    ]
    if not rules:
        return {}
    leaving = _read_outward(context, facts)
    return {kind: _drop_replaced(matched, leaving) for kind, matched in sort_rules(rules, leaving).items()}


def _code_there(context: ConsignmentContext, territory: Territory, facts: LineFacts) -> str:
    """As many digits of the line's code as mean the same in the schedule of a territory of dispatch."""
    if any(each.nomenclature == territory.nomenclature for each in context.territories if each.nomenclature):
        return facts.code
    return (facts.asked or facts.code)[:SUBHEADING_DIGITS]


def _is_part(rule: Rule, code: str) -> bool:
    """Whether the rule is on a part of the goods of the code, or leaves a part of them out."""
    product = rule.measure.product
    return any(each.startswith(code) and each != code for each in (product.prefix, *product.exclusions))


def _on_part(rule: Rule, subheading: str) -> Rule:
    """The rule with the open condition that the goods are of its code."""
    measure = rule.measure
    # A rule on all goods with exceptions names no code of its own.
    part = Condition(PART, f"{measure.product.prefix or subheading} {subheading}")
    return replace(rule, measure=replace(measure, conditions=(*measure.conditions, part)))


def _drop_replaced(matched: list[Matched], facts: LineFacts) -> list[Matched]:
    """Without the rules in whose place another on a longer code is: of the same charge, or on the same paper."""
    certain = [each for each in matched if judge_conditions(each.rule, facts).met]
    return [
        each for each in matched if not any(_matter(each) == _matter(one) and _is_shorter(each, one) for one in certain)
    ]


def _is_shorter(one: Matched, other: Matched) -> bool:
    mine, longer = one.rule.measure.product.prefix, other.rule.measure.product.prefix
    return len(mine) < len(longer) and longer.startswith(mine)


def _matter(matched: Matched) -> tuple[str, ...]:
    """What two rules have in common of which the one on the longer code prevails."""
    law = matched.rule.measure
    return (law.territory, law.kind, law.programme, law.agency, law.document, law.additional_code, law.order_number)


def find_export_charges(context: ConsignmentContext, facts: LineFacts) -> tuple[ExportCharge, ...]:
    """The charges on exports of the line's goods to this destination; none where they leave no customs union."""
    if context.inside_union:
        return ()
    question, book = context.question, context.book
    subheading = (facts.asked or facts.code)[:SUBHEADING_DIGITS]
    rules = [
        rule
        for place in book.territories_of(question.origin)
        for rule in book.export_rules_on(place.code, subheading, charges=True)
    ]
    if not rules:
        return ()
    leaving = _read_outward(context, facts)
    alike: dict[tuple[Any, ...], list[Rule]] = {}
    for matched in sort_rules(rules, leaving).values():
        told = [each for each in matched if judge_conditions(each.rule, leaving).met is not False]
        for each in _drop_replaced_charges(told, leaving, subheading):
            measure = each.rule.measure
            named = (measure.territory, measure.title, measure.rate_text, measure.status, measure.source.title)
            alike.setdefault((_choose_sentence(each, told, leaving, subheading), *named), []).append(each.rule)
    return tuple(
        ExportCharge(tuple(those), _state(book, sentence, those, subheading)) for (sentence, *_), those in alike.items()
    )


def _drop_replaced_charges(matched: list[Matched], facts: LineFacts, subheading: str) -> list[Matched]:
    """Without the charges in whose place another is on all goods of the subheading."""
    whole = [each for each in matched if not _is_part(each.rule, subheading)]
    left = {id(each) for each in _drop_replaced(whole, facts)}
    replaced = {id(each) for each in whole} - left
    return [each for each in matched if id(each) not in replaced]


def _read_outward(context: ConsignmentContext, facts: LineFacts) -> LineFacts:
    """The line's facts as rules on exports read them: they name destinations where those on imports name origins."""
    question = context.question
    return replace(facts, memberships=context.book.groups_of(question.destination, question.day))


def _choose_sentence(matched: Matched, told: list[Matched], facts: LineFacts, subheading: str) -> Sentence:
    """What is certain of it: only the exporter's own schedule says which goods a longer code than ours holds.

    So it does where another charge on a longer code takes a part of the goods away from this one.
    """
    rest = any(
        _matter(matched) == _matter(one) and _is_shorter(matched, one) and _is_part(one.rule, subheading)
        for one in told
    )
    if rest or _is_part(matched.rule, subheading):
        return EXPORT_CHARGE_PART
    return EXPORT_CHARGE if judge_conditions(matched.rule, facts).met else EXPORT_CHARGE_OPEN


def _state(book: Book, sentence: Sentence, rules: Sequence[Rule], subheading: str) -> Statement:
    measure = rules[0].measure
    territory = {"code": measure.territory, "name": book.territories[measure.territory].name}
    codes = [rule.measure.product.prefix for rule in rules]
    params = {"territory": territory, "title": read_phrase(measure.title), "rate": read_phrase(measure.rate_text)}
    return Statement(
        sentence, {**params, "codes": codes, "subheading": subheading} if sentence.form == "part" else params
    )
