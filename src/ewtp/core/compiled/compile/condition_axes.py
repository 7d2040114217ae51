"""The axes on which the conditions of a rule list depend: buyer, transport, value and claim.

A *mode* is a choice of one value on each axis. Origin and day are not axes here: classes and spans represent them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.compiled.format.facets import Facet
from ewtp.core.rulebook.measure import ConditionKind
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import Money, minor_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.compiled.compile.intern_pools import InternPools
    from ewtp.core.compiled.compile.rule_shapes import RuleShape

SOME_VALUE = (Money(Decimal(1), "XXX"),)
# The facets whose conditions depend on more than origin and claim.
_TESTED = frozenset({Facet.DUTY, Facet.ADDITIONAL, Facet.BY_ORIGIN, Facet.LEVIES, Facet.PAPERS})


@immutable
class ConditionAxes:
    """The axes of a list: whether it depends on the buyer and on transport, its limits of value, and its claims.

    ``limits`` are ascending, in minor units of ``currency`` (a number in the intern pool, -1 for none); ``claims`` are
    numbers in the intern pool.
    """

    buyer: bool = False
    transport: bool = False
    currency: int = -1
    limits: tuple[int, ...] = ()
    claims: tuple[int, ...] = ()


def find_axes(
    facet: Facet, shapes: Sequence[RuleShape], pools: InternPools
) -> tuple[ConditionAxes, tuple[Money, ...]] | None:
    """The axes of a list of these shapes, and a value for each interval on the axis of values.

    The intervals are below the first limit, at it, up to the next one, and so on. None where limits are in several
    currencies, or finer than a minor unit.
    """
    claims: tuple[int, ...] = ()
    if facet is not Facet.LOWER:
        claims = tuple(pools.claims.place(c) for c in sorted({c for shape in shapes for c in shape.claims}))
    if facet not in _TESTED:
        return ConditionAxes(claims=claims), SOME_VALUE
    conditions = [c for shape in shapes for c in shape.rule.measure.conditions]
    read = _read_limits({limit for c in conditions if (limit := c.limit) is not None})
    if read is None:
        return None
    currency, limits, values = read
    kinds = {c.kind for c in conditions}
    number = pools.currencies.place(currency) if currency else -1
    return ConditionAxes(ConditionKind.BUYER in kinds, ConditionKind.TRANSPORT in kinds, number, limits, claims), values


def _read_limits(found: set[Money]) -> tuple[str, tuple[int, ...], tuple[Money, ...]] | None:
    """The limits' currency, the limits in minor units, and a value for each interval; None as in ``find_axes``."""
    if not found:
        return "", (), SOME_VALUE
    currencies = {limit.currency for limit in found}
    currency = currencies.pop()
    amounts = sorted({limit.amount for limit in found})
    minor = [amount.scaleb(minor_units(currency)) for amount in amounts]
    if currencies or any(amount != amount.to_integral_value() for amount in minor):
        return None
    values = [amounts[0] / 2]
    for amount, following in zip(amounts, [*amounts[1:], amounts[-1] * 3 + 1], strict=True):
        values += [amount, (amount + following) / 2]
    return currency, tuple(int(amount) for amount in minor), tuple(Money(value, currency) for value in values)
