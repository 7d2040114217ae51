"""An organisation sees its own rows alone, and a person those of her memberships; the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from ewtp.gateways.database.roles import own_rows_policies, policies_dropped

_COLUMNS = {
    "organisations_organisation": "id",
    "organisations_member": "organisation_id",
    "organisations_invitation": "organisation_id",
    "organisations_identifier": "organisation_id",
    "organisations_verification": "organisation_id",
}
_PERSON_COLUMNS = {"organisations_member": "person"}
# Nobody verifies herself: the rows are made by the system, for a verifier who stands outside.
_MADE_BY_THE_SYSTEM = frozenset({"organisations_verification"})
_ORGANISATIONS_OF_A_PERSON = """
CREATE POLICY own_person ON organisations_organisation FOR SELECT TO ewtp_application USING (
    id IN (SELECT organisation_id FROM organisations_member
           WHERE person = (SELECT NULLIF(current_setting('ewtp.person', true), ''))));
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("organisations", "0001_initial"),
        # It makes the roles that the policies name.
        ("accounts", "0003_people_and_organisations"),
    ]
    operations: ClassVar = [
        *(
            migrations.RunSQL(
                own_rows_policies(
                    table,
                    column,
                    person_column=_PERSON_COLUMNS.get(table, ""),
                    written=table not in _MADE_BY_THE_SYSTEM,
                ),
                policies_dropped(table),
            )
            for table, column in _COLUMNS.items()
        ),
        migrations.RunSQL(_ORGANISATIONS_OF_A_PERSON, migrations.RunSQL.noop),
    ]
