"""Rule lists: the rules that reach an entry, by facet, each distinct list interned once."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from ewtp.core.compiled.format.facets import FACETS, Facet
from ewtp.core.rulebook.measure import Direction, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ewtp.core.compiled.compile.code_tree import CodeTree
    from ewtp.core.compiled.compile.rule_shapes import RuleShapes
    from ewtp.core.compiled.format.pool import Pool
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.rule import Rule


# By kind of measure, the facets whose lists may have one; reliefs are of charges or of requirements.
FACETS_OF = {
    Kind.DUTY: (Facet.DUTY,),
    Kind.PREFERENCE: (Facet.LOWER,),
    Kind.QUOTA: (Facet.LOWER,),
    Kind.ADDITIONAL_DUTY: (Facet.ADDITIONAL,),
    Kind.EXCISE: (Facet.LEVIES,),
    Kind.FEE: (Facet.LEVIES,),
    Kind.TAX: (Facet.LEVIES,),
    Kind.RELIEF: (Facet.LEVIES, Facet.PAPERS),
    Kind.REQUIREMENT: (Facet.PAPERS,),
    Kind.PROHIBITION: (Facet.PAPERS,),
}
_EVERY_FACET = frozenset(facet for facets in FACETS_OF.values() for facet in facets)
# A component of additional duties that names more origins than this goes into a list of its own.
_FEW_ORIGINS = 16

# Numbers of rules, in the order in which the scalar path meets them.
RuleList = tuple[int, ...]
NO_RULES: RuleList = ()


@dataclass(slots=True)
class RuleTable:
    """Every import rule by number, with the number of its shape, and its facet.

    ``excluding`` has the excluded codes of rules that exclude some; ``placed`` the numbers of rules by territory and
    prefix.
    """

    shapes: RuleShapes
    rules: list[Rule] = field(default_factory=list)
    shape: list[int] = field(default_factory=list)
    facet: list[Facet] = field(default_factory=list)
    excluding: dict[int, tuple[str, ...]] = field(default_factory=dict)
    placed: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def add(self, rule: Rule) -> int:
        """Add a rule; returns its number."""
        number = len(self.rules)
        self.rules.append(rule)
        self.shape.append(self.shapes.number(rule))
        self.facet.append(facet_of(rule.measure))
        if rule.measure.product.exclusions:
            self.excluding[number] = rule.measure.product.exclusions
        return number

    def fill(self, book: Book) -> None:
        """Add every import rule of the book."""
        for (territory, prefix), rules in book.rules.items():
            numbers = [self.add(rule) for rule in rules if rule.measure.direction is Direction.IMPORT]
            if numbers:
                self.placed.setdefault(territory, {})[prefix] = numbers


def number_lists(
    tree: CodeTree,
    placed: Mapping[str, Sequence[int]],
    table: RuleTable,
    pools: Sequence[Pool[RuleList]],
) -> NDArray[np.int32]:
    """Intern the lists of the rules of one territory; returns their numbers [facet, entry] int32.

    Every pool has the empty list as number 0. The row ``BY_ORIGIN`` is empty, because its rules are split off later.
    """
    rules, facet_of, excluding = table.rules, table.facet, table.excluding
    excluded = {out for numbers in placed.values() for n in numbers if n in excluding for out in excluding[n]}
    marked = sorted({"", *placed, *excluded})
    found: list[list[int]] = []
    # The codes above the current one, each with the lists that reach it and their numbers.
    stack: list[tuple[str, list[RuleList], list[int]]] = [("", [NO_RULES] * FACETS, [0] * FACETS)]
    for code in marked:
        while not code.startswith(stack[-1][0]):
            stack.pop()
        _, here, numbers = stack[-1]
        own = [n for n in placed.get(code, ()) if n not in excluding or rules[n].measure.product.covers(code)]
        touched = {facet_of[n] for n in own}
        if code in excluded:
            # A rule may exclude a code above its own, too, and then reaches nothing.
            here = [tuple(n for n in each if rules[n].measure.product.covers(code)) for each in here]
            touched.update(_EVERY_FACET)
        else:
            here = here.copy()
        numbers = numbers.copy()
        for n in own:
            here[facet_of[n]] += (n,)
        for facet in touched:
            numbers[facet] = pools[facet].place(here[facet])
        stack.append((code, here, numbers))
        found.append(numbers)
    column = np.zeros(len(tree.codes), np.int32)
    column[[tree.numbers[code] for code in marked]] = np.arange(len(marked))
    return np.array(found, np.int32).T[:, column[tree.find_marked(marked)]]


def join_lists(rows: Sequence[NDArray[np.int32]], pool: Pool[RuleList]) -> NDArray[np.int32]:
    """Join the lists of several territories entry by entry, in the order of ``rows``; interns the joined lists."""
    filled = [row for row in rows if row.any()]
    if len(filled) < 2:  # noqa: PLR2004 - one territory's lists need no joining
        return filled[0] if filled else rows[0]
    keys = np.zeros(len(filled[0]), np.int64)
    for row in filled:
        keys = keys * (int(row.max()) + 1) + row
    _, first, back = np.unique(keys, return_index=True, return_inverse=True)
    numbers = [pool.place(tuple(n for row in filled for n in pool.listed[row[example]])) for example in first.tolist()]
    return np.array(numbers, np.int32)[back]


def split_by_origin(listed: RuleList, table: RuleTable) -> list[bool]:
    """For each of these additional duties, whether it belongs to the list that distinguishes many origins.

    The two lists do not interact: rules interact if they share a programme, or if one yields to the programme of the
    other. The split is by connected components of that relation.
    """
    component: dict[str, str] = {}

    def root(name: str) -> str:
        while component.setdefault(name, name) != name:
            name = component[name]
        return name

    rules, shapes, shape = table.rules, table.shapes, table.shape
    names: list[str] = []
    yields: dict[str, set[tuple[str, ...]]] = {}
    named: dict[str, list[frozenset[str]]] = {}
    for index, n in enumerate(listed):
        measure = rules[n].measure
        name = measure.programme or f"rule {index}"
        names.append(name)
        if name not in yields:
            yields[name], named[name] = set(), []
        yields[name].add(measure.yields_to)
        named[name].append(shapes[shape[n]].names)
    for name, each in yields.items():
        for other in chain.from_iterable(each):
            if other in yields:
                component[root(name)] = root(other)
    origins: dict[str, set[str]] = {}
    for name, own in named.items():
        origins.setdefault(root(name), set()).update(*own)
    wide = {name for name in yields if len(origins[root(name)]) > _FEW_ORIGINS}
    return [name in wide for name in names]


def facet_of(measure: Measure) -> Facet:
    """The facet whose lists have the measure."""
    return FACETS_OF[measure.kind][measure.relieves_papers]


def find_claims(measure: Measure) -> tuple[str, ...]:
    """The claims that bring in a preference or a quota."""
    return (f"quota:{measure.order_number}",) if measure.kind is Kind.QUOTA else measure.origins.include
