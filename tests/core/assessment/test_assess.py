"""The arithmetic and the reasons of an answer, rule by rule, on a small invented territory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ewtp.core.assessment.answer import StaleSource
from ewtp.core.rulebook.measure import Condition, Kind
from ewtp.core.rulebook.territory import OriginRule, TariffLine, Territory
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import SINCE, answered, ask, book, condition, rule, territory

if TYPE_CHECKING:
    from ewtp.core.values.money import Money

DUTY = rule(Kind.DUTY, "0101", "10%")


def codes(answer: object) -> list[str]:
    """The unknowns' codes of the first line."""
    return [unknown.code for unknown in answered(answer).lines[0].unknowns]  # type: ignore[arg-type] # narrowed inside


def amount(money: Money | None) -> str | None:
    """The amount as text, for comparing."""
    return None if money is None else str(money.amount)


def charges(answer: object) -> list[tuple[str, str]]:
    """Kind and amount of each charge of the first line."""
    return [(c.kind, str(c.amount.amount)) for c in answered(answer).lines[0].charges]  # type: ignore[arg-type] # narrowed inside


def test_duty_on_fob_value_leaves_freight_out():
    answer = answered(ask(book([DUTY]), freight={"amount": "80.00", "currency": "USD"}))
    assert charges(answer) == [("duty", "100.00")]
    assert str(answer.totals.landed_cost.amount) == "1180.00"
    assert str(answer.totals.customs_value.amount) == "1000.00"


def test_duty_on_cif_value_takes_freight_and_insurance_in():
    answer = answered(
        ask(
            book([DUTY], where=territory("CIF")),
            freight={"amount": "80.00", "currency": "USD"},
            insurance={"amount": "20.00", "currency": "USD"},
        ),
    )
    assert charges(answer) == [("duty", "110.00")]
    assert str(answer.totals.landed_cost.amount) == "1210.00"


def test_carriage_is_shared_by_value_and_loses_no_cent():
    lines = [{"hs": "01012100", "value": {"amount": amount, "currency": "USD"}} for amount in ("1.00", "1.00", "1.00")]
    answer = answered(
        ask(book([DUTY], where=territory("CIF")), lines=lines, freight={"amount": "1.00", "currency": "USD"}),
    )
    assert [str(line.customs_value.amount) for line in answer.lines] == ["1.33", "1.33", "1.34"]
    assert str(answer.totals.customs_value.amount) == "4.00"


def test_longest_prefix_wins_and_exclusions_count():
    the_book = book(
        [rule(Kind.DUTY, "02", "5%", exclusions=("02012",)), rule(Kind.DUTY, "0201", "7%", exclusions=("02012",))],
    )
    assert charges(ask(the_book, "02011000")) == [("duty", "70.00")]
    assert "duty_not_in_rulebook" in codes(ask(the_book, "02012000"))


def test_named_origin_wins_over_every_origin():
    the_book = book([DUTY, rule(Kind.DUTY, "0101", "40%", include=("AA-BB",))])
    assert charges(ask(the_book)) == [("duty", "400.00")]
    assert charges(ask(the_book, line={"origin": "CC"})) == [("duty", "100.00")]


def test_preference_is_an_option_until_it_is_claimed():
    the_book = book(
        [DUTY, rule(Kind.PREFERENCE, "0101", "2.5%", include=("AA-BB",))],
        origin_rules=[OriginRule("bb", "0101000000", "0101999999", ("WO",), "wholly obtained", DUTY.source)],
    )
    answer = answered(ask(the_book))
    (option,) = answer.lines[0].options
    assert (option.claim, amount(option.saving)) == ("AA-BB", "75.00")
    assert (option.origin_rule, option.proof) == ("wholly obtained", "Declaration of origin")
    claimed = answered(ask(the_book, line={"claims": ["AA-BB"]}))
    assert charges(claimed) == [("duty", "25.00")]
    assert claimed.lines[0].options == ()
    (agreed,) = claimed.lines[0].claimed
    assert (agreed.claim, agreed.proof, agreed.origin_rule) == ("AA-BB", "Declaration of origin", "wholly obtained")
    refused = ask(the_book, line={"claims": ["AA-BB"], "origin": "CC"})
    assert isinstance(refused, Refusal)
    assert refused.code == "claim_unknown"


def test_a_preference_that_saves_nothing_is_no_option():
    the_book = book([DUTY, rule(Kind.PREFERENCE, "0101", "10%", include=("AA-BB",))])
    assert answered(ask(the_book)).lines[0].options == ()


