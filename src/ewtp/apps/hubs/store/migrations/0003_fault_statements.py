"""What the entries of a hub contradict, as statements; a sentence of an earlier version stays in its English words."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations


def _state_faults(apps: Any, schema_editor: Any) -> None:
    del schema_editor
    hubs = apps.get_model("hubs", "FollowedHub").objects
    for hub in hubs.exclude(faults=[]):
        told = [_state(each) if isinstance(each, str) else each for each in hub.faults]
        hubs.filter(pk=hub.pk).update(faults=told)


def _state(message: str) -> dict[str, Any]:
    return {"code": "untranslated", "message": message, "params": {}}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("hubs", "0002_followed_address")]

    operations: ClassVar = [migrations.RunPython(_state_faults, migrations.RunPython.noop)]
