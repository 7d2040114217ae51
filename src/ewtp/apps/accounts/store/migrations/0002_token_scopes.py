"""A token has at least one scope, and no scope that nobody checks."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0001_initial")]
    operations: ClassVar = [
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(scopes__contained_by=["read", "write", "operate"], scopes__len__gte=1),
                name="api_token_scopes",
            ),
        ),
    ]
