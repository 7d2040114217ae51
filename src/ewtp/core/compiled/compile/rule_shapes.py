"""The shape of a rule: all of it that decides what a line is charged, without what merely names it.

Thousands of rules differ in nothing but their code and their citation. Lists of rules of the same shapes come to
the same charges, so that what a list comes to is decided once for all lists alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.measure import Kind

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.rulebook.book import Rule


@dataclass(frozen=True, slots=True)
class Shape:
    """An example of the rules of one shape.

    ``names`` are the economies and groups that its origins name; ``claims`` what its conditions ask about. ``reach`` is
    a number that shapes with the same origins and days share.
    """

    first_day: date
    last_day: date
    rule: Rule
    names: frozenset[str]
    claims: frozenset[str]
    reach: int


class Shapes:
    """Numbers for shapes."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._shapes: list[Shape] = []
        self._reaches: dict[tuple[Any, ...], int] = {}

    def number(self, rule: Rule) -> int:
        """The number of the rule's shape."""
        measure = rule.measure
        key = (
            measure.kind,
            len(measure.product.prefix),
            measure.origins.include,
            measure.origins.exclude,
            rule.first_day,
            rule.last_day,
            measure.expression,
            measure.currency,
            measure.programme,
            measure.yields_to,
            measure.base,
            measure.minimum,
            measure.maximum,
            measure.conditions,
            measure.order_number if measure.kind is Kind.QUOTA else "",
        )
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self._shapes)
            self._shapes.append(_shape(rule, self._reaches.setdefault(key[2:6], len(self._reaches))))
        return found

    def __getitem__(self, number: int) -> Shape:
        return self._shapes[number]


def named_by(rule: Rule) -> frozenset[str]:
    """The economies and groups that the rule's origins name."""
    return frozenset() if rule.everyone else rule.named.union(rule.measure.origins.exclude)


def _shape(rule: Rule, reach: int) -> Shape:
    claims = set()
    for condition in rule.measure.conditions:
        if condition.kind in ("claim", "unless_claim"):
            claims.add(condition.value)
        elif condition.kind == "end_use":
            claims.add(f"end_use:{condition.value}")
    return Shape(rule.first_day, rule.last_day, rule, named_by(rule), frozenset(claims), reach)
