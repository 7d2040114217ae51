"""The difference of two rulebooks as a value: what a reform is, what a vote is taken on, what a replay applies.

Measures are told apart by their key and first day. A measure that ends the day before another of the same
key starts is amended; one that ends without a successor is ended; the rest is added. Applying a difference to the
rulebook it was taken from gives the other one exactly.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.measure_json import measure_as_json, measure_from_json
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# When the rulebook learnt of a measure is not part of what the measure says; nor is the name it is filed under.
_NOT_CONTENT = frozenset({"id", "validity", "known_from", "known_to"})
_CONTENT = tuple(f.name for f in fields(Measure) if f.name not in _NOT_CONTENT)
_Place = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Ended:
    """A measure whose last day is now ``last_day``; None where it is withdrawn, as if it had never been."""

    measure: Measure
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Amended:
    """``before`` says something else from ``after``'s first day on; ``changed`` names the fields that differ."""

    before: Measure
    after: Measure

    @property
    def changed(self) -> tuple[str, ...]:
        """The fields in which the two differ, in the order of a measure's fields."""
        names = [name for name in _CONTENT if _said(self.before, name) != _said(self.after, name)]
        if self.before.validity.start == self.after.validity.start and self.before.validity != self.after.validity:
            names.append("validity")
        return tuple(names)


@dataclass(frozen=True, slots=True)
class Changeset:
    """What to do to the rulebook ``before`` to get the rulebook ``after`` (names of versions, or of a proposal)."""

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


def difference(before: Iterable[Measure], after: Iterable[Measure], *, names: tuple[str, str]) -> Changeset:
    """The changeset from one set of measures to another, ordered by key and first day.

    In each set no two measures with the same key may be valid on the same day. ``names`` are the two versions'.
    """
    old, new = _placed(before), _placed(after)
    gone = {place: m for place, m in old.items() if place not in new or not _alike(m, new[place])}
    come = {place: m for place, m in new.items() if place not in old or not _alike(m, old[place])}
    successors: dict[_Place, Measure] = {(m.key, m.validity.start): m for m in come.values()}
    added, ended, amended = dict(come), [], []
    for place, measure in sorted(gone.items()):
        stays = come.get(place)
        shortened = stays is not None and _shortens(measure, stays)
        if stays is not None and not shortened:
            amended.append(Amended(measure, stays))
            del added[place]
            continue
        last_day = stays.validity.end if stays is not None else None
        added.pop(place, None)
        following = (measure.key, last_day + timedelta(days=1)) if last_day else None
        successor = successors.get(following) if following else None
        if following is not None and successor is not None and following in added and following not in gone:
            amended.append(Amended(measure, successor))
            del added[following]
        else:
            ended.append(Ended(measure, last_day))
    return Changeset(*names, tuple(added[place] for place in sorted(added)), tuple(ended), tuple(amended))


def apply(changeset: Changeset, measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """The measures with the changeset carried out, ordered by key and first day.

    An amendment ends the amended measure on the day before its successor starts. Measures that the changeset
    names and the rulebook does not hold are added or passed over: what counts is the state it asks for.
    """
    placed = _placed(measures)
    for end in changeset.ended:
        _end(placed, end.measure, end.last_day)
    for change in changeset.amended:
        start = change.after.validity.start
        _end(placed, change.before, start - timedelta(days=1) if start > change.before.validity.start else None)
    for measure in (*(change.after for change in changeset.amended), *changeset.added):
        placed[(measure.key, measure.validity.start)] = measure
    return tuple(placed[place] for place in sorted(placed))


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
        return Refusal("changeset_unreadable", "Give a changeset as `ewtp rulebook diff --json` writes one.")
    if refusals:
        return refusals[0]
    return Changeset(
        before,
        after,
        tuple(m for m in added if m),
        tuple(Ended(m, day) for m, day in ended if m),
        tuple(Amended(a, b) for a, b in amended if a and b),
    )


def _placed(measures: Iterable[Measure]) -> dict[_Place, Measure]:
    placed: dict[_Place, Measure] = {}
    last: dict[str, list[Period]] = defaultdict(list)
    for measure in measures:
        place = (measure.key, measure.validity.start)
        if place in placed:
            msg = f"two measures with the key {measure.key} start on {measure.validity.start}"
            raise ValueError(msg)
        placed[place] = measure
        last[measure.key].append(measure.validity)
    return placed


def _alike(one: Measure, other: Measure) -> bool:
    return one.validity == other.validity and _same_content(one, other)


def _same_content(one: Measure, other: Measure) -> bool:
    return all(_said(one, name) == _said(other, name) for name in _CONTENT)


def _said(measure: Measure, name: str) -> Any:
    # A new edition that repeats a rule changes the edition cited, not the rule.
    return measure.source.id if name == "source" else getattr(measure, name)


def _shortens(before: Measure, after: Measure) -> bool:
    """Whether ``after`` is ``before`` with an earlier last day."""
    ended = after.validity.end
    return (
        ended is not None
        and (before.validity.end is None or ended < before.validity.end)
        and _same_content(before, after)
    )


def _end(placed: dict[_Place, Measure], measure: Measure, last_day: date | None) -> None:
    place = (measure.key, measure.validity.start)
    held = placed.get(place)
    if held is None:
        return
    if last_day is None:
        del placed[place]
    elif held.validity.end is None or last_day < held.validity.end:
        placed[place] = replace(held, validity=Period(held.validity.start, last_day))
