"""Whether an organisation asks its members for a second factor; those of now do not."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organisations", "0003_ended_verifications")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="organisation",
            name="second_factor",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
