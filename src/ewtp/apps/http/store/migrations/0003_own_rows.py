"""The answer to a request is repeated to its caller alone; the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from ewtp.gateways.database.roles import own_rows_policies, policies_dropped

_TABLE = "http_idempotencyrecord"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("http", "0002_packed_answers"),
        # It makes the roles that the policies name.
        ("accounts", "0003_people_and_organisations"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(own_rows_policies(_TABLE, "caller", setting="ewtp.caller"), policies_dropped(_TABLE))
    ]
