"""The keys that an operator trusts after another one was lost, and how many faults a hub had."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("hubs", "0004_followed_keys")]

    operations: ClassVar = [
        migrations.AddField("followedhub", "breaks", models.JSONField(default=list)),
        migrations.AddField("followedhub", "fault_count", models.IntegerField(default=0)),
    ]
