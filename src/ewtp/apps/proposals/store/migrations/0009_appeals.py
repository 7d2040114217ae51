"""Appeals against results of votes, and adoptions that an upheld one ends."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

_ENDINGS = ["", "withdrawn", "displaced", "sunset", "annulled"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("proposals", "0008_withdrawal_asked")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("matter", models.CharField(max_length=10)),
                ("about", models.CharField(blank=True, default="", max_length=80)),
                ("by", models.CharField(max_length=40)),
                ("group", models.CharField(max_length=80)),
                ("reason", models.CharField(max_length=500)),
                ("until", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("body", models.JSONField(null=True)),
                ("opinions", models.JSONField(blank=True, default=list)),
                ("verdict", models.CharField(blank=True, default="", max_length=10)),
                ("answer", models.TextField(blank=True, default="")),
                ("decided", models.DateTimeField(null=True)),
                (
                    "vote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="proposals.vote"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "appeal",
            models.CheckConstraint(
                condition=models.Q(
                    id__regex="^[a-z]{3}_[0-9a-f]{32}$",
                    matter__in=["vote", "alarm", "ballot"],
                    verdict__in=["", "dismissed", "upheld"],
                ),
                name="appeal_words",
            ),
        ),
        migrations.RemoveConstraint("articleadoption", "adoption_ending"),
        migrations.AddConstraint(
            "articleadoption",
            models.CheckConstraint(condition=models.Q(ending__in=_ENDINGS), name="adoption_ending"),
        ),
    ]
