"""Nobody but its own organisation and the system sees a ballot; the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from ewtp.gateways.database.roles import own_rows_policies, policies_dropped

_BALLOTS = "proposals_ballot"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("proposals", "0001_initial"),
        # It makes the roles that the policies name.
        ("accounts", "0003_people_and_organisations"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(own_rows_policies(_BALLOTS, "member"), policies_dropped(_BALLOTS)),
    ]
