"""Who reported is seen by that organisation alone; the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from ewtp.gateways.database.roles import own_rows_policies, policies_dropped

_COLUMNS = {"barriers_reporter": "organisation", "barriers_claimreply": "owner_group"}


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("barriers", "0001_initial"),
        # It makes the roles that the policies name.
        ("accounts", "0003_people_and_organisations"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(own_rows_policies(table, column, written=False), policies_dropped(table))
        for table, column in _COLUMNS.items()
    ]
