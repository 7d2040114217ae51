"""Codes above the national lines: lines grouped by what they cost, arranged by their texts, decided by their value."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ewtp.core.assessment.line_texts import arrange_lines
from ewtp.core.assessment.value_brackets import decide_by_value, read_bracket
from ewtp.core.rulebook.coverage_statement import COVERED_KINDS
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.money import Money
from tests.core.assessment.small_book import SINCE, answered, ask, book, rule, stated, territory

SHOES = ("64039910", "64039920", "64039930", "64039940")
TEXTS = {
    "64039910": "Footwear: Other: With a base of wood",
    "64039920": "Footwear: Other: Other: For men",
    "64039930": "Footwear: Other: Other: For other persons: Valued not over $2.50/pair",
    "64039940": "Footwear: Other: Other: For other persons: Valued over $2.50/pair",
}
RATES = {"64039910": "5%", "64039920": "8%", "64039930": "5%", "64039940": "9%"}


def shoes(*measures, texts=TEXTS, where=None):
    duties = [rule(Kind.DUTY, code, rate) for code, rate in RATES.items()]
    the_book = book([*duties, *measures], lines=SHOES, where=where)
    lines = tuple(TariffLine("AA", code, SINCE, description=texts.get(code, "")) for code in SHOES)
    return replace(the_book, lines={"AA": lines})


def charges(answer):
    return [(charge.kind.value, str(charge.amount.amount)) for charge in answer.lines[0].charges]


def codes(answer):
    return [unknown.code for unknown in answer.lines[0].unknowns]


def span_of(answer):
    span = answered(answer).lines[0].span
    assert span is not None
    return span


def grouped(span):
    return [(group.codes, str(group.duty.amount) if group.duty else None) for group in span.groups]


def test_lines_that_cost_the_same_are_one_group_and_the_cheapest_comes_first():
    span = span_of(ask(shoes(), "640399"))
    assert grouped(span) == [
        (("64039910", "64039930"), "50.00"),
        (("64039920",), "80.00"),
        (("64039940",), "90.00"),
    ]
    assert [str(amount.amount) for _, _, amount in span.groups[0].charges] == ["50.00"]


def test_a_paper_or_a_preference_of_one_line_makes_it_a_group_of_its_own():
    paper = rule(Kind.REQUIREMENT, "64039930", "", agency="Wood office", document="Certificate")
    span = span_of(ask(shoes(paper), "640399"))
    assert [(group.codes, [each.measure.document for each in group.papers]) for group in span.groups][:2] == [
        (("64039910",), []),
        (("64039930",), ["Certificate"]),
    ]
    every = rule(Kind.REQUIREMENT, "6403", "", agency="Shoe office", document="Label")
    assert all(not group.papers for group in span_of(ask(shoes(every), "640399")).groups)
    lower = rule(Kind.PREFERENCE, "64039910", "1%", include=("AA-BB",))
    assert len(span_of(ask(shoes(lower), "640399")).groups) == 4


def of_shoes(law):
    return answered(ask(law, "640399", freight={"amount": "0.00", "currency": "USD"}))


def untaxed():
    """A territory that has no tax on imports, and holds all its other charges."""
    where = territory(held=False)
    return replace(
        where,
        practices=(
            *where.practices,
            *(stated(kind, "none" if kind is Kind.TAX else "whole") for kind in COVERED_KINDS),
        ),
    )


def bounds(law):
    totals = of_shoes(law).totals
    return str(totals.at_least.amount), None if totals.at_most is None else str(totals.at_most.amount)


def test_the_highest_duty_of_the_lines_bounds_the_total():
    law = shoes(where=untaxed())
    assert bounds(law) == ("1000.00", "1090.00")
    amounts = {each.code: each.amount for each in of_shoes(law).lines[0].unknowns}
    assert amounts["code_not_national"] == Money(Decimal("90.00"), "USD")
    surcharge = rule(Kind.ADDITIONAL_DUTY, "64039920", "10%", programme="p")
    assert bounds(shoes(surcharge, where=untaxed())) == ("1000.00", "1180.00")
    excise = rule(Kind.EXCISE, "64039910", "30%")
    assert bounds(shoes(excise, where=untaxed())) == ("1000.00", "1350.00")


@pytest.mark.parametrize(
    "measure",
    [
        rule(Kind.TAX, "", "20%", base="duty_paid"),
        rule(Kind.ADDITIONAL_DUTY, "64039910", "set by case, and not held", programme="p"),
        rule(Kind.EXCISE, "64039940", "set by strength, and not held"),
    ],
    ids=["taxes", "a duty not held", "an excise not held"],
)
def test_nothing_bounds_a_range_with_taxes_on_it_or_with_a_charge_that_is_not_known(measure):
    assert bounds(shoes(measure, where=untaxed()))[1] is None


def test_a_preference_for_all_lines_is_offered_where_their_duties_differ():
    lower = rule(Kind.PREFERENCE, "6403", "1%", include=("AA-BB",))
    answer = answered(ask(shoes(lower), "640399"))
    assert answer.lines[0].span is not None
    (option,) = answer.lines[0].options
    assert (option.claim, option.saving, option.rule.measure) == ("AA-BB", None, lower)
    assert option.note is not None
    assert option.note.code == "saving_open"
    # Claimed, it is the duty of every line, and there is no range.
    claimed = answered(ask(shoes(lower), "640399", line={"claims": ["AA-BB"]}))
    assert claimed.lines[0].span is None
    assert charges(claimed)[0] == ("duty", "10.00")


def test_preferences_that_differ_by_line_or_reach_some_of_them_are_not_offered_for_all():
    some = rule(Kind.PREFERENCE, "64039910", "1%", include=("AA-BB",))
    assert answered(ask(shoes(some), "640399")).lines[0].options == ()
    each = [rule(Kind.PREFERENCE, code, f"{place}%", include=("AA-BB",)) for place, code in enumerate(SHOES)]
    assert answered(ask(shoes(*each), "640399")).lines[0].options == ()


def test_a_group_is_asked_with_the_shortest_codes_that_cover_it_and_no_other_line():
    lines = ("6403992010", "6403992020", "6403993010", "6403993020")
    rates = [
        rule(Kind.DUTY, "64039920", "5%"),
        rule(Kind.DUTY, "6403993010", "6%"),
        rule(Kind.DUTY, "6403993020", "5%"),
    ]
    the_book = book(rates, lines=lines)
    span = span_of(ask(the_book, "640399"))
    assert grouped(span) == [(("64039920", "6403993020"), "50.00"), (("6403993010",), "60.00")]
    chosen = answered(ask(the_book, "64039920"))
    assert charges(chosen) == [("duty", "50.00")]
    assert chosen.lines[0].span is None


def test_a_line_whose_duty_is_not_known_comes_last_and_says_why():
    span = span_of(ask(shoes(rule(Kind.ADDITIONAL_DUTY, "64039910", "12% per moon §")), "640399"))
    assert [group.duty is None for group in span.groups] == [False, False, False, True]
    assert [unknown.code for unknown in span.groups[-1].unknowns] == ["expression_unreadable"]


def test_the_tree_has_the_differing_words_alone():
    span = span_of(ask(shoes(), "640399"))
    assert span.texts.common == "Footwear \u203a Other"
    assert [(entry.depth, entry.text, entry.hs) for entry in span.texts.entries] == [
        (0, "With a base of wood", "64039910"),
        (0, "Other", ""),
        (1, "For men", "64039920"),
        (1, "For other persons", ""),
        (2, "Valued not over $2.50/pair", "64039930"),
        (2, "Valued over $2.50/pair", "64039940"),
    ]
    assert not span_of(ask(shoes(texts={}), "640399")).texts.entries


def test_texts_without_headings_are_told_apart_by_their_clauses():
    texts = arrange_lines(
        [("1", "Footwear, of leather, for men"), ("2", "Footwear, of leather, for women"), ("3", "Footwear, other")]
    )
    assert [(entry.depth, entry.text, entry.hs) for entry in texts.entries] == [
        (0, "of leather", ""),
        (1, "for men", "1"),
        (1, "for women", "2"),
        (0, "other", "3"),
    ]
    dashed = arrange_lines([("1", "--- Kits"), ("2", "--- Other")])
    assert [entry.text for entry in dashed.entries] == ["Kits", "Other"]


@pytest.mark.parametrize(
    ("text", "unit", "inside", "outside"),
    [
        ("Valued over $2.50/pair", "NPR", "2.51", "2.50"),
        ("Valued not over $2.50/pair", "NPR", "2.50", "2.51"),
        ("Valued over $3 but not over $6.50/pair", "NPR", "6.50", "3.00"),
        ("Other, valued under $15 each", "C62", "14.99", "15.00"),
        ("Valued $3.50 or over but under $8 each", "C62", "3.50", "8.00"),
        ("Valued 20¢ or more per kg", "KGM", "0.20", "0.19"),
        ("Valued under 30 cents per kg", "KGM", "0.29", "0.30"),
        ("Each valued 20¢ or over but less than 30¢", "C62", "0.20", "0.30"),
        ("Other women's footwear, valued at $30 or more per pair", "NPR", "30.00", "29.99"),
        ("Women's or girls', valued at not less than $20/kg", "KGM", "20.00", "19.99"),
        ("Valued over $1,250 each", "C62", "1250.01", "1250.00"),
        ("Valued not over $38 per dozen pieces", "DZN", "38.00", "38.01"),
    ],
)
def test_a_bracket_is_read_with_its_unit_and_its_bounds(text, unit, inside, outside):
    bracket = read_bracket(text)
    assert bracket is not None
    assert bracket.unit.key == unit
    assert bracket.holds(Decimal(inside) * 7, Decimal(7))
    assert not bracket.holds(Decimal(outside) * 7, Decimal(7))


@pytest.mark.parametrize(
    "text",
    [
        "With movement valued over $15 each",
        "Valued under 20¢ each, not over 25 cm in overall length",
        "Valued not over $10 each, excluding the value of the case",
        "Valued over $10",
        "Cups valued over $5.25 per dozen; saucers valued over $3 per dozen",
        "Other",
    ],
)
def test_what_is_not_a_bracket_of_the_goods_alone_decides_nothing(text):
    assert read_bracket(text) is None


def test_value_and_quantity_rule_lines_out():
    without = span_of(ask(shoes(), "640399"))
    assert ([unit.key for unit in without.asked], without.ruled_out) == (["NPR"], ())
    dear = answered(ask(shoes(), "640399", line={"quantities": {"pair": "100"}}))
    span = span_of(dear)
    assert (span.asked, span.ruled_out) == ((), ("64039930",))
    assert [line.hs for line in span.lines] == ["64039910", "64039920", "64039940"]
    assert "rules out 1 of the 4 national lines of 640399" in " ".join(each.message for each in dear.lines[0].unknowns)
    # A number of articles is not a number of pairs; twelve dozen pairs are 144.
    assert span_of(ask(shoes(), "640399", line={"quantities": {"number": "100"}})).ruled_out == ()
    assert span_of(ask(shoes(), "640399", line={"quantities": {"dozen pairs": "100"}})).ruled_out == ("64039940",)


def test_the_one_line_that_the_value_leaves_is_answered():
    the_book = shoes()
    two = replace(the_book, lines={"AA": the_book.lines["AA"][2:]})
    answer = answered(ask(two, "640399", line={"quantities": {"pair": "100"}}))
    assert charges(answer) == [("duty", "90.00")]
    assert answer.lines[0].span is None
    assert "64039940; the answer is for that line" in " ".join(each.message for each in answer.lines[0].unknowns)
    assert "code_not_national" in codes(answer)


def test_brackets_that_leave_no_line_decide_nothing():
    lines = [TariffLine("AA", "64039910", SINCE, description="Valued over $5 each"),
             TariffLine("AA", "64039920", SINCE, description="Valued over $3 each")]  # fmt: skip
    decided = decide_by_value(lines, Decimal(1), {"C62": Decimal(1)})
    assert (len(decided.left), decided.ruled_out) == (2, ())


def test_a_fee_or_a_tax_of_some_lines_leaves_the_code_open():
    same = [rule(Kind.DUTY, "6403", "5%"), rule(Kind.FEE, "", "1%"), rule(Kind.TAX, "", "20%", base="customs_value")]
    nothing = {"amount": "0.00", "currency": "USD"}

    def found(*measures):
        answer = answered(ask(book([*same, *measures], lines=SHOES), "640399", freight=nothing))
        forms = {unknown.sentence.form: unknown.effect.value for unknown in answer.lines[0].unknowns}
        return charges(answer), {form: effect for form, effect in forms.items() if form in ("same", "fees", "taxes")}

    charged = [("duty", "50.00"), ("fee", "10.00"), ("tax", "200.00")]
    assert found() == (charged, {"same": "none"})
    assert found(rule(Kind.FEE, "64039910", "2%")) == (charged, {"fees": "raises"})
    assert found(rule(Kind.TAX, "64039910", "5%", base="customs_value")) == (charged, {"taxes": "either"})


def same_lines(*measures):
    duties = [rule(Kind.DUTY, code, "5%") for code in SHOES]
    return answered(ask(book([*duties, *measures], lines=SHOES), "640399"))


def test_lines_with_rules_of_their_own_that_say_the_same_are_answered_as_one():
    taxes = [rule(Kind.TAX, code, "20%", title="VAT", programme="VAT") for code in SHOES]
    papers = [rule(Kind.REQUIREMENT, code, "", title="Permit", agency="A", document="Form 1") for code in SHOES]
    answer = same_lines(*taxes, *papers)
    assert charges(answer) == [("duty", "50.00"), ("tax", "200.00")]
    assert [each.measure.document for each in answer.lines[0].requirements] == ["Form 1"]
    messages = [each.message for each in answer.lines[0].unknowns if each.code == "code_not_national"]
    assert len(messages) == 1
    assert "papers are the same for all" in messages[0]


def test_lines_that_leave_the_same_open_are_not_asked_about():
    remedies = [rule(Kind.ADDITIONAL_DUTY, code, "amount set by case and not held", title="Remedy") for code in SHOES]
    answer = same_lines(*remedies)
    assert charges(answer) == [("duty", "50.00")]
    assert answer.lines[0].span is None
    assert not answer.totals.complete
    assert not any("bear different duties" in each.message for each in answer.lines[0].unknowns)


def test_a_paper_that_some_lines_need_is_named_and_the_charges_stand():
    answer = same_lines(rule(Kind.REQUIREMENT, SHOES[2], "", title="Permit", agency="A", document="Form 1"))
    assert charges(answer) == [("duty", "50.00")]
    messages = [each.message for each in answer.lines[0].unknowns if each.code == "code_not_national"]
    assert len(messages) == 1
    assert "need papers that others do not: Form 1" in messages[0]


def test_lines_that_differ_in_papers_alone_can_be_chosen_and_keep_their_duty():
    answer = same_lines(rule(Kind.REQUIREMENT, SHOES[2], "", title="Permit", agency="A", document="Form 1"))
    span = span_of(answer)
    assert (span.duties_differ, span.as_json()["duties_differ"]) == (False, False)
    assert [(group.lines, [each.measure.document for each in group.papers]) for group in span.groups] == [
        ((SHOES[0], SHOES[1], SHOES[3]), []),
        ((SHOES[2],), ["Form 1"]),
    ]
    assert answer.lines[0].sum_states["duty"] == "charged"
    # A paper that each line has from a rule of its own parts nothing.
    every = [rule(Kind.REQUIREMENT, code, "", title="Permit", agency="A", document="Form 1") for code in SHOES]
    assert same_lines(*every).lines[0].span is None


def test_lines_under_other_fees_or_taxes_can_be_chosen():
    for measure in (
        rule(Kind.FEE, SHOES[0], "2%"),
        rule(Kind.TAX, SHOES[0], "20%", title="VAT", programme="VAT"),
    ):
        span = span_of(same_lines(measure))
        assert [group.lines for group in span.groups] == [SHOES[:1], SHOES[1:]]
        assert not span.duties_differ


def test_lines_under_other_taxes_are_not_said_to_be_alike():
    answer = same_lines(rule(Kind.TAX, SHOES[0], "20%", title="VAT", programme="VAT"))
    messages = [each.message for each in answer.lines[0].unknowns if each.code == "code_not_national"]
    assert len(messages) == 1
    assert "do not bear the same taxes" in messages[0]


@pytest.mark.parametrize(
    ("taxed", "tax", "fees"),
    [((), "none", "none"), (SHOES[:1], "not_known", "none"), (SHOES, "charged", "none")],
)
def test_duties_that_differ_leave_open_only_the_sums_that_some_line_may_bear(taxed, tax, fees):
    where = territory(held=False)
    kinds = (Kind.TAX, Kind.EXCISE, Kind.FEE)
    where = replace(where, practices=(*where.practices, *(stated(kind, "none") for kind in kinds)))
    the_book = shoes(*(rule(Kind.TAX, code, "20%", base="duty_paid") for code in taxed), where=where)
    assert answered(ask(the_book, "640399")).totals.as_json()["sums"] == {"duty": "not_known", "tax": tax, "fees": fees}
