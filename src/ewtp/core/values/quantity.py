"""Quantities as a person or a program gives them, read into canonical units, each thing measured once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.values.money import LARGEST_AMOUNT, parse_decimal
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import SHARES, Unit, resolve_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

_WHOLE_PERCENT = 100
_LONGEST_NAME = 40


def read_quantities(given: Iterable[tuple[str, object]]) -> dict[str, Decimal] | Refusal:
    """Amounts by canonical unit key, in order of key; what is measured twice is refused, in whatever units.

    Everything that cannot be read is refused at once: ``unit_unknown``, ``amount_unreadable``, ``amount_negative``,
    ``amount_absurd``, ``quantity_zero``, ``quantity_absurd``, ``quantity_twice``; ``where`` is the name that was given.
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
    return Refusal.joined(refusals) if refusals else dict(sorted(read.items()))


def _quantity(name: str, text: object, measured: Mapping[str, Unit]) -> tuple[Unit, Decimal] | Refusal:
    """One quantity; ``measured`` holds the units read before it, by their dimension."""
    unit = resolve_unit(name)
    if isinstance(unit, Refusal):
        return unit
    shown = name[:_LONGEST_NAME]
    amount = parse_decimal(text, f"the quantity in {shown}")
    if isinstance(amount, Refusal):
        return amount.under(shown)
    wrong = _wrong(unit, amount)
    if wrong is not None:
        return wrong.under(shown)
    other = measured.get(unit.dimension)
    if other is not None:
        also = "twice" if other == unit else f"in {other.name} as well"
        return Refusal("quantity_twice", f"The quantity in {unit.name} is given {also}; give it once.")
    return unit, amount


def _wrong(unit: Unit, amount: Decimal) -> Refusal | None:
    """A quantity that no goods have would give a figure that looks like a duty."""
    if unit.dimension in SHARES:
        if amount > _WHOLE_PERCENT:
            return Refusal(
                "quantity_absurd",
                f"{unit.name.capitalize()} is a share, of which there is at most {_WHOLE_PERCENT}; check the digits.",
            )
        return None
    if not amount:
        return Refusal("quantity_zero", f"Give how much there is in {unit.name}, or leave that quantity out.")
    if amount * unit.factor >= LARGEST_AMOUNT:
        return Refusal(
            "amount_absurd",
            f"The quantity in {unit.name} is larger than any consignment; check the digits.",
        )
    return None
