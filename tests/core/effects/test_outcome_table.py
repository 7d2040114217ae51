"""Tables of outcomes: what is read, what is withheld, and what is wrong with a row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ewtp.core.effects.effect_plan import TradePair
from ewtp.core.effects.outcome_table import COLUMNS, read_outcomes
from ewtp.core.values.refusal import Refusal

TODAY = date(2027, 3, 15)
ROW = {
    "destination": "GH",
    "origins": "*",
    "products": "0901",
    "month": "2027-02",
    "outcome": "days",
    "value": "3.25",
    "lines": "40",
    "firms": "7",
}


def read(*rows):
    return read_outcomes(rows, economies={"GH", "KE"}, today=TODAY)


def faults(*rows):
    found = read(*rows)
    assert isinstance(found, Refusal)
    return [(each.code, each.where) for each in found.every]


def test_a_row_is_a_mean_of_a_trade_in_a_month():
    (cell,) = read(ROW)
    assert cell.place == (TradePair("GH", "*", "0901"), date(2027, 2, 1), "days")
    assert (cell.value, cell.lines, cell.firms) == (Decimal("3.25"), 40, 7)


def test_the_mean_of_fewer_than_five_firms_is_withheld():
    four, five = read(ROW | {"firms": "4"}, ROW | {"firms": "5", "origins": "KE"})
    assert (four.value, four.firms) == (None, 4)
    assert five.value == Decimal("3.25")


def test_every_fault_names_its_row_and_column():
    wrong = {
        "destination": "XQ",
        "origins": "everywhere",
        "products": "901",
        "month": "2027-03",
        "outcome": "hours",
        "value": "-1",
        "lines": "0",
        "firms": "41",
    }
    for column, text in wrong.items():
        assert faults(ROW | {column: text})[0] == ("outcome_row_invalid", column)
    assert faults(ROW, ROW) == [("outcome_row_twice", None)]
    assert faults() == [("outcome_table_empty", None)]
    assert faults({name: ROW[name] for name in COLUMNS if name != "firms"}) == [("outcome_column_missing", "firms")]
    assert len(faults(*({**ROW, "value": "x"} for _ in range(30)))) == 20
