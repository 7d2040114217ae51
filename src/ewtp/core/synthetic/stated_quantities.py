"""Which quantities a product's lines state, and how much of each there is to a kilogram."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from ewtp.core.rulebook.expressions.evaluation import asked_as
from ewtp.core.rulebook.expressions.required_facts import needs
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import SHARES, Unit, resolve_unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ewtp.core.rulebook.expressions.tree import Expression

Wanted = defaultdict[str, int]
# The columns of the one quantity beside those with columns of their own, as tables of lines name them.
SUPPLEMENTARY_UNIT, SUPPLEMENTARY_QUANTITY = "supplementary_unit", "supplementary_quantity"
_KILOGRAM = "KGM"
_MASS = "mass"
# Invented: how much of each dimension goes with a kilogram of goods, in the dimension's base unit.
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
}
# Invented: a share of the goods lies evenly between these percentages. So does a content, such as lead, of their mass.
SHARE_PERCENT: Mapping[str, tuple[int, int]] = {
    "alcoholic strength": (5, 45),
    "polarisation": (96, 99),
    "sucrose": (20, 80),
}
CONTENT_PERCENT = (20, 90)
# What has no halves.
_WHOLE = frozenset({"number", "pairs", "heads", "sets", "packs", "cells", "jewels", "lines"})
_LONGEST_DENOMINATOR = 10_000
# A column of which nearly every value is null costs each reader more than the lines that need it.
_MOST_OTHER_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Counted:
    """How a quantity is drawn: ``per_kilogram`` in its unit; or ``percent`` bounds of a share or of a content."""

    key: str
    name: str
    per_kilogram: Fraction
    percent: tuple[int, int] | None
    is_share: bool
    whole: bool

    @property
    def column(self) -> str:
        """The column that a quantity in this unit alone has."""
        return f"quantity_{self.name}"


def counted(key: str) -> Counted:
    """How the quantity ``key``, one that ``units_wanted`` gave, is drawn."""
    unit = _unit(key)
    dimension, _, qualifier = unit.dimension.partition(".")
    is_share = dimension in SHARES
    per = _simple(Fraction(PER_KILOGRAM.get(dimension, Decimal(1)) / unit.factor))
    percent = SHARE_PERCENT[dimension] if is_share else CONTENT_PERCENT if qualifier else None
    whole = dimension in _WHOLE and unit.factor == 1 and not qualifier
    return Counted(key, asked_as(key), per, percent, is_share, whole)


def _simple(figure: Fraction) -> Fraction:
    """A fraction near the figure, of terms so small that its product with any mass fits 64 bits, and never zero."""
    if figure < 1:
        return 1 / (1 / figure).limit_denominator(_LONGEST_DENOMINATOR)
    return figure.limit_denominator(_LONGEST_DENOMINATOR)


def wanted_by(expression: Expression) -> Wanted:
    """The units that an expression counts, each once."""
    wanted: Wanted = defaultdict(int)
    for need in needs(expression):
        if need.kind == "quantity" and not isinstance(resolve_unit(need.key), Refusal):
            wanted[need.key] += 1
    return wanted


def units_wanted(wanted: Mapping[str, int], stated: Iterable[str]) -> tuple[str, ...]:
    """One unit a dimension: what most rules count, else what the line states; and a mass in any case.

    A declaration gives the same measure once, so a second unit of a dimension is left to be converted. Mass on a
    basis of its own, such as drained weight, is another measure, beside which only rules ask for the whole mass.
    """
    ranked = sorted(wanted, key=lambda key: (-wanted[key], key))
    chosen: dict[str, str] = {}
    for key in ranked:
        chosen.setdefault(_dimension(key), key)
    bare = {dimension.partition(".")[0] for dimension in chosen}
    # What only the line states: its mass in kilograms, as every declaration gives it, and nothing on a basis.
    for key in (_KILOGRAM, *stated):
        dimension = _dimension(key)
        if dimension not in bare and "." not in dimension:
            bare.add(dimension)
            chosen[dimension] = key
    return tuple(sorted(chosen.values()))


def units_with_columns(sets: Mapping[tuple[str, ...], int]) -> tuple[str, ...]:
    """Kilograms, and those few units whose own columns let most products state everything; ``sets`` counts products.

    Beside them a line states one supplementary quantity, so a column is worth having for what goes with another.
    """
    chosen = [_KILOGRAM] if any(_KILOGRAM in units for units in sets) else []
    for _ in range(_MOST_OTHER_COLUMNS):
        crowded: Wanted = defaultdict(int)
        for units, products in sets.items():
            beside = [key for key in units if key not in chosen]
            if len(beside) > 1:
                for key in beside:
                    crowded[key] += products
        if not crowded:
            break
        chosen.append(min(crowded, key=lambda key: (-crowded[key], key)))
    return tuple(chosen)


def supplementary_units(sets: Mapping[tuple[str, ...], int], columns: Collection[str]) -> tuple[str | None, ...]:
    """The unit of the one supplementary quantity of each set, which is the one that most products have; or None."""
    common: Wanted = defaultdict(int)
    for units, products in sets.items():
        for key in units:
            common[key] += products
    beside = ([key for key in units if key not in columns] for units in sets)
    return tuple(min(keys, key=lambda key: (-common[key], key)) if keys else None for keys in beside)


def _unit(key: str) -> Unit:
    unit = resolve_unit(key)
    if isinstance(unit, Refusal):
        msg = f"only units that are known are wanted: {unit.message}"
        raise TypeError(msg)
    return unit


def _dimension(key: str) -> str:
    return _unit(key).dimension
