"""Not every publication states its date."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rulebook", "0004_status_beside_the_key")]
    operations: ClassVar = [
        migrations.AlterField(model_name="source", name="published", field=models.DateField(null=True)),
    ]
