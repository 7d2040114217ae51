"""Which of the measures that rule on the same matter answers count: an adopted one before the law that it amends.

An adopted measure is stored beside the law, not in its place: the law's source goes on stating the law, and another
edition of it is compared with what that source stated before. So the two meet here, where books are built.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.values.period import Period

_RANK = {Status.LAW: 0, Status.ADOPTED: 1, Status.PROPOSED: 2}


def measures_in_effect(measures: Iterable[Measure], *, proposals: bool = False) -> list[Measure]:
    """The measures that answers count, in the order given, each for the days on which it is in effect.

    A measure of higher precedence (proposed, adopted, law) takes the days of its validity from the others with its
    key; what is left of one of those may be two measures with the same id, or none. Proposed measures do not count
    unless ``proposals`` is true, as in the simulation of a reform. ``measures`` must hold all measures of a key.
    """
    counted = [m for m in measures if proposals or m.status is not Status.PROPOSED]
    amending: dict[str, list[Measure]] = defaultdict(list)
    for measure in counted:
        if measure.status is not Status.LAW:
            amending[measure.key].append(measure)
    if not amending:
        return counted
    return [part for measure in counted for part in _parts(measure, amending.get(measure.key, ()))]


def _parts(measure: Measure, others: Iterable[Measure]) -> list[Measure]:
    """The parts of a measure on days that ``others`` do not take; the measure itself if they take none."""
    periods: list[Period] = [measure.validity]
    for other in others:
        if _RANK[other.status] > _RANK[measure.status]:
            periods = [left for period in periods for left in period.without(other.validity)]
    if periods == [measure.validity]:
        return [measure]
    return [replace(measure, validity=period) for period in periods]
