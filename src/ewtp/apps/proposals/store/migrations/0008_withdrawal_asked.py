"""The sponsors who ask that a proposal be withdrawn."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("proposals", "0007_sunsets")]

    operations: ClassVar = [
        migrations.AddField("proposal", "withdrawal_asked", models.JSONField(blank=True, default=list)),
    ]
