"""A territory takes back what it adopted: the rows of an act hold until a day, and the law is in effect again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import connection, transaction
from psycopg import sql

from ewtp.apps.log.actions.events import event_append
from ewtp.apps.rulebook.actions.publication import RulebookEvent, rulebook_lock, version_publish
from ewtp.apps.rulebook.reading.sentences import ACT_HAS_NO_RULES
from ewtp.apps.rulebook.store.change_plan import ChangePlan
from ewtp.apps.rulebook.store.record_tables import ADOPTED, LINES, MEASURES, range_text
from ewtp.apps.rulebook.store.temporary_tables import StagedRecords
from ewtp.core.log.event import EventPayload
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import date, datetime

    from ewtp.apps.rulebook.store.record_tables import RecordTable
    from ewtp.core.values.actor import Actor

_ONE_DAY = timedelta(days=1)
_LONGEST_ID = 80


@dataclass(frozen=True, slots=True)
class ActEnded(EventPayload):
    """What the act states holds until ``last_day`` alone, from the rulebook's ``version`` on."""

    kind: ClassVar = RulebookEvent.ENDED
    public: ClassVar = True
    version: str
    last_day: date
    reason: str


def act_end(*, act: str, last_day: date, reason: str, actor: Actor, now: datetime) -> str | Refusal:
    """End every rule of an act after ``last_day``, as a new version, whose label is returned.

    The law that the act took days from is in effect on them again; what a later act states stays. Refuses with
    ``act_has_no_rules`` where none would hold after that day.
    """
    with transaction.atomic():
        rulebook_lock()
        plans = {table.name: _plan(table, act, last_day) for table in (MEASURES, LINES, ADOPTED)}
        staged = StagedRecords()
        staged.finish()
        title = f"{act} until {last_day}"
        version = version_publish(staged=staged, plans=plans, origin="adoption", title=title, actor=actor, now=now)
        if version is None:
            return Refusal(ACT_HAS_NO_RULES, {"act": act[:_LONGEST_ID], "day": last_day})
        event_append(subject=act, actor=actor, payload=ActEnded(version.label, last_day, reason), now=now)
        return version.label


def _plan(table: RecordTable, act: str, last_day: date) -> ChangePlan:
    """The rows of the act that hold after the day are closed, and recorded again for the days up to it."""
    plan = ChangePlan(table)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT id, key, lower(validity) FROM {table} WHERE upper_inf(known) AND stated_by = %s"
                " AND (upper_inf(validity) OR upper(validity) > %s) ORDER BY id"
            ).format(table=sql.Identifier(table.db_table)),
            [act, last_day + _ONE_DAY],
        )
        rows = cursor.fetchall()
    changes = []
    for row, key, start in rows:
        left = [Period(start, last_day)] if start <= last_day else []
        plan.close.append(row)
        plan.again += [(row, period) for period in left]
        plan.counts["ended"] += 1
        changes.append((key.hex, [range_text(period) for period in left]))
    plan.fingerprint = hashlib.sha256(repr(changes).encode()).digest()
    return plan
