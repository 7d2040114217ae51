"""What rules leave open is stated in the market finder in the words of the scalar path, without the law being read."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from ewtp.core.assessment.question import Question, read_question
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.measure import Condition, Kind
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.money import Money
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.core.assessment.small_book import DAY, SINCE, Texts, rule, territory
from tests.core.compiled.compiled_seed import compiled_seed
from tests.core.compiled.test_market_table import Finder, differences, made_up
from tests.core.markets.test_markets import HORSE, asked
from tests.seed_book import whole_book
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    import random

    from ewtp.core.rulebook.measure import Measure

OTHER = "010129"
WARM, PRODUCTS = 24, 48
# The mean measured after 200 products is 1.7; fewer products have taught less.
MOST_LEFT = 5
ORDER = Condition("order", "A-1", "whether the order covers the goods")
LISTED = Condition("listed", "", "the goods are among those that the act lists")

pytestmark = [pytest.mark.kernel]

# By code of the unknown, a rule that leaves it.
OPEN_RULES = {
    "amount_not_held": rule(Kind.FEE, HORSE, "set by weight, and not held", title="Inspection"),
    "rate_not_confirmed": rule(Kind.EXCISE, HORSE, "two cents a head, and not confirmed", title="Head tax"),
    "expression_unreadable": rule(Kind.EXCISE, HORSE, "as the minister likes", title="Royal excise"),
    "fact_missing": rule(Kind.ADDITIONAL_DUTY, HORSE, "See additional U.S. note 1", title="Noted duty"),
    "condition_open": rule(Kind.ADDITIONAL_DUTY, HORSE, "5%", title="Dumping", conditions=(ORDER,)),
    "fee_assumes": rule(
        Kind.FEE, HORSE, "1%", title="Handling", conditions=(Condition("assumes", "", "as on one parcel"),)
    ),
    "reduced_rate_possible": rule(Kind.TAX, HORSE, "20%", conditions=(Condition("reduced", "5%", "food"),)),
    "sources_disagree": rule(Kind.TAX, HORSE, "20%", conditions=(Condition("disputed", "", "one act says 19%"),)),
    "paper_open": rule(Kind.REQUIREMENT, HORSE, "", agency="Board", document="Licence", conditions=(LISTED,)),
    "relief_open": rule(
        Kind.RELIEF,
        "",
        "",
        title="Low value",
        programme="relief:duty",
        conditions=(Condition("sent", "", "as a gift"),),
    ),
}


def finder_of(*measures: Measure, lacks: str = "") -> Finder:
    """Both paths on a book of AA with these rules; what AA leaves open of all goods has been learnt already.

    AA has a duty on horses and on other equines, but for the code that it ``lacks`` one on.
    """
    codes = (HORSE, OTHER)
    book = build_book(
        "v1",
        territories=[territory()],
        groups=[],
        measures=[*(rule(Kind.DUTY, code, "10%") for code in codes if code != lacks), *measures],
        lines=[TariffLine("AA", f"{code}00", SINCE) for code in codes],
    )
    finder = made_up(book, Texts())
    finder.rows(asked(HORSE if lacks == OTHER else OTHER))
    finder.asked_for.clear()
    return finder


@pytest.mark.parametrize("code", OPEN_RULES)
def test_what_one_rule_leaves_open_is_stated_without_its_law(code: str):
    finder = finder_of(OPEN_RULES[code])
    for question in (asked(), replace(asked(), buyer="business", transport="sea")):
        (row,), (wanted,) = finder.both(question)
        assert differences([row], [wanted]) == []
        assert code in {unknown.code for unknown in row.unknowns}
    assert finder.asked_for == []


def test_a_charge_on_what_is_not_known_says_so_without_its_law():
    tax = rule(Kind.TAX, HORSE, "20%", base="duty_paid", title="VAT")
    finder = finder_of(tax, OPEN_RULES["condition_open"])
    rows, wanted = finder.both(asked())
    assert differences(rows, wanted) == []
    assert {"condition_open", "tax_base_incomplete"} <= {unknown.code for unknown in rows[0].unknowns}
    assert finder.asked_for == []


def test_goods_without_a_duty_are_named_without_their_law():
    finder = finder_of(lacks=OTHER)
    rows, wanted = finder.both(asked(OTHER))
    assert differences(rows, wanted) == []
    assert "duty_not_in_rulebook" in {unknown.code for unknown in rows[0].unknowns}
    assert finder.asked_for == []


def test_of_two_rules_whose_words_differ_the_scalar_path_says_which_comes_first():
    other = rule(Kind.FEE, HORSE, "set by length, and not held", title="Another inspection")
    finder = finder_of(OPEN_RULES["amount_not_held"], other)
    left = []
    for _ in range(2):
        assert differences(*finder.both(asked())) == []
        left.append(finder.found.left)
    assert left == [1, 0]


def test_an_additional_duty_is_stated_before_a_fee_and_a_rule_on_another_day_or_origin_not_at_all():
    dumping = rule(Kind.ADDITIONAL_DUTY, HORSE, "set by origin, and not held", title="Dumping")
    elsewhere = rule(Kind.ADDITIONAL_DUTY, HORSE, "set by maker, and not held", title="Other", include=("CC",))
    finder = finder_of(OPEN_RULES["amount_not_held"], dumping, elsewhere)
    (row,), (wanted,) = finder.both(asked())
    assert differences([row], [wanted]) == []
    assert [u.params["title"] for u in row.unknowns if u.code == "amount_not_held"] == ["Dumping"]
    assert finder.asked_for == []


@pytest.mark.parametrize(("value", "titles"), [("100.00", {"Sea fee", "Mail fee"}), ("5000.00", {"Sea fee"})])
def test_a_limit_of_value_decides_which_rules_may_leave_something_open(value: str, titles: set[str]):
    sea = rule(Kind.FEE, HORSE, "1%", title="Sea fee", conditions=(Condition("transport", "sea"),))
    limited = (Condition("maximum_value", "2500.00 USD"), Condition("transport", "post"))
    mail = rule(Kind.FEE, HORSE, "2%", title="Mail fee", conditions=limited)
    finder = finder_of(sea, mail)
    stated = set()
    for amount in (value, "2500.00", "2500.01", value):
        line = replace(asked().lines[0], value=Money(Decimal(amount), "USD"))
        (row,), (wanted,) = finder.both(replace(asked(), lines=(line,)))
        assert differences([row], [wanted]) == []
        # Above the limit only one fee is left that may leave something open.
        assert finder.found.left == 0 or Decimal(amount) <= Decimal("2500.00")
        stated = {unknown.params["title"] for unknown in row.unknowns if unknown.code == "condition_open"}
    assert stated
    assert stated <= titles


@pytest.mark.seed
def test_of_real_products_few_rows_are_left_to_the_scalar_path(seeded: random.Random):
    """Rows that cannot be answered at all, because a schedule lacks the code, are not counted."""
    finder = Finder(Scalar(WholeBook(whole_book()), seed_rate_table(), hs_texts, vocabulary()), compiled_seed())
    codes = sorted(code for code in hs_texts.subheadings() if code < "98")
    left = []
    for code in seeded.sample(codes, WARM + PRODUCTS):
        value = {"amount": f"{seeded.randrange(1_000, 5_000_000) / 100:.2f}", "currency": "USD"}
        line = {"hs": code, "value": value, "quantities": {"kg": "120", "number": "500", "litre": "90"}}
        body = {"from": "KE", "to": "GB", "date": DAY.isoformat(), "lines": [line]}
        question = read_question(body, today=DAY, vocabulary=finder.scalar.vocabulary)
        assert isinstance(question, Question), question
        rows = finder.rows(question)
        assert not isinstance(rows, Refusal), rows
        refused = sum(row.refusal is not None for row in rows)
        left.append(finder.found.left - refused)
    counted = left[WARM:]
    assert sum(counted) < MOST_LEFT * len(counted), counted
