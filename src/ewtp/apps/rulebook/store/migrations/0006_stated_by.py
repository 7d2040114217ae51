"""The statement that a row belongs to is called by what it is: the name of whoever states it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_TABLES = ("codereplaced", "exchangerate", "group", "measure", "originrule", "source", "tariffline", "territory")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rulebook", "0005_source_published_not_stated")]
    operations: ClassVar = [
        # The state of an index does not follow a field that is renamed.
        migrations.RemoveIndex(model_name="measure", name="measure_family"),
        *(migrations.RenameField(model_name=name, old_name="family", new_name="stated_by") for name in _TABLES),
        migrations.AddIndex("measure", models.Index(fields=["stated_by"], name="measure_stated_by")),
    ]
