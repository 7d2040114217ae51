"""Sums of what rules take of the firms of each size, line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ewtp.core.assessment.answer import Answer
    from ewtp.core.rulebook.measure import Measure

# What is summed under: the kind of a charge, or ``requirement``, then the id of a measure, or the names of a group of
# measures.
RuleKey = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BurdenLine:
    """A line of a firm that was answered; amounts are in the currency of the tally.

    ``firm`` is empty where the line does not state it. ``rules`` are what each measure takes, above zero, and zero for
    each that asks for a paper; ``groups`` are the same by groups of measures. A line is ``complete`` where its total is
    known.
    """

    size: str
    firm: str
    goods: Decimal
    rules: Mapping[RuleKey, Decimal]
    groups: Mapping[RuleKey, Decimal]
    complete: bool


@dataclass(slots=True)
class BurdenSum:
    """Lines, the value of their goods, what was paid, and the firms whose they are."""

    lines: int = 0
    goods: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    incomplete: int = 0
    firms: set[str] = field(default_factory=set)

    def add(self, line: BurdenLine, paid: Decimal) -> None:
        """Count a line that paid so much."""
        self.lines += 1
        self.goods += line.goods
        self.paid += paid
        self.incomplete += not line.complete
        if line.firm:
            self.firms.add(line.firm)


BurdenSums = dict[RuleKey, dict[str, BurdenSum]]


@dataclass(slots=True)
class BurdenTally:
    """Sums by size: of all trade, and of the lines that each rule and each group of rules reaches.

    A line that several rules of a group reach is one line of the group. ``pairs`` are the lines on which two agencies
    of one territory ask for papers, by ``pair_papers_asked``.
    """

    trade: dict[str, BurdenSum] = field(default_factory=dict)
    rules: BurdenSums = field(default_factory=dict)
    groups: BurdenSums = field(default_factory=dict)
    pairs: BurdenSums = field(default_factory=dict)

    def add(self, line: BurdenLine) -> None:
        """Count a line in the trade of its size, and under every rule that charges it or asks it for a paper."""
        self.trade.setdefault(line.size, BurdenSum()).add(line, sum(line.rules.values(), Decimal(0)))
        pairs = dict.fromkeys(pair_papers_asked(line.groups), Decimal(0))
        for sums, reached in ((self.rules, line.rules), (self.groups, line.groups), (self.pairs, pairs)):
            for key, paid in reached.items():
                sums.setdefault(key, {}).setdefault(line.size, BurdenSum()).add(line, paid)


def rules_reached(answer: Answer) -> dict[RuleKey, Decimal]:
    """What each rule takes of a consignment, in the currency of the answer, and zero for each that asks for a paper.

    Charges of zero are left out.
    """
    found: dict[RuleKey, Decimal] = {}
    for line in answer.lines:
        for charge in line.charges:
            if charge.amount.amount:
                key = (charge.kind.value, charge.rule.measure.id)
                found[key] = found.get(key, Decimal(0)) + charge.amount.amount
        found |= {(Kind.REQUIREMENT.value, rule.measure.id): Decimal(0) for rule in line.requirements}
    return found


def group_of(kind: str, measure: Measure) -> RuleKey:
    """The group of a measure: rules of one kind and territory under one title; papers by agency and document."""
    if kind == Kind.REQUIREMENT:
        return kind, measure.territory, measure.agency, measure.document or measure.title or measure.id
    return kind, measure.territory, "", measure.title or measure.programme or measure.id


def pair_papers_asked(groups: Iterable[RuleKey]) -> list[RuleKey]:
    """The papers of two agencies of one territory, each two in order, among groups that reach one line.

    A pair is ``("requirement", territory, agency, document, agency, document)``.
    """
    papers = sorted(key for key in groups if key[0] == Kind.REQUIREMENT.value and key[2])
    return [(*one, *other[2:]) for one, other in combinations(papers, 2) if one[1] == other[1] and one[2] != other[2]]
