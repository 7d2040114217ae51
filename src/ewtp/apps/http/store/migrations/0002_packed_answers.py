"""The answers to requests with a key are stored compressed."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("http", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField("idempotencyrecord", "packing", models.SmallIntegerField(default=0, db_default=0)),
    ]
