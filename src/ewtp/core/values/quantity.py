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
    from collections.abc import Iterable, Iterator, Mapping
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
        unit, shown = resolve_unit(name), name[:LONGEST_UNIT_NAME]
        amount = parse_decimal(text, shown, wordings=OF_QUANTITY)
        wrong = list(_wrong(unit, amount, measured))
        refusals += [each.under(shown) for each in wrong]
        if not isinstance(unit, Refusal):
            # A unit counts as given even where its amount cannot be read.
            measured.setdefault(unit.dimension, unit)
            if not isinstance(amount, Refusal):
                read[unit.key] = amount
    return Refusal.join(refusals) if refusals else dict(sorted(read.items()))


def _wrong(unit: Unit | Refusal, amount: Decimal | Refusal, measured: Mapping[str, Unit]) -> Iterator[Refusal]:
    """Everything that is wrong with a quantity; ``measured`` holds the units given before it, by their dimension."""
    if isinstance(unit, Refusal):
        yield unit
    if isinstance(amount, Refusal):
        yield amount
    elif not isinstance(unit, Refusal):
        yield from _absurd(unit, amount)
    if not isinstance(unit, Refusal) and (other := measured.get(unit.dimension)) is not None:
        if other == unit:
            yield Refusal(QUANTITY_TWICE, {"unit": unit})
        else:
            yield Refusal(QUANTITY_TWICE_IN_TWO_UNITS, {"unit": unit, "other": other})


def _absurd(unit: Unit, amount: Decimal) -> Iterator[Refusal]:
    """A quantity that no goods have would give a figure that looks like a duty."""
    if unit.dimension in SHARES:
        if amount > _WHOLE_PERCENT:
            yield Refusal(SHARE_ABSURD, {"unit": unit, "most": _WHOLE_PERCENT})
    elif not amount:
        yield Refusal(QUANTITY_ZERO, {"unit": unit})
    elif amount * unit.factor >= LARGEST_AMOUNT:
        yield Refusal(QUANTITY_TOO_LARGE, {"unit": unit})
