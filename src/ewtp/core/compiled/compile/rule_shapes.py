"""The shape of a rule: everything that affects the answer of a line, without codes, ids and citations.

Thousands of rules differ only in their code and citation. Lists of rules of the same shapes have the same charges, so
their outcomes are decided once. Which paper a requirement asks for is part of its shape only where some relief of the
book selects requirements by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.accepted_paper import lifts
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.rule import Rule

# The territory, the agency, the document and the chapter by which reliefs select requirements.
PaperKey = tuple[str, str, str, str]


@immutable
class RuleShape:
    """The rules of one shape, with one of them as an example.

    ``names`` are the economies and groups that its origins name; ``claims`` those that its conditions mention.
    ``reach`` is a number that shapes with the same origins, days and seasons share.
    """

    first_day: date
    last_day: date
    rule: Rule
    names: frozenset[str]
    claims: frozenset[str]
    reach: int


class RuleShapes:
    """Interns the shapes of rules; ``shapes[number]`` is a shape.

    ``book`` has every relief of requirements that can be in one list with a rule.
    """

    def __init__(self, book: Book) -> None:
        self._reliefs = list({_paper_key(relief): relief for relief in book.paper_reliefs()}.values())
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
            # Of two editions of a nomenclature the newer one rules.
            (measure.territory, measure.product.nomenclature, measure.status) if measure.kind is Kind.DUTY else (),
            self._key_of_selected(measure),
        )
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self._shapes)
            self._shapes.append(_shape(rule, self._reaches.setdefault((*key[2:6], rule.seasons), len(self._reaches))))
        return found

    def _key_of_selected(self, measure: Measure) -> PaperKey | None:
        """What matters of the measure to reliefs of requirements; None where none selects it and it is none."""
        if measure.relieves_papers or (
            measure.kind is Kind.REQUIREMENT and any(lifts(relief, measure) for relief in self._reliefs)
        ):
            return _paper_key(measure)
        return None

    def __getitem__(self, number: int) -> RuleShape:
        return self._shapes[number]


def find_named_origins(rule: Rule) -> frozenset[str]:
    """The economies and groups that the rule's origins name."""
    return frozenset() if rule.everyone else rule.named.union(rule.measure.origins.exclude)


def _paper_key(measure: Measure) -> PaperKey:
    return measure.territory, measure.agency, measure.document, measure.mast_chapter


def _shape(rule: Rule, reach: int) -> RuleShape:
    claims = frozenset(condition.claim for condition in rule.measure.conditions) - {""}
    return RuleShape(rule.first_day, rule.last_day, rule, find_named_origins(rule), claims, reach)
