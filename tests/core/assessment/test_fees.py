"""Fees by the kind of entry: flat up to a value, a share with a floor above it, and the choice of the trader."""

from __future__ import annotations

import pytest

from ewtp.core.rulebook.measure import Condition, Kind
from tests.core.assessment.small_book import answered, ask, book, condition, rule

DUTY = rule(Kind.DUTY, "0101", "10%")


def test_flat_fee_is_shared_by_value_and_says_that_it_is_flat():
    flat = rule(
        Kind.FEE, "", "0%", minimum="2.69 USD", maximum="2.69 USD", conditions=(Condition("remark", "", "as told"),)
    )
    lines = [{"hs": "01012100", "value": {"amount": a, "currency": "USD"}} for a in ("100.00", "300.00")]
    answer = answered(ask(book([DUTY, flat]), lines=lines))
    fees = [charge for line in answer.lines for charge in line.charges if charge.kind == "fee"]
    assert [str(fee.amount.amount) for fee in fees] == ["0.67", "2.02"]
    assert fees[0].as_json()["trace"] == ["2.69 USD for the consignment, whatever its value", "as told"]
    # Its expression is 0%, which would contradict the amount beside it.
    assert fees[0].as_json()["expression"] == "2.69 USD"
    assert "fee_assumes" not in [unknown.code for line in answer.lines for unknown in line.unknowns]


@pytest.mark.parametrize(
    ("value", "claims", "fee"),
    [("2500.00", [], "2.69"), ("2500.01", [], "33.58"), ("2500.00", ["formal"], "33.58"), ("9000.00", [], "90.00")],
)
def test_fee_by_the_kind_of_entry(value, claims, fee):
    low, high = condition("maximum_value", "2500 USD"), condition("above_value", "2500 USD")
    the_book = book(
        [
            DUTY,
            rule(
                Kind.FEE,
                "",
                "0%",
                id="informal",
                minimum="2.69 USD",
                maximum="2.69 USD",
                conditions=(low, condition("unless_claim", "formal")),
            ),
            rule(Kind.FEE, "", "1%", id="formal", minimum="33.58 USD", conditions=(high,)),
            rule(Kind.FEE, "", "1%", id="chosen", minimum="33.58 USD", conditions=(low, condition("claim", "formal"))),
        ]
    )
    answer = answered(ask(the_book, value=value, line={"claims": claims}))
    assert str(answer.totals.fees.amount) == fee
