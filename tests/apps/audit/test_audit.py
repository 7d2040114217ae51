"""The audit trail only grows."""

from __future__ import annotations

import hashlib

import pytest
from django.db import IntegrityError, connection, transaction

from ewtp.apps.audit.actions.records import audit_record
from ewtp.apps.audit.reading.trail import audit_trail
from ewtp.apps.audit.store.models import AuditEntry


@pytest.mark.django_db
def test_a_record_can_be_read_back_in_order():
    digest = audit_record(actor="me", action="made", subject_kind="thing", subject_id="7", content=b"x", version=1)
    audit_record(actor="you", action="changed", subject_kind="thing", subject_id="7", content=b"y", version=2)
    audit_record(actor="you", action="changed", subject_kind="thing", subject_id="8", content=b"y")
    trail = audit_trail(subject_kind="thing", subject_id="7")
    assert digest == hashlib.sha256(b"x").hexdigest() == trail[0].digest
    assert [(entry.actor, entry.action, entry.version) for entry in trail] == [("me", "made", 1), ("you", "changed", 2)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditentry SET actor = 'x'", "DELETE FROM audit_auditentry", "TRUNCATE audit_auditentry"],
)
def test_the_database_refuses_to_change_the_trail(statement):
    audit_record(actor="me", action="made", subject_kind="thing", subject_id="7", content=b"x")
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().actor == "me"
