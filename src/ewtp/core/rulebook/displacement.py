"""Which days an adopted measure loses to law that was stated after it: the authority spoke last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.values.immutable import immutable
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.measure import Measure


@immutable
class Displacement:
    """An adopted measure that newer law displaces on some days."""

    adopted: Measure
    law: Measure
    days: Period

    def as_json(self) -> dict[str, Any]:
        """The measure and its act, the law in its place, and the days."""
        return {
            "measure": self.adopted.id,
            "act": self.adopted.source.id,
            "law": self.law.id,
            "source": self.law.source.id,
            "expression": self.law.expression,
            "first_day": self.days.start.isoformat(),
            "last_day": self.days.end.isoformat() if self.days.end else None,
        }


def displacements_of(
    adopted: Measure, *, before: Sequence[Measure], stated: Iterable[Measure]
) -> tuple[Displacement, ...]:
    """The days on which newly ``stated`` law of the same key contradicts an adopted measure.

    Law contradicts it where its source spoke no earlier than the act, and where it says something else than the law
    ``before`` said for these days, and than the adopted measure does. Another citation or wording of the same rule
    contradicts nothing, nor does law that ends or is left out.
    """
    found = []
    for law in stated:
        if _source_day(law.source) < _source_day(adopted.source) or (not adopted.abolishes and same_rule(law, adopted)):
            continue
        days = _common(law.validity, adopted.validity)
        left = [] if days is None else [days]
        for other in before:
            if same_rule(other, law):
                left = [piece for period in left for piece in period.without(other.validity)]
        found += [Displacement(adopted, law, period) for period in left]
    return tuple(found)


def same_rule(one: Measure, other: Measure) -> bool:
    """Whether two measures of one key ask for the same, however they write and cite it."""
    return _demand_of(one) == _demand_of(other)


def _demand_of(measure: Measure) -> tuple[Any, ...]:
    read = parse(measure.expression, currency=measure.currency or None) if measure.expression else None
    conditions = frozenset((str(c.kind), c.value) for c in measure.conditions)
    return (
        (measure.expression, measure.currency) if isinstance(read, Refusal) else read,
        measure.base,
        measure.minimum,
        measure.maximum,
        frozenset(measure.yields_to),
        conditions,
        measure.stage,
    )


def _source_day(source: Source) -> date:
    """The day on which a source spoke; that of its retrieval where no edition is dated."""
    return source.published or source.retrieved


def _common(one: Period, other: Period) -> Period | None:
    if not one.overlaps(other):
        return None
    ends = [period.end for period in (one, other) if period.end is not None]
    return Period(max(one.start, other.start), min(ends, default=None))
