"""Counters of attempts, for limits that hold in every process; they need not survive a crash."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0003_people_and_organisations")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="RateCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("limit_name", models.CharField(max_length=40)),
                ("who", models.CharField(max_length=64)),
                ("window_start", models.DateTimeField()),
                ("count", models.IntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["window_start"], name="rate_count_start")],
                "constraints": [models.UniqueConstraint(fields=["limit_name", "who"], name="rate_count_once")],
            },
        ),
        # The columns are those of Django's cache in a database.
        migrations.RunSQL(
            "CREATE UNLOGGED TABLE accounts_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL,"
            " expires timestamptz NOT NULL); CREATE INDEX accounts_cache_expires ON accounts_cache (expires)",
            "DROP TABLE accounts_cache",
        ),
        migrations.RunSQL("ALTER TABLE accounts_ratecount SET UNLOGGED", "ALTER TABLE accounts_ratecount SET LOGGED"),
    ]
