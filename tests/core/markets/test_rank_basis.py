"""The order of markets: by what a business pays, with the claims it may make, and never for its VAT alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.sentences import CHARGES_NOT_HELD, REDUCED_RATE_POSSIBLE
from ewtp.core.markets.market_row import MarketOption, MarketOutcome, MarketRow, Span
from ewtp.core.markets.rank_basis import RankBasis, find_rank_cost, find_rank_outcome, rank_rows
from ewtp.core.values.money import Money

REDUCED = Unknown(REDUCED_RATE_POSSIBLE, {"title": "VAT", "rates": "5% or 0%"})
NOT_HELD = Unknown(CHARGES_NOT_HELD, {"economy": "AA", "kinds": ["excise"]})


def span(lowest, highest=None):
    return Span(Money(Decimal(lowest), "USD"), Money(Decimal(highest or lowest), "USD"))


def row(economy, duty, tax, outcome=MarketOutcome.COMPLETE, **fields):
    return MarketRow(
        economy,
        outcome,
        "610910",
        duty=span(duty),
        tax=span(tax),
        landed_cost=span(1000 + duty + tax),
        without_tax=span(1000 + duty),
        **fields,
    )


def claiming(saving, tax):
    return MarketOption("P", "Preference", span(saving), span(1000 + tax), None, None, without_tax=span(1000))


# A has the lower duty and the higher tax, B the reverse; C has a duty that a claim takes away.
A = row("AA", 50, 250)
B = row("BB", 100, 0)
C = row("CC", 120, 240, best=claiming(120, 200))


@pytest.mark.parametrize(
    ("basis", "order"),
    [
        (RankBasis(), ["CC", "AA", "BB"]),
        (RankBasis(claims=False), ["AA", "BB", "CC"]),
        (RankBasis(tax=True), ["BB", "CC", "AA"]),
        (RankBasis(claims=False, tax=True), ["BB", "AA", "CC"]),
    ],
)
def test_rows_are_ranked_with_claims_and_without_tax_unless_asked_otherwise(basis, order):
    assert [each.economy for each in rank_rows([A, B, C], basis)] == order


def test_a_claim_whose_cost_is_not_known_counts_for_nothing():
    unknown = replace(C, best=replace(claiming(120, 200), landed_cost=None, without_tax=None))
    assert find_rank_cost(unknown, RankBasis()) == Money(Decimal(1120), "USD")


def test_what_is_open_of_the_tax_alone_matters_only_with_it():
    open_tax = row("DD", 10, 200, MarketOutcome.INCOMPLETE, unknowns=(REDUCED,))
    assert find_rank_outcome(open_tax, RankBasis()) is MarketOutcome.COMPLETE
    assert find_rank_outcome(open_tax, RankBasis(tax=True)) is MarketOutcome.INCOMPLETE
    assert [each.economy for each in rank_rows([A, open_tax], RankBasis())] == ["DD", "AA"]
    assert [each.economy for each in rank_rows([A, open_tax], RankBasis(tax=True))] == ["AA", "DD"]
    other = replace(open_tax, unknowns=(REDUCED, NOT_HELD))
    assert find_rank_outcome(other, RankBasis()) is MarketOutcome.INCOMPLETE
    assert find_rank_outcome(replace(open_tax, duty=None), RankBasis()) is MarketOutcome.INCOMPLETE
    ranged = replace(open_tax, outcome=MarketOutcome.RANGE, without_tax=span(1010, 1020))
    assert find_rank_outcome(ranged, RankBasis()) is MarketOutcome.RANGE


def test_rows_without_a_tariff_come_after_all_that_have_one():
    tax_only = MarketRow("AB", MarketOutcome.TAX_ONLY, "610910", tax=span(0))
    assert [each.economy for each in rank_rows([tax_only, A], RankBasis())] == ["AA", "AB"]
    assert find_rank_cost(tax_only, RankBasis()) is None
