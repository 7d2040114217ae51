"""The rules of the economy of dispatch on goods that leave it: the papers they need, and what they are charged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ewtp.core.assessment.border_sentences import EXPORT_CHARGE, EXPORT_CHARGE_OPEN, EXPORT_CHARGE_PART
from ewtp.core.assessment.export_charge import ExportCharge
from ewtp.core.assessment.rule_matches import judge_conditions, sort_rules
from ewtp.core.rulebook.phrases.phrase_reader import read_phrase
from ewtp.core.values.codes import SUBHEADING_DIGITS
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.values.sentence import Sentence


def find_export_rules(context: ConsignmentContext, facts: LineFacts) -> RulesByKind:
    """The rules of the economy of dispatch on papers of goods that leave it for this destination, by kind."""
    rules = [
        rule
        for territory in context.book.territories_of(context.question.origin)
        for rule in context.book.export_rules_for(territory.code, facts.code)
    ]
    return sort_rules(rules, _read_outward(context, facts)) if rules else {}


def find_export_charges(context: ConsignmentContext, facts: LineFacts) -> tuple[ExportCharge, ...]:
    """The charges on exports of the line's goods to this destination; none where they leave no customs union."""
    if context.inside_union:
        return ()
    question, book = context.question, context.book
    code = facts.asked or facts.code
    rules = [
        rule for place in book.territories_of(question.origin) for rule in book.export_charges_on(place.code, code)
    ]
    if not rules:
        return ()
    leaving, subheading = _read_outward(context, facts), code[:SUBHEADING_DIGITS]
    alike: dict[tuple[Any, ...], list[Rule]] = {}
    for matched in sort_rules(rules, leaving).values():
        for rule in (each.rule for each in matched):
            met = judge_conditions(rule, leaving).met
            if met is not False:
                measure = rule.measure
                named = (measure.territory, measure.title, measure.rate_text, measure.status, measure.source.title)
                alike.setdefault((_choose_sentence(rule, subheading, met=met), *named), []).append(rule)
    return tuple(
        ExportCharge(tuple(those), _state(book, sentence, those, subheading)) for (sentence, *_), those in alike.items()
    )


def _read_outward(context: ConsignmentContext, facts: LineFacts) -> LineFacts:
    """The line's facts as rules on exports read them: they name destinations where those on imports name origins."""
    question = context.question
    return replace(facts, memberships=context.book.groups_of(question.destination, question.day))


def _choose_sentence(rule: Rule, subheading: str, *, met: bool | None) -> Sentence:
    """What is certain of it: only the exporter's own schedule says which goods a longer code than ours holds."""
    product = rule.measure.product
    if any(code.startswith(subheading) and code != subheading for code in (product.prefix, *product.exclusions)):
        return EXPORT_CHARGE_PART
    return EXPORT_CHARGE if met else EXPORT_CHARGE_OPEN


def _state(book: Book, sentence: Sentence, rules: Sequence[Rule], subheading: str) -> Statement:
    measure = rules[0].measure
    territory = {"code": measure.territory, "name": book.territories[measure.territory].name}
    codes = [rule.measure.product.prefix for rule in rules]
    params = {"territory": territory, "title": read_phrase(measure.title), "rate": read_phrase(measure.rate_text)}
    return Statement(
        sentence, {**params, "codes": codes, "subheading": subheading} if sentence.form == "part" else params
    )