@pytest.mark.parametrize("volume", ["7 t", "7 tonnes in 01-10 to 30-06, by its own rule of origin"])
def test_quota_warns_about_its_balance(volume):
    volumes = (condition("volume", volume),)
    quota = rule(Kind.QUOTA, "0101", "0%", include=("BB",), order_number="09.1", conditions=volumes)
    (option,) = answered(ask(book([DUTY, quota]))).lines[0].options
    assert option.note is not None
    assert (option.claim, option.note.code, option.note.form) == ("quota:09.1", "quota_balance", "")
    assert volume in option.note.message


def test_additional_duties_stack_and_repeat_no_duty():
    the_book = book(
        [
            DUTY,
            rule(Kind.ADDITIONAL_DUTY, "0101", "The duty provided in the applicable subheading + 25%", programme="one"),
            rule(Kind.ADDITIONAL_DUTY, "01", "5%", programme="two"),
        ],
    )
    assert charges(ask(the_book)) == [("duty", "100.00"), ("additional_duty", "50.00"), ("additional_duty", "250.00")]


def test_additional_duty_yields_to_one_that_charges():
    blanket = rule(Kind.ADDITIONAL_DUTY, "", "5%", programme="blanket", yields_to=("steel",))
    steel = rule(Kind.ADDITIONAL_DUTY, "0101", "50%", programme="steel")
    exempt = rule(Kind.ADDITIONAL_DUTY, "0101", "Free", programme="steel", include=("BB",))
    assert charges(ask(book([DUTY, blanket, steel]))) == [("duty", "100.00"), ("additional_duty", "500.00")]
    # An exemption from the one no longer shields from the other.
    assert charges(ask(book([DUTY, blanket, steel, exempt]))) == [
        ("duty", "100.00"),
        ("additional_duty", "50.00"),
        ("additional_duty", "0.00"),
    ]


def test_top_up_is_what_the_duty_leaves():
    top_up = rule(
        Kind.ADDITIONAL_DUTY,
        "0101",
        "15% less the duty provided in the applicable subheading",
        programme="floor",
    )
    assert charges(ask(book([DUTY, top_up]))) == [("duty", "100.00"), ("additional_duty", "50.00")]


def test_additional_duty_unless_claimed():
    the_book = book(
        [
            DUTY,
            rule(Kind.PREFERENCE, "0101", "Free", include=("AA-BB",)),
            rule(
                Kind.ADDITIONAL_DUTY,
                "",
                "10%",
                programme="blanket",
                conditions=(condition("unless_claim", "AA-BB"),),
            ),
        ],
    )
    answer = answered(ask(the_book))
    assert str(answer.totals.duty.amount) == "200.00"
    assert amount(answer.lines[0].options[0].saving) == "200.00"
    assert str(answered(ask(the_book, line={"claims": ["AA-BB"]})).totals.duty.amount) == "0.00"


@pytest.mark.parametrize(("value", "fee"), [("1000.00", "33.58"), ("100000.00", "346.40"), ("1000000.00", "651.50")])
def test_fee_has_a_floor_and_a_cap(value, fee):
    the_book = book([DUTY, rule(Kind.FEE, "", "0.3464%", minimum="33.58 USD", maximum="651.50 USD")])
    answer = answered(ask(the_book, value=value))
    assert str(answer.totals.fees.amount) == fee


def test_fee_says_what_it_assumes():
    fee = rule(Kind.FEE, "", "1%", title="Entry fee", conditions=(Condition("assumes", "fee", "as on a formal entry"),))
    answer = answered(ask(book([DUTY, fee])))
    assert str(answer.totals.fees.amount) == "10.00"
    assert "fee_assumes" in codes(answer)
    assert not answer.totals.complete


def test_fee_is_bounded_once_for_the_consignment():
    the_book = book([DUTY, rule(Kind.FEE, "", "0.3464%", minimum="33.58 USD", maximum="651.50 USD")])
    lines = [{"hs": "01012100", "value": {"amount": a, "currency": "USD"}} for a in ("100.00", "200.00", "333.33")]
    answer = answered(ask(the_book, lines=lines))
    assert str(answer.totals.fees.amount) == "33.58"
    assert (
        sum(c.amount.amount for line in answer.lines for c in line.charges if c.kind == "fee")
        == answer.totals.fees.amount
    )


