"""The quantities that lines of a product state, and the amount of each per kilogram."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from ewtp.core.rulebook.expressions.duty_needs import list_required_facts
from ewtp.core.rulebook.expressions.evaluation import name_of_request
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import SHARES, Unit, resolve_unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ewtp.core.rulebook.expressions.tree import Expression

UnitCounts = defaultdict[str, int]
# The columns of the one quantity without a column of its own, as tables of lines name them.
SUPPLEMENTARY_UNIT, SUPPLEMENTARY_QUANTITY = "supplementary_unit", "supplementary_quantity"
_KILOGRAM = "KGM"
_MASS = "mass"
# Invented: the amount of each dimension per kilogram of goods, in the dimension's base unit.
PER_KILOGRAM: Mapping[str, Decimal] = {
    _MASS: Decimal(1),
    "volume": Decimal(1),
    "alcohol": Decimal("0.4"),
    "number": Decimal(2),
    "pairs": Decimal(1),
    "length": Decimal(5),
    "area": Decimal(2),
    "energy": Decimal(10),
    "activity": Decimal("0.01"),
    "heads": Decimal("0.005"),
    "sets": Decimal("0.5"),
    "packs": Decimal(1),
    "cells": Decimal(1),
    "jewels": Decimal(17),
    "lines": Decimal(1),
    "gas volume": Decimal("0.001"),
    # Pounds for each litre of pure alcohol; a figure of the producer, which is invented like the goods.
    "small producer discount": Decimal(1),
}
# Invented: shares of the goods are uniform between these percentages, and so are contents of their mass, such as lead.
SHARE_PERCENT: Mapping[str, tuple[int, int]] = {
    "alcoholic strength": (5, 45),
    "polarisation": (96, 99),
    "sucrose": (20, 80),
}
CONTENT_PERCENT = (20, 90)
# Dimensions that are counted in whole units.
_WHOLE = frozenset({"number", "pairs", "heads", "sets", "packs", "cells", "jewels", "lines"})
_LONGEST_DENOMINATOR = 10_000
# A column that is null on nearly every line costs every reader more than it gives the lines that need it.
_MOST_OTHER_COLUMNS = 2


@immutable
class QuantityModel:
    """How to draw a quantity: ``per_kilogram`` in its own unit, or ``percent`` bounds for a share or a content.

    ``key`` names the unit as rules do, ``name`` as columns do; a ``whole`` quantity is rounded up to whole units.
    """

    key: str
    name: str
    per_kilogram: Fraction
    percent: tuple[int, int] | None
    is_share: bool
    whole: bool

    @property
    def column(self) -> str:
        """The name of the column for quantities in this unit."""
        return f"quantity_{self.name}"


def model_quantity(key: str) -> QuantityModel:
    """The model of a quantity; ``key`` is a unit that ``choose_units`` returned."""
    unit = _unit(key)
    dimension, _, qualifier = unit.dimension.partition(".")
    is_share = dimension in SHARES
    per = _simple(Fraction(PER_KILOGRAM.get(dimension, Decimal(1)) / unit.factor))
    percent = SHARE_PERCENT[dimension] if is_share else CONTENT_PERCENT if qualifier else None
    whole = dimension in _WHOLE and unit.factor == 1 and not qualifier
    return QuantityModel(key, name_of_request(key), per, percent, is_share, whole)


def _simple(figure: Fraction) -> Fraction:
    """A nearby fraction, never zero, with terms small enough that its product with any mass fits 64 bits."""
    if figure < 1:
        return 1 / (1 / figure).limit_denominator(_LONGEST_DENOMINATOR)
    return figure.limit_denominator(_LONGEST_DENOMINATOR)


def count_units(expression: Expression) -> UnitCounts:
    """By unit, how often an expression asks for it; unknown units are left out."""
    wanted: UnitCounts = defaultdict(int)
    for need in list_required_facts(expression):
        if need.kind == "quantity" and not isinstance(resolve_unit(need.key), Refusal):
            wanted[need.key] += 1
    return wanted


def choose_units(wanted: Mapping[str, int], stated: Iterable[str]) -> tuple[str, ...]:
    """One unit per dimension: the one that most rules count, else the one that the line states; always a mass.

    ``wanted`` counts rules by unit. A declaration gives each dimension once; other units of it are left to conversion.
    Mass on a basis of its own, such as drained weight, is a dimension of its own; the whole mass is stated beside it
    only where rules ask for it.
    """
    ranked = sorted(wanted, key=lambda key: (-wanted[key], key))
    chosen: dict[str, str] = {}
    for key in ranked:
        chosen.setdefault(_dimension(key), key)
    bare = {dimension.partition(".")[0] for dimension in chosen}
    # Units that no rule counts: kilograms, which every declaration gives, and those stated; none on a special basis.
    for key in (_KILOGRAM, *stated):
        dimension = _dimension(key)
        if dimension not in bare and "." not in dimension:
            bare.add(dimension)
            chosen[dimension] = key
    return tuple(sorted(chosen.values()))


def choose_columns(sets: Mapping[tuple[str, ...], int]) -> tuple[str, ...]:
    """Kilograms, and the few other units whose columns let most products state every quantity.

    ``sets`` counts products by their units. A line also states one supplementary quantity, so a unit needs a column
    only where it occurs together with another one.
    """
    chosen = [_KILOGRAM] if any(_KILOGRAM in units for units in sets) else []
    for _ in range(_MOST_OTHER_COLUMNS):
        crowded: UnitCounts = defaultdict(int)
        for units, products in sets.items():
            beside = [key for key in units if key not in chosen]
            if len(beside) > 1:
                for key in beside:
                    crowded[key] += products
        if not crowded:
            break
        chosen.append(min(crowded, key=lambda key: (-crowded[key], key)))
    return tuple(chosen)


def choose_supplementary_units(sets: Mapping[tuple[str, ...], int], columns: Collection[str]) -> tuple[str | None, ...]:
    """For each set, the unit of its supplementary quantity: the commonest of those without a column, or None."""
    common: UnitCounts = defaultdict(int)
    for units, products in sets.items():
        for key in units:
            common[key] += products
    beside = ([key for key in units if key not in columns] for units in sets)
    return tuple(min(keys, key=lambda key: (-common[key], key)) if keys else None for keys in beside)


def _unit(key: str) -> Unit:
    unit = resolve_unit(key)
    if isinstance(unit, Refusal):
        msg = f"only known units are chosen: {unit.message}"
        raise TypeError(msg)
    return unit


def _dimension(key: str) -> str:
    return _unit(key).dimension
