"""Why what passed was not given effect in the procedure."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("proposals", "0005_secret_ballots")]

    operations: ClassVar = [
        migrations.AddField("vote", "refused", models.JSONField(blank=True, default=dict)),
    ]
