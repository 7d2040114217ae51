"""An owner confirms that it is the owner; those that were named before have not yet, and join nothing until they do."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_SUBJECTS = ("identity", "size", "owner", "lei", "vat", "eori", "company_number")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organisations", "0004_second_factor")]
    operations: ClassVar = [
        migrations.RemoveConstraint("verification", "verification_subject"),
        migrations.AddConstraint(
            "verification",
            models.CheckConstraint(condition=models.Q(subject__in=[*_SUBJECTS]), name="verification_subject"),
        ),
    ]
