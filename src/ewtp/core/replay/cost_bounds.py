"""What a change costs at least and at most, over every line that both sides answer in one currency.

Of a line that is known on both sides, or whose answer stays the same, the change is exact. Of another one it lies
between the least cost after less the most before, and the most after less the least before: the two sides may be open
in different ways, so nothing narrower is certain.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.replay.amount_texts import format_amount
from ewtp.core.replay.answer_pairs import PLACES, line_days
from ewtp.core.replay.group_sums import sum_by_group
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import decimal_text, minor_units

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from ewtp.core.assessment.exchange import RateTable
    from ewtp.core.replay.aggregates import Sums
    from ewtp.core.replay.answer_pairs import AnswerColumns, PairedAnswers, SingleAnswers

# What costs are on a side, and by how much they change. Sums leave out lines that nothing bounds, which are counted.
SIDE_ROW = ("least", "most", "unbounded")
CHANGE_ROW = ("lines", "exact", "exact_change", "least", "most", "unbounded_below", "unbounded_above")
BOUND_ROW = (*CHANGE_ROW, *(f"{side}_{name}" for side in ("before", "after") for name in SIDE_ROW))
_HALF = 32
_LOW = (1 << _HALF) - 1
_EPOCH = date(1970, 1, 1)
# Sums of any length keep all their digits, and those of a rate.
_DIGITS = 60


def sum_bounds(
    before: SingleAnswers, rows: NDArray[np.int64] | None, sides: PairedAnswers, changed: NDArray[np.bool_]
) -> Sums:
    """By currency, BOUND_ROW in ten-thousandths; lines outside ``rows`` are the same on both sides.

    ``before`` answers all lines. ``changed`` says of each line of ``sides`` whether its answers differ in anything.
    """
    whole, currencies = before.columns, before.currencies
    count = len(currencies)
    of_line = whole.currency.astype(np.int64)
    of_row = of_line if rows is None else of_line[rows]
    one, two = sides.before, sides.after
    kept = _is_counted(sides)
    left = ~kept & ~one.refused
    held = [_sum(of_line, each, count) for each in _side_columns(whole, ~whole.refused)]
    gone = [_sum(of_row, each, count) for each in _side_columns(one, left)]
    before_sums = _plus(held, gone, -1)
    own, other = ([_sum(of_row, each, count) for each in _side_columns(side, kept & changed)] for side in (one, two))
    after_sums = _plus(_plus(before_sums, own, -1), other, 1)
    changes = [_sum(of_row, each, count) for each in _change_columns(sides, changed, kept)]
    lines = _sum(of_line, (~whole.refused).astype(np.int64), count)
    # A line that the change cannot reach is exact, and changes by nothing.
    outside = [n - g - h for n, g, h in zip(lines, _sum(of_row, left.astype(np.int64), count), changes[0], strict=True)]
    changes[0], changes[1] = ([a + b for a, b in zip(each, outside, strict=True)] for each in changes[:2])
    table = zip(*changes, *before_sums, *after_sums, strict=True)
    return {(currency,): row for currency, row in zip(currencies, table, strict=True) if row[0]}


def sum_bounds_by_day(
    affected: pa.Table, places: NDArray[np.int64], sides: PairedAnswers, changed: NDArray[np.bool_]
) -> Sums:
    """By currency and day, CHANGE_ROW over the affected lines, which stand at ``places`` of ``sides``."""
    kept = _is_counted(sides)
    place = np.flatnonzero(kept[places])
    rows = places[place]
    days = line_days(affected)[place]
    keys, group = np.unique(sides.before.currency[rows].astype(np.int64) << _HALF | days, return_inverse=True)
    columns = [_sum(group, each[rows], len(keys)) for each in _change_columns(sides, changed, kept)]
    sums: Sums = {}
    for key, values in zip(keys.tolist(), zip(*columns, strict=True), strict=True):
        day = _EPOCH + timedelta(days=key & _LOW)
        sums[sides.currencies[key >> _HALF], day.isoformat()] = values
    return sums


def _is_counted(sides: PairedAnswers) -> NDArray[np.bool_]:
    """Whether both sides answer in one currency."""
    alike: NDArray[np.bool_] = sides.before.currency == sides.after.currency
    return alike & ~sides.before.refused & ~sides.after.refused


def _side_columns(side: AnswerColumns, kept: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """SIDE_ROW of the lines that are ``kept``."""
    bounded = kept & side.bounded
    return [
        np.where(kept, side.least, 0),
        np.where(bounded, side.most, 0),
        (kept & ~side.bounded).astype(np.int64),
    ]


def _change_columns(
    sides: PairedAnswers, changed: NDArray[np.bool_], kept: NDArray[np.bool_]
) -> list[NDArray[np.int64]]:
    """CHANGE_ROW of the lines that are ``kept``."""
    one, two = sides.before, sides.after
    exact = kept & (~changed | (one.complete & two.complete))
    moved = np.where(exact, two.amounts["total"] - one.amounts["total"], 0)
    below, above = kept & ~exact & one.bounded, kept & ~exact & two.bounded
    return [
        kept.astype(np.int64),
        exact.astype(np.int64),
        moved,
        moved + np.where(below, two.least - one.most, 0),
        moved + np.where(above, two.most - one.least, 0),
        (kept & ~exact & ~one.bounded).astype(np.int64),
        (kept & ~exact & ~two.bounded).astype(np.int64),
    ]


def _sum(group: NDArray[np.int64], values: NDArray[np.int64], count: int) -> list[int]:
    return sum_by_group(group, values, count)


def _plus(one: list[list[int]], other: list[list[int]], sign: int) -> list[list[int]]:
    return [[a + sign * b for a, b in zip(x, y, strict=True)] for x, y in zip(one, other, strict=True)]


def bounds_json(bounds: Sums) -> list[dict[str, Any]]:
    """By currency, what traders pay before and after and by how much it changes, each at least and at most.

    A bound is null where a line has none. ``exact`` lines change by ``exact_change``; the others are open.
    """
    found = []
    for (currency,), values in sorted(bounds.items()):
        row = dict(zip(BOUND_ROW, values, strict=True))
        body: dict[str, Any] = {"currency": currency, "lines": row["lines"], "exact": row["exact"]}
        body["exact_change"] = format_amount(row["exact_change"], currency)
        body["unbounded"] = max(row["unbounded_below"], row["unbounded_above"])
        for side in ("before", "after"):
            most = None if row[f"{side}_unbounded"] else format_amount(row[f"{side}_most"], currency)
            body[side] = {"at_least": format_amount(row[f"{side}_least"], currency), "at_most": most}
        body["change"] = {
            "at_least": None if row["unbounded_below"] else format_amount(row["least"], currency),
            "at_most": None if row["unbounded_above"] else format_amount(row["most"], currency),
        }
        found.append(body)
    return found


@immutable
class ConvertedBounds:
    """What traders pay more or less at least and at most in one currency, over the affected lines; None: no bound.

    ``exact`` of the ``lines`` are known on both sides and change by ``exact_change``.
    """

    lines: int
    exact: int
    exact_change: Decimal
    at_least: Decimal | None
    at_most: Decimal | None

    def as_json(self) -> dict[str, Any]:
        """The numbers of lines, and the amounts as decimal texts."""
        return {
            "lines": self.lines,
            "exact": self.exact,
            "exact_change": decimal_text(self.exact_change),
            "at_least": None if self.at_least is None else decimal_text(self.at_least),
            "at_most": None if self.at_most is None else decimal_text(self.at_most),
        }


def _without_rate(row: dict[str, int]) -> dict[str, int]:
    """The CHANGE_ROW of lines whose amounts no rate converts: nothing stays nothing, and any other amount is open."""
    nothing = not any(row[name] for name in ("exact_change", "least", "most"))
    if nothing:
        return row
    return dict.fromkeys(CHANGE_ROW, 0) | {
        "lines": row["lines"],
        "unbounded_below": row["lines"],
        "unbounded_above": row["lines"],
    }


def convert_bounds(by_day: Sums, currency: str, rates: RateTable) -> ConvertedBounds:
    """The bounds in one currency, each day at its rate; of lines without a rate nothing bounds the change.

    Only where they certainly change by nothing, or have no bound anyway, does their currency make no difference.
    """
    counts = dict.fromkeys(("lines", "exact", "unbounded_below", "unbounded_above"), 0)
    sums = dict.fromkeys(("exact_change", "least", "most"), Decimal(0))
    with localcontext(prec=_DIGITS):
        for (own, day), values in sorted(by_day.items()):
            used = None if own == currency else rates.find(own, currency, date.fromisoformat(day))
            row = dict(zip(CHANGE_ROW, values, strict=True))
            if own != currency and used is None:
                row = _without_rate(row)
            rate = Decimal(1) if used is None else used.rate
            for name in counts:
                counts[name] += row[name]
            for name in sums:
                sums[name] += row[name] * rate
        places = minor_units(currency)
        amounts = {name: round(value.scaleb(-PLACES), places) for name, value in sums.items()}
    return ConvertedBounds(
        counts["lines"],
        counts["exact"],
        amounts["exact_change"],
        None if counts["unbounded_below"] else amounts["least"],
        None if counts["unbounded_above"] else amounts["most"],
    )
