"""A replay is recorded as ``ewtp batch --publish`` writes it: the rates and the currency stand for the settings.

Replays from before keep the digest of their settings in the place of the rates, shortened, so that they are compared
with one another as before and with no later one. The log has them as they were recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import migrations, models
from django.db.models.functions import Substr

if TYPE_CHECKING:
    from django.apps.registry import Apps

_LENGTH = 40


def _keep_settings(apps: Apps, schema_editor: Any) -> None:
    made = apps.get_model("proposals", "ReplayMade").objects.using(schema_editor.connection.alias)
    made.update(rates=Substr("parameters", 1, _LENGTH))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("proposals", "0003_effects_and_keys")]
    operations: ClassVar = [
        migrations.AddField("replaymade", "rates", models.CharField(blank=True, default="", max_length=_LENGTH)),
        migrations.AddField("replaymade", "currency", models.CharField(blank=True, default="", max_length=3)),
        migrations.RunPython(_keep_settings, migrations.RunPython.noop),
        migrations.RemoveField("replaymade", "parameters"),
        migrations.RemoveField("replaymade", "agrees"),
    ]
