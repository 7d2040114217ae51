"""An index of the rules on exports, which are few and which every process reads once a version."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rulebook", "0008_adopted_records")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(fields=["territory"], name="measure_on_exports", condition=Q(direction="export")),
        ),
    ]
