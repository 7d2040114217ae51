"""The rules that a change of groups reaches, as measures that change: each is replaced by itself.

A rule depends on a group where its origins name it, or where a condition is met by claiming it, which its members alone
may, as long as there is such a group. Lists with such a rule are decided again, and no other table has anything to do
with which groups there are and who belongs to them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.rulebook.measure import Measure

# What tells the measure before from the measure after; no answer is made of the former.
_BEFORE = " (before)"


def names_group(measure: Measure, groups: frozenset[str]) -> bool:
    """Whether the measure depends on one of the groups: whether it is there, and who belongs to it."""
    origins = measure.origins
    named = {*origins.include, *origins.exclude, *(condition.claim for condition in measure.conditions)}
    return not groups.isdisjoint(named)


def find_regrouped_measures(measures: Iterable[Measure], groups: frozenset[str]) -> list[Measure]:
    """For each import rule that depends on one of the groups, a measure that goes and the one that comes for it.

    ``measures`` are of the law after the change.
    """
    found: list[Measure] = []
    for measure in measures:
        if measure.direction is Direction.IMPORT and names_group(measure, groups):
            found += (replace(measure, reference=measure.reference + _BEFORE), measure)
    return found
