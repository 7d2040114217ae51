"""The last look for each source."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="SourceLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=40, unique=True)),
                ("looked_at", models.DateTimeField()),
                ("outcome", models.CharField(max_length=20)),
                ("problem", models.JSONField(default=dict)),
                ("answered_at", models.DateTimeField(null=True)),
                ("landed_at", models.DateTimeField(null=True)),
                ("version", models.CharField(blank=True, default="", max_length=40)),
                ("edition", models.CharField(blank=True, default="", max_length=120)),
                ("validators", models.JSONField(default=dict)),
                ("held", models.BigIntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(outcome__in=("landed", "unchanged", "would_change", "failed")),
                        name="source_look_outcome",
                    )
                ],
            },
        ),
    ]
