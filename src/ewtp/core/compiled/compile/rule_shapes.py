"""The shape of a rule: everything that affects the charges of a line, without codes, ids and citations.

Thousands of rules differ only in their code and citation. Lists of rules of the same shapes have the same charges, so
their outcomes are decided once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.measure import Kind

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.rulebook.book import Rule


@dataclass(frozen=True, slots=True)
class RuleShape:
    """The rules of one shape, with one of them as an example.

    ``names`` are the economies and groups that its origins name; ``claims`` those that its conditions mention.
    ``reach`` is a number that shapes with the same origins and days share.
    """

    first_day: date
    last_day: date
    rule: Rule
    names: frozenset[str]
    claims: frozenset[str]
    reach: int


class RuleShapes:
    """Interns the shapes of rules; ``shapes[number]`` is a shape."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._shapes: list[RuleShape] = []
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

    def __getitem__(self, number: int) -> RuleShape:
        return self._shapes[number]


def find_named_origins(rule: Rule) -> frozenset[str]:
    """The economies and groups that the rule's origins name."""
    return frozenset() if rule.everyone else rule.named.union(rule.measure.origins.exclude)


def _shape(rule: Rule, reach: int) -> RuleShape:
    claims = frozenset(condition.claim for condition in rule.measure.conditions) - {""}
    return RuleShape(rule.first_day, rule.last_day, rule, find_named_origins(rule), claims, reach)
