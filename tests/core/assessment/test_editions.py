"""Two editions of a schedule, codes of another edition, and what is said of a source that takes another's place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.exchange import RateTable
from ewtp.core.assessment.question import Question, read_question
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.correlation import edition_order, hs_edition_of
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Product, Status
from ewtp.core.rulebook.records import CodeReplaced
from ewtp.core.rulebook.territory import Practice, PracticeName, TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import (
    DAY,
    RATES,
    SINCE,
    SOURCE,
    VOCABULARY,
    Texts,
    answered,
    ask,
    book,
    rule,
    territory,
)

if TYPE_CHECKING:
    from ewtp.core.assessment.answer import Answer
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.territory import Territory

CODE = "01012100"


def of_edition(nomenclature: str, measure: Measure) -> Measure:
    """The measure in an edition of a nomenclature, with an id of its own."""
    product = replace(measure.product, nomenclature=nomenclature)
    return replace(measure, id=f"{nomenclature}-{measure.id}", product=product)


def duties(answer: Answer) -> list[tuple[str, list[str]]]:
    charges = [charge for charge in answer.lines[0].charges if charge.kind is Kind.DUTY]
    return [(str(charge.amount.amount), [note.code for note in charge.notes]) for charge in charges]


def codes(answer: Answer) -> list[str]:
    return [unknown.code for unknown in answer.lines[0].unknowns]


def test_of_two_preferences_of_one_claim_the_later_one_is_obtained():
    older = rule(Kind.PREFERENCE, CODE, "6%", include=("AA-BB",), id="older")
    newer = rule(Kind.PREFERENCE, CODE, "2%", include=("AA-BB",), id="newer", validity=Period(date(2026, 1, 1)))
    for both in ([older, newer], [newer, older]):
        claimed = answered(ask(book([rule(Kind.DUTY, CODE, "10%"), *both]), CODE, line={"claims": ["AA-BB"]}))
        assert duties(claimed) == [("20.00", [])]


def test_the_same_rate_written_differently_is_one_rate():
    both = [of_edition("CN2020", rule(Kind.DUTY, CODE, "0.0%")), of_edition("XX2020", rule(Kind.DUTY, CODE, "0.00 %"))]
    answer = answered(ask(book(both)))
    assert duties(answer) == [("0.00", [])]
    assert "duty_ambiguous" not in codes(answer)
    differing = [both[0], of_edition("XX2020", rule(Kind.DUTY, CODE, "1%"))]
    assert "duty_ambiguous" in codes(answered(ask(book(differing))))


def test_the_newer_edition_of_a_nomenclature_rules_also_with_a_shorter_code_and_says_so():
    older = of_edition("CN2020", rule(Kind.DUTY, CODE, "12%"))
    newer = of_edition("CN2022", rule(Kind.DUTY, "010121", "8%"))
    answer = answered(ask(book([older, newer])))
    assert duties(answer) == [("80.00", ["duty_of_newer_edition"])]
    (note,) = answer.lines[0].charges[0].notes
    assert note.message == "CN2022 is the newer edition of the schedule; Test schedule has 12% in CN2020."
    # Where both say the same there is nothing to tell.
    same = of_edition("CN2020", rule(Kind.DUTY, CODE, "8.0%"))
    assert duties(answered(ask(book([same, newer])))) == [("80.00", [])]


def test_a_newer_edition_takes_nothing_from_adopted_rules_or_from_those_for_named_origins():
    newer = of_edition("CN2022", rule(Kind.DUTY, "010121", "8%"))
    adopted = replace(of_edition("CN2020", rule(Kind.DUTY, CODE, "2%")), status=Status.ADOPTED)
    assert duties(answered(ask(book([newer, adopted])))) == [("20.00", [])]
    named = of_edition("CN2020", rule(Kind.DUTY, CODE, "3%", include=("BB",)))
    assert duties(answered(ask(book([newer, named])))) == [("30.00", [])]


def test_editions_are_read_from_names():
    assert [hs_edition_of(name) for name in ("CN2020", "CN2022", "HTS2026", "HS2012", "TEST", "CN1999")] == [
        "HS2017",
        "HS2022",
        "HS2022",
        "HS2012",
        "",
        "",
    ]
    assert edition_order("CN2022") == ("CN", 2022)
    assert edition_order("TEST") == ("TEST", 0)


def telephones(*measures: Measure, lines: tuple[str, ...] = ("85171200", "85171810")) -> Book:
    """A schedule on HS 2017, whose 8517.12 went to two codes and whose 8517.61 and 8517.62 became one."""
    renamed = [
        CodeReplaced("HS2017", "851712", "HS2022", "851713"),
        CodeReplaced("HS2017", "851712", "HS2022", "851714"),
        CodeReplaced("HS2017", "851761", "HS2022", "851771"),
        CodeReplaced("HS2017", "851762", "HS2022", "851771"),
    ]
    where = replace(territory(), nomenclature="CN2020", hs_edition="HS2017")
    return build_book(
        "v1",
        territories=[where],
        groups=book([]).groups.values(),
        measures=measures,
        lines=[TariffLine("AA", code, SINCE) for code in lines],
        replaced=renamed,
    )


def test_a_newer_code_is_answered_under_the_one_older_code_that_holds_its_goods():
    duty = of_edition("CN2020", rule(Kind.DUTY, "851712", "10%"))
    freight = {"amount": "0.00", "currency": "USD"}
    answer = answered(ask(telephones(duty, rule(Kind.TAX, "", "5%")), "8517130000", freight=freight))
    assert duties(answer) == [("100.00", [])]
    assert answer.lines[0].hs == "8517130000"
    (unknown,) = [each for each in answer.lines[0].unknowns if each.code == "code_of_other_edition"]
    assert unknown.message == (
        "8517130000 belongs to another edition than the Aland schedule (CN2020), where all its goods are under 851712; "
        "the answer is for that code."
    )
    assert answer.totals.complete
    assert "code_of_other_edition" not in codes(answered(ask(telephones(duty), "85171200")))


def test_rules_written_in_the_edition_of_the_code_reach_the_code_that_was_asked():
    duty = of_edition("CN2020", rule(Kind.DUTY, "851712", "10%"))
    preference = of_edition("CN2022", rule(Kind.PREFERENCE, "85171300", "4%", include=("AA-BB",)))
    other = of_edition("CN2022", rule(Kind.PREFERENCE, "851714", "1%", include=("AA-BB",)))
    law = telephones(duty, preference, other)
    options = answered(ask(law, "8517130000")).lines[0].options
    assert [(option.claim, option.rule.measure.expression) for option in options] == [("AA-BB", "4%")]
    claimed = answered(ask(law, "8517130000", line={"claims": ["AA-BB"]}))
    assert duties(claimed) == [("40.00", [])]
    # Of the older code nobody can tell which of the newer ones the goods have.
    assert answered(ask(law, "85171200")).lines[0].options == ()


def test_an_equivalent_with_several_lines_is_a_range_and_one_of_several_codes_a_question():
    cheap = of_edition("CN2020", rule(Kind.DUTY, "85171210", "2%"))
    dear = of_edition("CN2020", rule(Kind.DUTY, "85171290", "9%"))
    law = telephones(cheap, dear, lines=("85171210", "85171290", "85176100", "85176200"))
    answer = answered(ask(law, "8517130000"))
    assert answer.lines[0].span is not None
    assert [line.hs for line in answer.lines[0].span.lines] == ["85171210", "85171290"]
    assert {"code_of_other_edition", "code_not_national"} <= set(codes(answer))
    refused = ask(law, "851771")
    assert isinstance(refused, Refusal)
    assert dict(refused.details)["replaced_by"] == ["851761", "851762"]
    assert refused.message == (
        "851771 belongs to another edition than the Aland schedule (CN2020), where the goods of 851771 are under "
        "851761 or 851762; ask with one of those."
    )


def test_excise_is_rounded_as_taxes_are():
    law = [rule(Kind.DUTY, CODE, "27.89%"), rule(Kind.EXCISE, CODE, "27.89%"), rule(Kind.TAX, "", "27.89%")]
    practices = (
        *territory().practices,
        Practice(PracticeName.ROUNDING_DUTY, "2:down", SINCE, SOURCE, "act, s. 3"),
        Practice(PracticeName.ROUNDING_TAX, "2:half_up", SINCE, SOURCE, "act, s. 4"),
    )
    answer = answered(ask(book(law, where=replace(territory(), practices=practices)), value="10.00"))
    found = {charge.kind: str(charge.amount.amount) for charge in answer.lines[0].charges}
    assert found == {Kind.DUTY: "2.78", Kind.EXCISE: "2.79", Kind.TAX: "2.79"}


def preferring(sources: str) -> Territory:
    practice = Practice(PracticeName.RATE_SOURCE, sources, SINCE, SOURCE, "act, s. 5")
    return replace(territory(), practices=(*territory().practices, practice))


def in_pounds(law: Book, rates: RateTable) -> Answer:
    body = {
        "from": "BB",
        "to": "AA",
        "date": DAY.isoformat(),
        "lines": [{"hs": CODE, "value": {"amount": "100.00", "currency": "GBP"}}],
    }
    question = read_question(body, today=DAY, vocabulary=VOCABULARY)
    assert isinstance(question, Question)
    return answered(assess(question, law, rates, Texts()))


def test_a_rate_in_place_of_the_one_that_law_asks_for_is_named_with_it():
    duty = rule(Kind.DUTY, CODE, "10%")
    law = book([duty], where=preferring("CUSTOMS ECB"))
    answer = in_pounds(law, RATES)
    (stale,) = [source for source in answer.stale if source.described is not None]
    assert stale.title == "Exchange rates of ECB, GBP to USD, in place of those of CUSTOMS, which the law asks for"
    assert stale.age_days == 0
    assert answer.rates[0].as_json()["asked"] == "CUSTOMS"
    assert [(p.name, p.value, p.reference) for p in answer.practices if p.name == "rate_source"] == [
        ("rate_source", "CUSTOMS ECB", "act, s. 5")
    ]
    own = {("USD", "GBP"): ((date(2026, 6, 1), date(2026, 6, 30), Decimal("0.5")),)}
    named = in_pounds(law, RateTable({**RATES.series, "CUSTOMS": own}))
    assert (named.rates[0].source, named.rates[0].asked) == ("CUSTOMS", "")
    assert "asked" not in named.rates[0].as_json()
    assert [source for source in named.stale if source.described is not None] == []
    # Without a conversion, no rate and no law about one is part of the answer.
    assert all(practice.name != "rate_source" for practice in answered(ask(law)).practices)


def test_a_rate_that_one_undated_list_has_leaves_the_total_open():
    vat = rule(Kind.TAX, "", "16%", conditions=(Condition("unconfirmed", "16%"),))
    answer = answered(ask(book([rule(Kind.DUTY, CODE, "10%"), vat])))
    assert not answer.totals.complete
    (unknown,) = [each for each in answer.lines[0].unknowns if each.code == "rate_not_confirmed"]
    assert unknown.params["rate"] == "16%"
    assert str(answer.totals.tax.amount) == "160.00"


def test_a_measure_of_a_product_in_no_edition_is_compared_with_none():
    plain = replace(rule(Kind.DUTY, CODE, "5%"), product=Product("TEST", CODE))
    newer = of_edition("CN2022", rule(Kind.DUTY, CODE, "8%", title="other"))
    assert "duty_ambiguous" in codes(answered(ask(book([plain, newer]))))


def test_a_claimed_quota_bears_its_own_rate_without_a_note_about_editions():
    older = of_edition("CN2020", rule(Kind.DUTY, CODE, "12%"))
    quota = of_edition("CN2022", rule(Kind.QUOTA, CODE, "2%", order_number="058001"))
    answer = answered(ask(book([older, quota]), line={"claims": ["quota:058001"]}))
    assert duties(answer) == [("20.00", [])]


def test_of_very_many_equivalents_a_few_are_shown_and_all_are_given_to_programs():
    old = [f"85{number:04}" for number in range(1000, 1030)]
    law = replace(telephones(), replaced={("854911", "HS2017"): tuple(old)})
    refused = ask(law, "854911")
    assert isinstance(refused, Refusal)
    assert dict(refused.details)["replaced_by"] == old
    assert refused.message.endswith("851011 and 18 more; ask with one of those.")
