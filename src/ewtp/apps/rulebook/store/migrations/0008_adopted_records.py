"""What acts state of memberships, practices and other records that have no table with layers."""

from __future__ import annotations

from typing import ClassVar

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import F, Q

_GUARDS = """
CREATE TRIGGER rulebook_is_final BEFORE DELETE OR TRUNCATE ON rulebook_adoptedrecord
    FOR EACH STATEMENT EXECUTE FUNCTION rulebook_is_final();
CREATE TRIGGER rulebook_only_closes BEFORE UPDATE ON rulebook_adoptedrecord
    FOR EACH ROW EXECUTE FUNCTION rulebook_only_closes();
CREATE TRIGGER rulebook_known_since_version AFTER INSERT ON rulebook_adoptedrecord
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION rulebook_known_since_version();
"""
_NO_GUARDS = """
DROP TRIGGER rulebook_known_since_version ON rulebook_adoptedrecord;
DROP TRIGGER rulebook_only_closes ON rulebook_adoptedrecord;
DROP TRIGGER rulebook_is_final ON rulebook_adoptedrecord;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rulebook", "0007_adoptions")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="AdoptedRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("stated_by", models.TextField()),
                ("key", models.UUIDField()),
                ("digest", models.UUIDField()),
                ("known", django.contrib.postgres.fields.DateTimeRangeField()),
                ("version", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("content", models.JSONField()),
                ("validity", django.contrib.postgres.fields.DateRangeField()),
                ("adopted_from", models.TextField(default="", db_default="")),
                ("abolishes", models.BooleanField(default=False, db_default=False)),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        name="adopted_record_once",
                        expressions=[(F("key"), "="), (F("validity"), "&&"), (F("known"), "&&")],
                    ),
                    models.CheckConstraint(
                        condition=Q(validity__isempty=False) & Q(validity__lower_inf=False),
                        name="adopted_record_validity",
                    ),
                ]
            },
        ),
        migrations.RunSQL(_GUARDS, _NO_GUARDS),
    ]
