"""Verifications that ended early keep the moment and the reason; what was made before gets its timer."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from ewtp.gateways.database.roles import SYSTEM_ROLE

# The owner of the tables is not exempt from their policies.
_TIMERS = f"""
SET LOCAL ROLE {SYSTEM_ROLE};
INSERT INTO jobs_timer (key, topic, payload, due)
SELECT id, 'invitation_over', jsonb_build_object('organisation', organisation_id, 'invitation', id), expires
FROM organisations_invitation ON CONFLICT (key) DO NOTHING;
INSERT INTO jobs_timer (key, topic, payload, due)
SELECT id, 'verification_over', jsonb_build_object('organisation', organisation_id, 'verification', id),
       (until + 1)::timestamp AT TIME ZONE 'UTC'
FROM organisations_verification ON CONFLICT (key) DO NOTHING;
SET LOCAL ROLE NONE;
"""  # noqa: S608 - the name of a role of ours


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organisations", "0002_own_rows"), ("jobs", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField("verification", "ended", models.DateTimeField(null=True)),
        migrations.AddField("verification", "reason", models.CharField(blank=True, default="", max_length=200)),
        migrations.AddConstraint(
            "verification",
            models.CheckConstraint(
                condition=models.Q(reason="") | models.Q(ended__isnull=False), name="verification_reason"
            ),
        ),
        migrations.RunSQL(_TIMERS, migrations.RunSQL.noop),
    ]
