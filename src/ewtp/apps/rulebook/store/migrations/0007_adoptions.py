"""Adopted rules get a door of their own: the acts that adopted them, and rules that abolish law.

Lines get the layers that measures have. A proposal is no longer stored where answers read: rows of proposals that are
known now stay until a version closes them, and no new one is taken.
"""

from __future__ import annotations

from typing import ClassVar

import django.contrib.postgres.constraints
from django.db import migrations, models
from django.db.models import F, Q

_LAYERS = ("law", "adopted")
_OF_LAW = Q(adopted_from="", abolishes=False)
_STATUS = """
ALTER TABLE rulebook_measure DROP CONSTRAINT measure_status;
ALTER TABLE rulebook_measure ADD CONSTRAINT measure_status
    CHECK (status IN ('law', 'adopted') OR (status = 'proposed' AND NOT upper_inf(known))) NOT VALID;
"""
_STATUS_BEFORE = """
ALTER TABLE rulebook_measure DROP CONSTRAINT measure_status;
ALTER TABLE rulebook_measure ADD CONSTRAINT measure_status CHECK (status IN ('law', 'adopted', 'proposed'));
"""
_FINAL = """
CREATE TRIGGER rulebook_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON rulebook_adoption
    FOR EACH STATEMENT EXECUTE FUNCTION rulebook_is_final();
"""


def _text() -> models.TextField[str, str]:
    return models.TextField(default="", db_default="")


def _line_once(*columns: str) -> django.contrib.postgres.constraints.ExclusionConstraint:
    expressions = [*((F(column), "=") for column in columns), (F("validity"), "&&"), (F("known"), "&&")]
    return django.contrib.postgres.constraints.ExclusionConstraint(name="line_once", expressions=expressions)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rulebook", "0006_stated_by")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Adoption",
            fields=[
                ("version", models.BigIntegerField(primary_key=True, serialize=False)),
                ("territory", models.TextField()),
                ("source", models.TextField(unique=True)),
                ("reference", models.TextField()),
                ("adopted_from", _text()),
                ("effective", models.DateField(null=True)),
                ("changeset", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=~Q(territory="") & ~Q(source=""), name="adoption_named"),
                    models.CheckConstraint(condition=Q(digest__regex="^[0-9a-f]{64}$"), name="adoption_digest"),
                ]
            },
        ),
        migrations.RunSQL(_FINAL, "DROP TRIGGER rulebook_is_final ON rulebook_adoption"),
        *(
            migrations.AddField(model, name, field)
            for model in ("measure", "tariffline")
            for name, field in (
                ("adopted_from", _text()),
                ("abolishes", models.BooleanField(default=False, db_default=False)),
            )
        ),
        migrations.AddField("tariffline", "layer", models.TextField(default="law", db_default="law")),
        migrations.RemoveConstraint("tariffline", "line_once"),
        migrations.AddConstraint("tariffline", _line_once("key", "layer")),
        migrations.AddConstraint(
            "tariffline", models.CheckConstraint(condition=Q(layer__in=_LAYERS), name="line_layer")
        ),
        migrations.AddConstraint(
            "tariffline", models.CheckConstraint(condition=Q(layer="adopted") | _OF_LAW, name="line_adoption")
        ),
        migrations.AddConstraint(
            "measure", models.CheckConstraint(condition=Q(status="adopted") | _OF_LAW, name="measure_adoption")
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_STATUS, _STATUS_BEFORE)],
            state_operations=[
                migrations.RemoveConstraint("measure", "measure_status"),
                migrations.AddConstraint(
                    "measure",
                    models.CheckConstraint(
                        condition=Q(status__in=_LAYERS) | Q(status="proposed", known__upper_inf=False),
                        name="measure_status",
                    ),
                ),
            ],
        ),
    ]
