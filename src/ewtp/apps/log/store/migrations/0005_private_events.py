"""An event that is not public is seen by the organisation that it is about and by the system alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from ewtp.gateways.database.roles import policies_dropped, private_events_policies


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("log", "0004_cosignatures"),
        # It makes the roles that the policies name.
        ("accounts", "0003_people_and_organisations"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(private_events_policies(table), policies_dropped(table))
        for table in ("log_pendingevent", "log_logentry")
    ]
