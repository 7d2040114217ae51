"""A rule: its expression and citation are made when they are first asked for, and once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ewtp.core.rulebook import rule as rule_module
from ewtp.core.rulebook.expressions import parser
from ewtp.core.rulebook.expressions.tree import FREE, AdValorem, Inherited
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.rule import Rule, citation_json
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import answered, ask, book, rule

DUTY = rule(Kind.DUTY, "0101", "10%")


def test_only_expressions_that_a_question_reaches_are_parsed(monkeypatch):
    asked = []

    def parse(text, **given):
        asked.append(text)
        return parse_once(text, **given)

    parse_once = parser.parse
    monkeypatch.setattr(rule_module, "parse", parse)
    rule_module._read_expression.cache_clear()
    law = book([DUTY, rule(Kind.DUTY, "9999", "77%")])
    assert asked == []
    answered(ask(law))
    assert set(asked) == {"10%"}


def test_an_expression_is_read_with_the_currency_and_the_base_of_its_measure():
    assert Rule(DUTY).expression == AdValorem(Decimal(10))
    paper = replace(DUTY, kind=Kind.REQUIREMENT, expression="", agency="the agency", document="a licence")
    assert Rule(paper).expression is None
    unread = Rule(replace(DUTY, expression="2.50", currency="")).expression
    assert isinstance(unread, Refusal)
    foreign = Rule(replace(DUTY, base="moonlight")).expression
    assert isinstance(foreign, Refusal)
    assert foreign.code == "base_unknown"


def test_a_top_up_is_known_to_refer_to_the_duty_of_the_subheading():
    text = "The duty provided in the applicable subheading + 25%"
    added = Rule(replace(DUTY, kind=Kind.ADDITIONAL_DUTY, expression=text))
    assert (added.expression, added.inherits) == (AdValorem(Decimal(25)), False)
    alone = Rule(replace(DUTY, kind=Kind.ADDITIONAL_DUTY, expression="The duty provided in the applicable subheading"))
    assert alone.expression == FREE
    plain = Rule(replace(DUTY, expression="The duty provided in the applicable subheading"))
    assert (plain.expression, plain.inherits) == (Inherited(), True)


def test_rules_of_one_measure_are_equal_whatever_was_asked_of_them():
    one, other = Rule(DUTY), Rule(DUTY)
    assert one.citation == citation_json(DUTY)
    assert one.citation is one.citation
    assert one.expression is not None
    assert one == other
