"""Which of the measures that rule on the same matter answers count: an adopted one before the law that it amends.

An adopted measure is stored beside the law, not in its place: the law's source continues to state the law, and another
edition of it is compared with what that source stated before. So the two layers meet here, where books are built.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Adoption, AmendedLaw
from ewtp.core.rulebook.measure import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.values.period import Period

_RANK = {Status.LAW: 0, Status.ADOPTED: 1, Status.PROPOSED: 2}


def measures_in_effect(measures: Iterable[Measure], *, proposals: bool = False) -> list[Measure]:
    """The measures that answers count, in the order given, each for the days on which it is in effect.

    A measure of higher precedence (proposed, adopted, law) takes the days of its validity from the others with its
    key; what is left of one of those may be two measures with the same id, or none. An adopted measure names the law
    that it took days from; one that abolishes takes them and has no effect itself. Proposed measures do not count
    unless ``proposals`` is true, as in the simulation of a reform. ``measures`` must hold all measures of a key.
    """
    counted = [m for m in measures if proposals or m.status is not Status.PROPOSED]
    by_key: dict[str, list[Measure]] = defaultdict(list)
    for measure in counted:
        if measure.status is not Status.LAW:
            by_key[measure.key] = []
    if not by_key:
        return counted
    for measure in counted:
        if measure.key in by_key:
            by_key[measure.key].append(measure)
    return [
        part
        for measure in counted
        if not measure.abolishes
        for part in _parts(_with_law(measure, by_key.get(measure.key, ())), by_key.get(measure.key, ()))
    ]


def _parts(measure: Measure, others: Iterable[Measure]) -> list[Measure]:
    """The parts of a measure on days that ``others`` do not take; the measure itself if they take none."""
    periods: list[Period] = [measure.validity]
    for other in others:
        if _RANK[other.status] > _RANK[measure.status]:
            periods = [left for period in periods for left in period.without(other.validity)]
    if periods == [measure.validity]:
        return [measure]
    return [replace(measure, validity=period) for period in periods]


def _with_law(measure: Measure, others: Iterable[Measure]) -> Measure:
    """An adopted measure with the law among ``others`` that it amends; any other measure as it is."""
    if measure.status is not Status.ADOPTED:
        return measure
    law = [m for m in others if m.status is Status.LAW and m.validity.overlaps(measure.validity)]
    if not law:
        # The book that a change is applied to has cut the law already.
        return measure
    amends = tuple(
        AmendedLaw(m.id, m.validity, m.source, m.reference) for m in sorted(law, key=lambda m: m.validity.start)
    )
    return replace(measure, adoption=replace(measure.adoption or Adoption(), amends=amends))
