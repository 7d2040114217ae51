"""The events about one subject, oldest first, whether they have their numbers yet or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.apps.log.store.models import LogEntry, PendingEvent
from ewtp.gateways.database.row_security import rows_for, system_rows

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet

    from ewtp.core.values.actor import Actor

_COLUMNS = ("body", "at", "actor", "kind", "subject")
# The place of an event that waits for its number is behind all that have one.
WAITING = 2**60
# Before the facts, canonical JSON has only texts, in which a quotation mark is escaped: this is in none of them.
_FACTS = """convert_from(substr(body, position('"payload":'::bytea IN body) + 10), 'UTF8')"""
_WHERE = "WHERE subject = %(subject)s AND kind = %(kind)s"
# The facts of the events about a subject of one kind, by SQL: ``place``, ``at`` and ``facts``, a text that begins with
# the facts in canonical JSON and ends with ``,"subject":`` and what closes the event. Whoever compares texts need not
# read JSON, which takes most of the time where there are a million.
EVENT_FACTS = f"""
SELECT index AS place, at, {_FACTS} AS facts FROM log_logentry {_WHERE} AND body IS NOT NULL
UNION ALL
SELECT {WAITING} + id, at, {_FACTS} FROM log_pendingevent {_WHERE}
"""  # noqa: S608 - it is made of constants


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event that was written; ``index`` is None while it has no number, ``payload`` is as JSON has it.

    ``place`` is its index, or ``WAITING`` and more where it has none: the order in which the log has or will have them.
    """

    index: int | None
    place: int
    at: datetime
    actor: str
    kind: str
    subject: str
    payload: dict[str, Any]


def events_about(
    subject: str,
    *,
    source: str = "",
    without: Collection[str] = (),
    since: datetime | None = None,
    actor: Actor | None = None,
) -> tuple[RecordedEvent, ...]:
    """The events about a subject whose kind begins with ``source``; erased ones name none any more.

    Those of a kind in ``without`` are left out, and those stamped before ``since``. An ``actor`` sees those that are
    public or about the organisation acted for; without one the system looks, whose caller has asked who may see the
    subject.
    """
    with system_rows("the trail of one subject") if actor is None else rows_for(actor):
        return _events(TrailFilter(subject, source, tuple(without), since))


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which events about a subject: whose kind begins with ``source`` and is not in ``without``, since a moment."""

    subject: str
    source: str = ""
    without: tuple[str, ...] = ()
    since: datetime | None = None

    def rows(self, table: type[LogEntry | PendingEvent]) -> QuerySet[Any]:
        """The rows of a table that are asked for."""
        found = table.objects.filter(subject=self.subject, kind__startswith=self.source)
        if self.without:
            found = found.exclude(kind__in=self.without)
        return found if self.since is None else found.filter(at__gte=self.since)


def events_of_trails(*trails: TrailFilter) -> tuple[tuple[RecordedEvent, ...], ...]:
    """The events of each of several trails, in one transaction; the system looks, as in ``events_about``."""
    with system_rows("the trails of several subjects"):
        return tuple(_events(each) for each in trails)


def _events(asked: TrailFilter) -> tuple[RecordedEvent, ...]:
    # Waiting ones first: an event that gets its number in between is then found twice, and counts once.
    waiting = list(asked.rows(PendingEvent).order_by("id").values_list("id", "salt", *_COLUMNS))
    # Plain tuples: a vote may have a million ballots, and a row as an object takes longer than all else.
    numbered = list(asked.rows(LogEntry).order_by("index").values_list("index", "salt", *_COLUMNS))
    known = {bytes(salt or b"") for _, salt, *_ in numbered} if waiting else set()
    left = (_event(None, WAITING + number, row) for number, salt, *row in waiting if bytes(salt) not in known)
    return (*(_event(index, index, row) for index, _, *row in numbered), *left)


def _event(index: int | None, place: int, row: list[Any]) -> RecordedEvent:
    body, at, actor, kind, subject = row
    return RecordedEvent(index, place, at, actor, kind, subject, orjson.loads(body or b"{}").get("payload", {}))
