"""Modes: what else than origin and day the conditions of rules ask about, and so tells lines of a list apart."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.compiled.format.facets import Facet
from ewtp.core.values.money import Money, minor_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.compiled.compile.outcomes import Vocabulary
    from ewtp.core.compiled.compile.rule_shapes import Shape

SOME_VALUE = (Money(Decimal(1), "XXX"),)
_VALUE_CONDITIONS = frozenset({"maximum_value", "below_value", "minimum_value"})
# The facets whose rules are tested on more than origin and claim.
_TESTED = frozenset({Facet.DUTY, Facet.ADDITIONAL, Facet.BY_ORIGIN, Facet.LEVIES})


@dataclass(frozen=True, slots=True)
class Modes:
    """Which modes there are: whether buyer and transport count, the limits of value in minor units, the claims."""

    buyer: bool = False
    transport: bool = False
    currency: int = -1
    limits: tuple[int, ...] = ()
    claims: tuple[int, ...] = ()


def modes_of(facet: Facet, shapes: Sequence[Shape], words: Vocabulary) -> tuple[Modes, tuple[Money, ...]] | None:
    """The modes of a list, with a value for each interval; None where limits are not in one currency's coins."""
    claims: tuple[int, ...] = ()
    if facet is not Facet.LOWER:
        claims = tuple(words.claims.place(c) for c in sorted({c for shape in shapes for c in shape.claims}))
    if facet not in _TESTED:
        return Modes(claims=claims), SOME_VALUE
    conditions = [c for shape in shapes for c in shape.rule.measure.conditions]
    read = _limits({c.value for c in conditions if c.kind in _VALUE_CONDITIONS})
    if read is None:
        return None
    currency, limits, values = read
    kinds = {c.kind for c in conditions}
    number = words.currencies.place(currency) if currency else -1
    return Modes("buyer" in kinds, "transport" in kinds, number, limits, claims), values


def _limits(limits: set[str]) -> tuple[str, tuple[int, ...], tuple[Money, ...]] | None:
    """The limits' currency, the limits in minor units, and one value below, at, between and above them.

    None where the limits are in more than one currency, or finer than a minor unit.
    """
    if not limits:
        return "", (), SOME_VALUE
    parted = [text.partition(" ") for text in limits]
    currencies = {currency for _, _, currency in parted}
    currency = currencies.pop()
    amounts = sorted({Decimal(figure) for figure, _, _ in parted})
    minor = [amount.scaleb(minor_units(currency)) for amount in amounts]
    if currencies or any(amount != amount.to_integral_value() for amount in minor):
        return None
    values = [amounts[0] / 2]
    for amount, following in zip(amounts, [*amounts[1:], amounts[-1] * 3 + 1], strict=True):
        values += [amount, (amount + following) / 2]
    return currency, tuple(int(amount) for amount in minor), tuple(Money(value, currency) for value in values)
