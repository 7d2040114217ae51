"""Quantities as a person or a program gives them, read into canonical units, each thing measured once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.values.money import LARGEST_AMOUNT, OF_QUANTITY, parse_decimal
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import (
    QUANTITY_TOO_LARGE,
    QUANTITY_TWICE,
    QUANTITY_TWICE_IN_TWO_UNITS,
    QUANTITY_ZERO,
    SHARE_ABSURD,
)
from ewtp.core.values.unit import SHARES, Unit, resolve_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

_WHOLE_PERCENT = 100
# Of the name of a unit, as ``where`` has it.
LONGEST_UNIT_NAME = 40


def read_quantities(given: Iterable[tuple[str, object]]) -> dict[str, Decimal] | Refusal:
    """Amounts by canonical unit key, in order of key; what is measured twice is refused, in whatever units.

    Everything that cannot be read is refused at once: ``unit_unknown``, ``amount_unreadable``, ``amount_negative``,
    ``amount_absurd``, ``quantity_zero``, ``quantity_absurd``, ``quantity_twice``; ``where`` is the name that was given,
    cut to ``LONGEST_UNIT_NAME``.
    """
    read: dict[str, Decimal] = {}
    measured: dict[str, Unit] = {}
    refusals: list[Refusal] = []
    for name, text in given:
        quantity = _quantity(name, text, measured)
        if isinstance(quantity, Refusal):
            refusals.append(quantity)
        else:
            unit, read[unit.key] = quantity
            measured[unit.dimension] = unit
    return Refusal.join(refusals) if refusals else dict(sorted(read.items()))


def _quantity(name: str, text: object, measured: Mapping[str, Unit]) -> tuple[Unit, Decimal] | Refusal:
    """One quantity; ``measured`` holds the units read before it, by their dimension."""
    unit = resolve_unit(name)
    shown = name[:LONGEST_UNIT_NAME]
    amount = parse_decimal(text, shown, wordings=OF_QUANTITY)
    if isinstance(unit, Refusal) or isinstance(amount, Refusal):
        return Refusal.join([each.under(shown) for each in (unit, amount) if isinstance(each, Refusal)])
    wrong = _wrong(unit, amount)
    if wrong is not None:
        return wrong.under(shown)
    other = measured.get(unit.dimension)
    if other is not None:
        if other == unit:
            return Refusal(QUANTITY_TWICE, {"unit": unit}, where=shown)
        return Refusal(QUANTITY_TWICE_IN_TWO_UNITS, {"unit": unit, "other": other}, where=shown)
    return unit, amount


def _wrong(unit: Unit, amount: Decimal) -> Refusal | None:
    """A quantity that no goods have would give a figure that looks like a duty."""
    if unit.dimension in SHARES:
        if amount > _WHOLE_PERCENT:
            return Refusal(SHARE_ABSURD, {"unit": unit, "most": _WHOLE_PERCENT})
        return None
    if not amount:
        return Refusal(QUANTITY_ZERO, {"unit": unit})
    if amount * unit.factor >= LARGEST_AMOUNT:
        return Refusal(QUANTITY_TOO_LARGE, {"unit": unit})
    return None
