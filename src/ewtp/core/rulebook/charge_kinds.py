"""The kinds of charge, a row each; whatever computes, adds up, stores, shows or describes charges reads this table."""

from __future__ import annotations

from typing import Literal, get_args

from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.immutable import immutable

# The sums of an answer's totals that charges are part of.
Total = Literal["duty", "tax", "fees"]


@immutable
class ChargeKind:
    """How charges of one kind are computed and where they go.

    ``kind`` is the kind of measure; its value is the charge's ``kind`` in the API. ``step`` is its place in the order
    of computation, and its number in compiled rulebooks. ``duty_paid`` are the kinds that the base ``"duty_paid"`` may
    include beside the customs value: all of them for excise; for taxes, those that the territory's tax base names.
    ``total`` is the sum that the charge is part of; ``column`` and ``measures_column`` are the columns of its amount
    and of its measures' ids in tables of answers. ``asked`` says whether a quantity that it needs is asked of the
    trader (with a refusal) rather than left open; ``editions`` whether its sources appear in editions, which grow
    stale; ``revenue`` whether it is paid to the treasury.
    """

    kind: Kind
    step: int
    column: str
    measures_column: str
    total: Total
    duty_paid: tuple[Kind, ...] = ()
    asked: bool = False
    editions: bool = False
    revenue: bool = True


# In the order of their columns.
CHARGE_KINDS = (
    ChargeKind(Kind.DUTY, 0, "duty", "duty_measure", "duty", asked=True, editions=True),
    ChargeKind(Kind.ADDITIONAL_DUTY, 1, "additional_duty", "additional_measures", "duty", editions=True),
    ChargeKind(
        Kind.EXCISE, 2, "excise", "excise_measures", "tax", duty_paid=(Kind.DUTY, Kind.ADDITIONAL_DUTY), asked=True
    ),
    ChargeKind(
        Kind.TAX,
        4,
        "tax",
        "tax_measures",
        "tax",
        duty_paid=(Kind.DUTY, Kind.ADDITIONAL_DUTY, Kind.EXCISE, Kind.FEE),
        editions=True,
    ),
    ChargeKind(Kind.FEE, 3, "fees", "fee_measures", "fees"),
)
# Measures that are charged as a duty, where a claim has one take its place.
LOWER_DUTIES = (Kind.PREFERENCE, Kind.QUOTA)
KINDS_BY_TOTAL: dict[Total, tuple[Kind, ...]] = {
    total: tuple(row.kind for row in CHARGE_KINDS if row.total == total) for total in get_args(Total)
}
DUTIES = KINDS_BY_TOTAL["duty"]
CHARGE_COLUMNS = tuple(row.column for row in CHARGE_KINDS)
REVENUE_COLUMNS = tuple(row.column for row in CHARGE_KINDS if row.revenue)
_BY_KIND = {row.kind: row for row in CHARGE_KINDS}
_BY_KIND |= dict.fromkeys(LOWER_DUTIES, _BY_KIND[Kind.DUTY])


def charge_kind_of(kind: Kind) -> ChargeKind:
    """The row of the charge that a measure of this kind leads to; KeyError where it charges nothing."""
    return _BY_KIND[kind]
