"""Elections by secret ballot, their ballots and partial decryptions; credentials are numbers of 617 digits."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("proposals", "0004_one_record_of_a_replay"),
    ]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="rollmember",
            name="credential",
            field=models.CharField(blank=True, default="", max_length=700),
        ),
        migrations.CreateModel(
            name="PreparedElection",
            fields=[
                ("uuid", models.CharField(max_length=14, primary_key=True, serialize=False)),
                ("election", models.TextField()),
                ("trustees", models.TextField()),
                ("members", models.JSONField()),
                ("authority", models.CharField(max_length=40)),
                ("credentials", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="elections",
                        to="proposals.proposal",
                        to_field="id",
                    ),
                ),
                (
                    "vote",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="election",
                        to="proposals.vote",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SecretBallot",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("member", models.CharField(max_length=40)),
                ("credential", models.TextField()),
                ("content", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ballots",
                        to="proposals.preparedelection",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartialDecryption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("trustee", models.PositiveSmallIntegerField()),
                ("content", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decryptions",
                        to="proposals.preparedelection",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("election", "trustee"), name="decryption_once")],
            },
        ),
    ]
