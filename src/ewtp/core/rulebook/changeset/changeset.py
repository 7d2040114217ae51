"""A changeset: the changes that lead from one rulebook to another. A reform is one; a replay applies one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.measure_json import measure_as_json, measure_from_json
from ewtp.core.rulebook.sentences import CHANGESET_UNREADABLE
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

# When the rulebook learnt of a measure is not part of its content; nor is the name that it is filed under.
_NOT_CONTENT = frozenset({"id", "validity", "known_from", "known_to"})
_CONTENT = tuple(f.name for f in fields(Measure) if f.name not in _NOT_CONTENT)


@dataclass(frozen=True, slots=True)
class Ended:
    """A measure whose last day is now ``last_day``; None where it is withdrawn from its first day."""

    measure: Measure
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Amended:
    """From the first day of ``after`` on, ``after`` holds instead of ``before``; ``changed`` names what differs."""

    before: Measure
    after: Measure

    @property
    def changed(self) -> tuple[str, ...]:
        """The fields in which the two differ, in the order of a measure's fields."""
        names = [name for name in _CONTENT if _content(self.before, name) != _content(self.after, name)]
        if self.before.validity.start == self.after.validity.start and self.before.validity != self.after.validity:
            names.append("validity")
        return tuple(names)


@dataclass(frozen=True, slots=True)
class Changeset:
    """The changes from the rulebook ``before`` to the rulebook ``after`` (names of versions, or of a proposal)."""

    before: str
    after: str
    added: tuple[Measure, ...] = ()
    ended: tuple[Ended, ...] = ()
    amended: tuple[Amended, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.ended or self.amended)

    def as_json(self) -> dict[str, Any]:
        """The changeset for ``--json``, for the API and for a proposal's file."""
        return {
            "before": self.before,
            "after": self.after,
            "counts": {"added": len(self.added), "ended": len(self.ended), "amended": len(self.amended)},
            "added": [measure_as_json(m) for m in self.added],
            "ended": [
                {"measure": measure_as_json(e.measure), "last_day": e.last_day.isoformat() if e.last_day else None}
                for e in self.ended
            ],
            "amended": [
                {"before": measure_as_json(a.before), "after": measure_as_json(a.after), "changed": list(a.changed)}
                for a in self.amended
            ],
        }


def changeset_from_json(body: Mapping[str, Any]) -> Changeset | Refusal:
    """The changeset that ``as_json`` wrote, or ``changeset_unreadable``."""
    refusals: list[Refusal] = []

    def measure(value: Any, where: str) -> Measure | None:
        read = measure_from_json(value)
        if isinstance(read, Refusal):
            refusals.append(read.under(where))
            return None
        return read

    try:
        added = [measure(m, f"added[{n}]") for n, m in enumerate(body.get("added", ()))]
        ended = [
            (measure(e["measure"], f"ended[{n}]"), date.fromisoformat(e["last_day"]) if e.get("last_day") else None)
            for n, e in enumerate(body.get("ended", ()))
        ]
        amended = [
            (measure(a["before"], f"amended[{n}].before"), measure(a["after"], f"amended[{n}].after"))
            for n, a in enumerate(body.get("amended", ()))
        ]
        before, after = str(body["before"]), str(body["after"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return Refusal(CHANGESET_UNREADABLE)
    if refusals:
        return refusals[0]
    return Changeset(
        before,
        after,
        tuple(m for m in added if m),
        tuple(Ended(m, day) for m, day in ended if m),
        tuple(Amended(a, b) for a, b in amended if a and b),
    )


def same_content(one: Measure, other: Measure) -> bool:
    """Whether two measures agree in everything but their id and their days."""
    return all(_content(one, name) == _content(other, name) for name in _CONTENT)


def _content(measure: Measure, name: str) -> Any:
    # A new edition that repeats a rule changes the edition cited, not the rule.
    return measure.source.id if name == "source" else getattr(measure, name)
