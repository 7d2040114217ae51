"""A person has an identifier, a token acts for an organisation, and nobody works as the owner of the tables."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

import ewtp.apps.accounts.store.models
from ewtp.gateways.database.roles import MAKE_ROLES, own_rows_policies, policies_dropped


def people_identify(apps, _schema_editor) -> None:  # noqa: ANN001 - Django gives the models of this moment
    """Give an identifier to people who were there before."""
    for user in apps.get_model("accounts", "User").objects.all():
        user.person = ewtp.apps.accounts.store.models.fresh_person_id()
        user.save(update_fields=["person"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0002_token_scopes")]
    operations: ClassVar = [
        migrations.RunSQL(MAKE_ROLES, migrations.RunSQL.noop),
        migrations.AddField("user", "person", models.CharField(max_length=40, null=True, editable=False)),
        migrations.RunPython(people_identify, migrations.RunPython.noop),
        migrations.AlterField(
            "user",
            "person",
            models.CharField(
                max_length=40,
                unique=True,
                editable=False,
                default=ewtp.apps.accounts.store.models.fresh_person_id,
            ),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(condition=models.Q(person__regex="^[a-z]{3}_[0-9a-f]{32}$"), name="user_person"),
        ),
        migrations.AlterModelOptions("user", options={}),
        migrations.AddField("apitoken", "organisation", models.CharField(max_length=40, default="", blank=True)),
        migrations.AddField("apitoken", "made_by", models.CharField(max_length=200, default="", blank=True)),
        migrations.AddIndex("apitoken", models.Index(fields=["organisation"], name="api_token_organisation")),
        migrations.RemoveConstraint("apitoken", "api_token_scopes"),
        migrations.AddConstraint(
            "apitoken",
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=["read", "write", "administer", "operate"], scopes__len__gte=1),
                name="api_token_scopes",
            ),
        ),
        migrations.AddConstraint(
            "apitoken",
            models.CheckConstraint(
                condition=models.Q(("organisation", ""), ~models.Q(scopes__contains=["operate"]), _connector="OR"),
                name="api_token_operates",
            ),
        ),
        migrations.RunSQL(
            own_rows_policies("accounts_apitoken", "organisation"), policies_dropped("accounts_apitoken")
        ),
    ]
