"""The table of idempotency keys; one of an earlier version, when it belonged to the audit trail, is kept."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.functions.datetime
from django.db import migrations, models

FORMER = "audit_idempotencyrecord"


class CreateUnlessThere(migrations.CreateModel):
    """Creates the table, or gives its name to the one that there was."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Rename the former table where there is one."""
        table = to_state.apps.get_model(app_label, self.name)._meta.db_table
        with schema_editor.connection.cursor() as cursor:
            known = schema_editor.connection.introspection.table_names(cursor)
        if FORMER not in known:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        schema_editor.execute(f"ALTER TABLE {FORMER} RENAME TO {table}")


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        CreateUnlessThere(
            name="IdempotencyRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("caller", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=200)),
                ("route", models.CharField(max_length=300)),
                ("body_digest", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("content_type", models.CharField(default="", max_length=100)),
                ("answer", models.BinaryField(default=b"")),
                (
                    "created",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["created"], name="idempotency_created")],
                "constraints": [
                    models.UniqueConstraint(fields=("caller", "key"), name="idempotency_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__isnull", True), ("status__range", (100, 599)), _connector="OR"
                        ),
                        name="idempotency_status",
                    ),
                ],
            },
        ),
    ]
