"""Rules of origin whose span crosses chapters are few; an index of them alone spares reading the others."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

MAKE = """
CREATE INDEX origin_rule_across ON rulebook_originrule (scheme, first) WHERE left(first, 2) <> left(last, 2);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rulebook", "0002_append_only")]
    operations: ClassVar = [migrations.RunSQL(MAKE, "DROP INDEX origin_rule_across")]
