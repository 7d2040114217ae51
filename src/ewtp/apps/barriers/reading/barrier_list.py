"""Barriers as anybody may read them: a list, one with its reports and its history, and how old the open ones are."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ewtp.apps.barriers.reading.rule_changes import rule_changes
from ewtp.apps.barriers.store.barrier_projection import matter_value, progress_value, report_value, rule_value
from ewtp.apps.barriers.store.models import BarrierRow, BarrierStep, ReportRow
from ewtp.core.barriers.stage import RESOLVED, Clock, Stage, barrier_age, clocks_of, median_age, stage_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from ewtp.core.barriers.barrier import BarrierMatter, Progress, Report, RuleReported
    from ewtp.core.barriers.stage import RuleChange

_DIGITS = 15
# The front page shows a figure that is at most this old.
_REMEMBERED_SECONDS = 60.0
_remembered: dict[str, tuple[float, OpenBarriers]] = {}


@dataclass(frozen=True, slots=True)
class BarrierSummary:
    """A barrier in a list, as it stands at a moment; ``change`` is how the rulebook has changed its rule.

    ``groups`` counts owner groups, ``verified_groups`` those whose identity was verified, ``visitors`` reports of
    visitors. ``words`` are those of the first report that are shown.
    """

    id: str
    number: int
    matter: BarrierMatter
    rule: RuleReported
    progress: Progress
    groups: int
    verified_groups: int
    visitors: int
    stage: Stage
    age: int
    clocks: tuple[Clock, ...]
    change: RuleChange | None
    words: str

    @property
    def is_open(self) -> bool:
        """Whether it still stands in the way, as far as is known."""
        return self.stage not in RESOLVED


@dataclass(frozen=True, slots=True)
class BarrierMoment:
    """One step of a barrier's history: ``kind`` as the log names it, ``facts`` by name."""

    at: datetime
    kind: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BarrierDetail:
    """A barrier with its reports, oldest first and without who made them, and its history."""

    summary: BarrierSummary
    reports: tuple[Report, ...]
    history: tuple[BarrierMoment, ...]


@dataclass(frozen=True, slots=True)
class BarrierFilter:
    """The filter of a list; empty fields do not narrow. ``product`` is the beginning of a code."""

    economy: str = ""
    product: str = ""
    agency: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class OpenBarriers:
    """How many barriers are open, and the median of their ages in days; None where none is."""

    count: int
    median_days: int | None


def barriers_now(wanted: BarrierFilter, now: datetime) -> tuple[BarrierSummary, ...]:
    """The barriers that the filter keeps, in the order of their first report; the stage ``open`` is every open one."""
    rows = BarrierRow.objects.order_by("number")
    if wanted.economy:
        rows = rows.filter(economy=wanted.economy)
    if wanted.product:
        rows = rows.filter(product__startswith=wanted.product)
    if wanted.agency:
        rows = rows.filter(agency__iexact=wanted.agency)
    found = _summaries(rows, now)
    if wanted.stage == "open":
        return tuple(each for each in found if each.is_open)
    return tuple(each for each in found if wanted.stage in ("", each.stage))


def barrier_read(identity: str, now: datetime) -> BarrierDetail | None:
    """One barrier; None where nobody has reported it."""
    row = BarrierRow.objects.filter(id=identity).first()
    if row is None:
        return None
    (summary,) = _summaries([row], now)
    reports = ReportRow.objects.filter(barrier__id=identity).order_by("number")
    steps = BarrierStep.objects.filter(barrier__id=identity).order_by("number")
    return BarrierDetail(
        summary,
        tuple(report_value(each, None) for each in reports),
        tuple(BarrierMoment(each.at, each.kind, each.facts) for each in steps),
    )


def barrier_numbered(number: str) -> str | None:
    """The identifier of the barrier with a number, in digits, which phones are given; None where there is none."""
    readable = number.isascii() and number.isdigit() and len(number) <= _DIGITS
    return BarrierRow.objects.filter(number=int(number)).values_list("id", flat=True).first() if readable else None


def barrier_number(identity: str) -> int:
    """The number of a barrier that is there."""
    return BarrierRow.objects.get(id=identity).number


def barrier_change(identity: str, day: date) -> RuleChange | None:
    """How the rulebook has changed the rule of a barrier up to a day."""
    row = BarrierRow.objects.filter(id=identity).first()
    return None if row is None else rule_changes([(matter_value(row), rule_value(row))], day).get(identity)


def open_barriers(now: datetime) -> OpenBarriers:
    """What the front page says of barriers, at most a minute old."""
    held = _remembered.get("open")
    if held is not None and time.monotonic() - held[0] < _REMEMBERED_SECONDS:
        return held[1]
    found = open_among(_summaries(BarrierRow.objects.order_by("number"), now))
    _remembered["open"] = (time.monotonic(), found)
    return found


def open_barriers_forget() -> None:
    """Read again what the front page says, because a barrier was reported here."""
    _remembered.clear()


def open_among(barriers: Iterable[BarrierSummary]) -> OpenBarriers:
    """How many of these are open, and how old they are."""
    ages = [each.age for each in barriers if each.is_open]
    return OpenBarriers(len(ages), median_age(ages))


def _summaries(rows: Iterable[BarrierRow], now: datetime) -> list[BarrierSummary]:
    held = list(rows)
    changes = rule_changes([(matter_value(row), rule_value(row)) for row in held], now.date())
    shown = ReportRow.objects.filter(barrier__in=held, withheld="").order_by("barrier", "number").distinct("barrier")
    words = dict(shown.values_list("barrier__id", "text"))
    return [_summary(row, changes.get(row.id), words.get(row.id, ""), now) for row in held]


def _summary(row: BarrierRow, change: RuleChange | None, words: str, now: datetime) -> BarrierSummary:
    progress = progress_value(row)
    return BarrierSummary(
        id=row.id,
        number=row.number,
        matter=matter_value(row),
        rule=rule_value(row),
        progress=progress,
        groups=row.groups,
        verified_groups=row.verified_groups,
        visitors=row.visitors,
        stage=stage_of(progress, now, change),
        age=barrier_age(progress, now),
        clocks=clocks_of(progress, now, change),
        change=change,
        words=words,
    )
