"""The keys that signed the log of a hub so far, so that one which was replaced cannot extend it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("hubs", "0003_fault_statements")]

    operations: ClassVar = [migrations.AddField("followedhub", "keys", models.JSONField(default=list))]
