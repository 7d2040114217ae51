"""The audit trail can only grow: the database itself refuses to change or remove a row."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

FORBID = """
CREATE FUNCTION audit_entry_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail only grows' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER audit_entry_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_final();
"""
ALLOW = """
DROP TRIGGER audit_entry_is_final ON audit_auditentry;
DROP FUNCTION audit_entry_is_final();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(FORBID, ALLOW)]
