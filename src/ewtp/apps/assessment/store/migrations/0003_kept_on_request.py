"""Answers that somebody asks to keep are stored compressed; long questions of others until they expire."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

# What is compressed already is not compressed again.
AS_GIVEN = """
ALTER TABLE assessment_assessment ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE assessment_unkeptquestion ALTER COLUMN packed SET STORAGE EXTERNAL;
"""
AS_BEFORE = """
ALTER TABLE assessment_unkeptquestion ALTER COLUMN packed SET STORAGE EXTENDED;
ALTER TABLE assessment_assessment ALTER COLUMN content SET STORAGE EXTENDED;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assessment", "0002_append_only")]
    operations: ClassVar = [
        migrations.AddField("assessment", "packing", models.SmallIntegerField(default=0, db_default=0)),
        migrations.AddConstraint(
            "assessment",
            models.CheckConstraint(condition=models.Q(("packing__in", (0, 1))), name="assessment_packing"),
        ),
        migrations.CreateModel(
            name="UnkeptQuestion",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("packed", models.BinaryField()),
                ("expires", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["expires"], name="unkept_question_expires")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id__regex", "^a[0-9a-f]{32}$")), name="unkept_question_id"
                    )
                ],
            },
        ),
        migrations.RunSQL(AS_GIVEN, AS_BEFORE),
    ]
