"""Rules ranked by what they take of micro and small firms, every ratio by its denominator."""

from __future__ import annotations

from decimal import Decimal

from ewtp.core.burden.rule_burden import RuleBurden, rank_burdens, trade_of_sizes
from ewtp.core.burden.tally import BurdenLine, BurdenTally, RuleKey, pair_papers_asked

FEE, DUTY, PERMIT = ("fee", "flat-fee"), ("duty", "ten-per-cent"), ("requirement", "permit")


def line(size, firm, goods, *, fee="0", duty="0", papers=(), complete=True):
    rules: dict[RuleKey, Decimal] = {key: Decimal(paid) for key, paid in ((FEE, fee), (DUTY, duty)) if paid != "0"}
    rules |= {("requirement", paper): Decimal(0) for paper in papers}
    groups: dict[RuleKey, Decimal] = {("all",): sum(rules.values(), Decimal(0))} if rules else {}
    return BurdenLine(size, firm, Decimal(goods), rules, groups, complete)


def rank_rules(counted: BurdenTally, currency: str, *, firms_named: bool) -> tuple[RuleBurden, ...]:
    return rank_burdens(counted, counted.rules, currency, firms_named=firms_named)


def tally():
    """A flat fee of 10 on every consignment, and 10 per cent on some."""
    counted = BurdenTally()
    for each in (
        line("micro", "a", "100", fee="10", papers=("permit",)),
        line("micro", "a", "100", fee="10", duty="10"),
        line("small", "b", "800", fee="10", papers=("permit",), complete=False),
        line("large", "c", "9000", fee="10", duty="900"),
        line("large", "c", "1000", papers=("permit",)),
    ):
        counted.add(each)
    return counted


def test_a_flat_fee_weighs_on_small_firms_and_a_duty_on_large_ones():
    rules = rank_rules(tally(), "USD", firms_named=True)
    assert [rule.key for rule in rules] == [FEE, DUTY, PERMIT]
    fee, duty, permit = rules
    # 30 of 1,000 against 10 of 10,000.
    assert (fee.burden, fee.difference) == (Decimal("0.03"), Decimal("0.029"))
    assert (duty.burden, duty.difference) == (Decimal("0.01"), Decimal("-0.08"))
    # Two papers on 1,000 of trade, and one on 10,000.
    assert (permit.burden, permit.difference) == (Decimal(2_000), Decimal(1_900))


def test_every_figure_has_its_denominator():
    fee = rank_rules(tally(), "USD", firms_named=True)[0]
    small = fee.sizes["micro_and_small"].as_json()
    assert small == {
        "lines": 3,
        "firms": 2,
        "paid": "30.00",
        "goods": "1000.00",
        "trade": "1000.00",
        "share_of_trade": "0.03000000",
        "share_where_charged": "0.03000000",
        "lines_per_million_of_trade": "3000.00000000",
    }
    large = fee.sizes["large"]
    # Where it is charged, the fee is a ninth of a per cent; of all trade it is less.
    assert (large.goods, large.share_where_charged) == (Decimal("9000.00"), Decimal("0.00111111"))
    assert (large.trade, large.share_of_trade) == (Decimal("10000.00"), Decimal("0.001"))
    medium = fee.sizes["medium"]
    assert (medium.trade, medium.share_of_trade, medium.lines_per_unit) == (Decimal("0.00"), None, None)
    assert rank_rules(tally(), "USD", firms_named=False)[0].sizes["micro"].firms is None


def test_a_difference_needs_both_trades():
    counted = BurdenTally()
    counted.add(line("small", "b", "100", fee="1"))
    (fee,) = rank_rules(counted, "USD", firms_named=True)
    assert (fee.burden, fee.difference) == (Decimal("0.01"), None)
    counted = BurdenTally()
    counted.add(line("large", "b", "100", fee="1"))
    (fee,) = rank_rules(counted, "USD", firms_named=True)
    assert (fee.burden, fee.difference) == (None, None)


def test_all_charges_together_are_the_sums_of_the_rules():
    counted = tally()
    trade = trade_of_sizes(counted, "USD", firms_named=True)
    rules = rank_rules(counted, "USD", firms_named=True)
    for name, whole in trade.items():
        assert whole.paid == sum(rule.sizes[name].paid for rule in rules)
    assert trade["micro_and_small"].share_of_trade == Decimal("0.04")
    assert counted.trade["small"].incomplete == 1


def test_a_line_that_several_rules_of_a_group_reach_is_one_line_of_it():
    counted = tally()
    (group,) = rank_burdens(counted, counted.groups, "USD", firms_named=True)
    micro = group.sizes["micro"]
    assert (micro.lines, micro.goods, micro.paid) == (2, Decimal("200.00"), Decimal("30.00"))


def test_sums_are_rounded_once_to_the_coin():
    counted = BurdenTally()
    for _ in range(3):
        counted.add(line("micro", "a", "0.004", fee="0.004"))
    assert rank_rules(counted, "USD", firms_named=True)[0].sizes["micro"].paid == Decimal("0.01")
    assert rank_rules(counted, "JPY", firms_named=True)[0].sizes["micro"].paid == Decimal(0)


def test_papers_of_two_agencies_on_one_line_are_a_pair_of_one_territory():
    health, notice = ("requirement", "US", "VET", "health"), ("requirement", "US", "FOOD", "notice")
    second, abroad = ("requirement", "US", "VET", "permit"), ("requirement", "GB", "PORT", "notice")
    duty = ("duty", "US", "", "General")
    pair = ("requirement", "US", "FOOD", "notice", "VET", "health")
    assert pair_papers_asked([health, notice, duty, abroad]) == [pair]
    assert pair_papers_asked([health, second]) == []
    counted = BurdenTally()
    for size, goods, groups in (
        ("micro", "100", (health, notice)),
        ("small", "900", (health,)),
        ("large", "5000", (notice, health, second)),
    ):
        counted.add(BurdenLine(size, "", Decimal(goods), {}, dict.fromkeys(groups, Decimal(0)), complete=True))
    found = {each.key: each for each in rank_burdens(counted, counted.pairs, "USD", firms_named=False)}
    # One line of a trade of 1,000 of micro and small firms, and one of 5,000 of large ones.
    assert found[pair].burden == Decimal(1000)
    assert found[pair].difference == Decimal(800)
    assert found["requirement", "US", "FOOD", "notice", "VET", "permit"].burden == 0
