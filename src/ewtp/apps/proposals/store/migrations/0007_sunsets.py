"""The day on which an adoption ends by itself, and its renewals."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("proposals", "0006_refused_procedure")]

    operations: ClassVar = [
        migrations.AddField("articleadoption", "sunset", models.DateField(null=True)),
        migrations.AddField("articleadoption", "renewals", models.JSONField(blank=True, default=list)),
    ]
