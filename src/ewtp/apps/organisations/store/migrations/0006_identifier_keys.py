"""By which identifiers of different organisations are compared; those there already get theirs from their values."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import migrations, models

from ewtp.core.organisations.identifier import Identifier, IdentifierCheck, Scheme
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill_keys(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Give each identifier its key."""
    with system_rows("the keys of identifiers that are there already"):
        for row in apps.get_model("organisations", "Identifier").objects.select_related("organisation"):
            held = Identifier(Scheme(row.scheme), row.value, IdentifierCheck(row.check_made))
            row.key = held.key(row.organisation.economy)
            row.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organisations", "0005_owner_confirmed")]
    operations: ClassVar = [
        migrations.AddField("identifier", "key", models.CharField(default="", max_length=60), preserve_default=False),
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
        migrations.AddIndex("identifier", models.Index(fields=["key"], name="identifier_key")),
    ]
