"""A territory has an act hold for longer: its rows that end on a day are recorded again until a later one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import connection, transaction
from psycopg import sql

from ewtp.apps.log.actions.events import event_append
from ewtp.apps.rulebook.actions.publication import RulebookEvent, rulebook_lock, version_publish
from ewtp.apps.rulebook.reading.sentences import ACT_ENDS_OTHERWISE, ACT_FOLLOWED
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
# The rows of an act that end on a day.
_ENDING = (
    "SELECT id, key, lower(validity) FROM {table} WHERE upper_inf(known) AND stated_by = %s AND upper(validity) = %s"
)
# Rows of other acts that have days of the same keys after it.
_FOLLOWING = (
    "SELECT other.stated_by FROM {table} one JOIN {table} other USING (key) WHERE upper_inf(one.known)"
    " AND upper_inf(other.known) AND one.stated_by = %s AND upper(one.validity) = %s"
    " AND other.stated_by <> one.stated_by AND other.validity && daterange(%s, %s) {layer} LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class ActExtended(EventPayload):
    """What the act states until a day holds until ``last_day`` instead, from the rulebook's ``version`` on."""

    kind: ClassVar = RulebookEvent.EXTENDED
    public: ClassVar = True
    version: str
    last_day: date


def act_extend(*, act: str, sunset: date, last_day: date, actor: Actor, now: datetime) -> str | Refusal:
    """Have the rules of an act that end on ``sunset`` hold until ``last_day``, as a new version; returns its label.

    Refuses with ``act_ends_otherwise`` where none of them ends then, and with ``act_followed`` where another act has
    given these days another rule; nothing has then changed.
    """
    with transaction.atomic():
        rulebook_lock()
        tables = (MEASURES, LINES, ADOPTED)
        following = next(filter(None, (_follower(table, act, sunset, last_day) for table in tables)), "")
        if following:
            return Refusal(ACT_FOLLOWED, {"act": act[:_LONGEST_ID], "other": following[:_LONGEST_ID]})
        plans = {table.name: _plan(table, act, sunset, last_day) for table in tables}
        staged = StagedRecords()
        staged.finish()
        title = f"{act} until {last_day}"
        version = version_publish(staged=staged, plans=plans, origin="adoption", title=title, actor=actor, now=now)
        if version is None:
            return Refusal(ACT_ENDS_OTHERWISE, {"act": act[:_LONGEST_ID], "day": sunset})
        event_append(subject=act, actor=actor, payload=ActExtended(version.label, last_day), now=now)
        return version.label


def _follower(table: RecordTable, act: str, sunset: date, last_day: date) -> str:
    """Another act that states rules of the same keys for the days added; empty where there is none."""
    layer = sql.SQL("AND other.{} = 'adopted'").format(sql.Identifier(table.layer)) if table.layer else sql.SQL("")
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(_FOLLOWING).format(table=sql.Identifier(table.db_table), layer=layer),
            [act, sunset + _ONE_DAY, sunset + _ONE_DAY, last_day + _ONE_DAY],
        )
        row = cursor.fetchone()
    return "" if row is None else str(row[0])


def _plan(table: RecordTable, act: str, sunset: date, last_day: date) -> ChangePlan:
    """The rows that end on the day are closed, and recorded again until the later one."""
    plan = ChangePlan(table)
    with connection.cursor() as cursor:
        command = sql.SQL(_ENDING + " ORDER BY id").format(table=sql.Identifier(table.db_table))
        cursor.execute(command, [act, sunset + _ONE_DAY])
        rows = cursor.fetchall()
    changes = []
    for row, key, start in rows:
        longer = Period(start, last_day)
        plan.close.append(row)
        plan.again.append((row, longer))
        plan.counts["superseded"] += 1
        changes.append((key.hex, range_text(longer)))
    plan.fingerprint = hashlib.sha256(repr(changes).encode()).digest()
    return plan
