"""Who has a quarter to half of an organisation is declared, and verified."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_SUBJECTS = ("identity", "size", "owner", "holders", "lei", "vat", "eori", "company_number")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organisations", "0006_identifier_keys")]
    operations: ClassVar = [
        migrations.AddField("organisation", "holders", models.JSONField(blank=True, default=list)),
        migrations.RemoveConstraint("verification", "verification_subject"),
        migrations.AddConstraint(
            "verification",
            models.CheckConstraint(condition=models.Q(subject__in=[*_SUBJECTS]), name="verification_subject"),
        ),
    ]
