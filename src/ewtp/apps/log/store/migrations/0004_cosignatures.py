"""Cosignatures of witnesses, which are added below checkpoints and never changed."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

FORBID = """
CREATE TRIGGER log_cosignature_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON log_logcosignature
    FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
"""
ALLOW = "DROP TRIGGER log_cosignature_is_final ON log_logcosignature;"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("log", "0003_audit_trail")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="LogCosignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "checkpoint",
                    models.ForeignKey(
                        db_column="size", on_delete=django.db.models.deletion.PROTECT, to="log.logcheckpoint"
                    ),
                ),
                ("key", models.CharField(max_length=400)),
                ("time", models.BigIntegerField()),
                ("line", models.CharField(max_length=400)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["checkpoint", "key"], name="log_cosignature_once"),
                ],
            },
        ),
        migrations.RunSQL(FORBID, ALLOW),
    ]