def test_fee_by_sea_is_open_until_the_transport_is_known():
    the_book = book([DUTY, rule(Kind.FEE, "", "0.125%", conditions=(condition("transport", "sea"),))])
    open_answer = answered(ask(the_book))
    assert "condition_open" in codes(open_answer)
    assert not open_answer.totals.complete
    assert str(answered(ask(the_book, transport="sea")).totals.fees.amount) == "1.25"
    assert str(answered(ask(the_book, transport="air")).totals.fees.amount) == "0.00"


def test_a_fee_whose_amount_is_not_held_is_named_in_a_whole_sentence():
    open_fee = Condition("amount", "AA-fee", "the amounts from 2026 are not in the rulebook")
    open_scope = Condition("scope", "AA-fee", "goods in a courier's van")
    for of_fee, message in (
        (open_fee, "Entry fee may be owed and is not computed: the amounts from 2026 are not in the rulebook."),
        (
            open_scope,
            "Entry fee applies on a condition that the question does not settle: goods in a courier's van.",
        ),
    ):
        the_book = book([DUTY, rule(Kind.FEE, "", "0.125%", title="Entry fee", conditions=(of_fee,))])
        answer = answered(ask(the_book))
        assert message in [unknown.message for unknown in answer.lines[0].unknowns]


def test_tax_on_the_base_the_law_names():
    vat = rule(Kind.TAX, "", "15%", base="duty_paid", title="VAT 15%")
    the_book = book([DUTY, vat], where=territory("FOB", "customs_value+customs_value*0.10+duty"))
    # 15% of 1000 + 100 uplift + 100 duty.
    assert ("tax", "180.00") in charges(ask(the_book))
    with_freight = book([DUTY, vat], where=territory("FOB", "customs_value+duty+freight"))
    assert ("tax", "180.00") in charges(ask(with_freight, freight={"amount": "100.00", "currency": "USD"}))


def test_tax_base_default_is_named_as_a_default():
    answer = answered(ask(book([DUTY, rule(Kind.TAX, "", "20%", base="duty_paid")])))
    used = {practice.name: practice for practice in answer.practices}
    assert used["tax_base"].source is None
    assert used["valuation"].source == "Test schedule"
    assert ("tax", "220.00") in charges(answer)


def test_low_value_relief_takes_the_duty_away_and_cites_its_rule():
    relief = rule(
        Kind.RELIEF,
        "",
        "",
        programme="relief:duty",
        title="Low-value relief",
        conditions=(condition("maximum_value", "150.00 EUR"),),
    )
    the_book = book([DUTY, relief])
    # 187.50 USD are 150.00 EUR at 1.25.
    small = answered(ask(the_book, value="187.50"))
    assert charges(small) == [("duty", "0.00")]
    assert small.lines[0].charges[0].rule.measure is relief
    assert charges(ask(the_book, value="187.51")) == [("duty", "18.75")]


def test_missing_quantity_of_the_duty_refuses_the_question():
    refused = ask(book([rule(Kind.DUTY, "0101", "5.1¢/kg + 8.5%")]))
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.where) == ("quantity_missing", "lines[0].quantities")
    paid = answered(ask(book([rule(Kind.DUTY, "0101", "5.1¢/kg + 8.5%")]), line={"quantities": {"kg": "100"}}))
    assert charges(paid) == [("duty", "90.10")]


def test_unreadable_rate_is_unknown_never_nothing():
    answer = answered(ask(book([rule(Kind.DUTY, "0101", "12% per moon §")])))
    assert answer.lines[0].charges == ()
    assert "expression_unreadable" in codes(answer)
    assert not answer.totals.complete


def test_six_digits_give_the_range_and_the_question():
    the_book = book(
        [rule(Kind.DUTY, "02011010", "5%"), rule(Kind.DUTY, "02011090", "7%"), rule(Kind.FEE, "", "1%")],
        lines=("02011010", "02011090"),
    )
    answer = answered(ask(the_book, "020110"))
    span = answer.lines[0].span
    assert span is not None
    assert (amount(span.lowest_duty), amount(span.highest_duty)) == ("50.00", "70.00")
    assert [line.hs for line in span.lines] == ["02011010", "02011090"]
    # What every line shares is charged; what differs is not.
    assert charges(answer) == [("fee", "10.00")]
    assert not answer.totals.complete


def test_six_digits_whose_lines_agree_are_answered():
    the_book = book([rule(Kind.DUTY, "0201", "5%")], lines=("02011010", "02011090"))
    answer = answered(ask(the_book, "020110"))
    assert charges(answer) == [("duty", "50.00")]
    assert "code_not_national" in codes(answer)
    assert answer.lines[0].span is None


