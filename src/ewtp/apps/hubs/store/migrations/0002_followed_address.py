"""Where a hub gives its bundle and what came of asking it last; and what entries are found by, read from those kept."""

from __future__ import annotations

from typing import Any, ClassVar

import orjson
from django.db import migrations, models

from ewtp.apps.hubs.store.entry_name import ADOPTED, DECLINED, ENDED, REPLAYED, read_entry_name


def _name_entries(apps: Any, schema_editor: Any) -> None:
    del schema_editor
    entries = apps.get_model("hubs", "HubEntry").objects
    kinds = (REPLAYED, ADOPTED, DECLINED, ENDED)
    for entry in entries.filter(kind__in=kinds, body__isnull=False).iterator():
        named = read_entry_name(entry.kind, orjson.loads(bytes(entry.body)).get("payload"))
        entries.filter(pk=entry.pk).update(named=named)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("hubs", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField("followedhub", "address", models.CharField(blank=True, default="", max_length=200)),
        migrations.AddField("followedhub", "asked", models.DateTimeField(null=True)),
        migrations.AddField("followedhub", "problem", models.JSONField(default=dict)),
        migrations.AddField("hubentry", "named", models.CharField(blank=True, default="", max_length=64)),
        migrations.RunPython(_name_entries, migrations.RunPython.noop),
        migrations.AddIndex(
            "hubentry",
            models.Index(condition=~models.Q(named=""), fields=["kind", "named"], name="hub_entry_named"),
        ),
    ]
