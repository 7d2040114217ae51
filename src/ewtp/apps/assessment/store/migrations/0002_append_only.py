"""An answer that was given stays what it was: the database itself refuses to change or remove a row."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

FORBID = """
CREATE FUNCTION assessment_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an answer never changes' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER assessment_is_final BEFORE UPDATE OR DELETE ON assessment_assessment
    FOR EACH ROW EXECUTE FUNCTION assessment_is_final();
"""
ALLOW = """
DROP TRIGGER assessment_is_final ON assessment_assessment;
DROP FUNCTION assessment_is_final();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assessment", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(FORBID, ALLOW)]
