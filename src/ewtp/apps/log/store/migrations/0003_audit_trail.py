"""An audit trail of an earlier version becomes events of the log, in its order; then its table goes.

The trail kept a digest of content that nobody had; the digest is kept in the event.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import migrations

from ewtp.core.log.event import SALT_BYTES, Event, EventKind, EventPayload, event_leaf

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TRAIL = "audit_auditentry"
_BATCH = 2_000


class AuditKind(EventKind):
    """What is told by the audit trail."""

    RECORDED = "audit:action:recorded"


@dataclass(frozen=True, slots=True)
class ActionRecorded(EventPayload):
    """An action as the audit trail had it; ``digest`` is the SHA-256 of what was stored."""

    kind: ClassVar = AuditKind.RECORDED
    action: str
    subject_kind: str
    version: int | None
    digest: str


def take_over(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write an event for each row of the trail, and drop its table."""
    connection = schema_editor.connection
    pending = apps.get_model("log", "PendingEvent")
    with connection.cursor() as cursor:
        if TRAIL not in connection.introspection.table_names(cursor):
            return
        cursor.execute(f"SELECT subject_id, actor, at, action, subject_kind, version, digest FROM {TRAIL} ORDER BY id")  # noqa: S608 - a constant
        while rows := cursor.fetchmany(_BATCH):
            pending.objects.bulk_create(_pending(pending, *row) for row in rows)
        # What the migration has checked until now must be done before the table can go.
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; DROP TABLE {TRAIL}; DROP FUNCTION audit_entry_is_final()")


def _pending(model: Any, subject: str, actor: str, at: Any, *facts: Any) -> Any:
    event = Event(subject, actor, at, ActionRecorded(*facts))
    salt = secrets.token_bytes(SALT_BYTES)
    return model(
        leaf=event_leaf(salt, event.body),
        salt=salt,
        body=event.body,
        kind=event.payload.kind,
        subject=subject,
        actor=actor,
        at=at,
        public=False,
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("log", "0002_append_only")]
    operations: ClassVar = [migrations.RunPython(take_over, migrations.RunPython.noop)]