def test_code_of_another_edition_says_what_replaced_it():
    refused = ask(book([DUTY]), "851712")
    assert isinstance(refused, Refusal)
    assert refused.code == "code_wrong_edition"
    assert dict(refused.details)["replaced_by"] == ["020110", "020120"]
    unknown = ask(book([DUTY]), "01012199")
    assert isinstance(unknown, Refusal)
    assert unknown.code == "code_unknown"
    assert dict(unknown.details) == {"lines": ["01012100"]}


def test_an_unknown_code_is_refused_with_the_texts_of_the_lines_that_are_held():
    held = book([DUTY])
    lines = (TariffLine("AA", "01012100", SINCE, description="Pure-bred"), TariffLine("AA", "01012900", SINCE))
    refused = ask(replace(held, lines={"AA": lines}), "01012199")
    assert isinstance(refused, Refusal)
    assert dict(refused.details)["descriptions"] == {"01012100": "Pure-bred"}


def test_digits_that_the_schedule_does_not_know_are_named():
    assert "code_finer_than_schedule" in codes(ask(book([DUTY]), "0101210099"))
    assert "code_finer_than_schedule" not in codes(ask(book([DUTY]), "01012100"))


def test_currency_is_the_destinations_by_a_named_rate():
    answer = answered(ask(book([DUTY]), currency="GBP"))
    # 1 GBP = 1.25/0.80 USD = 1.5625 USD.
    assert str(answer.totals.customs_value.amount) == "1562.50"
    assert answer.rates[0].source == "ECB"
    francs = answered(ask(book([DUTY], where=territory(currency="XOF")), currency="EUR"))
    assert str(francs.totals.customs_value.amount) == "655957"
    assert francs.rates[0].source == "PEG"
    dollars = answered(ask(book([DUTY], where=territory(currency="XOF")), currency="USD"))
    # 1000 USD are 800 EUR, and a euro is 655.957 francs.
    assert str(dollars.totals.customs_value.amount) == "524766"
    assert dollars.rates[0].source == "ECB+PEG"


def test_without_a_rate_the_question_keeps_its_currency_and_specific_duty_is_refused():
    answer = answered(ask(book([DUTY]), currency="JPY", value="1000"))
    assert answer.totals.duty.currency == "JPY"
    assert str(answer.totals.duty.amount) == "100"


def test_economy_about_which_nothing_is_known():
    answer = answered(ask(book([DUTY]), to="DD"))
    assert codes(answer)[0] == "economy_not_in_rulebook"
    assert not answer.totals.complete


def test_no_tariff_but_a_tax_is_shown_as_exactly_that():
    known = Territory("CC", "Cland", ("CC",), "USD")
    vat = rule(Kind.TAX, "", "16%", territory="CC", base="duty_paid")
    answer = answered(ask(book([DUTY, vat], others=[known]), to="CC"))
    assert charges(answer) == [("tax", "160.00")]
    assert {"tariff_not_in_rulebook", "tax_base_incomplete"} <= set(codes(answer))
    assert not answer.totals.complete


def test_before_the_schedule_starts_nothing_is_charged_and_it_is_said():
    answer = answered(ask(book([DUTY]), date="2025-06-30"))
    assert charges(answer) == []
    assert "schedule_not_in_force" in codes(answer)
    assert not answer.totals.complete


def test_inside_a_customs_union_no_duty_is_invented():
    union = Territory("AA", "Union", ("BB", "EE"), "USD", nomenclature="TEST", hs_edition="HS2022", digits=8)
    answer = answered(ask(book([DUTY], where=union), to="EE"))
    assert charges(answer) == []
    assert "inside_customs_union" in codes(answer)


def test_a_source_without_a_date_of_publication_is_named_without_an_age():
    undated = replace(DUTY, source=replace(DUTY.source, published=None))
    answer = answered(ask(book([undated])))
    assert answer.stale == (StaleSource(undated.source.title, None, None),)
    assert answer.as_json()["stale"] == [{"source": undated.source.title, "published": None, "age_days": None}]


def test_stale_schedule_is_named_with_its_age():
    answer = answered(ask(book([DUTY]), date="2026-06-30"))
    (source,) = answer.stale
    assert (source.title, source.age_days) == ("Test schedule", 180)
    assert answered(ask(book([DUTY]), date="2026-03-01")).stale == ()


def test_answer_is_the_same_for_the_same_question():
    the_book = book([DUTY])
    one, two = answered(ask(the_book)), answered(ask(book([DUTY])))
    assert one.as_json() == two.as_json()
    assert one.id != answered(ask(the_book, value="1000.01")).id
